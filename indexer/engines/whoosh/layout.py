"""Where do the postings of a field lie?  Those of terms that have bits first, then the lists."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.inversion import Integer, Numbers, TermPostings
from indexer.engines.whoosh.listing import DENSE

LEAST: Final = 64
"""A pair in no more documents has no bits: it is found among its places as soon."""
_PIECE: Final = 1 << 18
"""Numbers that are taken at a time; a cache holds them, which halves the time."""

Terms = npt.NDArray[np.intp]


class Layout:
    """The postings of terms in the order in which they are written.

    Terms in more than one of `DENSE` documents have bits (`listing.py`), and so have those that
    are `uncounted`, of which there is nothing else.  `marked` are all that have bits, by number.
    """

    def __init__(self, terms: TermPostings, documents: int, uncounted: Terms | None = None) -> None:
        self._begins = terms.begins
        self._sizes = np.diff(self._begins)
        has_bits = np.zeros(len(self._sizes), dtype=bool)
        has_bits[dense(self._sizes, documents // DENSE)] = True
        if uncounted is not None:
            has_bits[uncounted] = True
            self._sizes[uncounted] = 0
        self.marked: Terms = np.flatnonzero(has_bits)

    def bounds(self) -> tuple[Numbers, Numbers]:
        """Return where the counts of each term start and stop."""
        first = np.cumsum(self._sizes[self.marked], dtype=np.uint32)
        listed = self._sizes.copy()
        listed[self.marked] = 0
        stops = np.cumsum(listed, dtype=np.uint32) + first[-1:].sum(dtype=np.uint32)
        stops[self.marked] = first
        return stops - self._sizes, stops

    def counts(self, counts: Numbers) -> Iterator[Numbers]:
        """Yield the counts of all terms, a piece at a time."""
        counted = self.marked[self._sizes[self.marked] > 0]
        return chain(self._of_each(counted, counts), self.lists(counts))

    def lists(self, numbers: Numbers) -> Iterator[Numbers]:
        """Yield what belongs to terms without bits, a piece at a time."""
        starts = self._begins[np.append(0, self.marked + 1)]
        stops = self._begins[np.append(self.marked, len(self._sizes))]
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
            yield from pieces(numbers[start:stop])

    def of_marked(self, documents: Numbers) -> Iterator[Numbers]:
        """Yield the documents of each term that has bits."""
        return self._of_each(self.marked, documents)

    def _of_each(self, terms: Terms, numbers: Numbers) -> Iterator[Numbers]:
        bounds = zip(self._begins[terms].tolist(), self._begins[terms + 1].tolist(), strict=True)
        return (numbers[start:stop] for start, stop in bounds)


def frequent_pairs(frequencies: Numbers, documents: int) -> Terms:
    """Return the numbers of the pairs that have bits beside their places."""
    return dense(frequencies, max(documents // DENSE, LEAST))


def dense(frequencies: npt.NDArray[np.integer[Any]], most: int) -> Terms:
    """Return the numbers of what stands in more documents than that."""
    some = zip(count(0, _PIECE), pieces(frequencies), strict=False)
    found = [first + np.flatnonzero(piece > most) for first, piece in some]
    return np.concatenate([np.zeros(0, dtype=np.intp), *found])


def pieces(numbers: npt.NDArray[Integer]) -> Iterator[npt.NDArray[Integer]]:
    """Yield an array in pieces."""
    return (numbers[at : at + _PIECE] for at in range(0, len(numbers), _PIECE))
