"""Which numbers have a key?  Arrays in order that grow: a tenth of the room of a dictionary."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]

_NUMBERS: Final = np.uint64((1 << 28) - 1)
"""The bits of a number; of a key the others count, so that two are taken for one now and then."""
_RECENT: Final = 1 << 10
"""Numbers whose keys are looked through, until they are put in order."""
_TIMES: Final = 4
"""An array is merged with the one before it unless that is so many times as long: so there are few
of them, and each key is moved a few times.
"""


class KeyIndex:
    """The numbers from 0 by their keys, of which each has `width`; 8 bytes for each of these, and
    as many again while the arrays are merged.
    """

    def __init__(self, width: int) -> None:
        self._recent = np.zeros((_RECENT, width), dtype=np.uint64)
        self._ordered: list[Keys] = []
        self._count = 0

    def add(self, keys: Keys) -> None:
        """Take the keys of the next number."""
        at = self._count % _RECENT
        self._recent[at] = keys & ~_NUMBERS | np.uint64(self._count)
        self._count += 1
        if at + 1 == _RECENT:
            self._put_in_order()

    def _put_in_order(self) -> None:
        keys = np.sort(self._recent, axis=None)
        while self._ordered and len(self._ordered[-1]) <= _TIMES * len(keys):
            keys = np.concatenate((self._ordered.pop(), keys))
            keys.sort()
        self._ordered.append(keys)

    def numbers(self, keys: Keys, most: int) -> list[list[int]]:
        """Return for each of these keys the first numbers that have it, ascending; now and then one
        that has not.  A key stands in one place only: first, or second …
        """
        least = keys & ~_NUMBERS
        found: list[list[int]] = [[] for _ in keys]
        for ordered in self._ordered:
            starts = ordered.searchsorted(least)
            there = ordered.take(starts, mode="clip") & ~_NUMBERS == least
            for at in there.nonzero()[0].tolist():
                stop = ordered.searchsorted(keys[at] | _NUMBERS, side="right")
                some = ordered[starts[at] : min(stop, starts[at] + most)]
                found[at] += (some & _NUMBERS).tolist()
        recent = self._recent[: self._count % _RECENT]
        for row, at in np.argwhere(recent & ~_NUMBERS == least).tolist():
            found[at].append(int(recent[row, at] & _NUMBERS))
        return [numbers[:most] for numbers in found]
