"""How do the words of a bulletin become numbers?  Each different word has one, in order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.analysis.by_arrays import Numbers
from indexer.analysis.loops import numbered
from indexer.analysis.words import BREAK


@dataclass(frozen=True, slots=True)
class NumberedWords:
    """The words of title, headings and rest, one after another: `words[i]` is
    `vocabulary[numbers[i]]`.  Number 0 is `BREAK`, with which each part ends; `bounds` has where
    the parts begin, and where the last one ends.
    """

    words: tuple[str, ...]
    vocabulary: tuple[str, ...]
    numbers: Numbers
    bounds: tuple[int, int, int, int]

    @property
    def leading(self) -> int:
        """How many of the words stand in title and headings."""
        return self.bounds[2]

    def counts(self) -> Numbers:
        """Return a row for each part: how often each word stands in it, from the first word on
        that is no break.
        """
        size, parts = len(self.vocabulary), itertools.pairwise(self.bounds)
        counts = (np.bincount(self.numbers[a:b], minlength=size) for a, b in parts)
        return np.stack([*counts])[:, 1:]


def number(title: Sequence[str], headings: Sequence[str], rest: Sequence[str]) -> NumberedWords:
    """Return the words of a bulletin, breaks among them, as numbers."""
    words = (*title, BREAK, *headings, BREAK, *rest, BREAK)
    second, third = len(title) + 1, len(title) + len(headings) + 2
    numbers, vocabulary = numbered(words, BREAK)
    return NumberedWords(words, vocabulary, numbers, (0, second, third, len(words)))
