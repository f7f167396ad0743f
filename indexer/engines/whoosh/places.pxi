# Where does a run stand?  Lists of places as they lie on disk (`packing.py`).  A part of
# `compiled.pyx`.
#
# That a list lies in the words is checked when it is opened, and what its bits say where they lead.

cdef extern from *:
    """
    /* Where in each byte the bit is that is so many of those that are set, the first is 0. */
    static unsigned char jianbao_places[8][256];

    static void jianbao_set_places(void) {
        for (int held = 0; held < 256; held++)
            for (int bit = 0, before = 0; bit < 8; bit++)
                if (held >> bit & 1) jianbao_places[before++][held] = bit;
    }
    /* Where the bit is that is so many of those that are set, the first is 1: the byte by comparing
       what is set up to each byte with it, all at once, and the bit by the table (Vigna, Broadword
       implementation of rank/select queries, WEA 2008). */
    static inline int jianbao_place_of(
        unsigned long long held, unsigned long long upto, unsigned long long which) {
        const unsigned long long ones = 0x0101010101010101ULL, tops = 0x8080808080808080ULL;
        unsigned long long over = ((which - 1) * ones | tops) - upto & tops;
        int before = (int)((over >> 7) * ones >> 56) << 3;
        which -= upto << 8 >> before & 0xFF;
        return before + jianbao_places[which - 1 & 7][held >> before & 0xFF];
    }
    """
    void _set_places "jianbao_set_places"() noexcept
    int _place_of "jianbao_place_of"(uint64_t, uint64_t, uint64_t) noexcept
    int _zeros_above "__builtin_clzll"(unsigned long long) noexcept

_set_places()
cdef int _SKIP_BITS = packing.SKIP_BITS, _SPARE = packing.SPARE

cdef struct _Shape:  # as `packing.Shape`
    int low
    int64_t parts  # the largest upper part there may be
    int64_t upper
    int64_t pointers
    int64_t words


cdef inline _Shape _shape(int64_t count, int64_t limit) noexcept:
    """Return the shape of a list of so many numbers, two at least, below `limit`."""
    cdef _Shape shape
    shape.low = 63 - _zeros_above(limit // count)
    shape.parts = limit >> shape.low
    shape.upper = count + shape.parts + 1
    shape.pointers = ((shape.parts >> _SKIP_BITS) + 1) >> 1
    shape.words = shape.pointers + ((shape.upper + count * shape.low + 63) >> 6)
    return shape


cdef struct _List:
    const uint32_t *pointers
    const uint64_t *upper
    int64_t count
    int64_t parts  # the largest upper part there may be
    int64_t last  # the last word of the upper parts
    int64_t start  # the bit at which the lowest bits begin
    uint64_t mask
    int low
    # Where it has gone: which number, the bit of its upper part, and the number.
    int64_t at
    int64_t bit
    int64_t value


cdef inline int64_t _value(const _List *list, int64_t at, int64_t bit) noexcept:
    cdef int64_t begin = list.start + at * list.low
    cdef uint64_t held
    memcpy(&held, <const char *>list.upper + (begin >> 3), sizeof(held))
    return (bit - at) << list.low | <int64_t>(held >> (begin & 7) & list.mask)


cdef inline int _go(_List *list, int64_t at, int64_t bit) except -1:
    """Go to a number, whose upper part is the first from a bit on."""
    cdef int64_t word = bit >> 6
    cdef uint64_t held
    list.at = at
    if at == list.count:
        return 0
    if not 0 <= at < list.count or word > list.last:
        raise IndexError("numbers are not as said")
    held = list.upper[word] >> (bit & 63) << (bit & 63)
    while not held:
        word += 1
        if word > list.last:
            raise IndexError("there are fewer numbers than said")
        held = list.upper[word]
    list.bit = (word << 6) + _lowest(held)
    list.value = _value(list, at, list.bit)
    return 0


cdef inline int64_t _behind(const _List *list, int64_t bit, int64_t zeros) except -1:
    """Return the bit behind so many zeros, one at least, from a bit on."""
    cdef int64_t word = bit >> 6
    cdef uint64_t held, upto
    if word > list.last:
        raise IndexError("numbers are not as said")
    held = ~list.upper[word] >> (bit & 63) << (bit & 63)
    upto = _ones_upto(held)
    while <int64_t>(upto >> 56) < zeros:
        zeros -= upto >> 56
        word += 1
        if word > list.last:
            raise IndexError("there are fewer numbers than said")
        held = ~list.upper[word]
        upto = _ones_upto(held)
    return (word << 6) + _place_of(held, upto, zeros) + 1


cdef int _seek(_List *list, int64_t wanted) except -1:
    """Go to the first number, from where the list is on, that is not below `wanted`; behind the
    last one if there is none.
    """
    cdef int64_t part, zeros, bit
    if list.at >= list.count or list.value >= wanted:
        return 0
    part = wanted >> list.low
    if part > list.parts:  # as it is of a single number, which has none
        list.at = list.count
        return 0
    zeros, bit = list.bit - list.at, list.bit + 1
    if part > zeros:
        if part >> _SKIP_BITS > zeros >> _SKIP_BITS:
            zeros = part >> _SKIP_BITS << _SKIP_BITS
            bit = list.pointers[(part >> _SKIP_BITS) - 1]
        if part > zeros:
            bit = _behind(list, bit, part - zeros)
    _go(list, bit - part, bit)
    while list.at < list.count and list.value < wanted:
        _go(list, list.at + 1, list.bit + 1)
    return 0


cdef int _unpack(const _List *list, uint32_t *numbers) except -1:
    cdef const char *lower = <const char *>list.upper
    cdef int64_t at = 0, begin = list.start, count = list.count, first, word
    cdef uint64_t held, lowest, mask = list.mask
    cdef int low = list.low
    if count == 1:
        numbers[0] = <uint32_t>list.value
        return 0
    for word in range(list.last + 1):
        held = list.upper[word]
        first = word << 6
        while held:
            if at == count:
                return 0
            memcpy(&lowest, lower + (begin >> 3), sizeof(lowest))
            lowest = lowest >> (begin & 7) & mask
            numbers[at] = <uint32_t>((first + _lowest(held) - at) << low | <int64_t>lowest)
            begin += low
            held &= held - 1
            at += 1
    if at < count:
        raise IndexError("there are fewer numbers than said")
    return 0


cdef inline Py_ssize_t _take(
    _List *list, int64_t stop, int64_t offset, uint32_t *numbers, Py_ssize_t count, Py_ssize_t most
) except -1:
    """Write the numbers up to a stop, less an offset, behind so many of `most` at the most; return
    how many there are then.
    """
    cdef int64_t at = list.at, value = list.value, word = list.bit >> 6
    cdef uint64_t held
    if at >= list.count or value >= stop:
        return count
    if list.count == 1:
        _check(count, most)
        numbers[count] = <uint32_t>(value - offset)
        list.at = 1
        return count + 1
    held = list.upper[word] >> (list.bit & 63) << (list.bit & 63)
    while value < stop:
        _check(count, most)
        numbers[count] = <uint32_t>(value - offset)
        count += 1
        at += 1
        if at == list.count:
            break
        held &= held - 1
        while not held:
            word += 1
            if word > list.last:
                raise IndexError("there are fewer numbers than said")
            held = list.upper[word]
        list.bit = (word << 6) + _lowest(held)
        value = _value(list, at, list.bit)
    list.at = at
    list.value = value
    return count


cdef class PackedLists:
    cdef const uint64_t[::1] words
    cdef int64_t limit

    def __init__(self, words, int64_t limit):
        self.words = words
        self.limit = limit

    cdef int open(self, _List *list, int64_t at, int64_t count) except -1:
        cdef _Shape shape
        if not 0 <= count <= self.limit < 1 << 32 or at < 0:
            raise IndexError("there is no such list")
        list.count = count
        list.at = list.bit = list.low = 0
        if count < 2:
            list.value = at
            list.parts = -1
            if count and at >= self.limit:
                raise IndexError("a number is behind all others")
            return 0
        shape = _shape(count, self.limit)
        if shape.words + _SPARE > self.words.shape[0] - at:
            raise IndexError("a list is longer than all of them")
        list.low = shape.low
        list.parts = shape.parts
        list.pointers = <const uint32_t *>&self.words[at]
        list.upper = &self.words[at] + shape.pointers
        list.last = (shape.upper - 1) >> 6
        list.start = shape.upper
        list.mask = (<uint64_t>1 << list.low) - 1
        return _go(list, 0, 0)

    def all_of(self, begins, counts):
        cdef _Documents starts = _documents(begins), sizes = _documents(counts)
        cdef _List list
        cdef Py_ssize_t i, count = 0
        _check(sizes.size, starts.size + 1)
        for i in range(sizes.size):
            if sizes.at[i] < 0 or sizes.at[i] > self.limit:
                raise IndexError("there is no such list")
            count += sizes.at[i]
        if count > 64 * self.words.shape[0] + sizes.size:
            raise IndexError("there are more numbers than bits")
        result = _new(count, cnp.NPY_UINT32)
        cdef uint32_t *numbers = <uint32_t *>cnp.PyArray_DATA(result)
        count = 0
        for i in range(sizes.size):
            self.open(&list, starts.at[i], sizes.at[i])
            if list.count:
                _unpack(&list, numbers + count)
            count += list.count
        return result

    def all_within(self, begins, counts, int64_t start, int64_t stop):
        cdef _Documents starts = _documents(begins), sizes = _documents(counts)
        cdef _List list
        cdef Py_ssize_t i, most = 0, count = 0
        _check(sizes.size, starts.size + 1)
        for i in range(sizes.size):
            if sizes.at[i] < 0 or sizes.at[i] > self.limit:
                raise IndexError("there is no such list")
            most += sizes.at[i]
        if most > 64 * self.words.shape[0] + sizes.size:
            raise IndexError("there are more numbers than bits")
        most = max(min(most, stop - start), 0)  # each place is in one of the lists
        result = _new(most, cnp.NPY_UINT32)
        cdef uint32_t *numbers = <uint32_t *>cnp.PyArray_DATA(result)
        for i in range(sizes.size):
            self.open(&list, starts.at[i], sizes.at[i])
            _seek(&list, start)
            count = _take(&list, stop, 0, numbers, count, most)
        return result[:count]

    cpdef list(self, int64_t at, int64_t count):
        cdef _List list
        self.open(&list, at, count)
        result = _new(count, cnp.NPY_UINT32)
        if count:
            _unpack(&list, <uint32_t *>cnp.PyArray_DATA(result))
        return result

    def holds(self, wanted, int64_t at, int64_t count):
        cdef _Documents some = _documents(wanted)
        cdef _List list
        cdef Py_ssize_t i
        self.open(&list, at, count)
        result = _zeros(some.size, cnp.NPY_BOOL)
        cdef uint8_t *inside = <uint8_t *>cnp.PyArray_DATA(result)
        for i in range(some.size):
            _seek(&list, some.at[i])
            if list.at == list.count:
                break
            inside[i] = list.value == some.at[i]
        return result

    def intersection(self, pairs):
        cdef int64_t at, size, offset
        cdef Py_ssize_t i, count = 0
        at, size, offset = pairs[0]
        result = self.list(at, size)
        cdef uint32_t *found = <uint32_t *>cnp.PyArray_DATA(result)
        if not offset and len(pairs) == 1:
            return result
        for i in range(size):
            if found[i] >= offset:
                found[count] = <uint32_t>(found[i] - offset)
                count += 1
        return result[: self.kept(found, count, pairs)]

    def within(self, pairs, int64_t start, int64_t stop):
        cdef int64_t at, size, offset
        cdef Py_ssize_t count
        cdef _List rarest
        at, size, offset = pairs[0]
        self.open(&rarest, at, size)
        result = _new(size, cnp.NPY_UINT32)
        cdef uint32_t *found = <uint32_t *>cnp.PyArray_DATA(result)
        _seek(&rarest, start + offset)
        count = _take(&rarest, stop + offset, offset, found, 0, size)
        return result[: self.kept(found, count, pairs)]

    cdef Py_ssize_t kept(self, uint32_t *found, Py_ssize_t count, pairs) except -1:
        """Keep of `found` what stands at the distance of all pairs but the first; return how many.
        """
        cdef Py_ssize_t i
        cdef int64_t at, size, offset
        cdef _List list
        for i in range(1, len(pairs)):
            if not count:
                break
            at, size, offset = pairs[i]
            if _FEW * count < size:
                self.open(&list, at, size)
                count = _sought(found, count, &list, offset)
            else:
                places = self.list(at, size)
                count = _merged(found, count, _places(places), offset)
        return count


cdef Py_ssize_t _sought(uint32_t *found, Py_ssize_t count, _List *list, int64_t offset) except -1:
    """Keep of `found` what is so much before a number of a list, in which there are many more."""
    cdef Py_ssize_t i, left = 0
    for i in range(count):
        _seek(list, found[i] + offset)
        if list.at == list.count:
            break
        if list.value == found[i] + offset:
            found[left] = found[i]
            left += 1
    return left


cdef Py_ssize_t _merged(uint32_t *found, Py_ssize_t count, _Places places, int64_t offset) noexcept:
    """Keep the same, going through both without branches, as nobody can guess which is next."""
    cdef Py_ssize_t i = 0, at = 0, left = 0
    cdef int64_t one, other
    while i < count and at < places.size:
        one = found[i] + offset
        other = places.at[at]
        found[left] = found[i]
        left += one == other
        i += one <= other
        at += one >= other
    return left
