"""Which numbers have a key?  Arrays in order that grow: a tenth of the room of a dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from indexer.ranges import ranges

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

_NUMBERS: Final = np.uint64((1 << 28) - 1)
"""The bits of a number; of a key the others count, so that two are taken for one now and then."""
_RECENT: Final = 1 << 10
"""Numbers whose keys are looked through, until they are put in order."""
_TIMES: Final = 4
"""An array is merged with the one before it unless that is so many times as long: so there are few
of them, and each key is moved a few times.
"""
_NONE: Final = np.zeros(0, dtype=np.int64)


class KeyIndex:
    """Numbers by their keys, of which each has `width`; 8 bytes for each of these, and as many
    again while the arrays are merged.
    """

    def __init__(self, width: int) -> None:
        self._recent = np.zeros((_RECENT, width), dtype=np.uint64)
        self._ordered: list[Keys] = []
        self._count = 0

    @classmethod
    def of(cls, keys: Keys, numbers: Numbers) -> Self:
        """Return an index of numbers, ascending, with the keys of each in a row."""
        index = cls(keys.shape[1])
        if len(numbers):
            ordered = _joined(keys, numbers[:, None]).ravel()
            ordered.sort()
            index._ordered.append(ordered)
        return index

    def add(self, keys: Keys) -> None:
        """Take the keys of the next number, of those from 0."""
        at = len(self._waiting())
        self._recent[at] = _joined(keys, self._count)
        self._count += 1
        if at + 1 == len(self._recent):
            self._put_in_order()

    def _put_in_order(self) -> None:
        keys = np.sort(self._recent, axis=None)
        while self._ordered and len(self._ordered[-1]) <= _TIMES * len(keys):
            keys = np.concatenate((self._ordered.pop(), keys))
            keys.sort()
        self._ordered.append(keys)

    def numbers(self, keys: Keys, most: int | None = None) -> list[Numbers]:
        """Return for each of these keys the numbers that have it, ascending, the first so many; now
        and then one that has not.  A key stands in one place only: first, or second …
        """
        least = keys & ~_NUMBERS
        found: list[list[Keys]] = [[] for _ in keys]
        for ordered in self._ordered:
            starts = ordered.searchsorted(least)
            there = ordered.take(starts, mode="clip") & ~_NUMBERS == least
            for at in there.nonzero()[0].tolist():
                stop = ordered.searchsorted(keys[at] | _NUMBERS, side="right")
                found[at].append(ordered[starts[at] : stop][:most])
        recent = self._waiting()
        same = recent & ~_NUMBERS == least
        for at in same.any(axis=0).nonzero()[0].tolist():
            found[at].append(recent[same[:, at], at])
        return [_numbers(some)[:most] for some in found]

    def having(self, keys: Keys) -> Numbers:
        """Return the numbers that have one of these keys, some repeatedly; now and then one that
        has none.
        """
        least, last = keys & ~_NUMBERS, keys | _NUMBERS
        recent = self._waiting()
        found = [recent[np.isin(recent & ~_NUMBERS, least)]]
        for ordered in self._ordered:
            starts, stops = ordered.searchsorted(least), ordered.searchsorted(last, side="right")
            found.append(ordered[ranges(starts, stops)])
        return _numbers(found)

    def _waiting(self) -> Keys:
        """Return the keys that are not in order yet."""
        return self._recent[: self._count % len(self._recent)]


def _joined(keys: Keys, numbers: Numbers | int) -> Keys:
    """Return keys with the numbers that have them."""
    joined = keys & ~_NUMBERS
    joined |= np.asarray(numbers).astype(np.uint64)
    return joined


def _numbers(joined: Sequence[Keys]) -> Numbers:
    if not joined:
        return _NONE
    return (np.concatenate(joined) & _NUMBERS).astype(np.int64)
