# Which hits come first?  Those of a window, by their scores.  A part of `compiled.pyx`.

from libc.math cimport rint
from libc.stdlib cimport free, malloc

cdef double _TENS = 10.0 ** ranking.DIGITS, _DIGIT = ranking.DIGIT

cdef struct _Hit:
    double score
    int64_t rank, document


def best(
    const int64_t[::1] hits,
    const double[::1] scores,
    const int64_t[::1] rank,
    Py_ssize_t offset,
    Py_ssize_t stop,
):
    cdef Py_ssize_t i, most = min(stop, hits.shape[0])
    if offset >= most:
        return [], []
    cdef _Hit *first = <_Hit *>malloc(most * sizeof(_Hit))
    if first is NULL:
        raise MemoryError
    try:
        _gather(first, most, hits, scores, rank)
        return (
            [first[i].document for i in range(offset, most)],
            [first[i].score for i in range(offset, most)],
        )
    finally:
        free(first)


cdef int _gather(
    _Hit *heap,
    Py_ssize_t most,
    const int64_t[::1] hits,
    const double[::1] scores,
    const int64_t[::1] rank,
) except -1:
    """Put so many hits into an array of as many, the first of all first."""
    cdef Py_ssize_t i, at, held = 0
    cdef _Hit hit
    for i in range(hits.shape[0]):
        if held == most and scores[i] < heap[0].score - _DIGIT:
            continue
        hit.score = rint(scores[i] * _TENS) / _TENS  # as numpy rounds
        hit.rank = rank[hits[i]]
        hit.document = hits[i]
        if held < most:  # the root of the heap is the last of those in it
            at = held
            held += 1
            while at and _before(heap[(at - 1) >> 1], hit):
                heap[at] = heap[(at - 1) >> 1]
                at = (at - 1) >> 1
            heap[at] = hit
        elif _before(hit, heap[0]):
            _replace(heap, held, hit)
    for held in range(most - 1, -1, -1):
        hit = heap[held]
        heap[held] = heap[0]
        _replace(heap, held, hit)
    return 0


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
