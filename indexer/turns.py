"""Which of several slow answers is worked at?  One at a time, by turns, so that quick ones pass.

Python runs one thread of a process at a time, so that each answer under way slows all others.
Most answers need but one turn, and take it at once.  Whoever needs more waits for each further
turn, and one at a time has it: whoever has worked least, so that an answer that is almost quick
does not wait for the slowest.  Turns are time of the processor: nobody is slow because others are.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

TURN: Final = 0.01
"""Seconds, twice what an answer takes of a hundred thousand bulletins.  Longer turns slow others
down when many slow ones are asked at once; beside shorter ones nothing was gained.
"""
MOST: Final = 0.5
"""Seconds after which whoever has worked longer comes in turn with the others: else a file of all
lines would never get on beside searches that are stopped and asked again.
"""

_Piece = TypeVar("_Piece")


class Turns:
    """The turns of one answer, in the thread that makes it."""

    def __init__(self) -> None:
        self._began = time.thread_time()
        self.worked = 0.0
        """Seconds, `MOST` at most, as of when it last had to wait."""
        self._begin()

    def _begin(self) -> None:
        self._over = time.thread_time() + TURN
        self._not_before = time.monotonic() + TURN

    def go_on(self, seconds: float) -> bool:
        """Wait for another turn if this one is over; say whether it came in so many seconds."""
        # Nobody works longer than time passes, which is told by a tenth of the work.
        if (passed := time.monotonic()) < self._not_before:
            return True
        if (now := time.thread_time()) < self._over:
            self._not_before = passed + self._over - now
            return True
        self.worked = min(now - self._began, MOST)
        came = _slow.wait(self, seconds)
        self._begin()
        return came

    def end(self) -> None:
        """Let the next have its turn."""
        _slow.leave(self)

    def filled(self, pieces: Iterator[_Piece]) -> Iterator[_Piece]:
        """Yield pieces until the turn is over."""
        for piece in pieces:
            yield piece
            if time.thread_time() >= self._over:
                return


def by_turns(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Yield pieces, those of a turn made before the first of them leaves: nobody waits for whoever
    takes them.  What makes them sets no limit of its own; one thread takes all of them.
    """
    turns, left = Turns(), iter(pieces)
    while True:
        try:
            turns.go_on(math.inf)
            made = list(turns.filled(left))
        finally:
            turns.end()
        if not made:
            return
        yield from made


class _Slow:
    """Those that need more than one turn."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._waiting: list[Turns] = []
        self._working: Turns | None = None

    def wait(self, turns: Turns, seconds: float) -> bool:
        with self._moved:
            self.leave(turns)
            self._waiting.append(turns)
            patience = min(seconds, threading.TIMEOUT_MAX)
            came = False
            try:
                if came := self._moved.wait_for(lambda: self._next() is turns, patience):
                    self._working = turns
            finally:  # whoever is interrupted must not be waited for
                self._waiting.remove(turns)
                if not came:
                    self._moved.notify_all()
            return came

    def leave(self, turns: Turns) -> None:
        with self._moved:
            if self._working is turns:
                self._working = None
                self._moved.notify_all()

    def _next(self) -> Turns | None:
        """Return who has worked least, of several the first, unless somebody is at work."""
        if self._working:
            return None
        return min(self._waiting, key=lambda turns: turns.worked)


_slow: Final = _Slow()
