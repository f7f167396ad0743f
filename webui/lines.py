"""How is it used?  Every place of a search in its line: the page, its JSON, its CSV."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import chain
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from indexer.answer import Concordance, KwicLine, SearchRequest
from indexer.schema import LINE_ORDERS
from indexer.turns import by_turns
from webui import addresses, i18n, navigation, params
from webui.current import borrow, borrow_for_long, time_limit
from webui.spreadsheet import csv_lines

blueprint = Blueprint("lines", __name__)

Json = dict[str, Any]

_COLUMNS = (
    *("line_left", "line_match", "line_right"),
    *("bulletin_title", "issue", "date", "line_paragraph", "line_id"),
)


@blueprint.get("/concordance")
def page() -> ResponseReturnValue:
    """Show a page of lines, with the links to the other orders and to the file of all."""
    search, look = params.read(request.args), params.read_lines(request.args)
    found = _found(search, look)
    return render_template(
        "concordance.html",
        answer=_shape(found, search),
        search=search,
        look=look,
        orders=[
            (order, label.in_(i18n.current()), addresses.of_lines(search, order))
            for order, label in LINE_ORDERS.items()
        ],
        pager=navigation.lines_pager(found.total, search, look),
        all_url=addresses.of_all_lines(search),
    )


@blueprint.get("/api/v1/concordance")
def api() -> ResponseReturnValue:
    """Answer with a page of lines."""
    search, look = params.read(request.args), params.read_lines(request.args)
    query = {"text": search.text, "mode": search.mode}
    window = {"order": look.order, "page": look.page, "size": look.size}
    return jsonify({"query": query, **window, **_shape(_found(search, look), search)})


@blueprint.get("/concordance.csv")
def table() -> ResponseReturnValue:
    """Send every line, as they are read: the whole is never in memory."""
    search = params.read(request.args)
    heads = [i18n.text(name) for name in _COLUMNS]
    with ExitStack() as loan:
        searcher = loan.enter_context(borrow_for_long())
        with time_limit():  # raises now, when an error can still be said
            lines = searcher.lines(search)
        rows = chain([heads], map(_row, lines))
        answer = Response(by_turns(csv_lines(rows)), mimetype="text/csv")
        answer.headers["Content-Disposition"] = 'attachment; filename="concordance.csv"'
        answer.call_on_close(loan.pop_all().close)
    return answer


def _found(search: SearchRequest, look: params.LinesRequest) -> Concordance:
    with borrow() as searcher:
        return searcher.concordance(search, look.order, look.page, look.size)


def _shape(found: Concordance, search: SearchRequest) -> Json:
    return {
        "total": found.total,
        "bulletins": {"read": found.read, "total": found.bulletins},
        "lines": [_line(line, search) for line in found.lines],
    }


def _line(line: KwicLine, search: SearchRequest) -> Json:
    return {
        "left": line.left,
        "match": line.match,
        "right": line.right,
        "id": line.id,
        "title": line.title,
        "issue": line.issue,
        "date": line.date,
        "paragraph": line.paragraph,
        "url": addresses.of_bulletin(line.id, search, line.paragraph),
    }


def _row(line: KwicLine) -> list[str]:
    texts = (line.left, line.match, line.right, line.title, line.issue, line.date)
    return [*texts, str(line.paragraph), line.id]
