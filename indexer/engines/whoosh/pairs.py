"""Where do runs stand in a stream?  Pairs of neighbouring units, intersected as arrays."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.inversion import Numbers
from indexer.ranges import ranges

Documents = npt.NDArray[np.intp]
Integers = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
"""Of many documents or places those are taken by `compress`: numpy's `[mask]` guesses at each bit
whether it is set, and takes two to four times as long where that cannot be guessed."""
Pairs = Sequence[tuple[Numbers, int]]
"""Places of the pairs that a run is made of, and how far from its begin they stand."""

FEW: Final = 8
"""Where one list is so many times as long as another, it is quicker to look each of the other up
in it than to go through both."""

_REMEMBERED: Final = 1 << 16
"""Pairs that were looked up and are kept at hand."""


class Slice(NamedTuple):
    """The places of a unit or a pair: from `start` up to `stop`.  Those of a pair lie in so many
    `documents`, as far as that is kept.
    """

    start: int
    stop: int
    documents: int = 0

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
        begins, followers, starts, self._positions = (arrays[prefix + name] for name in names)
        frequencies = None if prefix else arrays["frequencies"]
        remembered = functools.lru_cache(_REMEMBERED)
        self.pair = remembered(partial(_pair, begins, followers, starts, frequencies))
        self.unit = remembered(partial(_unit, begins, starts))

    def places(self, found: Slice) -> Numbers:
        """Return the places of a pair, ascending, or those of a unit, by what follows it."""
        return self._positions[found.start : found.stop]

    def pairs(self, units: Sequence[int]) -> Pairs:
        """Return the pairs that a run of two units and more is made of, the rarest first.

        Every second pair is enough: when units 1–2 and 3–4 stand at their distance, so do 2–3.
        """
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
    first: int,
    second: int,
) -> Slice:
    if first < 0 or second < 0:
        return _NONE
    start, stop = begins[first - 1 : first + 1].tolist()
    behind = followers[start:stop]
    if second > np.iinfo(behind.dtype).max:  # no follower is so large a number
        return _NONE
    at = int(behind.searchsorted(behind.dtype.type(second)))
    if at == len(behind) or behind[at] != second:
        return _NONE
    at += start
    documents = 0 if frequencies is None else int(frequencies[at])
    start, stop = starts[at : at + 2].tolist()
    return Slice(start, stop, documents)


def _unit(begins: Numbers, starts: Numbers, unit: int) -> Slice:
    if unit < 0:
        return _NONE
    begin, end = begins[unit - 1 : unit + 1].tolist()
    return Slice(int(starts[begin]), int(starts[end]))


def intersection(pairs: Pairs) -> Numbers:
    """Return where a run stands."""
    (found, offset), *others = pairs
    if offset:
        found = found[found.searchsorted(offset) :] - np.uint32(offset)
    for places, offset in others if len(found) else ():
        found = _common(found, places, offset)
    return found


def between(pairs: Pairs, starts: Numbers, stops: Numbers) -> Numbers:
    """Return where a run begins from one of these starts up to its stop; all ascend."""
    (places, offset), *others = pairs
    low = places.searchsorted(starts + np.uint32(offset))
    within = ranges(low, places.searchsorted(stops + np.uint32(offset)))
    found: Numbers = places[within] - np.uint32(offset)
    for places, offset in others if len(found) else ():
        found = found.compress(matches(found + np.uint32(offset), places)[0])
    return found


def matches(wanted: Integers, among: Integers) -> tuple[Mask, Documents]:
    """Say for each number of `wanted` whether it is in `among`, and where if it is; both ascend.

    Where it is not, the place may be the one behind the last.
    """
    at: Documents = among.searchsorted(wanted.astype(among.dtype, copy=False))
    if not len(among):
        return np.zeros(len(wanted), dtype=bool), at
    found: Mask = among.take(at, mode="clip") == wanted
    return found, at


def _common(found: Numbers, places: Numbers, offset: int) -> Numbers:
    """Return which of `found` are so much before one of `places`; both ascend.

    To merge two lists of about the same length (Timsort merges what ascends already) takes half
    the time of as many binary searches.
    """
    moved = found + np.uint32(offset)
    if FEW * len(found) < len(places):
        return found.compress(matches(moved, places)[0])
    merged = np.concatenate((moved, places))
    merged.sort(kind="stable")
    common: Numbers = merged[1:].compress(merged[1:] == merged[:-1]) - np.uint32(offset)
    return common
