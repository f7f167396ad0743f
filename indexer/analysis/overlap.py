"""Which passages do two texts share?  All runs of units that stand in both and cannot be longer.

Windows of one length are hashed and matched; matches on the same diagonal, one behind the other,
are one run.  What the hashes say is looked at in the texts themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.document import FIRST_NAME, UnitSequence

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
"""Of the polynomial, modulo 2^64: odd, so that no unit of a window loses its weight."""
MOST_MATCHES: Final = 200_000
"""Pairs of matching windows that are looked at; a text that repeats itself has them squared."""


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """`one[here : here + length]` is `other[there : there + length]`, in units."""

    here: int
    there: int
    length: int


def common_runs(one: UnitSequence, other: UnitSequence, least: int) -> list[Run]:
    """Return all maximal runs of at least `least` units that two texts share, in order.

    A run that stands several times in one of the texts is there with each pair of places.
    """
    mine, theirs = _same_codes(one, other)
    if min(len(mine), len(theirs)) < least:
        return []
    here, there = _matches(_windows(mine, least), _windows(theirs, least))
    same = np.ones(len(here), dtype=bool)
    for offset in range(least):
        same &= mine[here + offset] == theirs[there + offset]
    here, there = here[same], there[same]
    order = np.lexsort((here, here - there))
    here, there = here[order], there[order]
    begins = np.ones(len(here), dtype=bool)
    begins[1:] = (np.diff(here) != 1) | (np.diff(here - there) != 0)
    first = np.flatnonzero(begins)
    lengths = np.diff(np.append(first, len(here))) + least - 1
    return sorted(map(Run, here[first].tolist(), there[first].tolist(), lengths.tolist()))


def _same_codes(one: UnitSequence, other: UnitSequence) -> tuple[Codes, Codes]:
    """Return both texts with the same code for the same word or number."""
    numbers = {name: at for at, name in enumerate(one.names)}
    for name in other.names:
        numbers.setdefault(name, len(numbers))
    codes = other.codes.copy()
    named = codes >= FIRST_NAME
    renamed = np.array([numbers[name] for name in other.names], dtype=np.uint32)
    if len(renamed):
        codes[named] = renamed[codes[named] - np.uint32(FIRST_NAME)] + np.uint32(FIRST_NAME)
    return one.codes, codes


def _windows(codes: Codes, length: int) -> Hashes:
    """Return a number for each window, the same for the same units."""
    count = len(codes) - length + 1
    wide = (codes.astype(np.uint64) + np.uint64(1)) * _FACTOR
    wide ^= wide >> np.uint64(29)
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(length):
        hashes = hashes * _FACTOR + wide[offset : offset + count]
    return hashes


def _matches(mine: Hashes, theirs: Hashes) -> tuple[Places, Places]:
    """Return the pairs of places whose windows have the same number."""
    order = np.argsort(mine, kind="stable")
    ordered = mine[order]
    low = np.searchsorted(ordered, theirs, side="left")
    counts = np.searchsorted(ordered, theirs, side="right") - low
    total = np.cumsum(counts)
    if len(total) and total[-1] > MOST_MATCHES:
        counts[np.searchsorted(total, MOST_MATCHES) :] = 0
    there = np.repeat(np.arange(len(theirs)), counts)
    # The k-th match of a window is the k-th of its range in the order.
    within = np.arange(len(there)) - np.repeat(np.cumsum(counts) - counts, counts)
    here = order[np.repeat(low, counts) + within]
    return here.astype(np.int64), there.astype(np.int64)
