"""Which engines are there on this machine?"""

from __future__ import annotations

import importlib
from typing import Final

from benchmarks.peers.base import Peer

MODULES: Final = (
    "jianbao",
    "jianbao_plain",
    "tantivy_words",
    "tantivy_pairs",
    "tantivy_same_terms",
    "whoosh_codec",
    "whoosh_stock",
    "sqlite_trigram",
    "groonga_bigram",
    "xapian_ngrams",
    "lucene_cjk",
    "lucene_smartcn",
    "bm25s_words",
)
"""In this order they are built and printed."""


def peer(module: str) -> Peer | str:
    """Return a peer, or what it lacks here."""
    try:
        found = importlib.import_module(f"benchmarks.peers.{module}").PEER
    except ImportError as error:
        return str(error)
    assert isinstance(found, Peer)
    return found
