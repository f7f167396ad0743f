"""Do the bulletins that are about a thing come first?  Ours beside plain BM25, and why each
constant is what it is.

    python -m benchmarks.relevance [--data DIR] [--ablate]

Without `--data`, our own short queries over corpus/ alone; with it, also each collection in DIR
(a folder of folders with corpus.jsonl, queries.jsonl and qrels.tsv).  Every figure is a mean over
questions with its 95 % interval; p is the chance that a difference as large comes of nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import numpy as np

from benchmarks.baselines import Search, all_of_them
from benchmarks.judged import Collection, ours, public
from benchmarks.measures import DEPTH, MEASURES, Figures, chance, figures, interval
from indexer.analysis import Segmenter, analyse
from indexer.document import Document
from indexer.engines import ranking
from indexer.engines.base import Engine, EngineQuery
from indexer.engines.memory import MemoryEngine
from indexer.engines.whoosh import WhooshEngine, WhooshWriter
from indexer.query import read

OURS: Final = "ours"
SEGMENTER: Final = Segmenter()
TRIED: Final[dict[str, tuple[Any, ...]]] = {
    "K1": (0.6, 0.9, 1.5, 2.0),
    "B": (0.5, 0.65, 0.85, 1.0),
    "WEIGHTS": (
        (1.0, 1.0, 1.0),
        (1.0, 3.0, 1.0),
        (3.0, 3.0, 1.0),
        (5.0, 2.0, 1.0),
        (2.0, 6.0, 1.0),
    ),
    "PAIRS": (0.0, 0.5, 0.7, 1.5),
    "UNITS": (0.0, 0.3, 0.5, 1.0),
    "COMMON": (0.01, 0.03, 0.125, 1.0),
    "bonuses": (lambda weight, runs: [0.0] * len(runs),),
}
"""What `--ablate` puts in the place of each constant, one at a time."""
HALF_LIVES: Final = (90, 365, 1825)
FADES: Final = (0.25, ranking.FADE, 0.75)
"""Recency as `--ablate` switches it on: its half-lives in days, and what age may take."""


def documents(collection: Collection) -> list[Document]:
    return [analyse(bulletin, SEGMENTER) for bulletin in collection.bulletins]


def whoosh(found: Sequence[Document], folder: Path) -> WhooshEngine:
    writer = WhooshWriter(folder, batch_units=16_000_000)
    for document in found:
        writer.add(document)
    writer.finish()
    return WhooshEngine(folder)


def search(engine: Engine, mode: str, recency_days: int = 0) -> Search:
    """Return the search of a reader: with most of the terms where none has all."""

    def answer(text: str, depth: int) -> list[str]:
        query = read(text, mode, SEGMENTER)
        for tried in (query, query.relaxed()):
            if tried is not None:
                asked = EngineQuery(
                    tried.tree, tried.words, tried.runs, limit=depth, recency_days=recency_days
                )
                if hits := engine.search(asked).hits:
                    return [hit.id for hit in hits]
        return []

    return answer


def measured(answer: Search, collection: Collection) -> Figures:
    """Return the measures of each question: an array of questions × MEASURES."""
    return np.array(
        [figures(answer(q.text, DEPTH), q.grades) for q in collection.questions], dtype=float
    )


def baselines(collection: Collection) -> dict[str, Figures]:
    ids = [bulletin.id for bulletin in collection.bulletins]
    texts = ["\n".join(block.text for block in b.blocks) for b in collection.bulletins]
    return {name: measured(found, collection) for name, found in all_of_them(ids, texts).items()}


def in_memory(collection: Collection) -> Figures:
    """Return the measures of ours by the reference engine; for small collections."""
    return measured(search(MemoryEngine(documents(collection)), collection.mode), collection)


def table(collection: Collection, mine: Figures, others: dict[str, Figures]) -> Iterator[str]:
    count = f"{len(collection.bulletins):,} texts, {len(collection.questions):,} questions"
    yield f"\n{collection.name}: {count}, mode {collection.mode}"
    yield f"{'':38}" + "".join(f"{name:26}" for name in MEASURES)
    for name, values in {OURS: mine, **others}.items():
        yield f"{name:38}" + "".join(_figure(values[:, at]) for at in range(len(MEASURES)))
    for name, values in others.items():
        yield f"{OURS + ' − ' + name:38}" + _differences(mine - values)


def _figure(values: Figures) -> str:
    low, high = interval(values)
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]".ljust(26)


def _differences(differences: Figures) -> str:
    columns = (differences[:, at] for at in range(len(MEASURES)))
    return "".join(f"{each.mean():+.3f} (p {chance(each):.4f})".ljust(26) for each in columns)


def ablation(
    collection: Collection, open_engine: Callable[[], Engine], mine: Figures
) -> Iterator[str]:
    """Yield a line for each constant changed: what it does to the measures."""
    yield f"\n{collection.name}: one constant changed at a time, less ours"
    for name, values in TRIED.items():
        for value in values:
            shown = "none" if callable(value) else str(value)
            with patch.object(ranking, name, value):
                changed = measured(search(open_engine(), collection.mode), collection)
            yield f"{name + ' = ' + shown:38}" + _differences(changed - mine)


def recency(
    collection: Collection, open_engine: Callable[[], Engine], mine: Figures
) -> Iterator[str]:
    """Yield a line for each half-life of recency, where there are dates: what it does."""
    if not any(bulletin.date for bulletin in collection.bulletins):
        return
    for days, share in product(HALF_LIVES, FADES):
        with patch.object(ranking, "FADE", share):
            changed = measured(search(open_engine(), collection.mode, days), collection)
        yield f"{f'recency of {days} days, FADE = {share}':38}" + _differences(changed - mine)


def report(collection: Collection, ablate: bool) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        engine = whoosh(documents(collection), Path(folder))
        mine = measured(search(engine, collection.mode), collection)
        yield from table(collection, mine, baselines(collection))
        if ablate:
            yield from ablation(collection, lambda: WhooshEngine(Path(folder)), mine)
            yield from recency(collection, lambda: WhooshEngine(Path(folder)), mine)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relevance")
    parser.add_argument("--data", type=Path, help="folder of judged collections")
    parser.add_argument("--ablate", action="store_true", help="also change each constant")
    options = parser.parse_args()
    folders = sorted(options.data.glob("*/qrels.tsv")) if options.data else []
    for collection in (ours, *(lambda f=file.parent: public(f) for file in folders)):
        for line in report(collection(), options.ablate):
            print(line, flush=True)


if __name__ == "__main__":
    main()
