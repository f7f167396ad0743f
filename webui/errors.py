"""What is a reader told when it goes wrong?  One shape, in the reader's language.

Nothing of the address, of a file's place or of our code is repeated in an error.
"""

from __future__ import annotations

import logging
from typing import Final

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from indexer.errors import IndexMissing, JianbaoError, OutOfTime, WrongUsage
from indexer.language import Sentence
from webui import i18n

_log = logging.getLogger(__name__)

STATUSES: Final[dict[int, tuple[str, Sentence]]] = {
    400: ("bad_request", Sentence("请求有误。", "The request is not understood.")),
    404: ("not_found", Sentence("没有这个页面。", "There is no such page.")),
    405: ("method_not_allowed", Sentence("这个地址只能读取。", "This address can only be read.")),
    413: ("too_large", Sentence("请求太大。", "The request is too large.")),
    500: (
        "internal",
        Sentence("出错了，已记入日志。", "Something went wrong; it has been logged."),
    ),
    503: (
        "index_unavailable",
        Sentence(
            "索引无法使用，请运行 jianbao verify 查看原因。",
            "The index cannot be used; run jianbao verify to see why.",
        ),
    ),
}
MISSING: Final = Sentence(
    "还没有索引，请先运行 jianbao rebuild。", "There is no index yet; run jianbao rebuild first."
)


def handle(app: Flask) -> None:
    """Answer every error of `app` in the one shape."""
    app.register_error_handler(JianbaoError, _of_ours)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unforeseen)


def _of_ours(error: JianbaoError) -> Response:
    if isinstance(error, WrongUsage | OutOfTime):
        return _answer(error.status, error.code, error.sentence)
    _log.warning("%s: %s", error.code, error)
    _, sentence = STATUSES.get(error.status, STATUSES[500])
    if isinstance(error, IndexMissing):
        sentence = MISSING
    return _answer(error.status, error.code, sentence)


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    code, sentence = STATUSES.get(status, STATUSES[400 if status < 500 else 500])
    response = _answer(status, code, sentence)
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


def _unforeseen(error: Exception) -> Response:
    # repr: a line break or an escape sequence in the address must not write its own log line.
    _log.error("while answering %.500r", request.path, exc_info=error)
    return _answer(500, *STATUSES[500])


def _answer(status: int, code: str, sentence: Sentence) -> Response:
    message = sentence.in_(i18n.current())
    if request.path.startswith("/api/") or request.path == "/healthz":
        response = jsonify({"error": {"code": code, "message": message}})
    else:
        template = "embed_error.html" if request.path == "/embed" else "error.html"
        response = make_response(render_template(template, status=status, message=message))
    response.status_code = status
    return response
