"""How long does a whole answer of jianbao take?  From a request to the bytes of the JSON.

Parsing, search, all facets, other modes and writings, corrections, ten bulletins with their
snippets, and the JSON of `/api/v1/search`, through the application as a server calls it; only the
network, and what a server makes of it, is missing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks.peers.base import Question
from benchmarks.peers.measuring import Times, as_in_a_server
from indexer.analysis import Segmenter
from indexer.engines.whoosh import WhooshEngine
from indexer.searcher import Searcher
from indexer.settings import Settings
from indexer.suggest import keep_names
from webui import create_app

_GENERATION = "000001"

Environ = dict[str, Any]
"""A request, as a server hands it to an application (PEP 3333)."""


def whole_answers(folder: Path, questions: Sequence[Question], rounds: int) -> Times:
    """Return the seconds of each question's answer; a first round warms up."""
    engine = WhooshEngine(folder)
    keep_names(engine, folder)
    searcher = Searcher(_GENERATION, engine, Segmenter(), directory=folder)
    app = create_app(Settings(), lambda _: searcher, lambda _: _GENERATION)
    asked = [_request(question) for question in questions]
    with as_in_a_server():
        times = [[_timed(app, one) for one in asked] for _ in range(rounds + 1)]
    searcher.close()
    return np.array(times[1:])


def _request(question: Question) -> Environ:
    chosen = [(name, value) for name, values in question.chosen.items() for value in values]
    parameters = MultiDict([("q", question.text), ("mode", question.mode), *chosen])
    return EnvironBuilder("/api/v1/search", query_string=parameters).get_environ()


def _timed(app: Flask, request: Environ) -> float:
    before = time.perf_counter()
    parts, status, _ = run_wsgi_app(app, request, buffered=True)
    answer = b"".join(parts)
    seconds = time.perf_counter() - before
    assert status == "200 OK", answer.decode()
    return seconds
