"""How does Python go about memory?  It looks for no garbage among what stays, such as a hundred
thousand files found, and gives back what is free.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

_SELDOM: Final = 50_000
"""New objects after which garbage is looked for.  An answer makes some thousands that need no
looking for: with Python's 700 a page takes a twentieth longer.
"""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGEST: Final = (_M_MMAP_THRESHOLD, 32 << 20)
_USUAL: Final = ((_M_TRIM_THRESHOLD, 64 << 20), _LARGEST)
"""What glibc allows itself at most when it is not told, by what is asked for: how much of what is
free stays ours, and up to which size arrays are made there.  Each larger one comes from the kernel
as new pages; to begin with that is 128 kB, and questions take a twentieth longer, to turn documents
inside out a quarter.
"""
_ANSWERING: Final = ((_M_ARENA_MAX, 1), *_USUAL)
"""Threads share what is free."""
_BUILDING: Final = ((_M_TRIM_THRESHOLD, 256 << 20), _LARGEST)


@contextmanager
def staying() -> Iterator[None]:
    """Let many objects be made that stay for a while; to look for garbage among them again and
    again meanwhile would take as long as to make them.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def settle() -> None:
    """Take all that is loaded as staying, look for garbage seldom from now on, and keep memory that
    answers have used at hand for the next ones.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM)
    _tell_glibc(_ANSWERING)


@contextmanager
def reusing() -> Iterator[None]:
    """Keep much memory at hand in the block, for arrays of the same sizes again and again; give
    back what is free behind it.
    """
    _tell_glibc(_BUILDING)
    try:
        yield
    finally:
        _tell_glibc(_USUAL)
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _tell_glibc(options: Sequence[tuple[int, int]]) -> None:
    if (option := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        for number, value in options:
            option(number, value)
