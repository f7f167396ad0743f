"""How does jianbao answer?  Its own engine, as the builder and the searcher use it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks.analysing import Analysing
from benchmarks.peers.base import TOP, VALUES, Answer, Peer, Question
from indexer.analysis import Segmenter
from indexer.bulletin import Bulletin
from indexer.document import dump
from indexer.engines.base import EngineQuery
from indexer.engines.whoosh import WhooshEngine, WhooshWriter
from indexer.garbage import reusing
from indexer.settings import Settings, cores
from indexer.workers import open_workers

_BYTES: Final = 8_000
"""What a bulletin is taken to weigh."""


def build(bulletins: Iterable[Bulletin], folder: Path, segmenter: Segmenter | None = None) -> None:
    """Fill a folder as the builder does, by rjieba where it is installed."""
    writer = WhooshWriter(folder, Settings().batch_units)
    with reusing():
        with open_workers(Analysing(segmenter or Segmenter()), cores()) as workers:
            asked = (workers.submit(dump(bulletin)) for bulletin in bulletins)
            for answer in workers.ahead(asked, lambda _: _BYTES):
                writer.add(answer())
        writer.finish()


class Reader:
    """An index of jianbao."""

    def __init__(self, folder: Path) -> None:
        self._engine = WhooshEngine(folder)

    def ask(self, question: Question) -> Answer:
        hits = self._engine.search(_engine_query(question, TOP))
        return Answer(hits.total, tuple(hit.id for hit in hits.hits), hits.facets)

    def hits(self, question: Question) -> set[str]:
        every = self._engine.search(_engine_query(question, self._engine.count))
        return {hit.id for hit in every.hits}

    def close(self) -> None:
        self._engine.close()


def _engine_query(question: Question, limit: int) -> EngineQuery:
    query = question.query
    return EngineQuery(
        query.tree, query.words, query.runs, question.chosen, limit=limit, values=VALUES
    )


PEER = Peer("jianbao", version("jianbao"), build, Reader)
