"""What would memory bandwidth alone cost?  Bytes that a question must read, and how fast they come.

The bytes are those of plain arrays, counted in the text and not by an engine: 4 for each place of
every second pair of a quotation, each word of a query being a quotation too; 8 for each document of
a word that is ranked by; 4 for each facet value of each hit.  An engine that skips in its lists
reads fewer, one that packs them, as jianbao does, fewer still; one that reads twice is farther off.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.peers.base import Question
from benchmarks.peers.truth import text_of
from indexer.analysis import facet_values
from indexer.bulletin import Bulletin

KINDS: Final = ("quotation, in > 10 %", "one character", "words, or")
"""The main classes: those that read the most, one of each sort."""

_PLACE, _DOCUMENT, _VALUE = 4, 8, 4
_LARGE: Final = 1 << 28
"""Bytes that are summed: more than any cache holds."""

Bytes = npt.NDArray[np.float64]


def bandwidth() -> float:
    """Return how many bytes a second one core reads from memory: numpy's sum, the best of 5."""
    numbers = np.ones(_LARGE // 8, dtype=np.int64)
    return _LARGE / min(_seconds_of_sum(numbers) for _ in range(5))


def _seconds_of_sum(numbers: npt.NDArray[np.int64]) -> float:
    before = time.perf_counter()
    numbers.sum()
    return time.perf_counter() - before


def bytes_read(bulletins: Iterable[Bulletin], questions: Sequence[Question]) -> Bytes:
    """Return how many bytes each question must read."""
    slices = [_slices(question) for question in questions]
    words = [{word for atom in q.atoms() for word in atom.words} for q in questions]
    wanted = sorted({each for found in (*slices, *words) for each in found})
    total = np.zeros(len(questions))
    for bulletin in bulletins:
        text = text_of(bulletin)
        times = {each: text.count(each) for each in wanted}
        values = _VALUE * sum(map(len, facet_values(bulletin).values()))
        for at, question in enumerate(questions):
            total[at] += _PLACE * sum(times[each] for each in slices[at])
            total[at] += _DOCUMENT * sum(times[word] > 0 for word in words[at])
            total[at] += values * _hit(question, text)
    return total


def _slices(question: Question) -> list[str]:
    """Return what is looked up for each quotation: every second pair, the last one, or the unit."""
    return [part for atom in question.atoms() for part in _pairs(atom.text)]


def _pairs(text: str) -> list[str]:
    last = len(text) - 2
    return (
        [text[at : at + 2] for at in sorted({*range(0, last + 1, 2), last})]
        if last >= 0
        else [text]
    )


def _hit(question: Question, text: str) -> bool:
    return any(atom.text in text for atom in (*question.required, *question.either))
