"""What does a person see?  The search page, the reading room, the help page."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from indexer import Searcher
from indexer.answer import SearchRequest
from indexer.bulletin import Bulletin
from webui import addresses, i18n, navigation, params, present, reading, reporting
from webui.current import borrow, bulletin_of, current_report

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def search() -> ResponseReturnValue:
    """Show the search box, the results and what they can be narrowed by."""
    search, language = params.read(request.args), i18n.current()
    with borrow() as searcher:
        answer = present.answer(searcher.search(search), language)
    return render_template(
        "search.html",
        answer=answer,
        search=search,
        facets=navigation.facets(answer, search, language),
        chips=navigation.chips(answer, search, language),
        clear_url=addresses.of_search(params.unfiltered(search)),
        sorts=navigation.sorts(search, language),
        pager=navigation.pager(answer, search),
        writings=navigation.writings(answer, search, language),
        changed=request.args.get("generation", answer["generation"]) != answer["generation"],
    )


@blueprint.get("/b/<id>")
def bulletin(id: str) -> ResponseReturnValue:
    """Show one bulletin with every hit of the search that led to it."""
    search, language = params.read(request.args), i18n.current()
    with borrow() as searcher:
        found = bulletin_of(searcher, id)
        other = searcher.bulletin(request.args.get("with", ""))
        marks = _marks(searcher, found, search, other)
        mentioned = searcher.mentioned(found)
    return render_template(
        "bulletin.html",
        bulletin=present.bulletin(found, mentioned, language),
        reading=reading.arrange(found, marks),
        furniture=found.furniture,
        citation=_citation(found),
        search=search,
        other=other,
        similar_url=addresses.of_similar(id),
        back_url=addresses.of_search(search),
    )


def _marks(
    searcher: Searcher, found: Bulletin, search: SearchRequest, other: Bulletin | None
) -> Mapping[int, tuple[tuple[int, int], ...]]:
    """Return what to mark: what another bulletin has too, else what was searched."""
    if other is not None:
        return searcher.shared_marks(found, other)
    return searcher.marks(found, search) if search.text else {}


@blueprint.get("/b/<id>/similar")
def similar(id: str) -> ResponseReturnValue:
    """Show the bulletins that are like one, and the passages that stand elsewhere too."""
    with borrow() as searcher:
        found = bulletin_of(searcher, id)
        relatives = searcher.relatives(found)
    return render_template(
        "similar.html",
        title=found.title,
        url=addresses.of_bulletin(id, SearchRequest()),
        relatives=present.relatives(id, relatives, i18n.current()),
    )


@blueprint.get("/report")
def report() -> ResponseReturnValue:
    """Show which issues there are, and what the last build thought of each file."""
    look = params.read_report(request.args)
    answer = reporting.shape(*current_report(), look, i18n.current())
    return render_template(
        "report.html",
        answer=answer,
        tables=reporting.tables(answer),
        choices=navigation.report_choices(answer, look),
        pager=navigation.report_pager(answer, look),
        parts=navigation.report_parts(answer, look),
    )


@blueprint.get("/help")
def help() -> ResponseReturnValue:
    """Explain how to search, with examples to try."""

    def example(text: str, mode: str = "all") -> str:
        return addresses.of_search(SearchRequest(text=text, mode=mode))

    template = f"_help_{i18n.current()}.html"
    return render_template(
        "help.html", explanation=template, example=example, search_for=SearchRequest
    )


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let bulletins be found by other search engines; our own answers are not for them."""
    lines = (
        "User-agent: *",
        "Disallow: /api/",
        "Disallow: /embed",
        "Disallow: /concordance",
        "Disallow: /trends",
        "Disallow: /report",
        "Disallow: /b/*/similar",
        "Disallow: /*?",
        "",
    )
    return Response("\n".join(lines), mimetype="text/plain")


def _citation(found: Bulletin) -> str:
    """Return what to cite a bulletin by: publisher, title, series, issue, date."""
    issue = found.issue.label if found.issue else ""
    place = "，".join(part for part in (found.series + issue, found.date) if part)
    return ". ".join(part for part in (found.publisher, found.title, place) if part) + "."
