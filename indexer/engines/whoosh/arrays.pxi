# Where are the numbers of an array?  A part of `compiled.pyx`.
#
# A typed view of Cython would say so, and check every place; but to make one takes an eighth of a
# microsecond, and a question of four words made sixty, for a tenth of its time.  So they are left
# to what is kept, and to builds; here whoever reads or writes at a place that it was told
# checks that it lies in the array (`_check`).

cimport numpy as cnp

cnp.import_array()

cdef struct _Bytes:
    const uint8_t *at
    Py_ssize_t size

cdef struct _Places:
    const uint32_t *at
    Py_ssize_t size

cdef struct _Documents:
    const int64_t *at
    Py_ssize_t size

cdef struct _Words:
    const uint64_t *at
    Py_ssize_t size

cdef struct _Scores:
    const double *at
    Py_ssize_t size


cdef inline int _check(int64_t at, int64_t size) except -1:
    if not 0 <= at < size:
        raise IndexError("a place is outside its array")
    return 0


cdef inline void *_numbers(cnp.ndarray array, char kind, int width, Py_ssize_t *size) except? NULL:
    """Return the numbers of an array, which are of that kind and width, and how many there are."""
    if (
        array is None
        or cnp.PyArray_NDIM(array) != 1
        or not cnp.PyArray_ISCARRAY_RO(array)
        or array.descr.kind != kind
        or cnp.PyArray_ITEMSIZE(array) != width
    ):
        raise ValueError(f"not a row of {chr(kind)}{width}")
    size[0] = cnp.PyArray_DIM(array, 0)
    return cnp.PyArray_DATA(array)


cdef inline _Bytes _bytes(cnp.ndarray array) except *:
    cdef _Bytes found
    found.at = <const uint8_t *>_numbers(array, c"u", 1, &found.size)
    return found


cdef inline _Places _places(cnp.ndarray array) except *:
    cdef _Places found
    found.at = <const uint32_t *>_numbers(array, c"u", 4, &found.size)
    return found


cdef inline _Documents _documents(cnp.ndarray array) except *:
    cdef _Documents found
    found.at = <const int64_t *>_numbers(array, c"i", 8, &found.size)
    return found


cdef inline _Words _words(cnp.ndarray array) except *:
    cdef _Words found
    found.at = <const uint64_t *>_numbers(array, c"u", 8, &found.size)
    return found


cdef inline _Scores _scores(cnp.ndarray array) except *:
    cdef _Scores found
    found.at = <const double *>_numbers(array, c"f", 8, &found.size)
    return found


cdef inline cnp.ndarray _new(Py_ssize_t count, int kind):
    cdef cnp.npy_intp size = count
    return cnp.PyArray_SimpleNew(1, &size, kind)


cdef inline cnp.ndarray _zeros(Py_ssize_t count, int kind):
    cdef cnp.npy_intp size = count
    return cnp.PyArray_ZEROS(1, &size, kind, 0)
