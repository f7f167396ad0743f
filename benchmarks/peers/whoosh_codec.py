"""How does Whoosh answer over our terms by its own codec?  Pairs of units, with positions.

A quotation is a phrase of pairs; a single unit is whatever pair begins with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from whoosh import query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import TEXT

from benchmarks.peers import whoosh_terms
from benchmarks.peers.base import Atom, Peer, units_of
from indexer.bulletin import Bulletin


def _build(bulletins: Iterable[Bulletin], folder: Path) -> None:
    whoosh_terms.build(bulletins, folder, TEXT(analyzer=SpaceSeparatedTokenizer()), _cut)


def _cut(bulletin: Bulletin) -> str:
    units = (*units_of(bulletin).spelled(), "")
    return " ".join(map("_".join, pairwise(units)))


def _sought(atom: Atom) -> Any:
    units = atom.text
    if len(units) == 1:
        return query.Prefix("terms", f"{units}_")
    pairs = [f"{a}_{b}" for a, b in pairwise(units)]
    return query.Term("terms", pairs[0]) if len(pairs) == 1 else query.Phrase("terms", pairs)


PEER = Peer(
    "Whoosh's own codec, our terms",
    version("whoosh3"),
    _build,
    partial(whoosh_terms.Reader, sought=_sought),
    most=10_000,
)
