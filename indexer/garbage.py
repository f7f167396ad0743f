"""How is Python kept from looking for garbage among what stays?  A hundred thousand files found."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import Final, TypeVar

Item = TypeVar("Item")

_SELDOM: Final = 50_000
"""New objects after which garbage is looked for.  An answer makes some thousands that need no
looking for: with Python's 700 a page takes a twentieth longer.
"""


def staying(items: Iterable[Item]) -> list[Item]:
    """Return many objects that stay for a while; to look for garbage among them again and again
    while they are made would take as long as to make them.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        return list(items)
    finally:
        if enabled:
            gc.enable()


def settle() -> None:
    """Take all that is loaded as staying, and look for garbage seldom from now on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM)
