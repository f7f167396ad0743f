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
    cdef Py_ssize_t code, i, present = 0, left = 0
    cdef int64_t count, least = 0  # what is above it is named, of what is not as many as are `left`
    every = np.empty((2, counts.shape[0]), _INT64)
    cdef int64_t[:, ::1] held = every
    for code in range(counts.shape[0]):
        if counts[code]:
            held[0, present] = code
            held[1, present] = counts[code]
            present += 1
    if present > most:
        least = np.partition(every[1, :present], present - max(most, 1))[present - max(most, 1)]
        left = most
        for i in range(present):
            left -= held[1, i] > least
    cdef dict named = {}
    for i in range(present):
        code = held[0, i]
        count = held[1, i]
        if count > least or (count == least and left > 0) or (chosen and code in chosen):
            named[values[code]] = count
            left -= count == least
    return named
