"""Where do runs stand in a stream?  Pairs of neighbouring units, intersected as arrays."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.inversion import Numbers, ranges

Documents = npt.NDArray[np.intp]
Integers = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
Pairs = Sequence[tuple[Numbers, int]]
"""Places of the pairs that a run is made of, and how far from its begin they stand."""

FEW: Final = 8
"""Where one list is so many times as long as another, it is quicker to look each of the other up
in it than to go through both."""

_REMEMBERED: Final = 1 << 16
"""Pairs that were looked up and are kept at hand."""
_NOWHERE: Final[Numbers] = np.zeros(0, dtype=np.uint32)


class PairIndex:
    """The pairs of a stream (`inversion.PairPostings`), by the ranks of their units.

    `number` gives the number of a pair, −1 when there is none.
    """

    def __init__(self, arrays: Mapping[str, Numbers], prefix: str = "") -> None:
        names = ("begins", "followers", "starts", "positions")
        found = [arrays[prefix + name] for name in names]
        self._begins, followers, self._starts, self._positions = found
        self.number = functools.lru_cache(_REMEMBERED)(partial(_number, self._begins, followers))

    def places(self, pair: int) -> Numbers:
        """Return the places of a pair, ascending."""
        if pair < 0:
            return _NOWHERE
        return self._positions[self._starts[pair] : self._starts[pair + 1]]

    def places_of_unit(self, unit: int) -> Numbers:
        """Return the places of a unit, by what follows it."""
        if unit < 0:
            return _NOWHERE
        begin, end = self._begins[unit - 1], self._begins[unit]
        return self._positions[self._starts[begin] : self._starts[end]]

    def pairs(self, units: Sequence[int]) -> Pairs:
        """Return the pairs that a run of two units and more is made of, the rarest first.

        Every second pair is enough: when units 1–2 and 3–4 stand at their distance, so do 2–3.
        """
        offsets = [*range(0, len(units) - 1, 2)]
        if offsets[-1] != len(units) - 2:
            offsets.append(len(units) - 2)
        pairs = [(self.places(self.number(units[at], units[at + 1])), at) for at in offsets]
        return sorted(pairs, key=lambda pair: len(pair[0]))


def _number(begins: Numbers, followers: Numbers, first: int, second: int) -> int:
    """Return the number of a pair, −1 when there is none."""
    if first < 0 or second < 0:
        return -1
    start, stop = begins[first - 1 : first + 1].tolist()
    behind = followers[start:stop]
    if second > np.iinfo(behind.dtype).max:  # no follower is so large a number
        return -1
    at = int(behind.searchsorted(behind.dtype.type(second)))
    return start + at if at < len(behind) and behind[at] == second else -1


def intersection(pairs: Pairs) -> Numbers:
    """Return where a run stands."""
    (places, offset), *others = pairs
    found = places[places.searchsorted(offset) :] - np.uint32(offset)
    for places, offset in others if len(found) else ():
        found = _common(found, places, offset)
    return found


def between(pairs: Pairs, starts: Numbers, stops: Numbers) -> Numbers:
    """Return where a run begins from one of these starts up to its stop; all ascend."""
    (places, offset), *others = pairs
    low = places.searchsorted(starts + np.uint32(offset))
    found = places[ranges(low, places.searchsorted(stops + np.uint32(offset)))]
    found = found - np.uint32(offset)
    for places, offset in others if len(found) else ():
        found = found[matches(found + np.uint32(offset), places)[0]]
    return found


def matches(wanted: Integers, among: Integers) -> tuple[Mask, Documents]:
    """Say for each number of `wanted` whether it is in `among` and where; both ascend."""
    at: Documents = among.searchsorted(wanted.astype(among.dtype, copy=False))
    if not len(among):
        return np.zeros(len(wanted), dtype=bool), at
    np.minimum(at, len(among) - 1, out=at)
    found: Mask = among.take(at) == wanted
    return found, at


def _common(found: Numbers, places: Numbers, offset: int) -> Numbers:
    """Return which of `found` are so much before one of `places`; both ascend.

    To merge two lists of about the same length (Timsort merges what ascends already) takes half
    the time of as many binary searches.
    """
    moved = found + np.uint32(offset)
    if FEW * len(found) < len(places):
        return found[matches(moved, places)[0]]
    merged = np.concatenate((moved, places))
    merged.sort(kind="stable")
    common: Numbers = merged[1:][merged[1:] == merged[:-1]] - np.uint32(offset)
    return common
