"""Is the index what it should be?  Counts that agree, and quotations that are found."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path
from typing import Final

from indexer.analysis import cut_blocks
from indexer.document import load
from indexer.engines.base import Engine, EngineQuery
from indexer.engines.generations import Draft
from indexer.engines.opening import open_engine
from indexer.engines.whoosh import WhooshEngine
from indexer.errors import IndexDamaged
from indexer.query import Quotation
from indexer.settings import Settings

_DRAWN: Final = 20
"""Quotations drawn before the switch; `verify` draws more."""


def verify(settings: Settings, drawn: int = 200, seed: int = 0) -> int:
    """Check the current index: files, checksums, counts, and `drawn` random quotations.

    Returns the number of quotations drawn, all of which were found.  Raises `IndexUnavailable`.
    """
    _, engine, manifest = open_engine(Path(settings.index), whole=True)
    try:
        return _check_engine(engine, manifest.documents, drawn, random.Random(seed))
    finally:
        engine.close()


def check_draft(draft: Draft) -> None:
    """Open what was built, before anybody else does, and look for random quotations."""
    engine = WhooshEngine(draft.directory)
    try:
        _check_engine(engine, draft.documents, _DRAWN, random.Random(draft.name))
    finally:
        engine.close()


def _check_engine(engine: Engine, documents: int, drawn: int, rng: random.Random) -> int:
    """Raise `IndexDamaged` unless counts agree and every quotation drawn is found."""
    ids = engine.ids()
    if not documents == len(ids) == engine.count:
        raise _inconsistent(f"{engine.count} ≠ {documents}")
    drawn = drawn if ids else 0
    for _ in range(drawn):
        id = rng.choice(ids)
        quotation = _draw(engine, id, rng)
        wanted = EngineQuery(Quotation(quotation, ""), grouped=False)
        if quotation and not _finds(engine, wanted, id):
            raise _inconsistent("".join(quotation))
    return drawn


def _draw(engine: Engine, id: str, rng: random.Random) -> tuple[str, ...]:
    stored = engine.stored([id])[0]
    if stored is None:
        raise _inconsistent(id)
    units = cut_blocks([block.text for block in load(stored).blocks]).sequence.spelled()
    length = rng.randint(1, 40)
    start = rng.randint(0, max(len(units) - length, 0))
    return units[start : start + length]


def _finds(engine: Engine, query: EngineQuery, id: str) -> bool:
    everything = dataclasses.replace(query, limit=engine.count)
    return any(hit.id == id for hit in engine.search(everything).hits)


def _inconsistent(what: str) -> IndexDamaged:
    return IndexDamaged(
        f"索引自检不符（{what}），请重新运行 jianbao rebuild。",
        f"The index contradicts itself ({what}); run jianbao rebuild.",
    )
