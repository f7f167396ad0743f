"""Who answers when one process is not enough?  Several, which take from one listening socket.

Python runs one thread of a process at a time, so that a slow question slows all others in its
process.  Workers are forked, so that they share what was loaded before, and take connections from
the same socket: who is idle is the quickest to take one.

A worker and its parent hold the ends of a pair of sockets.  When the parent's end falls silent,
because it stops or because it was killed, the worker answers what it has begun and ends; when the
worker's end does, the parent starts another.  Nothing here is Linux's alone.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any, Final, NoReturn

from waitress import wasyncore

from indexer.errors import EnvironmentFault

READY: Final = b"r"
STOP_SECONDS: Final = 8.0
"""Time for workers to end; waitress itself gives the requests under way five seconds."""
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 30.0
"""Seconds before a worker that ended is replaced, twice as many each time while they die young."""
LASTING_SECONDS: Final = 60.0
"""A worker that lived so long did not end because it could not begin."""

_log = logging.getLogger(__name__)

Work = Callable[[socket.socket], None]
"""What a worker does until its tie, the socket it is given, falls silent; it sends `READY`."""


def run(work: Work, count: int, ready: Callable[[], None]) -> NoReturn:
    """Keep `count` workers at work until interrupted; then let them end, and leave none behind.

    `ready` is called once, when all of them are.  Raises `EnvironmentFault` if one is not.
    """
    workers: list[_Worker] = []
    try:
        for _ in range(count):
            workers.append(_started(work, workers))
        for worker in workers:
            if worker.tie.recv(len(READY)) != READY:
                raise EnvironmentFault(
                    "网页服务的进程启动不了。", "A process of the web server cannot start."
                )
        ready()
        _replace_for_ever(work, workers)
    finally:
        _stop(workers)


class Tie(wasyncore.dispatcher):  # type: ignore[misc]
    """Ends waitress's loop over `map`, as a signal would, when the parent falls silent."""

    def __init__(self, tie: socket.socket, map: MutableMapping[int, Any]) -> None:
        super().__init__(tie, map)
        tie.setblocking(True)
        tie.sendall(READY)
        tie.setblocking(False)

    def readable(self) -> bool:
        """Say that there is something to wait for: the end."""
        return True

    def writable(self) -> bool:
        """Say that nothing is left to be said."""
        return False

    def handle_read(self) -> NoReturn:
        """Stop: the parent never says anything."""
        raise SystemExit


@dataclass(frozen=True, slots=True)
class _Worker:
    pid: int
    tie: socket.socket
    born: float


def _started(work: Work, others: list[_Worker]) -> _Worker:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        return _Worker(pid, ours, time.monotonic())
    code = 1
    try:
        # The parent's ends must fall silent with the parent, whoever was forked of it later.
        for end in (ours, *(other.tie for other in others)):
            end.close()
        # Ctrl-C in a terminal reaches everybody, and it is for the parent to say when to stop.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        work(theirs)
        code = 0
    except SystemExit:
        code = 0
    except BaseException:
        _log.exception("a worker failed")
    finally:
        os._exit(code)  # nothing of the parent's is to be tidied up twice


def _replace_for_ever(work: Work, workers: list[_Worker]) -> NoReturn:
    pause = FIRST_PAUSE
    while True:
        for ended in list(_ended(workers, None)):
            workers.remove(ended)
            lived = time.monotonic() - ended.born
            pause = FIRST_PAUSE if lived > LASTING_SECONDS else min(2 * pause, LONGEST_PAUSE)
            _log.warning("worker %d ended (%s); another starts", ended.pid, _reaped(ended))
            time.sleep(pause)
            workers.append(_started(work, workers))


def _ended(workers: list[_Worker], seconds: float | None) -> Iterator[_Worker]:
    """Wait until a worker ends; yield each that has."""
    silent = []
    for tie in wait([worker.tie for worker in workers], seconds):
        assert isinstance(tie, socket.socket)
        with contextlib.suppress(ConnectionResetError):
            if tie.recv(len(READY)):  # one that replaced another is ready
                continue
        silent.append(tie)
    return (worker for worker in workers if worker.tie in silent)


def _reaped(worker: _Worker) -> int:
    """Take an ended worker off the process table; return its exit code, negative for a signal."""
    worker.tie.close()
    _, status = os.waitpid(worker.pid, 0)
    return os.waitstatus_to_exitcode(status)


def _stop(workers: list[_Worker]) -> None:
    for worker in workers:
        with contextlib.suppress(OSError):  # it has ended already
            worker.tie.shutdown(socket.SHUT_WR)
    deadline = time.monotonic() + STOP_SECONDS
    left = list(workers)
    while left and time.monotonic() < deadline:
        for ended in list(_ended(left, deadline - time.monotonic())):
            left.remove(ended)
            _reaped(ended)
    for worker in left:
        os.kill(worker.pid, signal.SIGKILL)
        _reaped(worker)
