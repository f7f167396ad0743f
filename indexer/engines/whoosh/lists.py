"""How do many lists become words?  Packed (`packing.py`) some of them at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from indexer.engines.whoosh.inversion import Numbers, portions
from indexer.engines.whoosh.loops import packed
from indexer.engines.whoosh.packing import SPARE, Integers, Words, shapes

_PIECE: Final = 1 << 15
"""Lists of which it is said at a time where they begin."""

_NONE: Final = np.zeros(0, dtype=np.int64)


def begins(
    numbers: Numbers, starts: Numbers, limit: int, unlisted: Integers = _NONE
) -> Iterator[Integers]:
    """Yield, a piece at a time, the word at which each list begins (`pack`), or the one number of
    which it is; those that are `unlisted` (ascending) are not packed.

    None is above both the limit and how many numbers there are.
    """
    behind = 0
    for at in range(0, len(starts) - 1, _PIECE):
        bounds = starts[at : at + _PIECE + 1].astype(np.int64)
        counts = bounds[1:] - bounds[:-1]
        low, high = unlisted.searchsorted((at, at + len(counts)))
        counts[unlisted[low:high] - at] = 0
        sizes = shapes(counts, limit).words * (counts > 1)
        found = sizes.cumsum() - sizes + behind
        behind += int(sizes.sum())
        alone = np.flatnonzero(counts == 1)
        found[alone] = numbers[bounds[alone]]
        yield found


def pack(
    numbers: Numbers, starts: Numbers, limit: int, unlisted: Integers = _NONE
) -> Iterator[Words]:
    """Yield the words of lists, and what stands behind them: the i-th list has
    `numbers[starts[i]:starts[i+1]]`, which ascend and lie below `limit`; all are of 32 bits.  Those
    that are `unlisted` (ascending) are left out.
    """
    assert limit < 1 << 32, "numbers are of 32 bits"
    for low, high in portions(np.diff(starts)):
        some = starts[low : high + 1].astype(np.int64)
        counts = some[1:] - some[:-1]
        several = counts > 1
        first, last = unlisted.searchsorted((low, high))
        several[unlisted[first:last] - low] = False
        listed = numbers[some[0] : some[-1]]
        if not several.all():
            listed = listed.compress(np.repeat(several, counts))
        yield packed(listed, counts.compress(several), limit)
    yield np.zeros(SPARE, dtype=np.uint64)
