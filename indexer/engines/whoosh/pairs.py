"""Where are the places of a pair?  Looked up by the ranks of its units."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.inversion import Numbers
from indexer.engines.whoosh.packing import Words

Documents = npt.NDArray[np.intp]
Integers = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
"""Of many documents or places those are taken by `compress`: numpy's `[mask]` guesses at each bit
whether it is set, and takes two to four times as long where that cannot be guessed."""
Pair = tuple[int, int, int]
"""Where the list of a pair's places begins, of how many, and how far from a run's begin it stands.
"""
Pairs = Sequence[Pair]
"""Those that a run is made of."""

FEW: Final = 8
"""Where one list is so many times as long as another, it is quicker to look each of the other up
in it than to go through both."""

_COMMON: Final = 1 << 10
"""Places of a pair from which on it is worth looking for a rarer one."""
_LARGEST: Final = {width: (1 << 8 * width) - 1 for width in (1, 2, 4, 8)}
"""The largest number of so many bytes; to ask numpy takes as long as to look it up."""
_WORD_BITS: Final = 6
_REMEMBERED: Final = 1 << 14
"""Pairs that were looked up and are kept at hand."""


class Slice(NamedTuple):
    """The places of a pair: a list of `length`, which begins `at` a word (`packing.py`).  They lie
    in so many `documents`, as far as that is kept; where these are many, they have a `row` of bits,
    else −1.
    """

    at: int
    length: int
    documents: int = 0
    row: int = -1


_NONE: Final = Slice(0, 0)
_NO_PAIR: Final = (0, 0, 0)
_NO_LISTS: Final = np.zeros(0, dtype=np.int64)


class PairIndex:
    """The pairs of a stream (`inversion.PairPostings`).

    `pair` gives the slice of a pair, by the ranks of its units, −1 for one that there is not.
    """

    def __init__(self, arrays: Mapping[str, Numbers], prefix: str = "") -> None:
        names = ("begins", "followers", "starts", "lists")
        begins, followers, starts, lists = (arrays[prefix + name] for name in names)
        self._begins, self._starts, self._lists = begins, starts, lists
        frequencies = None if prefix else arrays["frequencies"]
        rows = np.zeros(0, dtype=np.uint32) if prefix else arrays["pair_rows"]
        self._bits = arrays["pair_bits"][: 0 if prefix else None]
        self._row = len(self._bits) // max(len(rows), 1)
        remembered = functools.lru_cache(_REMEMBERED)
        self.pair = remembered(partial(_pair, begins, followers, starts, lists, frequencies, rows))

    def unit(self, rank: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the lists of a unit, one for each that follows it: where they begin, and how long
        they are.
        """
        if rank < 0:
            return _NO_LISTS, _NO_LISTS
        begin, end = self._begins[rank - 1 : rank + 1].tolist()
        starts = self._starts[begin : end + 1].astype(np.int64)
        return self._lists[begin:end].astype(np.int64), np.diff(starts)

    def times(self, rank: int) -> int:
        """Return how often a unit stands."""
        if rank < 0:
            return 0
        begin, end = self._begins[rank - 1 : rank + 1].tolist()
        return int(self._starts[end]) - int(self._starts[begin])

    def bits(self, row: int) -> Words:
        """Return a row of bits, one for each document."""
        return self._bits[row * self._row : (row + 1) * self._row]

    def pairs(self, units: Sequence[int]) -> Pairs:
        """Return the pairs that a run of two units and more is made of, the rarest first.

        Every second pair is enough: when units 1–2 and 3–4 stand at their distance, so do 2–3.  But
        where all of these are common, one between them may be rare, as 场经 is in 市场经济: then
        each of its few places is looked up in the others.
        """
        last = len(units) - 2
        found = [self._pair_at(units, offset) for offset in range(0, last, 2)]
        found.append(self._pair_at(units, last))
        found.sort(key=itemgetter(1))
        if found[0][1] > _COMMON:
            between = (self._pair_at(units, offset) for offset in range(1, last, 2))
            rarest = min(between, key=itemgetter(1), default=found[0])
            if FEW * rarest[1] < found[0][1]:
                found.insert(0, rarest)
        return found if found[0][1] else [_NO_PAIR]

    def _pair_at(self, units: Sequence[int], offset: int) -> Pair:
        at, length, _, _ = self.pair(units[offset], units[offset + 1])
        return at, length, offset


def _pair(
    begins: Numbers,
    followers: Numbers,
    starts: Numbers,
    lists: Numbers,
    frequencies: Numbers | None,
    rows: Numbers,
    first: int,
    second: int,
) -> Slice:
    if first < 0 or second < 0:
        return _NONE
    start, stop = begins[first - 1 : first + 1].tolist()
    at = _place_of(second, followers[start:stop])
    if at < 0:
        return _NONE
    at += start
    documents = 0 if frequencies is None else int(frequencies[at])
    start, stop = starts[at : at + 2].tolist()
    return Slice(int(lists[at]), stop - start, documents, _place_of(at, rows))


def _place_of(wanted: int, among: Numbers) -> int:
    """Return where a number is among ascending ones, −1 if it is not."""
    if wanted > _LARGEST[among.itemsize]:
        return -1
    # In its own type: else numpy makes a copy of all of them.
    at = int(among.searchsorted(among.dtype.type(wanted)))
    return at if at < len(among) and among[at] == wanted else -1


def mark(parts: Iterable[npt.NDArray[np.integer[Any]]], count: int) -> Words:
    """Return a bit for each of `count` documents, set for those in one of these parts."""
    held = np.zeros(-(-count >> _WORD_BITS) << _WORD_BITS, dtype=bool)  # whole numbers of 64 bits
    for documents in parts:
        held[documents] = True
    return np.packbits(held, bitorder="little").view("<u8")
