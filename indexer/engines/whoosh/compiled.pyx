# cython: language_level=3, wraparound=False, initializedcheck=False, cdivision=True
"""Loops over postings, compiled.  `by_numpy` (and `packing`) has the same without a compiler, and
says what each gives; `loops` takes whichever is there.

Numpy goes through an array for every step; here one loop takes all steps of a term.  Whatever is
read at a place that an index says is checked to lie in its array (`boundscheck`, `_check`; of
packed lists in `places.pxi`), so a damaged one ends in an IndexError.
"""

import numpy as np

from libc.string cimport memcpy
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from indexer.engines import ranking
from indexer.engines.whoosh import by_numpy, packing
from indexer.engines.whoosh.pairs import FEW

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

VERSION = 10
cdef int _MOST_TIMES = ranking.MOST_TIMES
cdef Py_ssize_t _FEW = FEW


cdef inline Py_ssize_t _next(
    const Number *ascending, Py_ssize_t count, Py_ssize_t at, int64_t wanted
) noexcept:
    """Return the first place from `at` on whose number is not below `wanted`: by steps that
    double, then by halving (Bentley and Yao, 1976), as the next one is mostly near.
    """
    cdef Py_ssize_t step = 1, stop, middle
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


include "arrays.pxi"
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

    def __cinit__(self, bounds, owners, PackedLists places not None):
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

    def posting_at(self, given):
        cdef _Places positions = _places(given)
        cdef Py_ssize_t most = min(positions.size, self.bounds.shape[0] - 1)
        all_documents = _new(most, cnp.NPY_INT64)
        all_counts = _new(most, cnp.NPY_UINT8)
        cdef int64_t *documents = <int64_t *>cnp.PyArray_DATA(all_documents)
        cdef uint8_t *counts = <uint8_t *>cnp.PyArray_DATA(all_counts)
        cdef Py_ssize_t most_times = _MOST_TIMES
        # Without branches: nobody can guess whether the next place is in the next document.
        cdef _Owners owners = self.owners
        cdef Py_ssize_t i, start = 0, found = -1
        cdef int64_t owner, before = -1
        for i in range(positions.size):
            owner = _owner(owners, positions.at[i])
            found += owner != before
            start = i if owner != before else start
            _check(found, most)
            documents[found] = owner
            counts[found] = <uint8_t>min(i - start + 1, most_times)
            before = owner
        return all_documents[: found + 1], all_counts[: found + 1]

    def times_in(self, documents, positions):
        cdef _Documents wanted = _documents(documents)
        cdef _Places places = _places(positions)
        result = _new(wanted.size, cnp.NPY_INT64)
        cdef int64_t *times = <int64_t *>cnp.PyArray_DATA(result)
        cdef Py_ssize_t i, start, at = 0
        for i in range(wanted.size):
            start = at = _next(places.at, places.size, at, self.bounds[wanted.at[i]])
            at = _next(places.at, places.size, at, self.bounds[wanted.at[i] + 1])
            times[i] = at - start
        return result

    def any_in(self, documents, positions):
        cdef _Documents wanted = _documents(documents)
        cdef _Places places = _places(positions)
        result = _zeros(wanted.size, cnp.NPY_BOOL)
        cdef uint8_t *inside = <uint8_t *>cnp.PyArray_DATA(result)
        cdef Py_ssize_t i, at = 0
        for i in range(wanted.size):
            at = _next(places.at, places.size, at, self.bounds[wanted.at[i]])
            if at == places.size:
                break
            inside[i] = places.at[at] < self.bounds[wanted.at[i] + 1]
        return result

    def holding(self, documents, pairs):
        if len(pairs) > 1:
            return self.any_in(documents, self.between(documents, pairs))
        cdef _Documents wanted = _documents(documents)
        result = _zeros(wanted.size, cnp.NPY_BOOL)
        cdef uint8_t *inside = <uint8_t *>cnp.PyArray_DATA(result)
        cdef Py_ssize_t i
        cdef int64_t at, size
        cdef _List list
        at, size, _ = pairs[0]
        self.places.open(&list, at, size)
        for i in range(wanted.size):
            _seek(&list, self.bounds[wanted.at[i]])
            if list.at == list.count:
                break
            inside[i] = list.value < self.bounds[wanted.at[i] + 1]
        return result

    def between(self, documents, pairs):
        cdef _Documents wanted = _documents(documents)
        cdef int64_t stop, at, size, offset
        cdef Py_ssize_t i, count = 0
        cdef _List rarest
        at, size, offset = pairs[0]
        self.places.open(&rarest, at, size)
        result = _new(size, cnp.NPY_UINT32)
        cdef uint32_t *found = <uint32_t *>cnp.PyArray_DATA(result)
        for i in range(wanted.size):
            _seek(&rarest, self.bounds[wanted.at[i]] + offset)
            if rarest.at == rarest.count:
                break
            stop = self.bounds[wanted.at[i] + 1] + offset
            count = _take(&rarest, stop, offset, found, count, size)
        return result[: self.places.kept(found, count, pairs)]


def in_list(wanted, among):
    cdef _Documents some = _documents(wanted), every = _documents(among)
    result = _zeros(some.size, cnp.NPY_BOOL)
    cdef uint8_t *inside = <uint8_t *>cnp.PyArray_DATA(result)
    cdef Py_ssize_t i, at = 0
    for i in range(some.size):
        at = _next(every.at, every.size, at, some.at[i])
        if at == every.size:
            break
        inside[i] = every.at[at] == some.at[i]
    return result


def in_bits(wanted, bits):
    cdef _Documents some = _documents(wanted)
    cdef _Words words = _words(bits)
    result = _new(some.size, cnp.NPY_BOOL)
    cdef uint8_t *inside = <uint8_t *>cnp.PyArray_DATA(result)
    cdef Py_ssize_t i
    for i in range(some.size):
        _check(some.at[i] >> 6, words.size)
        inside[i] = words.at[some.at[i] >> 6] >> (some.at[i] & 63) & 1
    return result


def documents_of(bits):
    cdef _Words words = _words(bits)
    cdef Py_ssize_t word, count = 0
    cdef uint64_t held
    for word in range(words.size):
        count += _ones(words.at[word])
    result = _new(count, cnp.NPY_INT64)
    cdef int64_t *documents = <int64_t *>cnp.PyArray_DATA(result)
    count = 0
    for word in range(words.size):
        held = words.at[word]
        while held:
            documents[count] = (word << 6) + _lowest(held)
            count += 1
            held &= held - 1
    return result


include "gains.pxi"
include "values.pxi"
include "window.pxi"
include "writing.pxi"
