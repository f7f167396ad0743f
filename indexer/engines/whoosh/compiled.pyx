# cython: language_level=3, wraparound=False, initializedcheck=False, cdivision=True
"""Loops over postings, compiled.  `by_numpy` (and `packing`) has the same without a compiler, and
says what each gives; `loops` takes whichever is there.

Numpy goes through an array for every step; here one loop takes all steps of a term.  Whatever is
read at a place that an index says is checked to lie in its array (`boundscheck`; of packed lists in
`places.pxi`), so a damaged one ends in an IndexError.
"""

import numpy as np

cimport cython
from libc.string cimport memcpy
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from indexer.engines import ranking
from indexer.engines.whoosh import by_numpy, packing

cdef extern from *:
    """
    /* How many bits are set up to the end of each byte, in that byte (Warren, Hacker's Delight,
       5-1).  What may run on any x86 must not use its instruction for it, and gcc then calls a
       function for each number. */
    static inline unsigned long long jianbao_ones_upto(unsigned long long held) {
        held -= held >> 1 & 0x5555555555555555ULL;
        held = (held & 0x3333333333333333ULL) + (held >> 2 & 0x3333333333333333ULL);
        held = (held + (held >> 4)) & 0x0F0F0F0F0F0F0F0FULL;
        return held * 0x0101010101010101ULL;
    }
    static inline int jianbao_ones(unsigned long long held) {
        return (int)(jianbao_ones_upto(held) >> 56);
    }
    """
    uint64_t _ones_upto "jianbao_ones_upto"(uint64_t) noexcept
    int _ones "jianbao_ones"(unsigned long long) noexcept
    int _lowest "__builtin_ctzll"(unsigned long long) noexcept

ctypedef fused Number:
    uint8_t
    uint16_t
    uint32_t
    int64_t

VERSION = 9
_BYTE, _TRUTH, _PLACE, _INT64 = map(np.dtype, (np.uint8, bool, np.uint32, np.int64))
cdef int _MOST_TIMES = ranking.MOST_TIMES
cdef Py_ssize_t _FEW = by_numpy.FEW


cdef inline Py_ssize_t _next(const Number[::1] ascending, Py_ssize_t at, int64_t wanted) except -1:
    """Return the first place from `at` on whose number is not below `wanted`: by steps that
    double, then by halving (Bentley and Yao, 1976), as the next one is mostly near.
    """
    cdef Py_ssize_t count = ascending.shape[0], step = 1, stop, middle
    if at >= count or <int64_t>ascending[at] >= wanted:
        return at
    stop = at + 1
    while stop < count and <int64_t>ascending[stop] < wanted:
        at = stop
        step <<= 1
        stop = at + step
    stop = min(stop, count)
    at += 1
    while at < stop:
        middle = (at + stop) >> 1
        if <int64_t>ascending[middle] < wanted:
            at = middle + 1
        else:
            stop = middle
    return at


include "places.pxi"


cdef struct _Owners:
    const uint64_t *begun
    const int32_t *before
    int64_t last
    int bits


cdef inline int64_t _owner(_Owners owners, uint32_t position) noexcept:
    """Return the document in which a place lies (`owners.py`); no block is behind the last."""
    cdef int64_t block = min(<int64_t>position >> owners.bits, owners.last)
    return owners.before[block >> 6] + _ones(owners.begun[block >> 6] << (63 - (block & 63)))


cdef class Stream:
    cdef const uint32_t[::1] bounds
    cdef const uint64_t[::1] begun
    cdef const int32_t[::1] before
    cdef _Owners owners
    cdef readonly PackedLists places

    def __init__(self, bounds, owners, PackedLists places not None):
        self.bounds = bounds
        self.places = places
        self.begun = owners.begun
        self.before = owners.before
        self.owners.last = owners.last
        self.owners.bits = owners.bits
        self.owners.begun = &self.begun[self.owners.last >> 6]
        self.owners.before = &self.before[self.owners.last >> 6]
        self.owners.begun -= self.owners.last >> 6  # that last one is there, so all others are
        self.owners.before -= self.owners.last >> 6

    def posting_at(self, const uint32_t[::1] positions):
        most = min(positions.shape[0], self.bounds.shape[0] - 1)
        all_documents, all_counts = np.empty(most, _INT64), np.empty(most, _BYTE)
        cdef int64_t[::1] documents = all_documents
        cdef uint8_t[::1] counts = all_counts
        cdef Py_ssize_t most_times = _MOST_TIMES
        # Without branches: nobody can guess whether the next place is in the next document.
        cdef _Owners owners = self.owners
        cdef Py_ssize_t i, start = 0, found = -1
        cdef int64_t owner, before = -1
        for i in range(positions.shape[0]):
            owner = _owner(owners, positions[i])
            found += owner != before
            start = i if owner != before else start
            documents[found] = owner
            counts[found] = <uint8_t>min(i - start + 1, most_times)
            before = owner
        return all_documents[: found + 1], all_counts[: found + 1]

    def times_in(self, const int64_t[::1] documents, const uint32_t[::1] positions):
        result = np.empty(documents.shape[0], _INT64)
        cdef int64_t[::1] times = result
        cdef Py_ssize_t i, start, at = 0
        for i in range(documents.shape[0]):
            start = at = _next(positions, at, self.bounds[documents[i]])
            at = _next(positions, at, self.bounds[documents[i] + 1])
            times[i] = at - start
        return result

    def any_in(self, const int64_t[::1] documents, const uint32_t[::1] positions):
        result = np.zeros(documents.shape[0], _BYTE)
        cdef uint8_t[::1] inside = result
        cdef Py_ssize_t i, at = 0
        for i in range(documents.shape[0]):
            at = _next(positions, at, self.bounds[documents[i]])
            if at == positions.shape[0]:
                break
            inside[i] = positions[at] < self.bounds[documents[i] + 1]
        return result.view(_TRUTH)

    def holding(self, const int64_t[::1] documents, pairs):
        if len(pairs) > 1:
            return self.any_in(documents, self.between(documents, pairs))
        result = np.zeros(documents.shape[0], _BYTE)
        cdef uint8_t[::1] inside = result
        cdef Py_ssize_t i
        cdef int64_t at, size
        cdef _List list
        at, size, _ = pairs[0]
        self.places.open(&list, at, size)
        for i in range(documents.shape[0]):
            _seek(&list, self.bounds[documents[i]])
            if list.at == list.count:
                break
            inside[i] = list.value < self.bounds[documents[i] + 1]
        return result.view(_TRUTH)

    def between(self, const int64_t[::1] documents, pairs):
        cdef int64_t stop, at, size, offset
        cdef Py_ssize_t i, count = 0
        cdef _List rarest
        at, size, offset = pairs[0]
        self.places.open(&rarest, at, size)
        result = np.empty(size, _PLACE)
        cdef uint32_t[::1] found = result
        for i in range(documents.shape[0]):
            _seek(&rarest, self.bounds[documents[i]] + offset)
            if rarest.at == rarest.count:
                break
            stop = self.bounds[documents[i] + 1] + offset
            while rarest.at < rarest.count and rarest.value < stop:
                found[count] = <uint32_t>(rarest.value - offset)
                count += 1
                _go(&rarest, rarest.at + 1, rarest.bit + 1)
        return result[: self.places.kept(found, count, pairs)]


def in_list(const int64_t[::1] wanted, const int64_t[::1] among):
    result = np.zeros(wanted.shape[0], _BYTE)
    cdef uint8_t[::1] inside = result
    cdef Py_ssize_t i, at = 0
    for i in range(wanted.shape[0]):
        at = _next(among, at, wanted[i])
        if at == among.shape[0]:
            break
        inside[i] = among[at] == wanted[i]
    return result.view(_TRUTH)


def in_bits(const int64_t[::1] wanted, const uint64_t[::1] bits):
    result = np.empty(wanted.shape[0], _BYTE)
    cdef uint8_t[::1] inside = result
    cdef Py_ssize_t i
    for i in range(wanted.shape[0]):
        inside[i] = bits[wanted[i] >> 6] >> (wanted[i] & 63) & 1
    return result.view(_TRUTH)


def documents_of(const uint64_t[::1] bits):
    cdef Py_ssize_t word, count = 0
    cdef uint64_t held
    for word in range(bits.shape[0]):
        count += _ones(bits[word])
    result = np.empty(count, _INT64)
    cdef int64_t[::1] documents = result
    count = 0
    for word in range(bits.shape[0]):
        held = bits[word]
        while held:
            documents[count] = (word << 6) + _lowest(held)
            count += 1
            held &= held - 1
    return result


cdef class Gains:
    cdef const int64_t[::1] hits
    cdef const double[::1] norms
    cdef Stream stream
    cdef object result
    cdef double[::1] gained, sums
    cdef Py_ssize_t longest
    cdef double k1

    def __init__(self, hits, norms, stream, Py_ssize_t few, Py_ssize_t sparse):
        self.hits = hits
        self.norms = norms
        self.stream = stream
        self.result = np.zeros(self.hits.shape[0])
        self.gained = self.result
        each = sparse * self.hits.shape[0] < self.norms.shape[0]
        self.longest = 0 if each else few * self.hits.shape[0]
        self.k1 = ranking.K1
        self.sums = None

    def add_list(
        self,
        double weight,
        const double[::1] worth,
        const int64_t[::1] documents,
        const uint8_t[::1] counts,
    ):
        self._add_list(weight, worth, documents, counts)

    def add_packed(
        self,
        double weight,
        const double[::1] worth,
        PackedLists lists not None,
        int64_t first,
        const uint8_t[::1] counts,
    ):
        cdef const uint32_t[::1] documents
        cdef Py_ssize_t i
        cdef _List list
        if _FEW * self.hits.shape[0] >= counts.shape[0]:
            documents = lists.list(first, counts.shape[0])
            self._add_list(weight, worth, documents, counts)
            return
        lists.open(&list, first, counts.shape[0])
        for i in range(self.hits.shape[0]):
            _seek(&list, self.hits[i])
            if list.at == list.count:
                break
            if list.value == self.hits[i]:
                self.gained[i] += self._gain(weight, worth[counts[list.at]], self.hits[i])

    cdef _add_list(
        self,
        double weight,
        const double[::1] worth,
        const Number[::1] documents,
        const uint8_t[::1] counts,
    ):
        cdef Py_ssize_t i, at = 0
        if self._by_hits(documents.shape[0]):
            for i in range(self.hits.shape[0]):
                at = _next(documents, at, self.hits[i])
                if at == documents.shape[0]:
                    break
                if <int64_t>documents[at] == self.hits[i]:
                    self.gained[i] += self._gain(weight, worth[counts[at]], self.hits[i])
        else:
            for i in range(documents.shape[0]):
                at = <Py_ssize_t>documents[i]
                self.sums[at] += self._gain(weight, worth[counts[i]], at)

    def add_bits(
        self,
        double weight,
        const double[::1] worth,
        const uint64_t[::1] bits,
        const uint8_t[::1] counts,
    ):
        cdef Py_ssize_t i, document, word = 0, before = 0
        cdef uint64_t held
        if not counts.shape[0]:
            return
        if self._by_hits(counts.shape[0]):
            for i in range(self.hits.shape[0]):
                while word < self.hits[i] >> 6:
                    before += _ones(bits[word])
                    word += 1
                held = bits[word] >> (self.hits[i] & 63)
                if held & 1:
                    document = before + _ones(bits[word]) - _ones(held)
                    self.gained[i] += self._gain(weight, worth[counts[document]], self.hits[i])
            return
        for word in range(bits.shape[0]):
            held = bits[word]
            while held:
                document = (word << 6) + _lowest(held)
                self.sums[document] += self._gain(weight, worth[counts[before]], document)
                before += 1
                held &= held - 1

    def add_places(self, double weight, pair):
        cdef int64_t at, size
        cdef Py_ssize_t i, start
        cdef _List list
        at, size, _ = pair
        self.stream.places.open(&list, at, size)
        for i in range(self.hits.shape[0]):
            _seek(&list, self.stream.bounds[self.hits[i]])
            if list.at == list.count:
                break
            start = list.at
            _seek(&list, self.stream.bounds[self.hits[i] + 1])
            if list.at > start:
                times = min(list.at - start, _MOST_TIMES)
                self.gained[i] += self._gain(weight, times, self.hits[i])

    def total(self):
        cdef Py_ssize_t i
        if self.sums is not None:
            for i in range(self.hits.shape[0]):
                self.gained[i] += self.sums[self.hits[i]]
            self.sums = None
        return self.result

    def add_to_all(self, double bonus):
        cdef Py_ssize_t i
        for i in range(self.hits.shape[0]):
            self.gained[i] += bonus

    def add_where(self, double bonus, const uint32_t[::1] positions):
        cdef Py_ssize_t hit = 0, at = 0
        while at < positions.shape[0] and hit < self.hits.shape[0]:
            hit = _next(self.hits, hit, _owner(self.stream.owners, positions[at]))
            if hit == self.hits.shape[0]:
                break
            at = _next(positions, at, self.stream.bounds[self.hits[hit]])
            if at < positions.shape[0] and positions[at] < self.stream.bounds[self.hits[hit] + 1]:
                self.gained[hit] += bonus
            hit += 1

    cdef bint _by_hits(self, Py_ssize_t length):
        """Say whether each hit is looked up in a list; where not, there are sums."""
        if self.longest < length or not length:
            return True
        if self.sums is None:
            self.sums = np.zeros(self.norms.shape[0])
        return False

    cdef inline double _gain(self, double weight, double times, Py_ssize_t document) except? -1:
        return times * (weight * (self.k1 + 1.0)) / (times + self.norms[document] * self.k1)


include "values.pxi"
include "window.pxi"
include "writing.pxi"
