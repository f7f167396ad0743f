"""What does plain BM25 answer, over which terms?  The rankings that ours is measured against.

Title and text are one text; k1 = 1.2, b = 0.75, Lucene's idf.  Nothing here is shared with the
product.
"""

from __future__ import annotations

import math
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import jieba
import numpy as np
import numpy.typing as npt
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import OrGroup, QueryParser

with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)  # jieba leaves a file open
    from jieba.analyse import ChineseAnalyzer

K1, B = 1.2, 0.75
_RUNS: Final = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]+")

Terms = Callable[[str], list[str]]
Search = Callable[[str, int], list[str]]


def words(text: str) -> list[str]:
    """Return jieba's words."""
    return [word for word in jieba.cut(text.lower()) if word.isalnum()]


def search_words(text: str) -> list[str]:
    """Return jieba's words and the words inside them."""
    return [word for word in jieba.cut_for_search(text.lower()) if word.isalnum()]


def bigrams(text: str) -> list[str]:
    """Return pairs of neighbouring Han; Latin words, numbers and Han by themselves whole."""
    runs = _RUNS.findall(text.lower())
    return [part for run in runs for part in ([run] if _whole(run) else _pairs(run))]


def characters(text: str) -> list[str]:
    """Return single Han, Latin words and numbers."""
    runs = _RUNS.findall(text.lower())
    return [part for run in runs for part in ([run] if run.isascii() else run)]


def _whole(run: str) -> bool:
    return run.isascii() or len(run) == 1


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


class BM25:
    """BM25 over the terms of texts."""

    def __init__(self, terms: Terms, texts: Iterable[str]) -> None:
        self._terms = terms
        postings: dict[str, tuple[list[int], list[int]]] = {}
        lengths = []
        for number, text in enumerate(texts):
            counted = Counter(terms(text))
            lengths.append(counted.total())
            for term, times in counted.items():
                documents, counts = postings.setdefault(term, ([], []))
                documents.append(number)
                counts.append(times)
        self._norms = K1 * (1.0 - B + B * np.array(lengths) / np.mean(lengths))
        self._postings = {
            term: (np.array(documents), np.array(counts, dtype=float))
            for term, (documents, counts) in postings.items()
        }

    def scores(self, text: str) -> npt.NDArray[np.float64]:
        """Return the score of each text."""
        total = np.zeros(len(self._norms))
        for term in dict.fromkeys(self._terms(text)):
            if term in self._postings:
                at, times = self._postings[term]
                idf = math.log(1.0 + (len(total) - len(at) + 0.5) / (len(at) + 0.5))
                total[at] += idf * times * (K1 + 1.0) / (times + self._norms[at])
        return total


def mixed(ids: Sequence[str], parts: Mapping[BM25, float]) -> Search:
    """Return the search by a weighted sum of scores; of equals the first comes first."""

    def search(text: str, depth: int) -> list[str]:
        total = sum(weight * bm25.scores(text) for bm25, weight in parts.items())
        order = np.argsort(-np.asarray(total), kind="stable")[:depth]
        return [ids[at] for at in order if np.asarray(total)[at] > 0]

    return search


def stock_whoosh(ids: Sequence[str], texts: Iterable[str]) -> Search:
    """Return Whoosh's own search over `jieba.analyse.ChineseAnalyzer`, any of the terms."""
    analyzer: Any = ChineseAnalyzer()
    schema = Schema(id=ID(stored=True), text=TEXT(analyzer=analyzer))
    index = RamStorage().create_index(schema)
    writer = index.writer(limitmb=512)
    for id, text in zip(ids, texts, strict=True):
        writer.add_document(id=id, text=text)
    writer.commit()
    searcher = index.searcher()
    parser = QueryParser("text", schema, plugins=[], group=OrGroup)

    def search(text: str, depth: int) -> list[str]:
        return [hit["id"] for hit in searcher.search(parser.parse(text), limit=depth)]

    return search


def all_of_them(ids: Sequence[str], texts: Sequence[str]) -> dict[str, Search]:
    """Return every baseline by its name."""
    by_words, by_pairs = BM25(words, texts), BM25(bigrams, texts)
    by_characters = BM25(characters, texts)
    return {
        "jieba words": mixed(ids, {by_words: 1.0}),
        "jieba search words": mixed(ids, {BM25(search_words, texts): 1.0}),
        "bigrams": mixed(ids, {by_pairs: 1.0}),
        "words + 0.5 bigrams + 0.2 characters": mixed(
            ids, {by_words: 1.0, by_pairs: 0.5, by_characters: 0.2}
        ),
        "Whoosh with ChineseAnalyzer": stock_whoosh(ids, texts),
    }
