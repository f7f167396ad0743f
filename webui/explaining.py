"""Why is a bulletin among the results, or why is it not?  The page and its JSON."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from indexer import FileReport
from indexer.answer import Explanation, SearchRequest
from indexer.errors import refusal
from indexer.language import Language
from webui import addresses, i18n, params
from webui.current import borrow, current_report

blueprint = Blueprint("explaining", __name__)

MOST_FILES: Final = 20
"""Files that are offered when several fit what was written."""

Json = dict[str, Any]


@blueprint.get("/explain")
def page() -> ResponseReturnValue:
    """Show what became of one bulletin in a search, and how it can be found."""
    search, wanted = params.read(request.args), params.read_wanted(request.args)
    answer = _answer(search, wanted)
    return render_template("explain.html", answer=answer, search=search, wanted=wanted)


@blueprint.get("/api/v1/explain")
def api() -> ResponseReturnValue:
    """Answer with what became of one bulletin in a search."""
    return jsonify(_answer(params.read(request.args), params.read_wanted(request.args)))


def _answer(search: SearchRequest, wanted: str) -> Json:
    """Return the explanation of the bulletin that is meant, or the files that may be."""
    language = i18n.current()
    files = current_report()[0].naming(wanted) if wanted else ()
    with borrow() as searcher:
        only = files[0].id if len(files) == 1 else ""
        explained = searcher.explain(search, only) if only else None
    return {
        "wanted": wanted,
        "explanation": shape(explained, search, language) if explained else None,
        "files": [] if explained else [_file(f, search, language) for f in files[:MOST_FILES]],
        "more": max(0, len(files) - MOST_FILES),
    }


def shape(found: Explanation, search: SearchRequest, language: Language) -> Json:
    """Return an explanation as JSON has it."""
    return {
        "id": found.id,
        "title": found.title,
        "url": addresses.of_bulletin(found.id, search),
        "rank": found.rank or None,
        "score": found.score,
        "shown_as": found.shown_as or None,
        "terms": [
            {
                "text": term.text,
                "wanted": term.wanted,
                "holds": term.holds,
                "places": [
                    {
                        "paragraph": place.paragraph,
                        "count": place.count,
                        "url": addresses.of_bulletin(found.id, search, place.paragraph),
                    }
                    for place in term.places
                ],
            }
            for term in found.terms
        ],
        "parts": [
            {
                "text": part.text,
                "adds": round(part.adds, 6),
                "kind": part.kind,
            }
            for part in found.parts
        ],
        "ways_in": [
            {
                "message": way.sentence.in_(language),
                "total": way.total,
                "url": addresses.of_search(way.request),
            }
            for way in found.ways_in
        ],
    }


def _file(file: FileReport, search: SearchRequest, language: Language) -> Json:
    return {
        "path": file.path,
        "title": file.title,
        "outcome": file.outcome,
        "reason": file.reason or None,
        "message": refusal(file.reason).in_(language),
        "url": addresses.of_explanation(search, file.id) if file.id else None,
    }
