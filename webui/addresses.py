"""What is the address of a page, a search, a paragraph?"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from flask import request, url_for

from indexer.answer import SearchRequest
from webui import i18n, params

Pairs = list[tuple[str, str]]

_IN_PATH: Final = "!$&'()*+,/:;=@"
"""What stands in a path as it is, as in `url_for`."""
_ANY: Final = ""
"""In the place of a facet's value, which is never empty."""


def of_search(search: SearchRequest, *extra: tuple[str, str]) -> str:
    """Return the address of the search page that shows `search`."""
    return _with_query(url_for("pages.search"), params.pairs(search) + list(extra))


def of_quotation(text: str) -> str:
    """Return the address of the search for the very words of `text`."""
    return of_search(SearchRequest(text=f'"{text}"'))


def of_explanation(search: SearchRequest, bulletin: str) -> str:
    """Return the address of the page that says what became of a bulletin in a search."""
    pairs = [*_pairs_of_all(search), ("bulletin", bulletin)]
    return _with_query(url_for("explaining.page"), pairs)


def of_lines(search: SearchRequest, order: str = "found", page: int = 1) -> str:
    """Return the address of the page of every place of a search in its line."""
    extra = [
        (n, v)
        for n, v, usual in (("order", order, "found"), ("page", str(page), "1"))
        if v != usual
    ]
    return _with_query(url_for("lines.page"), _pairs_of_all(search) + extra)


def of_all_lines(search: SearchRequest) -> str:
    """Return the address of the file of all these lines."""
    return _with_query(url_for("lines.table"), _pairs_of_all(search))


def of_trends(search: SearchRequest, unit: str = "") -> str:
    """Return the address of the picture of what is searched, over time or by a facet."""
    extra = [("by", unit)] if unit else []
    return _with_query(url_for("trends.page"), _pairs_of_all(search) + extra)


def _pairs_of_all(search: SearchRequest) -> Pairs:
    """Return the parameters of a search without those of its pages."""
    return params.pairs(replace(search, page=1, size=params.DEFAULT.size))


def of_here(search: SearchRequest, *extra: tuple[str, str]) -> str:
    """Return the address of the page being shown, showing `search` instead."""
    return _with_query(_here(), params.pairs(search) + list(extra))


def _here() -> str:
    return url_for(request.endpoint or "pages.search")


def toggling(search: SearchRequest, facet: str) -> Callable[[str], str]:
    """Return what gives the address of the page being shown with a value of a facet chosen too,
    or not if it is chosen; the rest of the address is written once for all values.
    """
    pairs = _in_language(params.pairs(params.toggled(search, facet, _ANY)))
    at = pairs.index((facet, _ANY))
    before = f"{_here()}?{_query(pairs[: at + 1])}"
    after = "".join(f"&{_query([pair])}" for pair in pairs[at + 1 :])

    def address(value: str) -> str:
        if value in search.chosen.get(facet, ()):
            return of_here(params.toggled(search, facet, value))
        return f"{before}{_readable(value)}{after}"

    return address


def to_bulletins(search: SearchRequest) -> Callable[[str, int | None], str]:
    """Return what gives the address of a bulletin, by id and paragraph, with the search that led
    to it (its size left out), which is written once for all of them.
    """
    path = url_for("pages.bulletin", id="-").removesuffix("-")
    query = _with_query("", params.pairs(replace(search, size=params.DEFAULT.size)))

    @functools.cache
    def of_whole(id: str) -> str:
        return f"{path}{quote(id, safe=_IN_PATH)}{query}"

    def address(id: str, paragraph: int | None) -> str:
        return of_whole(id) if paragraph is None else f"{of_whole(id)}#p{paragraph}"

    return address


def of_bulletin(id: str, search: SearchRequest, paragraph: int | None = None) -> str:
    """Return the address of a bulletin, with the search that led to it."""
    return to_bulletins(search)(id, paragraph)


def of_similar(id: str) -> str:
    """Return the address of the page of what is like a bulletin, or stands elsewhere too."""
    return _with_query(url_for("pages.similar", id=id), [])


def of_passage(id: str, other: str, paragraph: int) -> str:
    """Return the address of a paragraph, what it shares with another bulletin being marked."""
    return _with_query(url_for("pages.bulletin", id=id), [("with", other)]) + f"#p{paragraph}"


def of_report(request: params.ReportRequest, place: str = "") -> str:
    """Return the address of the report, at the `place` (an element's id) of its page."""
    fragment = f"#{place}" if place else ""
    return _with_query(url_for("pages.report"), params.report_pairs(request)) + fragment


def of_language(language: str) -> str:
    """Return the address of the page being shown in `language`."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{request.script_root}{quote(request.path)}?{_query([*kept, ('lang', language)])}"


def of_plain(endpoint: str) -> str:
    """Return the address of a page that takes no search."""
    return _with_query(url_for(endpoint), [])


def _with_query(path: str, pairs: Pairs) -> str:
    query = _query(_in_language(pairs))
    return f"{path}?{query}" if query else path


def _in_language(pairs: Pairs) -> Pairs:
    chosen = i18n.chosen()
    return [*pairs, ("lang", chosen)] if chosen else pairs


def _query(pairs: Pairs) -> str:
    return "&".join(f"{_readable(name)}={_readable(value)}" for name, value in pairs)


def _readable(text: str) -> str:
    """Return `text` fit for a query, letters of any script left readable (an IRI)."""
    if text.isalnum():
        return text
    return "".join(c if c.isalnum() else quote(c, safe="-._~", errors="replace") for c in text)
