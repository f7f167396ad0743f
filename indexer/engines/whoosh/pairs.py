"""Where are the places of a pair?  Looked up by the ranks of its units."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.inversion import Numbers

Documents = npt.NDArray[np.intp]
Integers = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
"""Of many documents or places those are taken by `compress`: numpy's `[mask]` guesses at each bit
whether it is set, and takes two to four times as long where that cannot be guessed."""
Words = npt.NDArray[np.uint64]
"""A bit for each document, 64 in a number."""
Pairs = Sequence[tuple[Numbers, int]]
"""Places of the pairs that a run is made of, and how far from its begin they stand.  Those of a
single unit do not ascend."""

_WORD_BITS: Final = 6
_REMEMBERED: Final = 1 << 14
"""Pairs that were looked up and are kept at hand."""


class Slice(NamedTuple):
    """The places of a unit or a pair: from `start` up to `stop`.  Those of a pair lie in so many
    `documents`, as far as that is kept; where these are many, they have a `row` of bits, else −1.
    """

    start: int
    stop: int
    documents: int = 0
    row: int = -1

    @property
    def length(self) -> int:
        """How many places these are."""
        return self.stop - self.start


_NONE: Final = Slice(0, 0)


class PairIndex:
    """The pairs of a stream (`inversion.PairPostings`).

    `pair` and `unit` give the slice of a pair or a unit, by ranks, −1 for a unit that there is not.
    """

    def __init__(self, arrays: Mapping[str, Numbers], prefix: str = "") -> None:
        names = ("begins", "followers", "starts", "positions")
        begins, followers, starts, positions = (arrays[prefix + name] for name in names)
        self._positions = positions.astype(np.uint32, copy=False)  # narrower in small segments
        frequencies = None if prefix else arrays["frequencies"]
        rows = np.zeros(0, dtype=np.uint32) if prefix else arrays["pair_rows"]
        self._bits = arrays["pair_bits"][: 0 if prefix else None]
        self._row = len(self._bits) // max(len(rows), 1)
        remembered = functools.lru_cache(_REMEMBERED)
        self.pair = remembered(partial(_pair, begins, followers, starts, frequencies, rows))
        self.unit = partial(_unit, begins, starts)

    def places(self, found: Slice) -> Numbers:
        """Return the places of a pair, ascending, or those of a unit, by what follows it."""
        return self._positions[found.start : found.stop]

    def bits(self, row: int) -> Words:
        """Return a row of bits, one for each document."""
        return self._bits[row * self._row : (row + 1) * self._row]

    def pairs(self, units: Sequence[int]) -> Pairs:
        """Return the pairs that a run of units is made of, the rarest first; of a single unit its
        own places.

        Every second pair is enough: when units 1–2 and 3–4 stand at their distance, so do 2–3.
        """
        if len(units) == 1:
            return [(self.places(self.unit(*units)), 0)]
        if len(units) == 2:
            return [(self.places(self.pair(*units)), 0)]
        offsets = [*range(0, len(units) - 1, 2)]
        if offsets[-1] != len(units) - 2:
            offsets.append(len(units) - 2)
        found = [(self.pair(units[at], units[at + 1]), at) for at in offsets]
        found.sort(key=lambda each: each[0].length)
        if not found[0][0].length:
            return [(self.places(_NONE), 0)]
        return [(self.places(each), at) for each, at in found]


def _pair(
    begins: Numbers,
    followers: Numbers,
    starts: Numbers,
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
    return Slice(start, stop, documents, _place_of(at, rows))


def _place_of(wanted: int, among: Numbers) -> int:
    """Return where a number is among ascending ones, −1 if it is not."""
    if wanted > np.iinfo(among.dtype).max:
        return -1
    # In its own type: else numpy makes a copy of all of them.
    at = int(among.searchsorted(among.dtype.type(wanted)))
    return at if at < len(among) and among[at] == wanted else -1


def _unit(begins: Numbers, starts: Numbers, unit: int) -> Slice:
    if unit < 0:
        return _NONE
    begin, end = begins[unit - 1 : unit + 1].tolist()
    return Slice(int(starts[begin]), int(starts[end]))


def mark(parts: Iterable[npt.NDArray[np.integer[Any]]], count: int) -> Words:
    """Return a bit for each of `count` documents, set for those in one of these parts."""
    held = np.zeros(-(-count >> _WORD_BITS) << _WORD_BITS, dtype=bool)  # whole numbers of 64 bits
    for documents in parts:
        held[documents] = True
    return np.packbits(held, bitorder="little").view("<u8")
