"""How do documents become postings?  A batch of them turned inside out by sorting arrays.

A segment's text is one stream of units, with a stop after each document.  The posting of a unit
is grouped by the unit that follows it: `followers` (ascending), and for each of them the
ascending `positions` in the stream.  So a pair of neighbours is one slice, and a single unit is
all the slices of its followers, one after another.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.document import FIRST_NAME, Document, UnitSequence

Numbers = npt.NDArray[np.uint32]

_STOP: Final = 0
"""The code, and later the rank, of the stop after each document.  No text folds to NUL."""

_BODY_BITS, _HEADING_BITS = 16, 8
"""A word's counts share 32 bits: title 8, headings 8, body 16.  Larger counts are cut off, where
BM25F has long since saturated."""


@dataclass(frozen=True, slots=True)
class UnitPostings:
    """The units of a segment, ranked from 1 by the bytes of their spelling.

    The followers of the unit with rank r are `followers[begins[r-1]:begins[r]]`, as ranks (0 for
    the end of a document).  `positions[starts[i]:starts[i+1]]` are the places of the i-th pair.
    """

    spellings: list[bytes]
    begins: Numbers
    followers: Numbers
    starts: Numbers
    positions: Numbers


@dataclass(frozen=True, slots=True)
class WordPostings:
    """The words of a segment, ascending: word i stands in `documents[begins[i]:begins[i+1]]`,
    as often as `counts` says (packed, see `unpack`).
    """

    spellings: list[bytes]
    begins: Numbers
    documents: Numbers
    counts: Numbers


class Inverter:
    """Gathers documents until they are a segment."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.length = 0
        self._streams: list[Numbers] = []
        self._names: dict[str, int] = {}
        self._words: dict[str, int] = {}
        self._word_of = array("I")
        self._word_counts = array("I")
        self._words_in = array("I")

    def add(self, document: Document) -> int:
        """Take a document; return where its units begin in the stream."""
        begin = self.length
        stream = self._stream(document.units)
        self._streams.append(stream)
        self.length += len(stream)
        self.ids.append(document.id)
        known = self._words
        self._word_of.extend(known.setdefault(word, len(known)) for word in document.words)
        self._word_counts.extend(chain.from_iterable(document.words.values()))
        self._words_in.append(len(document.words))
        return begin

    def units(self) -> UnitPostings:
        """Invert the stream of units."""
        stream = np.concatenate(self._streams)
        spellings, ranks = self._ranked_units(stream)
        first, second = ranks[:-1], ranks[1:]
        order = _stable_order(second, first)
        order = order[np.searchsorted(first[order], 1) :]  # pairs that begin with a stop
        first, second = first[order], second[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
        starts = np.flatnonzero(new)
        begins = np.searchsorted(first[starts], np.arange(1, len(spellings) + 2))
        return UnitPostings(
            spellings,
            begins.astype(np.uint32),
            second[starts],
            np.append(starts, len(order)).astype(np.uint32),
            order.astype(np.uint32),
        )

    def words(self) -> WordPostings:
        """Invert the words."""
        spellings, ranks = _ranked(self._words)
        documents = np.repeat(
            np.arange(len(self.ids), dtype=np.uint32), np.array(self._words_in, dtype=np.uint32)
        )
        words = ranks[np.array(self._word_of, dtype=np.uint32)]
        order = _stable_order(words)
        begins = np.searchsorted(words[order], np.arange(len(spellings) + 1))
        return WordPostings(
            spellings,
            begins.astype(np.uint32),
            documents[order],
            _pack(np.array(self._word_counts, dtype=np.uint32).reshape(-1, 3))[order],
        )

    def _stream(self, units: UnitSequence) -> Numbers:
        """Return the codes with the segment's numbers for names, and a stop at the end."""
        stream = np.append(units.codes, np.uint32(_STOP))
        named = stream >= FIRST_NAME
        if units.names:
            known = self._names
            numbers = [known.setdefault(name, len(known)) for name in units.names]
            mapped = np.array(numbers, dtype=np.uint32) + np.uint32(FIRST_NAME)
            stream[named] = mapped[stream[named] - np.uint32(FIRST_NAME)]
        return stream

    def _ranked_units(self, stream: Numbers) -> tuple[list[bytes], Numbers]:
        """Return the spellings in order, and the stream as ranks among them from 1."""
        present = np.zeros(FIRST_NAME + len(self._names), dtype=bool)
        present[stream] = True
        present[_STOP] = False
        names = list(self._names)
        codes = np.flatnonzero(present)
        spelled = [
            (chr(code) if code < FIRST_NAME else names[code - FIRST_NAME]).encode()
            for code in codes.tolist()
        ]
        order = sorted(range(len(spelled)), key=spelled.__getitem__)
        rank = np.zeros(len(present), dtype=np.uint32)
        rank[codes[order]] = np.arange(1, len(order) + 1, dtype=np.uint32)
        return [spelled[at] for at in order], rank[stream]


def unpack(counts: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return the counts in title, headings and body of packed counts."""
    return (
        counts >> np.uint32(_BODY_BITS + _HEADING_BITS),
        (counts >> np.uint32(_BODY_BITS)) & np.uint32(0xFF),
        counts & np.uint32(0xFFFF),
    )


def _pack(counts: Numbers) -> Numbers:
    """Return rows of title, heading and body as one number each."""
    title, heading, body = np.minimum(counts, np.array([255, 255, 65535], dtype=np.uint32)).T
    packed: Numbers = (
        title << np.uint32(_BODY_BITS + _HEADING_BITS) | heading << np.uint32(_BODY_BITS) | body
    )
    return packed


def _ranked(numbered: dict[str, int]) -> tuple[list[bytes], Numbers]:
    """Return the spellings in order, and for each number its rank among them from 0."""
    ordered = sorted((word.encode(), number) for word, number in numbered.items())
    ranks = np.empty(len(ordered), dtype=np.uint32)
    ranks[[number for _, number in ordered]] = np.arange(len(ordered), dtype=np.uint32)
    return [spelling for spelling, _ in ordered], ranks


def _stable_order(*keys: Numbers) -> npt.NDArray[np.intp]:
    """Return the order by the last key, then by the one before it, and so on.

    Sixteen bits at a time, least significant first: on such short keys numpy's stable sort is a
    radix sort, five times as fast as sorting the pairs as 64-bit numbers.
    """
    order = np.arange(len(keys[0]))
    for digits in _digits(keys):
        order = order[np.argsort(digits[order], kind="stable")]
    return order


def _digits(keys: Iterable[Numbers]) -> Iterable[npt.NDArray[np.uint16]]:
    for key in keys:
        yield key.astype(np.uint16)
        if len(key) and key.max() > 0xFFFF:
            yield (key >> np.uint32(16)).astype(np.uint16)
