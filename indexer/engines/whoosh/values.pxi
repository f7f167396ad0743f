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


def frequent(const int64_t[::1] counts, list values, most, chosen):
    if len(values) < counts.shape[0]:
        raise IndexError("more codes than values")
    wanted = np.zeros(counts.shape[0], _BYTE)
    cdef uint8_t[::1] also = wanted
    for code in chosen:
        also[code] = True
    sizes = np.empty(counts.shape[0], _INT64)
    cdef Py_ssize_t present = _present(counts, sizes)
    if present <= most:
        return _named(counts, values, also, 0, 0)
    if not most:
        return _named(counts, values, also, np.iinfo(_INT64).max, 0)
    first = np.partition(sizes[:present], present - most)[present - most :]
    return _named(counts, values, also, first[0], np.count_nonzero(first == first[0]))


@cython.boundscheck(False)  # all are as long as `counts`
cdef Py_ssize_t _present(const int64_t[::1] counts, int64_t[::1] sizes):
    """Gather the counts that are not 0; return how many."""
    cdef Py_ssize_t code, present = 0
    for code in range(counts.shape[0]):
        if counts[code]:
            sizes[present] = counts[code]
            present += 1
    return present


@cython.boundscheck(False)
cdef dict _named(
    const int64_t[::1] counts, list values, const uint8_t[::1] also, int64_t least, Py_ssize_t tied
):
    """Name what is above `least`, so many of those that are `least`, and what is wanted `also`."""
    cdef Py_ssize_t code
    cdef dict named = {}
    for code in range(counts.shape[0]):
        if not counts[code]:
            continue
        if counts[code] > least or also[code] or (counts[code] == least and tied > 0):
            named[values[code]] = counts[code]
            tied -= counts[code] == least
    return named
