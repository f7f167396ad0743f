"""In which document does a place of the stream lie?"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Documents = npt.NDArray[np.intp]

_FEW: Final = 4_096
"""Places that a binary search for each finds no slower."""
_STEPS: Final = 4


class Owners:
    """Where documents begin, cut into blocks about as long as one of them.

    A block leads to its first document, and from there it is a step or two: for many places three
    times as fast as a binary search for each.
    """

    def __init__(self, begins: npt.NDArray[Any]) -> None:
        """`begins` are where documents begin, ascending, and the end of the last."""
        self._begins = begins[:-1]
        self._ends = begins[1:]
        average = int(begins[-1]) // max(len(self._begins), 1)
        self._shift = max(average.bit_length() - 1, 0)
        blocks = np.arange((int(begins[-1]) >> self._shift) + 2, dtype=np.int64)
        self._first: Documents = self._searched(blocks << self._shift)

    def at(self, places: npt.NDArray[Any]) -> Documents:
        """Return the document in which each place lies."""
        if len(places) < _FEW:
            return self._searched(places)
        blocks = places >> places.dtype.type(self._shift)
        documents: Documents = self._first[blocks]
        left = np.flatnonzero(documents < self._first[blocks + places.dtype.type(1)])
        for _ in range(_STEPS):
            left = left[self._ends[documents[left]] <= places[left]]
            documents[left] += 1
        documents[left] = self._searched(places[left])
        return documents

    def _searched(self, places: npt.NDArray[Any]) -> Documents:
        found: Documents = np.searchsorted(self._begins, places, side="right")
        return found - 1
