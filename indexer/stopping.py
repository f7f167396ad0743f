"""How does a command end that is told to?  As the interpreter ends, so that a build removes what it
has begun; and with the code of the signal, whatever else is raised on the way.

Python heeds a signal between any two of its steps, those of its library too.  There a thread that
waits for a `Condition` lets go of a lock that it does not hold, which raises something else, and
what is raised in a `__del__` nobody gets.  So the signal is remembered, and who missed it is told
again.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

_SOON: Final = 0.01
"""Seconds after which the command is told again; by then what did not hear it is over."""


class Stop:
    """What a signal asked for: to end with `code`; 0 when none came."""

    code = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal."""
        signal.setitimer(signal.ITIMER_REAL, 0)  # heard, so nothing interrupts what it leads to
        self.code = self.code or 128 + number
        raise SystemExit(self.code)


@contextmanager
def heeding_signals() -> Iterator[Stop]:
    """Let SIGTERM and Ctrl-C end what is done in the block; and what is left to do behind it, where
    a `KeyboardInterrupt` would be caught by nobody.
    """
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    hook = sys.unraisablehook
    sys.unraisablehook = _telling_again(stop, hook)
    try:
        yield stop
    finally:
        sys.unraisablehook = hook
        signal.setitimer(signal.ITIMER_REAL, 0)


def _telling_again(stop: Stop, hook: Callable[[Any], object]) -> Callable[[Any], None]:
    """Return what is called with an exception that nobody gets."""

    def tell(lost: Any) -> None:
        if stop.code and _ends(lost.exc_value):
            signal.signal(signal.SIGALRM, stop)
            signal.setitimer(signal.ITIMER_REAL, _SOON)
        else:
            hook(lost)

    return tell


def _ends(error: BaseException | None) -> bool:
    """Say whether an error is, or came of, one that ends the command."""
    while error is not None and not isinstance(error, SystemExit):
        error = error.__context__
    return error is not None
