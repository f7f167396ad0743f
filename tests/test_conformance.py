"""What every engine must do, as data: each case with its why."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from indexer.analysis import Segmenter, analyse
from indexer.bulletin import Block, Bulletin, Kind, Source
from indexer.document import Document
from indexer.engines.base import Engine, EngineQuery
from indexer.engines.memory import MemoryEngine
from indexer.engines.whoosh import WhooshEngine, WhooshWriter
from indexer.query import read

SEGMENTER = Segmenter()
CASES = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "conformance").glob("*.toml"))
}
Opener = Callable[[Sequence[Document], Path], Engine]


def in_memory(documents: Sequence[Document], folder: Path) -> Engine:
    return MemoryEngine(documents)


def on_whoosh(documents: Sequence[Document], folder: Path) -> Engine:
    writer = WhooshWriter(folder, batch_units=60)
    for document in documents:
        writer.add(document)
    writer.finish()
    return WhooshEngine(folder)


ENGINES: dict[str, Opener] = {"memory": in_memory, "whoosh": on_whoosh}


def documents(texts: Mapping[str, list[str]]) -> list[Document]:
    return [
        analyse(
            Bulletin(
                id,
                Source(id, "text/plain", "utf-8", "", 0),
                title,
                (Block(title, Kind.TITLE), *map(Block, body)),
            ),
            SEGMENTER,
        )
        for id, (title, *body) in texts.items()
    ]


def answers(engine: Engine, case: Mapping[str, Any]) -> list[str]:
    query = read(case["query"], case["mode"], SEGMENTER)
    if case.get("relaxed"):
        assert not engine.search(EngineQuery(query.tree)).total
        relaxed = query.relaxed()
        assert relaxed is not None
        query = relaxed
    hits = engine.search(EngineQuery(query.tree, query.words, query.runs, limit=100))
    return [hit.id for hit in hits.hits]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES["finding"]["case"], ids=lambda case: case["why"])
def test_what_is_found(engine: str, case: dict[str, Any], tmp_path: Path) -> None:
    opened = ENGINES[engine](documents(CASES["finding"]["documents"]), tmp_path)
    assert sorted(answers(opened, case)) == sorted(case["found"]), case["why"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES["ranking"]["case"], ids=lambda case: case["why"])
def test_what_comes_first(engine: str, case: dict[str, Any], tmp_path: Path) -> None:
    opened = ENGINES[engine](documents(CASES["ranking"]["documents"]), tmp_path)
    assert answers(opened, case) == case["order"], case["why"]
