"""How do places take little room?  A list of ascending numbers, packed (Elias 1974, Fano 1971).

Of each number the lowest bits stand as they are, as many as leave about as many different upper
parts as there are numbers.  The upper parts are one string of bits: for each part in turn a one for
each number that has it, then a zero.  Before the string stand pointers: where in it so many zeros
are over (Vigna, Quasi-succinct indices, WSDM 2013).  So a number is found with a few looks,
wherever in the list it is; only those of the same upper part are gone through.  A list of n numbers
below m takes about n · (2 + log₂ m/n) bits: the places of 100,000 bulletins 18 bits each.  Blocks
of 128 gaps take as much, and to look into one is to go through it; lists cut into parts with bounds
of their own (Ottaviano and Venturini, SIGIR 2014) save 1 %, less than the bounds take.

Lists stand in words of 64 bits, each from a word on, and behind the last one are two more, so that
two may always be read at once, even of numbers without lowest bits.  A list of one number takes no
words: the number itself stands where of others it is said at which word they begin (Cutting and
Pedersen, RIAO 1990).  Two pairs in five stand once.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.inversion import Numbers, changes
from indexer.ranges import ranges

SKIP_BITS: Final = 8
"""A pointer for each so many zeros, as a power of two.  One for each 128 would add 0.2 bits a place
and save a third of the way."""
SPARE: Final = 2
_CHUNK: Final = 1 << 15
"""Numbers that are gone through at a time: what is in between stays in a cache."""

Words = npt.NDArray[np.uint64]
"""Bits, 64 in a number."""
Integers = npt.NDArray[np.int64]


class Shape(NamedTuple):
    """What a list looks like, or each of several: how many `low` bits a number has, how many bits
    the `upper` parts take, how many words the pointers and how many the list.
    """

    low: Any
    upper: Any
    pointers: Any
    words: Any


def shape(count: int, limit: int) -> Shape:
    """Return the shape of a list of so many numbers, two at least, below `limit`."""
    return _shape((limit // count).bit_length() - 1, count, limit)


def shapes(counts: Integers, limit: int) -> Shape:
    """Return the shapes of lists."""
    low = np.frexp(limit // np.maximum(counts, 1))[1].astype(np.int64) - 1
    return _shape(low, counts, limit)


def _shape(low: Any, counts: Any, limit: int) -> Shape:
    highest = limit >> low
    upper = counts + highest + 1
    pointers = ((highest >> SKIP_BITS) + 1) >> 1
    return Shape(low, upper, pointers, pointers + ((upper + counts * low + 63) >> 6))


class PackedList:
    """The numbers of one list: so many, two at least, below a limit, from a word on."""

    def __init__(self, words: Words, at: int, count: int, limit: int) -> None:
        if not 1 < count <= limit:
            raise IndexError("there is no such list")
        self._low, self._bits, pointers, size = shape(count, limit)
        if not 0 <= at <= len(words) - size - SPARE:
            raise IndexError("a list is longer than all of them")
        skips = (limit >> self._low) >> SKIP_BITS
        self._words = words
        self._count = count
        self._pointers = words[at : at + pointers].view("<u4")[:skips]
        self._upper = at + pointers << 6

    def numbers(self) -> Numbers:
        """Return all numbers."""
        first = self._upper >> 6
        string = self._words[first : first + (self._bits + 63 >> 6)].view(np.uint8)
        ones = np.unpackbits(string, bitorder="little").view(bool).nonzero()[0][: self._count]
        if len(ones) < self._count:
            raise IndexError("there are fewer numbers than said")
        return self._values(ones, np.arange(self._count))

    def between(self, starts: Numbers, stops: Numbers) -> Numbers:
        """Return the numbers from each start up to its stop, and some others; both ascend."""
        skip = self._low + SKIP_BITS
        firsts = np.minimum(starts >> skip, len(self._pointers)).astype(np.int64)
        lasts = np.minimum((stops - 1) >> skip, len(self._pointers)).astype(np.int64)
        if 2 * int((lasts - firsts + 1).sum()) << SKIP_BITS > self._count:
            return self.numbers()
        groups = np.unique(ranges(firsts, lasts + 1))
        bounds = np.concatenate(([0], self._pointers.astype(np.int64), [self._bits]))
        if (bounds[1:] < bounds[:-1]).any():
            raise IndexError("pointers do not ascend")
        begins, ends = bounds[groups], bounds[groups + 1]
        bits = ranges(begins, ends)
        places = bits + self._upper
        held = self._words.take(places >> 6) >> (places & 63).astype(np.uint64) & np.uint64(1)
        ones = bits.compress(held.astype(bool))
        # How many numbers there are before each group, and so which each of its own is.
        counts = np.diff(ones.searchsorted(ends), prepend=0)
        before = begins - (groups << SKIP_BITS) - (counts.cumsum() - counts)
        which = np.repeat(before, counts) + np.arange(len(ones))
        return self._values(ones, which)

    def _values(self, ones: Integers, which: Integers) -> Numbers:
        """Return the numbers whose upper parts are so, by which of all they are."""
        bits = which * self._low + (self._upper + self._bits)
        shift = (bits & 63).astype(np.uint64)
        bits >>= 6
        lowest = self._words.take(bits) >> shift
        lowest |= self._words.take(bits + 1) << np.uint64(1) << (np.uint64(63) - shift)
        lowest &= np.uint64((1 << self._low) - 1)
        values: Integers = (ones - which) << self._low
        values |= lowest.astype(np.int64)
        return values.astype(np.uint32)


def packed(numbers: Numbers, counts: Integers, limit: int) -> Words:
    """Return the words of lists, one behind the other, of so many numbers each, two at least; they
    ascend and lie below a limit, and all are of 32 bits.
    """
    low, upper, pointers, sizes = shapes(counts, limit)
    ends = counts.cumsum()
    firsts = ends - counts
    begins = sizes.cumsum() - sizes
    uppers = (begins + pointers) << 6
    size = int(sizes.sum())
    words = np.zeros(size + SPARE, dtype=np.uint64)
    for at in range(0, len(numbers), _CHUNK):
        some = numbers[at : at + _CHUNK].astype(np.int64)
        places = np.arange(at, at + len(some))
        # Which lists these numbers are of, and how many of each.
        first, last = ends.searchsorted((at, places[-1]), side="right").tolist()
        bounds = np.clip(ends[first : last + 1], at, at + len(some))
        each = np.diff(bounds, prepend=at)
        of = slice(first, last + 1)
        which = places - np.repeat(firsts[of], each)
        lows, bits = np.repeat(low[of], each), np.repeat(uppers[of], each)
        parts = some >> lows
        _set(words, bits + parts + which, np.ones(len(some), dtype=np.uint64))
        bits += np.repeat(upper[of], each) + which * lows
        _set(words, bits, (some - (parts << lows)).astype(np.uint64))
    _point(words.view("<u4"), begins << 1, numbers, counts, firsts, low, limit)
    return words[:size]


def _set(words: Words, bits: Integers, numbers: Words) -> None:
    """Put each number where its bits begin, ascending; they do not overlap."""
    at, shift = bits >> 6, (bits & 63).astype(np.uint64)
    new = np.flatnonzero(changes(at))
    words[at[new]] |= np.bitwise_or.reduceat(numbers << shift, new)
    rest = numbers >> np.uint64(1) >> (np.uint64(63) - shift)
    over = np.flatnonzero(rest)
    words[at[over] + 1] |= rest[over]


def _point(
    halves: Numbers,
    begins: Integers,
    numbers: Numbers,
    counts: Integers,
    firsts: Integers,
    low: Integers,
    limit: int,
) -> None:
    """Write the pointers of lists: how many bits of the upper parts there are up to each so many
    zeros.
    """
    many = np.flatnonzero(limit >> (low + SKIP_BITS))
    for each in many.tolist():
        own = numbers[firsts[each] : firsts[each] + counts[each]]
        zeros = np.arange(1, (limit >> int(low[each]) + SKIP_BITS) + 1) << SKIP_BITS
        before = own.searchsorted((zeros << low[each]).astype(own.dtype))
        halves[begins[each] : begins[each] + len(zeros)] = before + zeros
