"""How is Python kept from looking for garbage among what stays?  A hundred thousand files found."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import TypeVar

Item = TypeVar("Item")


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
