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
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol, Self, TypeVar

from indexer.readers.orphans import die_with

Item = TypeVar("Item")
Task = TypeVar("Task", contravariant=True)
Result = TypeVar("Result", covariant=True)

_GONE: Final = (EOFError, OSError)
"""What it means that a worker died."""
_PATIENCE: Final = 0.2
"""Seconds in which what has ended a worker will have ended all of them, if it does."""
_TOGETHER: Final = 8
"""Tasks that a worker gets at once where many more wait: to wake the other side for each by itself
takes longer than to hand it over.
"""
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
    """Has a thread for each worker, which sends it tasks and waits for the answers."""

    def __init__(self, work: Work[Any, Any], count: int) -> None:
        self._work = pickle.dumps(work, 5)
        self._count = count
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._ask_on) for _ in range(count)]
        self._nursery: _Nursery | None = None

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self._nursery is not None:
            self._nursery.kill()
        with contextlib.suppress(Empty):
            while True:
                self._waiting.get_nowait()
        for _thread in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        if self._nursery is not None:
            self._nursery.end()

    def submit(self, task: Any) -> Callable[[], Any]:
        message = pickle.dumps(task, 5)
        waiting = _Waiting(message)
        if self._nursery is None:
            self._open()
        self._waiting.put(waiting)
        return lambda: pickle.loads(self._answer(waiting))  # noqa: S301 -- from our process

    def ahead(self, items: Iterable[Item], weight: Callable[[Item], int]) -> Iterator[Item]:
        waiting: deque[Item] = deque()
        total = 0
        for item in items:
            waiting.append(item)
            total += weight(item)
            while len(waiting) > self._count * _FEWEST_AHEAD and total > _MOST_AHEAD:
                total -= weight(waiting[0])
                yield waiting.popleft()
        yield from waiting

    def _open(self) -> _Nursery:
        """Return where workers come from; another one, if it has ended."""
        # Here and not in a thread of the pool, with which the kernel would end it.
        if self._nursery is None or self._nursery.is_gone(0.0):
            if self._nursery is not None:
                self._nursery.end()
            self._nursery = _Nursery(self._work)
        return self._nursery

    def _answer(self, waiting: _Waiting) -> bytes:
        """Return the answer; of a worker that has nothing else to do where one was lost, since what
        else it had to do may have been to blame.
        """
        try:
            return waiting.answer.result()
        except _GONE:
            try:
                with self._open().worker() as worker:
                    return _asked(worker, [waiting])[0]
            except _GONE:
                raise WorkerLost from None

    def _ask_on(self) -> None:
        """Have one worker after another do what waits."""
        with contextlib.ExitStack() as mine:
            nursery: _Nursery | None = None
            while together := self._together():
                try:
                    if nursery is not self._nursery and (nursery := self._nursery):
                        mine.close()
                        worker = mine.enter_context(nursery.worker())
                    answers = _asked(worker, together)
                except Exception as error:  # raised again where the answer is asked for
                    if nursery:
                        nursery.is_gone(_PATIENCE)
                    nursery = None
                    for waiting in together:
                        waiting.answer.set_exception(error)
                else:
                    for waiting, answer in zip(together, answers, strict=True):
                        waiting.answer.set_result(answer)

    def _together(self) -> list[_Waiting]:
        """Return what a worker is to do next, some of it at once if much waits; nothing when the
        pool ends.
        """
        together: list[_Waiting] = []
        most = 1
        with contextlib.suppress(Empty):
            while len(together) < most:
                waiting = self._waiting.get(block=not together)
                if waiting is None:
                    if together:
                        self._waiting.put(None)
                    break
                together.append(waiting)
                most = min(_TOGETHER, self._waiting.qsize() // self._count)
        return together


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A task that waits for a worker, and in time its answer; both as they are sent."""

    task: bytes
    answer: Future[bytes] = field(default_factory=Future)


def _asked(worker: Connection, together: Sequence[_Waiting]) -> list[bytes]:
    """Return what a worker answers."""
    worker.send_bytes(pickle.dumps([waiting.task for waiting in together], 5))
    answers: list[bytes] = pickle.loads(worker.recv_bytes())  # noqa: S301 -- from our process
    return answers


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
                tasks = pickle.loads(connection.recv_bytes())  # noqa: S301 -- ours
            except EOFError:
                return
            answers = [pickle.dumps(work(pickle.loads(task)), 5) for task in tasks]  # noqa: S301
            connection.send_bytes(pickle.dumps(answers, 5))
