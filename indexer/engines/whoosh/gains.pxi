# What do terms add to the hits?  A part of `compiled.pyx`.

cdef class Gains:
    cdef object kept, result, summed
    cdef _Documents hits
    cdef _Scores norms
    cdef Stream stream
    cdef double *gained
    cdef double *sums
    cdef Py_ssize_t longest
    cdef double k1

    # Once and for all: pointers of one call are not to be used with arrays of another.
    def __cinit__(
        self, hits, norms, Stream stream not None, Py_ssize_t few, Py_ssize_t sparse
    ):
        self.kept = (hits, norms)  # what is pointed to
        self.hits = _documents(hits)
        self.norms = _scores(norms)
        self.stream = stream
        self.result = _zeros(self.hits.size, cnp.NPY_DOUBLE)
        self.gained = <double *>cnp.PyArray_DATA(self.result)
        each = sparse * self.hits.size < self.norms.size
        self.longest = 0 if each else few * self.hits.size
        self.k1 = ranking.K1
        self.sums = NULL

    def add_list(self, double weight, worth, documents, counts):
        cdef _Documents those = _documents(documents)
        self._add_list(weight, _scores(worth), those.at, those.size, _bytes(counts))

    def add_packed(self, double weight, worth, PackedLists lists not None, int64_t first, counts):
        cdef _Scores worths = _scores(worth)
        cdef _Bytes times = _bytes(counts)
        cdef _Places documents
        cdef Py_ssize_t i
        cdef _List list
        if _FEW * self.hits.size >= times.size:
            every = lists.list(first, times.size)
            documents = _places(every)
            self._add_list(weight, worths, documents.at, documents.size, times)
            return
        _check(_MOST_TIMES, worths.size)
        lists.open(&list, first, times.size)
        for i in range(self.hits.size):
            _seek(&list, self.hits.at[i])
            if list.at == list.count:
                break
            if list.value == self.hits.at[i]:
                self.gained[i] += self._gain(weight, worths.at[times.at[list.at]], self.hits.at[i])

    cdef int _add_list(
        self, double weight, _Scores worth, const Number *documents, Py_ssize_t size, _Bytes counts
    ) except -1:
        cdef Py_ssize_t i, at = 0
        _check(_MOST_TIMES, worth.size)
        _check(size, counts.size + 1)
        if self._by_hits(size):
            for i in range(self.hits.size):
                at = _next(documents, size, at, self.hits.at[i])
                if at == size:
                    break
                if <int64_t>documents[at] == self.hits.at[i]:
                    self.gained[i] += self._gain(weight, worth.at[counts.at[at]], self.hits.at[i])
        else:
            for i in range(size):
                at = <Py_ssize_t>documents[i]
                self.sums[at] += self._gain(weight, worth.at[counts.at[i]], at)
        return 0

    def add_bits(self, double weight, worth, bits, counts):
        cdef _Scores worths = _scores(worth)
        cdef _Words words = _words(bits)
        cdef _Bytes times = _bytes(counts)
        cdef Py_ssize_t i, document, word = 0, before = 0
        cdef uint64_t held
        if not times.size:
            return
        _check(_MOST_TIMES, worths.size)
        if self._by_hits(times.size):
            for i in range(self.hits.size):
                _check(self.hits.at[i] >> 6, words.size)
                while word < self.hits.at[i] >> 6:
                    before += _ones(words.at[word])
                    word += 1
                held = words.at[word] >> (self.hits.at[i] & 63)
                if held & 1:
                    document = before + _ones(words.at[word]) - _ones(held)
                    _check(document, times.size)
                    self.gained[i] += self._gain(
                        weight, worths.at[times.at[document]], self.hits.at[i]
                    )
            return
        for word in range(words.size):
            held = words.at[word]
            while held:
                document = (word << 6) + _lowest(held)
                _check(before, times.size)
                self.sums[document] += self._gain(weight, worths.at[times.at[before]], document)
                before += 1
                held &= held - 1

    def add_places(self, double weight, pair):
        cdef int64_t at, size
        cdef Py_ssize_t i, start
        cdef _List list
        at, size, _ = pair
        self.stream.places.open(&list, at, size)
        for i in range(self.hits.size):
            _seek(&list, self.stream.bounds[self.hits.at[i]])
            if list.at == list.count:
                break
            start = list.at
            _seek(&list, self.stream.bounds[self.hits.at[i] + 1])
            if list.at > start:
                times = min(list.at - start, _MOST_TIMES)
                self.gained[i] += self._gain(weight, times, self.hits.at[i])

    def total(self):
        cdef Py_ssize_t i
        if self.sums is not NULL:
            for i in range(self.hits.size):
                _check(self.hits.at[i], self.norms.size)
                self.gained[i] += self.sums[self.hits.at[i]]
            self.sums = NULL
        return self.result

    def add_to_all(self, double bonus):
        cdef Py_ssize_t i
        for i in range(self.hits.size):
            self.gained[i] += bonus

    def add_where(self, double bonus, given):
        cdef _Places positions = _places(given)
        cdef Py_ssize_t hit = 0, at = 0
        while at < positions.size and hit < self.hits.size:
            hit = _next(
                self.hits.at, self.hits.size, hit, _owner(self.stream.owners, positions.at[at])
            )
            if hit == self.hits.size:
                break
            at = _next(positions.at, positions.size, at, self.stream.bounds[self.hits.at[hit]])
            if at == positions.size:
                break
            if positions.at[at] < self.stream.bounds[self.hits.at[hit] + 1]:
                self.gained[hit] += bonus
            hit += 1

    cdef bint _by_hits(self, Py_ssize_t length) except -1:
        """Say whether each hit is looked up in a list; where not, there are sums."""
        if self.longest < length or not length:
            return True
        if self.sums is NULL:
            self.summed = _zeros(self.norms.size, cnp.NPY_DOUBLE)
            self.sums = <double *>cnp.PyArray_DATA(self.summed)
        return False

    cdef inline double _gain(self, double weight, double times, int64_t document) except? -1:
        _check(document, self.norms.size)
        return times * (weight * (self.k1 + 1.0)) / (times + self.norms.at[document] * self.k1)
