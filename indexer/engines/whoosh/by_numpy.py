"""Loops over postings by numpy, where nothing was compiled; and what `compiled` has to give.

All arrays of documents and places ascend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import starmap
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.engines import ranking
from indexer.engines.whoosh.inversion import Numbers
from indexer.engines.whoosh.owners import Owners
from indexer.engines.whoosh.packing import PackedList, Words
from indexer.engines.whoosh.pairs import FEW, Documents, Integers, Mask, Pair, Pairs
from indexer.ranges import ranges

Counts = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float64]

VERSION: Final = 10
"""Goes up, here and in `compiled.pyx`, with what a loop takes or gives, so that nothing is taken
that was compiled of an older one."""

SPARSE: Final = 64
"""Where hits are fewer than one document in so many, it is quicker to look each of them up in the
posting of every term than to have a sum for each document."""

_NONE: Final = np.zeros(0, dtype=np.uint32)


class PackedLists:
    """Lists of ascending numbers below a limit, packed as words (`packing.py`): places of pairs, or
    documents of terms.
    """

    def __init__(self, words: Words, limit: int) -> None:
        self._words = words
        self._limit = limit

    def all_of(self, begins: Documents, counts: Documents) -> Numbers:
        """Return the numbers of several lists, one behind the other."""
        lists = zip(begins.tolist(), counts.tolist(), strict=True)
        return np.concatenate([_NONE, *starmap(self.list, lists)])

    def all_within(self, begins: Documents, counts: Documents, start: int, stop: int) -> Numbers:
        """Return the numbers of several lists from a start up to a stop, one behind the other."""
        lists = zip(begins.tolist(), counts.tolist(), strict=True)
        return np.concatenate([_NONE, *(self._cut(*each, start, stop) for each in lists)])

    def _cut(self, at: int, count: int, start: int, stop: int) -> Numbers:
        bounds = np.array([start, stop], dtype=np.uint32)
        found = self.between(at, count, bounds[:1], bounds[1:])
        return found[slice(*found.searchsorted(bounds))]

    def list(self, at: int, count: int) -> Numbers:
        """Return the numbers of one list."""
        return self._packed(at, count).numbers() if count > 1 else self._alone(at, count)

    def holds(self, wanted: Documents, at: int, count: int) -> Mask:
        """Say which of these are in a list."""
        starts = wanted.astype(np.uint32)
        return in_list(starts, self.between(at, count, starts, starts + np.uint32(1)))

    def between(self, at: int, count: int, starts: Numbers, stops: Numbers) -> Numbers:
        """Return those from each start up to its stop, and maybe others; both ascend."""
        if count < 2:
            return self._alone(at, count)
        return self._packed(at, count).between(starts, stops)

    def _packed(self, at: int, count: int) -> PackedList:
        return PackedList(self._words, at, count, self._limit)

    def _alone(self, at: int, count: int) -> Numbers:
        """Return the number that stands where others have where they begin."""
        if at < 0 or count < 0 or (count and at >= self._limit):
            raise IndexError("a number is behind all others")
        return np.array([at] * count, dtype=np.uint32)

    def intersection(self, pairs: Pairs) -> Numbers:
        """Return where a run stands."""
        (at, count, offset), *others = pairs
        found = self.list(at, count)
        if offset:
            found = found[found.searchsorted(offset) :] - np.uint32(offset)
        return self.kept(found, others)

    def within(self, pairs: Pairs, start: int, stop: int) -> Numbers:
        """Return where a run stands from a start up to a stop."""
        (at, count, offset), *others = pairs
        return self.kept(
            self._cut(at, count, start + offset, stop + offset) - np.uint32(offset), others
        )

    def kept(self, found: Numbers, others: Pairs) -> Numbers:
        """Return which of `found` are so much before places of each of the others.

        To merge two lists of about the same length (Timsort merges what ascends already) takes half
        the time of as many binary searches.
        """
        for at, count, offset in others if len(found) else ():
            moved = found + np.uint32(offset)
            if FEW * len(found) < count:
                places = self.between(at, count, moved, moved + np.uint32(1))
                found = found.compress(in_list(moved, places))
            else:
                merged = np.concatenate((moved, self.list(at, count)))
                merged.sort(kind="stable")
                common = merged[1:].compress(merged[1:] == merged[:-1])
                found = common - np.uint32(offset)
        return found


class Stream:
    """Where each document lies in the stream of units: from its bound up to the next one."""

    def __init__(self, bounds: Numbers, owners: Owners, places: PackedLists) -> None:
        self._bounds = bounds
        self.places = places
        self.owners = owners

    def posting_at(self, positions: Numbers) -> tuple[Documents, Counts]:
        """Return the documents of places, and how many lie in each (`MOST_TIMES`)."""
        documents = self.owners.documents_at(positions)
        last = np.empty(len(documents), dtype=bool)
        last[-1:] = True
        np.not_equal(documents[1:], documents[:-1], out=last[:-1])
        ends = last.nonzero()[0]
        counts = ends.copy()
        counts[1:] -= ends[:-1]
        counts[:1] += 1
        return documents[ends].astype(np.intp), np.minimum(counts, ranking.MOST_TIMES).astype(
            np.uint8
        )

    def times_in(self, documents: Documents, positions: Numbers) -> Documents:
        """Return how many of these places lie in each of these documents."""
        starts = positions.searchsorted(self._bounds[documents])
        times: Documents = positions.searchsorted(self._bounds[documents + 1]) - starts
        return times

    def any_in(self, documents: Documents, positions: Numbers) -> Mask:
        """Say in which of these documents one of these places lies."""
        if not len(positions):
            return np.zeros(len(documents), dtype=bool)
        at = positions.searchsorted(self._bounds[documents])
        inside: Mask = positions.take(at, mode="clip") < self._bounds[documents + 1]
        return inside & (at < len(positions))

    def holding(self, documents: Documents, pairs: Pairs) -> Mask:
        """Say in which of these documents a run stands."""
        return self.any_in(documents, self.between(documents, pairs))

    def between(self, documents: Documents, pairs: Pairs) -> Numbers:
        """Return where a run stands in these documents."""
        (at, count, offset), *others = pairs
        starts = self._bounds[documents] + np.uint32(offset)
        stops = self._bounds[documents + 1] + np.uint32(offset)
        places = self.places.between(at, count, starts, stops)
        within = ranges(places.searchsorted(starts), places.searchsorted(stops))
        return self.places.kept(places[within] - np.uint32(offset), others)

    def times(self, documents: Documents, pair: Pair) -> Documents:
        """Return how often a pair stands in each of these documents."""
        at, count, _ = pair
        starts, stops = self._bounds[documents], self._bounds[documents + 1]
        return self.times_in(documents, self.places.between(at, count, starts, stops))


def in_list(wanted: Integers, among: Integers) -> Mask:
    """Say for each of `wanted` whether it is in `among`."""
    return _find(wanted, among)[0]


def _find(wanted: Integers, among: Integers) -> tuple[Mask, Documents]:
    """Say for each number of `wanted` whether it is in `among`, and where if it is.

    Where it is not, the place may be the one behind the last.
    """
    at: Documents = among.searchsorted(wanted.astype(among.dtype, copy=False))
    if not len(among):
        return np.zeros(len(wanted), dtype=bool), at
    found: Mask = among.take(at, mode="clip") == wanted
    return found, at


def in_bits(wanted: Documents, bits: Words) -> Mask:
    """Say for each of `wanted` whether its bit is set."""
    return (_from_bit(wanted, bits) & np.uint64(1)).astype(bool)


def _from_bit(wanted: Documents, bits: Words) -> Words:
    """Return the bits of the word in which that of each document is, from it on."""
    return bits.take(wanted >> 6) >> (wanted & 63).astype(np.uint64)


class Gains:
    """What terms add to hits, of which `norms` are those of all documents.

    Where hits are few (`SPARSE`, `FEW`), each is looked up in the posting of a term, which gives a
    row of how often it stands in them; what all rows add is computed at once.  Else there is a sum
    for each document.  Once all terms are added, `total` gives an array to which more can be added.
    """

    def __init__(
        self, hits: Documents, norms: Scores, stream: Stream, few: int, sparse: int
    ) -> None:
        self._hits = hits
        self._norms = norms
        self._stream = stream
        self._longest = 0 if sparse * len(hits) < len(norms) else few * len(hits)
        self._total = np.zeros(len(hits))
        self._rows: list[Scores] = []
        self._weights: list[float] = []
        self._sums: Scores | None = None

    def add_packed(
        self, weight: float, worth: Scores, lists: PackedLists, at: int, counts: Counts
    ) -> None:
        """Add a term that stands in the documents of a list."""
        self.add_list(weight, worth, lists.list(at, len(counts)).astype(np.intp), counts)

    def add_list(self, weight: float, worth: Scores, documents: Documents, counts: Counts) -> None:
        """Add a term that stands in these documents, each time as often as a count is worth."""
        if not self._by_hits(len(documents)):
            self._add_sums(weight, worth.take(counts), documents)
        elif len(documents):
            found, at = _find(self._hits, documents)
            self._add_row(weight, worth.take(counts.take(at, mode="clip")) * found)

    def add_bits(self, weight: float, worth: Scores, bits: Words, counts: Counts) -> None:
        """Add a term that stands in the documents whose bits are set."""
        if not len(counts):
            return
        if not self._by_hits(len(counts)):
            self._add_sums(weight, worth.take(counts), documents_of(bits))
            return
        # From the bit of a document on: the number of those before it is that of all up to the
        # end of its word without these.
        rest = _from_bit(self._hits, bits)
        upto = np.bitwise_count(bits).cumsum(dtype=np.intp).take(self._hits >> 6)
        found = (rest & np.uint64(1)).astype(bool)
        at = upto - np.bitwise_count(rest)
        self._add_row(weight, worth.take(counts.take(at, mode="clip")) * found)

    def add_places(self, weight: float, pair: Pair) -> None:
        """Add a pair, in whose places each hit is to be looked up."""
        times = self._stream.times(self._hits, pair)
        self._add_row(weight, np.minimum(times, ranking.MOST_TIMES).astype(np.float64))

    def total(self) -> Scores:
        """Return what the terms give, after which no others are added."""
        if self._sums is not None:
            self._total = self._sums[self._hits]
        if self._rows:
            weights = np.array(self._weights)[:, None]
            norms = self._norms.take(self._hits)
            self._total += ranking.gain(weights, np.array(self._rows), norms).sum(axis=0)
        return self._total

    def add_to_all(self, bonus: float) -> None:
        """Add a bonus to the total of every hit."""
        self._total += bonus

    def add_where(self, bonus: float, positions: Numbers) -> None:
        """Add a bonus to the total of each hit in which one of these places lies."""
        if FEW * len(self._hits) < len(positions):
            self._total += bonus * self._stream.any_in(self._hits, positions)
        elif len(positions):
            found, at = _find(self._stream.owners.documents_at(positions), self._hits)
            self._total[at.compress(found)] += bonus

    def _by_hits(self, length: int) -> bool:
        """Say whether to look up each hit in a list."""
        return self._longest < length or not length

    def _add_row(self, weight: float, times: Scores) -> None:
        self._rows.append(times)
        self._weights.append(weight)

    def _add_sums(self, weight: float, times: Scores, documents: Documents) -> None:
        if self._sums is None:
            self._sums = np.zeros(len(self._norms))
        gained = ranking.gain(weight, times, self._norms.take(documents))
        gained += self._sums.take(documents)
        self._sums[documents] = gained


def documents_of(bits: Words) -> Documents:
    """Return the documents whose bits are set."""
    # `nonzero` of booleans takes a tenth of that of numbers.
    held = np.unpackbits(bits.view(np.uint8), bitorder="little").view(bool)
    return held.nonzero()[0]


def best(
    hits: Documents, scores: Scores, rank: Documents, offset: int, stop: int
) -> tuple[list[int], list[float]]:
    """Return the hits with the best scores, rounded, from number `offset` up to `stop`, and these
    scores; of those alike the one with the lowest rank comes first.  `rank` has that of each
    document, another for each.
    """
    if offset < 0:
        raise IndexError("a window begins before the first hit")
    if offset >= min(stop, len(hits)):
        return [], []
    if stop < len(hits):
        least = ranking.rounded(-np.partition(-scores, stop - 1)[stop - 1])
        kept = scores > least - ranking.DIGIT  # and all that are rounded to it
        hits, scores = hits.compress(kept), scores.compress(kept)
    scores = ranking.rounded(scores)
    window = np.lexsort((rank[hits], -scores))[offset:stop]
    return hits[window].tolist(), scores[window].tolist()


def count(codes: Integers, starts: Integers | None, documents: Documents, most: int) -> Documents:
    """Return how many of these documents have each code, of which there are so many; the codes of
    a document are those from its start to the next one's, or, without starts, the one at its place.
    """
    return np.bincount(codes.take(entries(starts, documents)), minlength=most)


def count_few(
    codes: Integers, starts: Integers | None, documents: Documents, values: list[str]
) -> dict[str, int]:
    """Return how many of a few documents have each value, in the order of their codes; none of 0.

    `values` has the value of each code, another for each.
    """
    found = np.sort(codes.take(entries(starts, documents))).tolist()
    return dict(Counter(map(values.__getitem__, found)))


def frequent(
    counts: Documents, values: list[str], most: int, chosen: Collection[int]
) -> dict[str, int]:
    """Return the `most` frequent values, of those as frequent the first, and the chosen ones, each
    with its count, in the order of their codes; none of 0.
    """
    present = counts.nonzero()[0]
    if len(present) > most:
        sizes = counts[present]
        least = np.partition(sizes, -most)[-most] if most else sizes.max() + 1
        first, tied = present.compress(sizes > least), present.compress(sizes == least)
        present = np.concatenate((first, tied[: most - len(first)]))
        if chosen:
            present = np.union1d(present, np.array(list(chosen), dtype=np.intp))
            present = present[counts[present] > 0]
        else:
            present.sort()
    named = map(values.__getitem__, present.tolist())
    return dict(zip(named, counts.take(present).tolist(), strict=True))


def entries(starts: Integers | None, documents: Documents) -> Integers:
    """Return where the codes of these documents are (`count`)."""
    if starts is None:
        return documents
    return ranges(starts.take(documents), starts.take(documents + 1))


def put(numbers: Integers, begins: Documents, lengths: Documents, among: Numbers) -> None:
    """Put slices, which are of such lengths and lie one behind the other, each where it begins."""
    among[ranges(begins, begins + lengths)] = numbers
