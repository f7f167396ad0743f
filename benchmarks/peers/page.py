"""How long does a whole answer of jianbao take?  From an address to the bytes of the JSON.

Parsing, search, all facets, other modes and writings, corrections, ten bulletins with their
snippets, and the JSON of `/api/v1/search`, through the application as it is served; only the
network is missing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from flask.testing import FlaskClient

from benchmarks.peers.base import Question
from benchmarks.peers.measuring import Times, as_in_a_server
from indexer.analysis import Segmenter
from indexer.engines.whoosh import WhooshEngine
from indexer.searcher import Searcher
from indexer.settings import Settings
from indexer.suggest import keep_names
from webui import create_app

_GENERATION = "000001"

Parameters = list[tuple[str, str]]


def whole_answers(folder: Path, questions: Sequence[Question], rounds: int) -> Times:
    """Return the seconds of each question's answer; a first round warms up."""
    engine = WhooshEngine(folder)
    keep_names(engine, folder)
    searcher = Searcher(_GENERATION, engine, Segmenter(), directory=folder)
    app = create_app(Settings(), lambda _: searcher, lambda _: _GENERATION)
    asked = [_parameters(question) for question in questions]
    with as_in_a_server(), app.test_client() as client:
        times = [[_timed(client, one) for one in asked] for _ in range(rounds + 1)]
    searcher.close()
    return np.array(times[1:])


def _parameters(question: Question) -> Parameters:
    chosen = [(name, value) for name, values in question.chosen.items() for value in values]
    return [("q", question.text), ("mode", question.mode), *chosen]


def _timed(client: FlaskClient, parameters: Parameters) -> float:
    before = time.perf_counter()
    answer = client.get("/api/v1/search", query_string=parameters)
    seconds = time.perf_counter() - before
    assert answer.status_code == 200, answer.text
    return seconds
