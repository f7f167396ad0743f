"""How does Whoosh answer as jieba offers it?  `jieba.analyse.ChineseAnalyzer`, words of words.

A quotation is a phrase of what the analyzer makes of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from whoosh import query
from whoosh.fields import TEXT

from benchmarks.peers import whoosh_terms
from benchmarks.peers.base import Atom, Peer
from indexer.bulletin import Bulletin

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # jieba leaves a file open
    from jieba.analyse import ChineseAnalyzer

_ANALYZER: Final[Any] = ChineseAnalyzer()


def _build(bulletins: Iterable[Bulletin], folder: Path) -> None:
    terms = TEXT(analyzer=_ANALYZER)
    whoosh_terms.build(
        bulletins, folder, terms, lambda b: "\n".join(block.text for block in b.blocks)
    )


def _sought(atom: Atom) -> Any:
    words = [token.text for token in _ANALYZER(atom.text, mode="query")]
    if not words:
        return query.NullQuery
    return query.Term("terms", words[0]) if len(words) == 1 else query.Phrase("terms", words)


PEER = Peer(
    "stock Whoosh, ChineseAnalyzer",
    version("whoosh3"),
    _build,
    partial(whoosh_terms.Reader, sought=_sought),
    most=10_000,
)
