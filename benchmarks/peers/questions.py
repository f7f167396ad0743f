"""What is asked?  A log of questions drawn from the bulletins themselves, by class.

Candidates are drawn from a sample of the bulletins, counted in it, and taken by how common they
are there, so that each class has the rare and the frequent in it.  Everything is of Han alone, so
that a plain search of the folded text is the truth (`truth.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

import numpy as np

from benchmarks.peers.base import Atom, Question, words_of
from benchmarks.peers.truth import text_of
from indexer.analysis import Segmenter, facet_values
from indexer.bulletin import Bulletin
from indexer.query import All, Any, Leaf, Node, Not, Quotation, Word, leaves, read
from indexer.schema import WRITINGS

SAMPLE: Final = 1_000
"""Bulletins that questions are drawn from."""
_CANDIDATES: Final = 2_000
_CUT: Final = 200
"""Bulletins of the sample that are cut into words."""
_LENGTHS: Final = (2, 2, 2, 3, 3, 4, 4, 5, 6, 8, 10, 12, 16, 20)
_HAN: Final = re.compile(r"[\u4e00-\u9fa5]+")
_WORD: Final = re.compile(r"[\u4e00-\u9fa5]{2,}")

Share = tuple[float, float]
RARE, MIDDLING, COMMON = (0.0, 0.003), (0.003, 0.1), (0.1, 1.01)


class Log:
    """Draws questions; the same `seed` draws the same."""

    def __init__(self, sample: Sequence[Bulletin], segmenter: Segmenter, seed: int = 1) -> None:
        self._rng = np.random.default_rng(seed)
        self._segmenter = segmenter
        self._sample = sample
        self._texts = [text_of(bulletin) for bulletin in sample]
        self._quotations = self._shared(self._drawn(_LENGTHS))
        self._characters = self._shared(self._drawn((1,)))
        self._words = self._shared(self._drawn_words())

    def questions(self, each: int) -> list[Question]:
        """Return `each` questions of every class."""
        kinds: dict[str, Callable[[], Question | None]] = {
            "quotation, in < 0.3 %": lambda: self._quoted(self._quotations, RARE),
            "quotation, in 0.3–10 %": lambda: self._quoted(self._quotations, MIDDLING),
            "quotation, in > 10 %": lambda: self._quoted(self._quotations, COMMON),
            "one character": lambda: self._quoted(self._characters, self._some()),
            "one word": lambda: self._worded(1, 0, 0),
            "words, and": lambda: self._worded(self._number(2, 5), 0, 0),
            "words, or": lambda: self._worded(0, self._number(2, 5), 0),
            "words, not": lambda: self._worded(self._number(1, 3), 0, 1),
            "words, and, or, not": lambda: self._worded(1, self._number(2, 3), 1),
            "quotation, 1–3 facets": lambda: self._narrowed(
                self._quoted(self._quotations, self._some())
            ),
            "words, 1–3 facets": lambda: self._narrowed(self._worded(self._number(1, 3), 0, 0)),
        }
        return [
            replace(question, kind=kind)
            for kind, draw in kinds.items()
            for question in _distinct(draw, each)
        ]

    def _number(self, least: int, most: int) -> int:
        return int(self._rng.integers(least, most + 1))

    def _some(self) -> Share:
        return (RARE, MIDDLING, COMMON)[self._number(0, 2)]

    def _drawn(self, lengths: Sequence[int]) -> Iterator[str]:
        """Yield runs of Han from anywhere in the sample."""
        for _ in range(_CANDIDATES):
            text = self._texts[self._number(0, len(self._texts) - 1)]
            length = lengths[self._number(0, len(lengths) - 1)]
            start = self._number(0, max(len(text) - length, 0))
            if _HAN.fullmatch(drawn := text[start : start + length]):
                yield drawn

    def _drawn_words(self) -> Iterator[str]:
        """Yield words from anywhere in the sample."""
        for bulletin in self._sample[:_CUT]:
            words = list(filter(_WORD.fullmatch, words_of(bulletin, self._segmenter)))
            for _ in range(_CANDIDATES // _CUT if words else 0):
                yield words[self._number(0, len(words) - 1)]

    def _shared(self, drawn: Iterator[str]) -> dict[str, float]:
        """Return each text with the share of the sample in which it stands."""
        return {
            each: sum(each in text for text in self._texts) / len(self._texts)
            for each in sorted(set(drawn))
        }

    def _pick(self, shares: dict[str, float], wanted: Share) -> str | None:
        low, high = wanted
        fitting = [text for text, share in shares.items() if low <= share < high]
        return fitting[self._number(0, len(fitting) - 1)] if fitting else None

    def _quoted(self, shares: dict[str, float], wanted: Share) -> Question | None:
        text = self._pick(shares, wanted)
        if text is None:
            return None
        query = read(text, "exact", self._segmenter)
        return Question("", text, "exact", query, (self._atom(text),))

    def _worded(self, required: int, either: int, excluded: int) -> Question | None:
        """Return a question of so many words; those required stand in one bulletin."""
        home = self._texts[self._number(0, len(self._texts) - 1)]
        here = {word: share for word, share in self._words.items() if word in home}
        wanted = [self._pick(here, self._some()) for _ in range(required + either)]
        wanted += [self._pick(self._words, COMMON) for _ in range(excluded)]
        words = [word for word in wanted if word is not None]
        if len({*words}) < len(wanted):
            return None
        a, b = required, required + either
        joined = " OR ".join(words[a:b])
        grouped = f"({joined})" if a and joined else joined
        parts = [*words[:a], grouped, *(f"-{word}" for word in words[b:])]
        text = " ".join(filter(None, parts))
        query = read(text, "all", self._segmenter, without=tuple(WRITINGS))
        found = {
            leaf.units for leaf in _all_leaves(query.tree) if isinstance(leaf, Word | Quotation)
        }
        if found != {tuple(word) for word in words}:
            return None
        atoms = [self._atom(word) for word in words]
        groups = tuple(atoms[:a]), tuple(atoms[a:b]), tuple(atoms[b:])
        return Question("", text, "all", query, *groups)

    def _narrowed(self, question: Question | None) -> Question | None:
        """Choose values of one to three facets that one of the hits in the sample has."""
        if question is None:
            return None
        present = [
            bulletin
            for bulletin, text in zip(self._sample, self._texts, strict=True)
            if all(atom.text in text for atom in question.required)
        ]
        if not present:
            return None
        values = facet_values(present[self._number(0, len(present) - 1)])
        names = [name for name in values if values[name]]
        self._rng.shuffle(names)
        chosen = {name: values[name][:1] for name in names[: self._number(1, 3)]}
        return replace(question, chosen=chosen)

    def _atom(self, text: str) -> Atom:
        return Atom(text, tuple(self._segmenter.cut(text)))


def _all_leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Not):
        return _all_leaves(node.child)
    if isinstance(node, All | Any):
        return chain.from_iterable(map(_all_leaves, node.children))
    return leaves(node)


def _distinct(draw: Callable[[], Question | None], count: int) -> list[Question]:
    """Return so many different questions, fewer when there are no more."""
    found: dict[str, Question] = {}
    for _ in range(50 * count):
        if len(found) == count:
            break
        if (question := draw()) is not None:
            found.setdefault(f"{question.query.tree} {question.chosen}", question)
    return list(found.values())
