# How are postings written?  A part of `compiled.pyx`.
#
# What comes from arrays of a build is checked where it says where to write.

def packed(const uint32_t[::1] numbers, const int64_t[::1] counts, int64_t limit):
    cdef Py_ssize_t i, first = 0, size = 0
    for i in range(counts.shape[0]):
        if not 1 < counts[i] <= min(limit, numbers.shape[0] - first) or limit >> 32:
            raise IndexError("there is no such list")
        first += counts[i]
        size += _shape(counts[i], limit).words
    result = np.zeros(size + _SPARE, np.uint64)
    cdef uint64_t[::1] words = result
    first = size = 0
    for i in range(counts.shape[0]):
        size += _pack(&words[size], &numbers[first], counts[i], limit)
        first += counts[i]
    return result[:size]


cdef int64_t _pack(
    uint64_t *words, const uint32_t *numbers, int64_t count, int64_t limit
) except -1:
    """Write one list, as `packing.py` says, into words that are 0; return how many it takes."""
    cdef _Shape shape = _shape(count, limit)
    cdef int low = shape.low
    cdef uint32_t *pointers = <uint32_t *>words
    cdef uint64_t *upper = words + shape.pointers
    cdef int64_t i, part, bit, begin = shape.upper, skipped = 0
    cdef uint64_t lowest, mask = (<uint64_t>1 << low) - 1
    for i in range(count):
        if numbers[i] >= limit:
            raise IndexError("a number is behind all others")
        part = numbers[i] >> low
        while skipped < part >> _SKIP_BITS:
            pointers[skipped] = <uint32_t>((skipped + 1 << _SKIP_BITS) + i)
            skipped += 1
        bit = part + i
        upper[bit >> 6] |= <uint64_t>1 << (bit & 63)
        lowest = numbers[i] & mask
        upper[begin >> 6] |= lowest << (begin & 63)
        if (begin & 63) + low > 64:
            upper[(begin >> 6) + 1] |= lowest >> (64 - (begin & 63))
        begin += low
    while skipped < shape.parts >> _SKIP_BITS:
        pointers[skipped] = <uint32_t>((skipped + 1 << _SKIP_BITS) + count)
        skipped += 1
    return shape.words


def put(numbers, const int64_t[::1] begins, const int64_t[::1] lengths, uint32_t[::1] among):
    if numbers.itemsize == 1:
        _put[uint8_t](numbers, begins, lengths, among)
    else:
        _put[uint32_t](numbers, begins, lengths, among)


cdef _put(
    const Number[::1] numbers,
    const int64_t[::1] begins,
    const int64_t[::1] lengths,
    uint32_t[::1] among,
):
    cdef Py_ssize_t i, at, first = 0
    for i in range(lengths.shape[0]):
        if not 0 <= lengths[i] <= numbers.shape[0] - first:
            raise IndexError("slices are longer than all of them")
        if not 0 <= begins[i] <= among.shape[0] - lengths[i]:
            raise IndexError("a slice lies behind all others")
        for at in range(lengths[i]):
            among[begins[i] + at] = numbers[first + at]
        first += lengths[i]
