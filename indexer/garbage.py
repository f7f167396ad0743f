"""How is Python kept from looking for garbage among what stays?  A hundred thousand files found."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import TypeVar

Item = TypeVar("Item")


def staying(items: Iterable[Item]) -> list[Item]:
    """Return many objects that stay for a while; to look for garbage among them again and again
    would take as long as to make them.

    What stayed before is looked at again: it may be garbage by now.
    """
    enabled = gc.isenabled()
    gc.unfreeze()
    gc.disable()
    try:
        made = list(items)
    finally:
        if enabled:
            gc.enable()
    gc.freeze()
    return made
