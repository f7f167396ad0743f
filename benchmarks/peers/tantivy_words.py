"""How does tantivy answer over jieba's words?  A quotation is a phrase of the words seen in it.

What the segmenter cuts otherwise in the text than in the quotation is not found.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from importlib.metadata import version
from pathlib import Path

import tantivy

from benchmarks.peers import tantivy_terms
from benchmarks.peers.base import Atom, Peer, words_of
from indexer.analysis import Segmenter
from indexer.bulletin import Bulletin


def _build(bulletins: Iterable[Bulletin], folder: Path) -> None:
    segmenter = Segmenter()
    tantivy_terms.build(
        bulletins,
        folder,
        {"words": "position"},
        lambda b: {"words": " ".join(words_of(b, segmenter))},
    )


def _sought(schema: tantivy.Schema, atom: Atom) -> tantivy.Query:
    if len(atom.words) == 1:
        return tantivy.Query.term_query(schema, "words", atom.words[0], "freq")
    return tantivy.Query.phrase_query(schema, "words", [*atom.words])


PEER = Peer(
    "tantivy, words",
    version("tantivy"),
    _build,
    partial(tantivy_terms.Reader, sought=_sought),
)
