"""How do batches become one segment?  Their arrays are merged, a range of terms at a time.

In each batch terms ascend, so a range of terms is one slice of its arrays, and all postings of a
term move by the same distance: nothing is done in Python for a single posting.  A merge needs
memory for such a range and for a few numbers of each term, however many documents
there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.inversion import (
    Numbers,
    PairPostings,
    Postings,
    TermPostings,
    distinct,
    portions,
)
from indexer.engines.whoosh.loops import put
from indexer.engines.whoosh.spool import Spool
from indexer.engines.whoosh.vocabulary import union

_LOW: Final = 0xFFFFFFFF

Integers = npt.NDArray[np.int64]


def merge(batches: Sequence[Postings], spool: Spool) -> Postings:
    """Return the postings of all batches together, out of memory.

    Documents and places of a batch are above those of the batches before it.
    """
    units, ranks = _merge_terms([batch.units for batch in batches], spool)
    words, _ = _merge_terms([batch.words for batch in batches], spool)
    pairs = _merge_pairs([batch.pairs for batch in batches], ranks, spool)
    titles = _merge_pairs([batch.titles for batch in batches], ranks, spool)
    return Postings(units, pairs, titles, words)


def _merge_terms(
    batches: Sequence[TermPostings], spool: Spool
) -> tuple[TermPostings, Sequence[Integers]]:
    """Return all terms, and for each batch the ranks of its terms among them, from 0."""
    spelled, ranks = union(batches, spool)
    sizes = _sums(ranks, (np.diff(batch.begins) for batch in batches), _count(ranks))
    documents, counts = spool.array(), spool.array()
    for low, high in portions(sizes):
        moves = _Moves(sizes[low:high])
        merged = [np.empty(moves.size, dtype=np.uint32) for _ in range(2)]
        for batch, rank in zip(batches, ranks, strict=True):
            start, stop = np.searchsorted(rank, (low, high))
            begins = batch.begins[start : stop + 1]
            every = (batch.documents, batch.counts)
            moves.put(rank[start:stop] - low, begins, zip(every, merged, strict=True))
        documents.append(merged[0])
        counts.append(merged[1])
    terms = TermPostings(spelled, _bounds(sizes), documents.whole(), counts.whole())
    return terms, ranks


def _merge_pairs(
    batches: Sequence[PairPostings], ranks: Sequence[Integers], spool: Spool
) -> PairPostings:
    """Merge the pairs of units; `ranks` are those of the units of each batch, from 0."""
    units = _count(ranks)
    lengths = (np.diff(batch.starts[batch.begins]) for batch in batches)
    followers, starts, frequencies, positions = (spool.array() for _ in range(4))
    followed = np.zeros(units, dtype=np.int64)
    start = 0
    for low, high in portions(_sums(ranks, lengths, units)):
        slices = [_slice(*one, low, high) for one in zip(batches, ranks, strict=True)]
        keys = distinct(np.concatenate([each.keys for each in slices]))
        at = [np.searchsorted(keys, each.keys) for each in slices]
        sizes = _sums(at, (np.diff(each.starts) for each in slices), len(keys))
        for merged in _merge_places(slices, at, sizes):
            positions.append(merged)
        followed[low:high] = np.bincount((keys >> 32) - low, minlength=high - low)
        followers.append(keys & _LOW)
        starts.append(start + _bounds(sizes)[:-1])
        frequencies.append(_sums(at, (each.frequencies for each in slices), len(keys)))
        start += int(sizes.sum())
    starts.append(np.array([start]))
    arrays = (followers, starts, frequencies, positions)
    return PairPostings(_bounds(followed), *(array.whole() for array in arrays))


@dataclass(frozen=True, slots=True)
class _Slice:
    """The pairs of some units in one batch: `keys` are the ranks of both units, 32 bits each, and
    the i-th stands at `positions[starts[i]:starts[i+1]]`.
    """

    keys: Integers
    starts: Integers
    frequencies: Numbers
    positions: Numbers


def _merge_places(
    slices: Sequence[_Slice], at: Sequence[Integers], sizes: Numbers
) -> Iterator[Numbers]:
    """Yield the places of merged pairs, which have so many; `at` says which pairs those of each
    slice are.

    A range of pairs at a time: a clause mark alone is one unit in twelve, and must not be in memory
    as a whole.
    """
    for low, high in portions(sizes):
        moves = _Moves(sizes[low:high])
        merged = np.empty(moves.size, dtype=np.uint32)
        for each, where in zip(slices, at, strict=True):
            first, last = np.searchsorted(where, (low, high))
            starts = each.starts[first : last + 1]
            moves.put(where[first:last] - low, starts, [(each.positions, merged)])
        yield merged


def _slice(batch: PairPostings, rank: Integers, low: int, high: int) -> _Slice:
    """Return what a batch has of the units from `low` up to `high`."""
    first, last = np.searchsorted(rank, (low, high))
    begins = batch.begins[first : last + 1].astype(np.int64)
    start, stop = begins[0], begins[-1]
    starts = batch.starts[start : stop + 1].astype(np.int64)
    # Followers are ranked from 1, and a stop, 0, stays what it is.
    ranked = np.append(0, rank + 1)
    keys = np.repeat(rank[first:last], np.diff(begins)) << 32 | ranked[batch.followers[start:stop]]
    span = slice(starts[0], starts[-1])
    return _Slice(keys, starts - starts[0], batch.frequencies[start:stop], batch.positions[span])


class _Moves:
    """Where slices of terms go in the merged range, those of one batch after those of another."""

    def __init__(self, sizes: Numbers) -> None:
        self.size = int(sizes.sum())
        self._next = np.cumsum(sizes, dtype=np.int64) - sizes

    def put(
        self, terms: Integers, bounds: npt.NDArray[Any], both: Iterable[tuple[Numbers, Numbers]]
    ) -> None:
        """Put what one batch has of these terms, each from its bound up to the next one, where it
        goes: of the first array of each two into the second.
        """
        begins, lengths = self._next[terms], np.diff(bounds).astype(np.int64)
        for numbers, merged in both:
            put(numbers[bounds[0] : bounds[-1]], begins, lengths, merged)
        self._next[terms] += lengths


def _count(ranks: Sequence[Integers]) -> int:
    """Return how many terms are ranked."""
    return max((int(rank[-1]) + 1 for rank in ranks if len(rank)), default=0)


def _sums(ranks: Sequence[Integers], numbers: Iterable[npt.NDArray[Any]], count: int) -> Numbers:
    """Return for each of `count` terms the sum over all batches."""
    sums = np.zeros(count, dtype=np.uint32)
    for rank, values in zip(ranks, numbers, strict=True):
        sums[rank] += values.astype(np.uint32, copy=False)
    return sums


def _bounds(sizes: npt.NDArray[Any]) -> Numbers:
    """Return where each of several slices begins, one behind the other, and where the last ends."""
    bounds = np.zeros(len(sizes) + 1, dtype=np.uint32)
    np.cumsum(sizes, dtype=np.uint32, out=bounds[1:])
    return bounds
