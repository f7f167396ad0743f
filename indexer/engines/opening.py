"""Which index is there, and may this program read it?"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from indexer.engines.base import Engine
from indexer.engines.generations import Manifest, open_current
from indexer.engines.whoosh import WhooshEngine
from indexer.errors import IndexUnavailable
from indexer.schema import SCHEMA_VERSION


def facts() -> dict[str, str]:
    """Return what an index must have been built with for this program to read it."""
    return {"schema": str(SCHEMA_VERSION), "whoosh": version("whoosh3")}


def open_engine(index: Path, *, whole: bool = False) -> tuple[str, Engine, Manifest]:
    """Return the current generation's name, engine and manifest.

    With `whole`, every byte is checked, whatever the size.  Raises `IndexUnavailable` when there
    is no index, it is damaged, or another version built it.
    """
    name, directory, manifest = open_current(index, whole=whole)
    for fact, ours in facts().items():
        theirs = manifest.facts.get(fact)
        if theirs != ours:
            raise IndexUnavailable(
                f"索引由 {fact} {theirs} 建成，本程序为 {ours}，请重新运行 jianbao rebuild。",
                f"The index was built with {fact} {theirs}, this is {ours}; run jianbao rebuild.",
            )
    return name, WhooshEngine(directory), manifest
