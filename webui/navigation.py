"""Where can a reader go from a page of results?  Facet links, chips, orders, pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from indexer.answer import SearchRequest
from indexer.language import Language
from indexer.schema import FACETS, RESPONSE_NAMES, SORTS, WRITINGS
from webui import i18n, params
from webui.addresses import of_here, of_lines, of_report, toggling

AT_FIRST: Final = 8
"""Values of a facet that are shown before "more"."""

Json = dict[str, Any]


def facets(answer: Json, request: SearchRequest, language: Language) -> list[Json]:
    """Return the facets that have something to choose, each value with the link that toggles it.

    `first` are the values shown at once, chosen ones always among them; `more` are the others.
    """
    groups = []
    for facet in FACETS:
        counts = answer["facets"][RESPONSE_NAMES.get(facet.parameter, facet.parameter)]
        address = toggling(request, facet.parameter)
        values = [value | {"url": address(value["value"])} for value in counts]
        first = [value for n, value in enumerate(values) if n < AT_FIRST or value["selected"]]
        more = [value for n, value in enumerate(values) if n >= AT_FIRST and not value["selected"]]
        groups.append({"name": facet.name.in_(language), "first": first, "more": more})
    return [group for group in groups if group["first"]]


def chips(answer: Json, request: SearchRequest, language: Language) -> list[Json]:
    """Return the filters in force, each with the link that takes it away."""
    found = []
    for facet in FACETS:
        counts = answer["facets"][RESPONSE_NAMES.get(facet.parameter, facet.parameter)]
        labels = {count["value"]: count["label"] for count in counts}
        found += [
            {
                "name": facet.name.in_(language),
                "label": labels.get(value, value),
                "url": of_here(params.toggled(request, facet.parameter, value)),
            }
            for value in request.chosen.get(facet.parameter, ())
        ]
    return found + _date_chips(request)


def _date_chips(request: SearchRequest) -> list[Json]:
    ends = (
        ("date_from", request.since, replace(request, since="", page=1)),
        ("date_to", request.until, replace(request, until="", page=1)),
    )
    return [
        {
            "name": i18n.text("dates"),
            "label": i18n.text(name, date=i18n.shown_date(day)),
            "url": of_here(without),
        }
        for name, day, without in ends
        if day
    ]


def writings(answer: Json, request: SearchRequest, language: Language) -> list[Json]:
    """Return the other writings by kind, those that stand in some bulletin, each kind with the
    link that leaves it out or takes it in again.
    """
    groups = []
    for kind, name in WRITINGS.items():
        found = [item for item in answer["expansions"] if item["kind"] == kind and item["total"]]
        if found or kind in request.without:
            groups.append(
                {
                    "name": name.in_(language),
                    "used": kind not in request.without,
                    "found": found,
                    "url": of_here(params.switched(request, kind)),
                }
            )
    return groups


def sorts(request: SearchRequest, language: Language) -> list[Json]:
    """Return the orders.  Nothing is more relevant than another when nothing was asked."""
    current = request.sort
    offered = dict(SORTS)
    if not request.text:
        del offered["relevance"]
        current = "newest" if current == "relevance" else current
    return [
        {
            "label": label.in_(language),
            "current": name == current,
            "url": of_here(replace(request, sort=name, page=1)),
        }
        for name, label in offered.items()
    ]


def report_choices(answer: Json, look: params.ReportRequest) -> list[Json]:
    """Return which files of the report can be shown, each with how many there are."""
    names = {"all": "files_all", "doubtful": "files_doubtful", "refused": "files_refused"}
    return [
        {
            "label": i18n.text(names[show]),
            "count": answer["counts"][show],
            "current": show == look.show,
            "url": of_report(replace(look, show=show, page=1), "files"),
        }
        for show in params.SHOWN
    ]


def report_pager(answer: Json, look: params.ReportRequest) -> Json:
    """Return the links between the pages of files."""
    return _pages(
        look.page,
        -(-answer["total"] // look.size),
        lambda page: of_report(replace(look, page=page), "files"),
    )


def report_parts(answer: Json, look: params.ReportRequest) -> Json:
    """Return the links between the pages of series."""
    return _pages(
        look.part,
        answer["parts"],
        lambda part: of_report(replace(look, part=part)),
    )


def lines_pager(total: int, search: SearchRequest, look: params.LinesRequest) -> Json:
    """Return the links between the pages of a concordance."""
    return _pages(
        look.page,
        params.last_page(total, look.size),
        lambda page: of_lines(search, look.order, page),
    )


def _pages(page: int, pages: int, address: Callable[[int], str]) -> Json:
    pages = max(1, pages)
    return {
        "page": page,
        "pages": pages,
        "previous": address(page - 1) if 1 < page <= pages else None,
        "next": address(page + 1) if page < pages else None,
        "first": address(1),
        "beyond": page > pages,
    }


def pager(answer: Json, request: SearchRequest, *extra: tuple[str, str]) -> Json:
    """Return the number of pages and the links to the neighbours of this one.

    The links say which generation they follow on from, so that the next page can tell.
    """
    pages = params.last_page(answer["total"], request.size)
    kept = (("generation", answer["generation"]), *extra)

    def link(page: int) -> str | None:
        wanted = 1 <= page <= pages
        return of_here(replace(request, page=page), *kept) if wanted else None

    return {
        "page": request.page,
        "pages": pages,
        "previous": link(request.page - 1),
        "next": link(request.page + 1),
        "first": of_here(replace(request, page=1), *extra),
        "beyond": request.page > pages,
    }
