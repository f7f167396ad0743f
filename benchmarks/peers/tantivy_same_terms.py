"""How does tantivy build over the terms that jianbao has?  Pairs of units, units and words.

(But for the pairs within titles, a hundredth of all.)  It answers by the pairs; the words, which
jianbao ranks by, are there so that a build and an index are compared that have the same terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers import tantivy_terms
from benchmarks.peers.base import Peer, units_of
from benchmarks.peers.tantivy_pairs import pairs_of, sought
from indexer.analysis import Segmenter
from indexer.bulletin import Bulletin


def _build(bulletins: Iterable[Bulletin], folder: Path) -> None:
    kept = {"pairs": "position", "units": "freq", "words": "freq"}
    tantivy_terms.build(bulletins, folder, kept, partial(_cut, Segmenter()))


def _cut(segmenter: Segmenter, bulletin: Bulletin) -> Mapping[str, str]:
    units = units_of(bulletin)
    return pairs_of(units) | {"words": " ".join(segmenter.words(units))}


PEER = Peer(
    "tantivy, same terms",
    version("tantivy"),
    _build,
    partial(tantivy_terms.Reader, sought=sought),
)
