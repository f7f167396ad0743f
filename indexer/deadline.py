"""How long may an answer take?  Who asks sets the limit; whatever may take long looks at the clock.

A limit holds for one thread, and for what is called within it: nothing between need know of it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from indexer.errors import OutOfTime

_end: ContextVar[float] = ContextVar("end", default=math.inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let `check` raise once so many seconds have passed; a limit around this one still holds."""
    token = _end.set(min(_end.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _end.reset(token)


def check() -> None:
    """Raise `OutOfTime` if the time is over; called between the steps of anything long."""
    if time.monotonic() > _end.get():
        raise OutOfTime(
            "这个检索太费时，已经停下；请写得具体一些，或少用通配符。",
            "This search takes too long and was stopped; be more specific, or use fewer wildcards.",
        )
