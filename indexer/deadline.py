"""How long may an answer take?  Who asks sets the limit; whatever may take long looks at the clock.

A limit holds for one thread, and for what is called within it: nothing between need know of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from indexer.errors import OutOfTime
from indexer.turns import Turns


class _Limit(NamedTuple):
    end: float
    turns: Turns


_limit: ContextVar[_Limit | None] = ContextVar("limit", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let `check` raise once so many seconds have passed; a limit around this one still holds."""
    outer = _limit.get()
    end = time.monotonic() + seconds
    limit = _Limit(min(end, outer.end), outer.turns) if outer else _Limit(end, Turns())
    token = _limit.set(limit)
    try:
        yield
    finally:
        _limit.reset(token)
        if outer is None:
            limit.turns.end()


def check() -> None:
    """Raise `OutOfTime` if the time is over; called between the steps of anything long.

    Of several long ones in a process only one goes on: the others wait here for their turn.
    """
    limit = _limit.get()
    if limit is None:
        return
    left = limit.end - time.monotonic()
    if left < 0 or not limit.turns.go_on(left):
        raise OutOfTime(
            "这个检索太费时，已经停下；请写得具体一些，或少用通配符。",
            "This search takes too long and was stopped; be more specific, or use fewer wildcards.",
        )
