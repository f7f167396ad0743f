# How often does each value of a facet stand?  A part of `compiled.pyx`.

cdef struct _Starts:
    const int32_t *at  # NULL where each document has one code
    Py_ssize_t size


cdef inline _Starts _starts(array) except *:
    cdef _Starts found
    found.at = NULL
    if array is not None:
        found.at = <const int32_t *>_numbers(array, c"i", 4, &found.size)
    return found


def count(cnp.ndarray codes not None, starts, documents, Py_ssize_t most):
    cdef _Starts bounds = _starts(starts)
    cdef _Documents some = _documents(documents)
    cdef Py_ssize_t size, width = min(cnp.PyArray_ITEMSIZE(codes), sizeof(uint32_t))
    cdef const void *first = _numbers(codes, c"u", width, &size)
    result = _zeros(most, cnp.NPY_INT64)
    cdef int64_t *counts = <int64_t *>cnp.PyArray_DATA(result)
    if width == 1:
        _count(<const uint8_t *>first, size, bounds, some, counts, most)
    elif width == 2:
        _count(<const uint16_t *>first, size, bounds, some, counts, most)
    else:
        _count(<const uint32_t *>first, size, bounds, some, counts, most)
    return result


cdef int _count(
    const Number *codes,
    Py_ssize_t size,
    _Starts starts,
    _Documents documents,
    int64_t *counts,
    Py_ssize_t most,
) except -1:
    cdef Py_ssize_t i, at, stop
    if starts.at is NULL:
        for i in range(documents.size):
            _check(documents.at[i], size)
            at = codes[documents.at[i]]
            _check(at, most)
            counts[at] += 1
        return 0
    for i in range(documents.size):
        at = _first(starts, documents.at[i], size, &stop)
        for at in range(at, stop):
            _check(codes[at], most)
            counts[codes[at]] += 1
    return 0


cdef inline Py_ssize_t _first(
    _Starts starts, int64_t document, Py_ssize_t size, Py_ssize_t *stop
) except -1:
    """Return where the codes of a document begin, and where they stop."""
    _check(document, starts.size - 1)
    _check(starts.at[document], size + 1)
    _check(starts.at[document + 1], size + 1)
    stop[0] = starts.at[document + 1]
    return starts.at[document]


def count_few(cnp.ndarray codes not None, starts, documents, list values):
    cdef _Starts bounds = _starts(starts)
    cdef _Documents some = _documents(documents)
    cdef Py_ssize_t size, width = min(cnp.PyArray_ITEMSIZE(codes), sizeof(uint32_t))
    cdef const void *first = _numbers(codes, c"u", width, &size)
    cdef list found
    if width == 1:
        found = _codes_of(<const uint8_t *>first, size, bounds, some)
    elif width == 2:
        found = _codes_of(<const uint16_t *>first, size, bounds, some)
    else:
        found = _codes_of(<const uint32_t *>first, size, bounds, some)
    found.sort()
    cdef dict counts = {}
    for code in found:
        value = values[code]
        counts[value] = counts.get(value, 0) + 1
    return counts


cdef list _codes_of(const Number *codes, Py_ssize_t size, _Starts starts, _Documents documents):
    cdef Py_ssize_t i, at, stop
    cdef list found = []
    for i in range(documents.size):
        if starts.at is NULL:
            _check(documents.at[i], size)
            found.append(codes[documents.at[i]])
        else:
            at = _first(starts, documents.at[i], size, &stop)
            for at in range(at, stop):
                found.append(codes[at])
    return found


def frequent(counts, list values, Py_ssize_t most, chosen):
    cdef _Documents each = _documents(counts)
    if len(values) < each.size:
        raise IndexError("more codes than values")
    cdef uint8_t *also = NULL
    cdef Py_ssize_t code
    if chosen:
        wanted = _zeros(each.size, cnp.NPY_UINT8)
        also = <uint8_t *>cnp.PyArray_DATA(wanted)
        for code in chosen:
            _check(code, each.size)
            also[code] = True
    # What is not 0: codes and counts.
    codes, sizes = _new(each.size, cnp.NPY_INT64), _new(each.size, cnp.NPY_INT64)
    cdef int64_t *held = <int64_t *>cnp.PyArray_DATA(codes)
    cdef int64_t *times = <int64_t *>cnp.PyArray_DATA(sizes)
    cdef Py_ssize_t i, present = 0
    for i in range(each.size):
        if each.at[i]:
            held[present] = i
            times[present] = each.at[i]
            present += 1
    # What is above the least of the most frequent is named, so many of those that are as much, and
    # what is wanted also.
    cdef int64_t least = 0
    cdef Py_ssize_t tied = 0
    if present > most:
        first = np.partition(sizes[:present], present - max(most, 1))[present - max(most, 1) :]
        least = first[0]
        tied = np.count_nonzero(first == least) if most else 0
    cdef dict named = {}
    for i in range(present):
        if (
            times[i] > least
            or (times[i] == least and tied > 0)
            or (also is not NULL and also[held[i]])
        ):
            named[values[held[i]]] = times[i]
            tied -= times[i] == least
    return named
