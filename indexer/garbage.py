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
    """Take all that is loaded as staying, and look for garbage seldom from now on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM)


def give_back() -> None:
    """Give memory that is free back to the system, as far as the C library knows how to (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
