# cython: language_level=3, wraparound=False, initializedcheck=False
"""Loops over a text, compiled: what it folds to is cut into units (`units.cut`), and its words are
numbered and put together (`by_arrays`).

Arrays go through them some twenty times, and a hundred, for the same.
"""

import numpy as np

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from indexer.analysis import by_arrays
from indexer.analysis.fold import ALONE, SPACE
from indexer.document import FIRST_NAME

cdef extern from "Python.h":
    str PyUnicode_FromKindAndData(int, const void *, Py_ssize_t)

VERSION = 2
cdef uint32_t _SPACE = ord(SPACE), _FIRST_NAME = FIRST_NAME
cdef uint8_t _ALONE = ALONE


def cut(const uint32_t[::1] folded, const uint8_t[::1] classes):
    every = np.empty(folded.shape[0], np.uint32)
    places = np.empty((2, folded.shape[0]), np.int32)
    cdef uint32_t[::1] codes = every
    cdef uint32_t[::1] spelled = np.empty(folded.shape[0], np.uint32)
    cdef int32_t[:, ::1] bounds = places
    cdef dict names = {}
    cdef uint32_t code
    cdef uint8_t kind, before = _ALONE
    cdef Py_ssize_t i, count = 0, length = 0
    cdef bint parted = False
    for i in range(folded.shape[0]):
        code = folded[i]
        if code <= _SPACE:  # a space, or nothing
            parted = parted or code == _SPACE
            continue
        kind = classes[code]
        if kind == _ALONE or kind != before or parted:
            if length:
                codes[count - 1] = _name(names, spelled, length)
                length = 0
            codes[count] = code
            bounds[0, count] = <int32_t>i
            count += 1
        if kind != _ALONE:
            spelled[length] = code
            length += 1
        bounds[1, count - 1] = <int32_t>i
        before = kind
        parted = False
    if length:
        codes[count - 1] = _name(names, spelled, length)
    return every[:count], tuple(names), places[0, :count], places[1, :count]


cdef uint32_t _name(dict names, uint32_t[::1] spelled, Py_ssize_t length) except? 0:
    """Return the code of a Latin word or a number, of which so many characters are spelled."""
    cdef str name = PyUnicode_FromKindAndData(4, &spelled[0], length)
    return <uint32_t>names.setdefault(name, _FIRST_NAME + len(names))


include "phrases.pxi"
