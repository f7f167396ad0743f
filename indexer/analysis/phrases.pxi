# Which runs of words are repeated, or lead?  A part of `compiled.pyx`; `by_arrays` says what it is
# about.

cdef enum:
    _SIZES = 4  # `MOST_WORDS`

cdef int64_t _MOST_CHARACTERS = by_arrays.MOST_CHARACTERS
cdef uint8_t _SAYS = by_arrays.SAYS, _LONG = by_arrays.LONG, _BEGINS = by_arrays.BEGINS
cdef uint8_t _IS_ALONE = by_arrays.ALONE, _IS_KNOWN = by_arrays.KNOWN
if by_arrays.MOST_WORDS != _SIZES:
    raise ImportError("compiled for phrases of another length")


def numbered(words, first):
    result = np.empty(len(words), np.int64)
    cdef int64_t[::1] numbers = result
    cdef dict known = {first: 0}
    cdef Py_ssize_t i = 0
    for word in words:
        numbers[i] = known.setdefault(word, len(known))
        i += 1
    return result, tuple(known)


cdef class _Runs:
    """The different runs of so many words (`by_arrays._Runs`), `count` of them."""

    cdef Py_ssize_t size, count
    cdef int64_t[::1] starts, times, lengths
    cdef const int64_t[::1] at
    cdef uint8_t[::1] whole, known

    def __init__(self, Py_ssize_t size, Py_ssize_t most, at):
        self.size = size
        self.count = 0
        self.starts, self.times, self.lengths = np.zeros((3, most), np.int64)
        self.whole, self.known = np.zeros((2, most), np.uint8)
        self.at = at


def found(numbers, facts, Py_ssize_t leading):
    cdef list runs = [_words(numbers, facts)]
    cdef const int64_t[::1] all_numbers = numbers
    cdef const uint8_t[::1] flags = facts.flags
    cdef const int64_t[::1] sizes = facts.sizes
    cdef Py_ssize_t i, count = 0, size
    cdef int64_t start, number, run
    cdef _Runs some
    # Where runs that may become phrases begin, how many characters each has, and its number.
    cdef int64_t[:, ::1] going = np.empty((3, len(numbers)), np.int64)
    for i in range(all_numbers.shape[0]):
        number = all_numbers[i]
        if flags[number] & _BEGINS:
            going[0, count] = i
            going[1, count] = sizes[number]
            going[2, count] = number
            count += 1
    for size in range(2, _SIZES + 1):
        count = _longer(going, count, size, all_numbers, flags, sizes)
        some = _different(going, count, size, all_numbers.shape[0])
        for run in range(some.count):
            start = some.starts[run]
            number = all_numbers[start + size - 1]
            some.whole[run] = (some.times[run] > 1 or start < leading) and flags[number] & _LONG
        runs.append(some)
        count = _wanted(going, count, some, leading)
    return by_arrays.Found(*_phrases(runs))


cdef _Runs _words(numbers, facts):
    """Return the runs of one word, which have the numbers of the words."""
    cdef _Runs runs = _Runs(1, len(facts.flags), numbers)
    cdef const uint8_t[::1] flags = facts.flags
    cdef const int64_t[::1] sizes = facts.sizes, times = facts.times
    cdef Py_ssize_t i
    runs.count = flags.shape[0]
    for i in range(runs.at.shape[0] - 1, -1, -1):
        runs.starts[runs.at[i]] = i
    for i in range(runs.count):
        runs.times[i] = times[i]
        runs.lengths[i] = sizes[i]
        runs.whole[i] = flags[i] & _IS_ALONE
        runs.known[i] = flags[i] & _IS_KNOWN
    return runs


cdef Py_ssize_t _longer(
    int64_t[:, ::1] going,
    Py_ssize_t count,
    Py_ssize_t size,
    const int64_t[::1] numbers,
    const uint8_t[::1] flags,
    const int64_t[::1] sizes,
) except -1:
    """Add a word to each run, and keep those that may be phrases; the last word of all is a break,
    so there is a next one.  A run is numbered by what it was and that word.
    """
    cdef Py_ssize_t i, left = 0
    cdef int64_t word, length
    for i in range(count):
        word = numbers[going[0, i] + size - 1]
        length = going[1, i] + sizes[word]
        if flags[word] & _SAYS and length <= _MOST_CHARACTERS:
            going[0, left] = going[0, i]
            going[1, left] = length
            going[2, left] = going[2, i] * flags.shape[0] + word
            left += 1
    return left


cdef _Runs _different(int64_t[:, ::1] going, Py_ssize_t count, Py_ssize_t size, Py_ssize_t words):
    """Return the different runs, and number them anew."""
    cdef int64_t[::1] begins = np.full(words, -1, np.int64)
    cdef _Runs runs = _Runs(size, count, begins)
    cdef const int64_t[::1] order = np.asarray(going[2, :count]).argsort(kind="stable")
    cdef Py_ssize_t i, at
    cdef int64_t run = -1, before = -1
    for i in range(count):
        at = order[i]
        if going[2, at] != before:
            before = going[2, at]
            run += 1
            runs.starts[run] = going[0, at]
            runs.lengths[run] = going[1, at]
            runs.times[run] = 0
            runs.known[run] = True
        runs.times[run] += 1
        begins[going[0, at]] = run
        going[2, at] = run
    runs.count = run + 1
    return runs


cdef Py_ssize_t _wanted(
    int64_t[:, ::1] going, Py_ssize_t count, _Runs runs, Py_ssize_t leading
) except -1:
    """Keep the runs that are repeated, or lead."""
    cdef Py_ssize_t i, left = 0
    cdef int64_t run
    for i in range(count):
        run = going[2, i]
        if runs.times[run] > 1 or runs.starts[run] < leading:
            going[0, left] = going[0, i]
            going[1, left] = going[1, i]
            going[2, left] = run
            left += 1
    return left


cdef _phrases(list runs):
    """Return the columns of `Found`."""
    cdef Py_ssize_t most = sum([some.count for some in runs]), i, count = 0, first = 0, last = 0
    every = np.empty((4, most), np.int64)
    all_whole = np.empty(most, bool)
    cdef int64_t[:, ::1] phrases = every
    cdef uint8_t[::1] whole = all_whole.view(np.uint8)
    cdef int64_t[::1] longer
    cdef _Runs some
    cdef int64_t run, start
    for some in reversed(runs):
        # How often phrases of one word more stand, of which this is all but the first or the last.
        longer = np.zeros(some.count, np.int64)
        for i in range(first, last):
            for start in range(phrases[0, i], phrases[0, i] + 2):
                run = some.at[start]
                if run >= 0:
                    longer[run] = max(longer[run], phrases[2, i])
        first = last
        for run in range(some.count):
            if not some.whole[run] or not some.times[run]:
                continue
            if some.times[run] > 1 or not _repeated(some, run, runs):
                phrases[0, last] = some.starts[run]
                phrases[1, last] = some.size
                phrases[2, last] = some.times[run]
                phrases[3, last] = some.times[run] * (some.lengths[run] + some.size - 1)
                whole[last] = some.known[run] and some.times[run] > longer[run]
                last += 1
    return every[0, :last], every[1, :last], every[3, :last], all_whole[:last]


cdef bint _repeated(_Runs runs, int64_t run, list others) except -1:
    """Say whether a run has another one of several words in it that is a phrase and repeated."""
    cdef Py_ssize_t size, at
    cdef int64_t inner
    cdef _Runs some
    for size in range(2, runs.size):
        some = others[size - 1]
        for at in range(runs.size - size + 1):
            inner = some.at[runs.starts[run] + at]
            if inner >= 0 and some.whole[inner] and some.times[inner] > 1:
                return True
    return False
