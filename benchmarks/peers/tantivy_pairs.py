"""How does tantivy answer over the terms that jianbao finds by?  Pairs of units, with positions.

A quotation is a phrase of every second pair, which is enough; a single unit is a term of its own.
Exact, as jianbao is.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import tantivy

from benchmarks.peers import tantivy_terms
from benchmarks.peers.base import Atom, Peer, units_of
from indexer.bulletin import Bulletin
from indexer.document import UnitSequence


def _build(bulletins: Iterable[Bulletin], folder: Path) -> None:
    tantivy_terms.build(bulletins, folder, {"pairs": "position", "units": "freq"}, _cut)


def _cut(bulletin: Bulletin) -> dict[str, str]:
    return pairs_of(units_of(bulletin))


def pairs_of(units: UnitSequence) -> dict[str, str]:
    """Return the pairs and the units of a text, parted by spaces."""
    spelled = units.spelled()
    return {
        "pairs": " ".join(map("_".join, pairwise(spelled))),
        "units": " ".join(spelled),
    }


def sought(schema: tantivy.Schema, atom: Atom) -> tantivy.Query:
    """Return the query for a run of Han."""
    units = atom.text
    if len(units) == 1:
        return tantivy.Query.term_query(schema, "units", units, "freq")
    offsets = sorted({*range(0, len(units) - 1, 2), len(units) - 2})
    pairs: list[str | tuple[int, str]] = [(at, "_".join(units[at : at + 2])) for at in offsets]
    if len(units) == 2:
        return tantivy.Query.term_query(schema, "pairs", "_".join(units), "freq")
    return tantivy.Query.phrase_query(schema, "pairs", pairs)


PEER = Peer(
    "tantivy, pairs of units",
    version("tantivy"),
    _build,
    partial(tantivy_terms.Reader, sought=sought),
)
