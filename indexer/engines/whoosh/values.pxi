# How often does each value of a facet stand?  A part of `compiled.pyx`.

def count(codes, starts, documents, most):
    result = np.zeros(most, _INT64)
    cdef Py_ssize_t size = codes.itemsize
    if size == 1:
        _count[uint8_t](codes, starts, documents, result)
    elif size == 2:
        _count[uint16_t](codes, starts, documents, result)
    else:
        _count[uint32_t](codes, starts, documents, result)
    return result


cdef _count(
    const Number[::1] codes,
    const int32_t[::1] starts,
    const int64_t[::1] documents,
    int64_t[::1] counts,
):
    cdef Py_ssize_t i, at
    if starts is None:
        for i in range(documents.shape[0]):
            counts[codes[documents[i]]] += 1
        return
    for i in range(documents.shape[0]):
        for at in range(starts[documents[i]], starts[documents[i] + 1]):
            counts[codes[at]] += 1


def count_few(codes, starts, documents, list values):
    cdef Py_ssize_t size = codes.itemsize
    cdef list found
    if size == 1:
        found = _codes_of[uint8_t](codes, starts, documents)
    elif size == 2:
        found = _codes_of[uint16_t](codes, starts, documents)
    else:
        found = _codes_of[uint32_t](codes, starts, documents)
    found.sort()
    cdef dict counts = {}
    for code in found:
        value = values[code]
        counts[value] = counts.get(value, 0) + 1
    return counts


cdef list _codes_of(
    const Number[::1] codes, const int32_t[::1] starts, const int64_t[::1] documents
):
    cdef Py_ssize_t i, at
    cdef list found = []
    for i in range(documents.shape[0]):
        if starts is None:
            found.append(codes[documents[i]])
        else:
            for at in range(starts[documents[i]], starts[documents[i] + 1]):
                found.append(codes[at])
    return found


def frequent(const int64_t[::1] counts, list values, Py_ssize_t most, chosen):
    if len(values) < counts.shape[0]:
        raise IndexError("more codes than values")
    cdef uint8_t[::1] also = None
    if chosen:
        also = np.zeros(counts.shape[0], _BYTE)
        for code in chosen:
            also[code] = True
    every = np.empty((2, counts.shape[0]), _INT64)
    cdef int64_t[:, ::1] held = every
    cdef Py_ssize_t present = _present(counts, held)
    cdef int64_t least = 0
    cdef Py_ssize_t tied = 0
    if present > most:
        first = np.partition(every[1, :present], present - max(most, 1))[present - max(most, 1) :]
        least = first[0]
        tied = np.count_nonzero(first == least) if most else 0
    return _named(held, present, values, also, least, tied)


@cython.boundscheck(False)  # as many columns are there as counts
cdef Py_ssize_t _present(const int64_t[::1] counts, int64_t[:, ::1] held):
    """Gather what is not 0, codes and counts; return how many."""
    cdef Py_ssize_t code, present = 0
    for code in range(counts.shape[0]):
        if counts[code]:
            held[0, present] = code
            held[1, present] = counts[code]
            present += 1
    return present


@cython.boundscheck(False)  # codes are below the number of counts, and no array is shorter
cdef dict _named(
    const int64_t[:, ::1] held,
    Py_ssize_t present,
    list values,
    const uint8_t[::1] also,
    int64_t least,
    Py_ssize_t tied,
):
    """Name what is above `least`, so many of those that are `least`, and what is wanted `also`."""
    cdef Py_ssize_t i
    cdef int64_t code, count
    cdef dict named = {}
    for i in range(present):
        code = held[0, i]
        count = held[1, i]
        if count > least or (count == least and tied > 0) or (also is not None and also[code]):
            named[values[code]] = count
            tied -= count == least
    return named
