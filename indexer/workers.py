"""Who works beside the one that waits?  Processes, each on one task at a time.

Answers come in the order in which they are asked for, whoever was quicker, so that nothing depends
on how many workers there are.  What a worker needs is sent once: to a fresh interpreter, in which
nothing of ours is open or locked, and no other thread runs.  It loads what all workers share and
then forks one for each thread of ours that waits for answers; and another in its place where one
died.  All of them die with us, however we went.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import Any, Final, Protocol, Self, TypeVar

from indexer.readers.child import die_with

Item = TypeVar("Item")
Task = TypeVar("Task", contravariant=True)
Result = TypeVar("Result", covariant=True)

_GONE: Final = (EOFError, OSError)
"""What it means that a worker died."""
_PATIENCE: Final = 0.2
"""Seconds in which what has ended a worker will have ended all of them, if it does."""
_FEWEST_AHEAD: Final = 3
"""Tasks ahead for each worker, however much they weigh."""
_MOST_AHEAD: Final = 4 << 20
"""What tasks ahead may weigh together beyond those, in bytes of files."""
_PROGRAM: Final = """
import sys, types
package = types.ModuleType("indexer")
package.__path__ = [sys.argv.pop(1)]
sys.modules["indexer"] = package
from indexer.workers import nursery
nursery()
"""
"""Enters beside the door, which would load much that no worker needs."""


class WorkerLost(Exception):
    """A task ended its worker, and another one too."""


class Work(Protocol[Task, Result]):
    """What is done with each task.  It is sent to workers, if there are any, before it begins."""

    def prepare(self) -> None:
        """Load what workers share."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def __call__(self, task: Task, /) -> Result:
        """Return what becomes of a task.  Where it raises, its worker is lost."""


class Workers(Protocol[Task, Result]):
    """Those who work, while the context lasts."""

    def submit(self, task: Task, /) -> Callable[[], Result]:
        """Return what gives the result.  That may raise `WorkerLost`."""

    def ahead(self, items: Iterable[Item], weight: Callable[[Item], int], /) -> Iterator[Item]:
        """Yield items in order, each when as many behind it are taken as is good for workers.

        So a task that is submitted when its item is taken is done when it is asked for, and what
        has been done and waits is bounded.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, /, *_: object) -> None: ...


def open_workers(work: Work[Task, Result], count: int) -> Workers[Task, Result]:
    """Return so many workers; a single one is this process itself."""
    return _Pool(work, count) if count > 1 else _Alone(work)


class _Alone:
    """Does the work itself, when a result is asked for."""

    def __init__(self, work: Work[Any, Any]) -> None:
        self._work = work

    def __enter__(self) -> Self:
        self._work.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._work.__exit__(*error)

    def submit(self, task: Any) -> Callable[[], Any]:
        return partial(self._work, task)

    def ahead(self, items: Iterable[Item], weight: Callable[[Item], int]) -> Iterator[Item]:
        return iter(items)


class _Pool:
    """Has a thread for each worker, which sends it a task and waits for its answer."""

    def __init__(self, work: Work[Any, Any], count: int) -> None:
        self._work = pickle.dumps(work, 5)
        self._fewest = count * _FEWEST_AHEAD
        self._threads = ThreadPoolExecutor(count)
        self._mine = threading.local()
        self._nursery: _Nursery | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self._nursery is not None:
            self._nursery.kill()
        self._threads.shutdown(cancel_futures=True)
        if self._nursery is not None:
            self._nursery.end()

    def submit(self, task: Any) -> Callable[[], Any]:
        message = pickle.dumps(task, 5)
        first = self._send(message)
        return lambda: pickle.loads(self._answer(first, message))  # noqa: S301 -- from our process

    def ahead(self, items: Iterable[Item], weight: Callable[[Item], int]) -> Iterator[Item]:
        waiting: deque[Item] = deque()
        total = 0
        for item in items:
            waiting.append(item)
            total += weight(item)
            while len(waiting) > self._fewest and total > _MOST_AHEAD:
                total -= weight(waiting[0])
                yield waiting.popleft()
        yield from waiting

    def _send(self, task: bytes, patience: float = 0.0) -> Future[bytes]:
        # Here and not in a thread of the pool, with which the kernel would end it.
        if self._nursery is None or self._nursery.is_gone(patience):
            if self._nursery is not None:
                self._nursery.end()
            self._nursery = _Nursery(self._work)
        return self._threads.submit(self._ask, self._nursery, task)

    def _answer(self, first: Future[bytes], task: bytes) -> bytes:
        """Return the answer; of another worker where one was lost, since what it had to do before
        may have been to blame.
        """
        try:
            return first.result()
        except _GONE:
            try:
                return self._send(task, _PATIENCE).result()
            except _GONE:
                raise WorkerLost from None

    def _ask(self, nursery: _Nursery, task: bytes) -> bytes:
        mine = self._mine
        if getattr(mine, "nursery", None) is not nursery:
            mine.nursery, mine.worker = nursery, nursery.worker()
        try:
            mine.worker.send_bytes(task)
            answer: bytes = mine.worker.recv_bytes()
        except _GONE:
            mine.worker.close()
            mine.nursery = None
            raise
        return answer


class _Nursery:
    """The process that workers come from, as seen from here."""

    def __init__(self, work: bytes) -> None:
        package = Path(__file__).parent
        self._lock = threading.Lock()
        self._control, theirs = Pipe()
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module, no shell
            [
                *(sys.executable, "-P", "-c", _PROGRAM, str(package)),
                *(str(os.getpid()), str(theirs.fileno())),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, (str(package.parent), *sys.path))),
                "OPENBLAS_NUM_THREADS": "1",
            },
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._control.send_bytes(work)

    def worker(self) -> Connection:
        """Return a connection to a new worker.  Raises `OSError` when the nursery is gone."""
        ours, theirs = Pipe()
        with theirs, self._lock:
            send_handle(self._control, theirs.fileno(), self._process.pid)
        return ours

    def is_gone(self, patience: float) -> bool:
        """Say whether the process has ended, or does so in as many seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        return self._process.returncode is not None

    def kill(self) -> None:
        """End the process, and so all workers."""
        self._process.kill()

    def end(self) -> None:
        """Let the process and all workers end, to whom nothing can be sent any more."""
        self._control.close()
        self._process.wait()


def nursery() -> None:
    """Load what was sent, then fork a worker for each connection that is sent."""
    die_with(int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever waits; we end with it
    control: Connection = Connection(int(sys.argv[2]))
    work = pickle.loads(control.recv_bytes())  # noqa: S301 -- from the process that started this
    work.prepare()
    gc.freeze()  # what is never looked at again is never copied
    myself = os.getpid()
    with contextlib.suppress(EOFError):
        while True:
            descriptor = recv_handle(control)
            if not os.fork():
                die_with(myself)
                control.close()
                _serve(work, Connection(descriptor))
                return
            os.close(descriptor)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()  # so that what they took is counted as ours


def _serve(work: Work[Any, Any], connection: Connection) -> None:
    """Answer until there are no more tasks."""
    with work:
        while True:
            try:
                task = connection.recv_bytes()
            except EOFError:
                return
            connection.send_bytes(pickle.dumps(work(pickle.loads(task)), 5))  # noqa: S301 -- ours
