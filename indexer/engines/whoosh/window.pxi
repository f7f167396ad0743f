# Which hits come first?  Those of a window, by their scores.  A part of `compiled.pyx`.

from libc.math cimport rint
from libc.stdlib cimport free, malloc

cdef double _TENS = 10.0 ** ranking.DIGITS, _DIGIT = ranking.DIGIT

cdef enum:
    _DEEP = 128  # hits of a window of which numpy is quicker
    _FIRST = 64

cdef struct _Hit:
    double score
    int64_t rank, document


def best(hits, scores, rank, Py_ssize_t offset, Py_ssize_t stop):
    cdef _Documents found = _documents(hits), ranks = _documents(rank)
    cdef _Scores scored = _scores(scores)
    cdef Py_ssize_t i, most = min(stop, found.size)
    _check(found.size, scored.size + 1)
    if offset < 0:
        raise IndexError("a window begins before the first hit")
    if offset >= most:
        return [], []
    if most > _DEEP:
        return by_numpy.best(hits, scores, rank, offset, stop)
    cdef _Hit *first = <_Hit *>malloc(most * sizeof(_Hit))
    if first is NULL:
        raise MemoryError
    try:
        _gather(first, most, found, scored, ranks)
        return (
            [first[i].document for i in range(offset, most)],
            [first[i].score for i in range(offset, most)],
        )
    finally:
        free(first)


cdef int _gather(
    _Hit *heap, Py_ssize_t most, _Documents hits, _Scores scores, _Documents rank
) except -1:
    """Put so many hits into an array of as many, the first of all first."""
    cdef Py_ssize_t i, held = 0
    cdef _Hit hit
    # One in so many goes first: where hits come from the worst to the best, or back, hardly any of
    # the others then gets in.
    for i in range(0, hits.size, _FIRST):
        held = _offer(heap, most, held, hits.at[i], scores.at[i], rank)
    for i in range(hits.size):
        if i % _FIRST and (held < most or scores.at[i] >= heap[0].score - _DIGIT):
            held = _offer(heap, most, held, hits.at[i], scores.at[i], rank)
    for held in range(most - 1, -1, -1):
        hit = heap[held]
        heap[held] = heap[0]
        _replace(heap, held, hit)
    return 0


cdef Py_ssize_t _offer(
    _Hit *heap,
    Py_ssize_t most,
    Py_ssize_t held,
    int64_t document,
    double score,
    _Documents rank,
) except -1:
    """Take a hit into a heap of so many, the root of which comes last; return how many it has."""
    cdef Py_ssize_t at = held
    cdef _Hit hit
    hit.score = rint(score * _TENS) / _TENS  # as numpy rounds
    _check(document, rank.size)
    hit.rank = rank.at[document]
    hit.document = document
    if held == most:
        if _before(hit, heap[0]):
            _replace(heap, held, hit)
        return held
    while at and _before(heap[(at - 1) >> 1], hit):
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = hit
    return held + 1


cdef inline bint _before(_Hit one, _Hit other) noexcept:
    return one.score > other.score or (one.score == other.score and one.rank < other.rank)


cdef void _replace(_Hit *heap, Py_ssize_t size, _Hit hit) noexcept:
    """Put a hit in place of the root of the first so many."""
    cdef Py_ssize_t at = 0, child = 1
    while child < size:
        if child + 1 < size and _before(heap[child], heap[child + 1]):
            child += 1
        if not _before(hit, heap[child]):
            break
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = hit
