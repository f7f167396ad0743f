# cython: language_level=3, wraparound=False, initializedcheck=False, boundscheck=False
"""Which names are suggested, and how they are arranged, compiled: what `choosing` and `arranging`
say, in half their time.

Python's lock is not held meanwhile, so that an update checks what it wrote at the same time.  A
tally comes from a file: so all numbers that lead somewhere are looked through before.
"""

import numpy as np

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t

from indexer.analysis.fold import MARK
from indexer.document import OFFERED
from indexer.suggest import choosing
from indexer.suggest.tally import REPEATED

VERSION = 1

cdef enum:
    KINDS = 4
cdef int _BODY = OFFERED.index("organization"), _TITLE = OFFERED.index("title")
cdef int _PHRASE = OFFERED.index("phrase"), _LEAST = REPEATED
cdef int64_t _SMALL = 1 << 16  # a count that takes no memory worth mentioning
cdef uint16_t _MARK = ord(MARK)
cdef double _FRAGMENT = choosing.FRAGMENT, _OTHERS = choosing.OTHERS


def chosen(tally, bulletins):
    called, phrases, size = tally.called, tally.phrases, len(tally.texts)
    counts = np.zeros((size, KINDS), dtype=np.int32)
    _count_called(counts, called.kinds, called.texts, called.counts)
    _count_phrases(counts, called, phrases, bulletins)
    most = np.array([choosing.MOST[kind] for kind in OFFERED], dtype=np.int64)
    numbers, kinds = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.uint8)
    if np.max(counts, initial=0) > max(4 * bulletins, _SMALL):
        raise ValueError("a tally that is damaged")
    found = _choose(tally.texts.ordered, counts, most, numbers, kinds)
    return numbers[:found].copy(), kinds[:found].copy()


cdef int _check(const int32_t[::1] numbers, Py_ssize_t length, Py_ssize_t size) except -1:
    """Raise `ValueError` unless there are so many numbers, all from 0 and below a size."""
    cdef Py_ssize_t i
    cdef bint inside = numbers.shape[0] == length
    with nogil:
        for i in range(numbers.shape[0]):
            inside &= 0 <= numbers[i] < size
    if not inside:
        raise ValueError("a tally that is damaged")
    return 0


cdef _count_called(
    int32_t[:, ::1] counts,
    const uint8_t[::1] kinds,
    const int32_t[::1] texts,
    const int32_t[::1] called,
):
    cdef Py_ssize_t i
    _check(texts, called.shape[0], counts.shape[0])
    if kinds.shape[0] != texts.shape[0] or np.max(kinds, initial=0) >= KINDS:
        raise ValueError("a tally that is damaged")
    with nogil:
        for i in range(texts.shape[0]):
            counts[texts[i], kinds[i]] = called[i]


cdef _count_phrases(int32_t[:, ::1] counts, called, phrases, double bulletins):
    """Count the phrases that are repeated, cohere and are no fragments."""
    cdef const int32_t[:, ::1] around = called.around, cuts = phrases.cuts
    cdef const int32_t[::1] of_body = called.counts, texts = phrases.texts, cut_of = phrases.cut_of
    cdef const int32_t[::1] told = phrases.counts, alone = phrases.alone
    cdef int32_t[::1] longer = np.zeros(counts.shape[0], dtype=np.int32)
    cdef double[::1] by_chance = np.empty(texts.shape[0])
    cdef Py_ssize_t i, n = cut_of.shape[0], known = texts.shape[0]
    cdef int32_t count, phrase
    cdef double both, parts
    if around.shape[1] != 2 or cuts.shape[1] != 2:
        raise ValueError("a tally that is damaged")
    _check(texts, told.shape[0], counts.shape[0])
    _check(texts, alone.shape[0], counts.shape[0])
    _check(cut_of, cuts.shape[0], known)
    _check(np.ravel(cuts), 2 * n, known)
    _check(np.ascontiguousarray(around[:, 0]), around.shape[0], of_body.shape[0])
    _check(np.ascontiguousarray(around[:, 1]), around.shape[0], counts.shape[0])
    with nogil:
        for i in range(around.shape[0]):
            _raise(&longer[around[i, 1]], _repeated(of_body[around[i, 0]]))
        for i in range(known):
            both = max(_repeated(told[i]), 1)
            by_chance[i] = both * both
        for i in range(n):
            phrase = cut_of[i]
            count = _repeated(told[phrase])
            both = max(count, 1)
            parts = max(<double>_repeated(told[cuts[i, 0]]), both)
            parts *= max(<double>_repeated(told[cuts[i, 1]]), both)
            by_chance[phrase] = max(by_chance[phrase], parts)
            if i == 0 or cut_of[i - 1] != phrase:
                _raise(&longer[texts[cuts[i, 1]]], count)
            if i == n - 1 or cut_of[i + 1] != phrase:
                _raise(&longer[texts[cuts[i, 0]]], count)
        for i in range(known):
            count = told[i]
            if count < _LEAST:
                continue
            if longer[texts[i]] >= _FRAGMENT * count and alone[i] <= (1 - _FRAGMENT) * count:
                continue
            if _coheres(count, max(bulletins, count) + _OTHERS, by_chance[i]):
                _raise(&counts[texts[i], _PHRASE], count)


cdef inline int32_t _repeated(int32_t count) noexcept nogil:
    return count if count >= _LEAST else 0


cdef inline void _raise(int32_t *number, int32_t least) noexcept nogil:
    number[0] = max(number[0], least)


cdef inline bint _coheres(double both, double every, double by_chance) noexcept nogil:
    """As in `choosing`, step by step: so both round in the same way."""
    cdef double together = both * every / by_chance, rare = every / both
    cdef double two = together * together
    cdef double four = two * two
    return four * four * two >= rare * rare * rare


cdef Py_ssize_t _choose(
    const int32_t[::1] ordered,
    const int32_t[:, ::1] counts,
    const int64_t[::1] most,
    int32_t[::1] numbers,
    uint8_t[::1] kinds,
) except -1:
    """Put the most frequent texts of each kind in order, and their kinds; return how many.

    Each count and kind has its places, into which its texts come in their order.
    """
    cdef Py_ssize_t i, size = ordered.shape[0], found = 0
    cdef int32_t highest = np.max(counts, initial=0), text
    _check(ordered, counts.shape[0], size)
    cdef int64_t[:, ::1] times = np.zeros((highest + 1, KINDS), dtype=np.int64)
    cdef int64_t[::1] places = np.zeros((highest + 1) * KINDS + 1, dtype=np.int64)
    cdef uint8_t[::1] of_kind = np.full(size, KINDS, dtype=np.uint8)
    cdef int64_t[KINDS] left
    cdef int32_t[KINDS] least
    cdef int64_t place
    cdef int kind
    with nogil:
        for i in range(size):
            for kind in range(KINDS):
                times[max(counts[i, kind], 0), kind] += 1
        for kind in range(KINDS):
            left[kind], least[kind] = most[kind], highest
            while least[kind] and times[least[kind], kind] <= left[kind]:
                left[kind] -= times[least[kind], kind]
                least[kind] -= 1
        for i in range(size):
            text = ordered[i]
            for kind in range(KINDS):
                if counts[text, kind] < max(least[kind], 1):
                    continue
                if counts[text, kind] == least[kind]:
                    if not left[kind]:
                        continue
                    left[kind] -= 1
                if of_kind[text] == KINDS:
                    of_kind[text] = kind
                    places[(highest - counts[text, kind]) * KINDS + kind + 1] += 1
                    found += 1
        for i in range(1, places.shape[0]):
            places[i] += places[i - 1]
        for i in range(size):
            text = ordered[i]
            kind = of_kind[text]
            if kind < KINDS:
                place = (highest - counts[text, kind]) * KINDS + kind
                numbers[places[place]] = text
                kinds[places[place]] = kind
                places[place] += 1
    return found


def arranged(
    const uint16_t[::1] codes,
    const int32_t[::1] ends,
    const int32_t[::1] texts,
    const uint8_t[::1] kinds,
):
    cdef Py_ssize_t i, j, start, stop, at = 0, inner = 0, total = 0, count = texts.shape[0]
    _check(texts, kinds.shape[0], ends.shape[0])
    _check(ends, ends.shape[0], codes.shape[0] + 1)
    if np.any(np.diff(ends) < 0):
        raise ValueError("a tally that is damaged")
    with nogil:
        for i in range(count):
            total += ends[texts[i]] - _before(ends, texts[i])
    copied = np.empty(total, np.uint16)
    begins = np.empty(count, np.int32)
    rows, owners = np.empty(count + total, np.int32), np.empty(count + total, np.int32)
    cdef uint16_t[::1] into = copied
    cdef int32_t[::1] begin = begins, row = rows, owner = owners
    with nogil:
        for i in range(count):
            start, stop = _before(ends, texts[i]), ends[texts[i]]
            begin[i] = row[i] = at
            owner[i] = i
            for j in range(start, stop):
                into[at] = codes[j]
                at += 1
                if start < j < stop - 2 and _begins(codes[j - 1], codes[j], kinds[i]):
                    row[count + inner] = at - 1
                    owner[count + inner] = i
                    inner += 1
    return copied, begins, rows[: count + inner].copy(), owners[: count + inner].copy()


cdef inline int32_t _before(const int32_t[::1] ends, Py_ssize_t text) noexcept nogil:
    return ends[text - 1] if text else 0


cdef inline bint _begins(uint16_t before, uint16_t code, uint8_t kind) noexcept nogil:
    """Say whether somebody may type from a code on."""
    if kind != _BODY and (kind != _TITLE or before != _MARK):
        return False
    if c"0" <= code <= c"9":
        return not c"0" <= before <= c"9"
    return not (c"a" <= code <= c"z" and c"a" <= before <= c"z")
