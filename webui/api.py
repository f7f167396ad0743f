"""What does another program get?  The JSON of the contract."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from webui import i18n, params, present, reporting
from webui.current import borrow, bulletin_of, current_report

blueprint = Blueprint("api", __name__)


@blueprint.get("/api/v1/search")
def search() -> ResponseReturnValue:
    """Answer a search."""
    search = params.read(request.args)
    with borrow() as searcher:
        return jsonify(present.answer(searcher.search(search), i18n.current()))


@blueprint.get("/api/v1/suggest")
def suggest() -> ResponseReturnValue:
    """Answer with what a query that is being typed may become."""
    look = params.read_suggest(request.args)
    with borrow() as searcher:
        found = searcher.complete(look.text, look.limit)
    return jsonify([present.completion(each) for each in found])


@blueprint.get("/api/v1/bulletins/<id>")
def bulletin(id: str) -> ResponseReturnValue:
    """Answer with a whole bulletin."""
    with borrow() as searcher:
        found = bulletin_of(searcher, id)
        mentioned = searcher.mentioned(found)
    return jsonify(present.bulletin(found, mentioned, i18n.current()))


@blueprint.get("/api/v1/bulletins/<id>/similar")
def similar(id: str) -> ResponseReturnValue:
    """Answer with the bulletins that are like one, and with the passages they share."""
    with borrow() as searcher:
        found = bulletin_of(searcher, id)
        relatives = searcher.relatives(found)
    return jsonify(present.relatives(id, relatives, i18n.current()))


@blueprint.get("/api/v1/report")
def report() -> ResponseReturnValue:
    """Answer with what the last build thought of each file, and with the issues of each series."""
    look = params.read_report(request.args)
    return jsonify(reporting.shape(*current_report(), look, i18n.current()))


@blueprint.get("/healthz")
def health() -> ResponseReturnValue:
    """Say whether there is an index to search in, for whoever watches the server."""
    with borrow() as searcher:
        return jsonify({"generation": searcher.generation, "bulletins": searcher.count})
