"""How does Python go about memory?  It looks for no garbage among what stays, such as a hundred
thousand files found, and gives back what is free.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SELDOM: Final = 50_000
"""New objects after which garbage is looked for.  An answer makes some thousands that need no
looking for: with Python's 700 a page takes a twentieth longer.
"""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_KEPT: Final = ((_M_ARENA_MAX, 1), (_M_TRIM_THRESHOLD, 64 << 20), (_M_MMAP_THRESHOLD, 32 << 20))
"""What glibc is told (mallopt(3)): threads share what is free, of which 64 MB are kept, and arrays
of up to 32 MB are made there.  Else each larger array comes from the kernel as new pages; questions
take a twentieth longer.
"""


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
    if (option := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        for number, value in _KEPT:
            option(number, value)


def give_back() -> None:
    """Give memory that is free back to the system, as far as the C library knows how to (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
