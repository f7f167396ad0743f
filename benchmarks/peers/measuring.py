"""What does an engine take?  Time and memory of a build, of a start, and of each question."""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchmarks.corpus import read_lines
from benchmarks.peers.base import Peer, Question, Reader
from indexer.garbage import settle

Times = npt.NDArray[np.float64]
"""Seconds: rounds × questions."""

_PATIENCE: Final = 60.0
"""Seconds of one round; an engine that takes longer is asked once."""


@dataclass(frozen=True, slots=True)
class Built:
    """Wall and CPU seconds of a build, the most memory it held beside mapped files (looked at
    twenty times a second), and the size of the index.
    """

    wall: float
    cpu: float
    peak_bytes: int
    index_bytes: int


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from a new process's opening of the index to the first answer, and its memory when
    it has answered every question once: the part that is its own, not that of mapped files.
    """

    open_seconds: float
    first_seconds: float
    own_bytes: int


def build(peer: Peer, corpus: Path, count: int, folder: Path) -> Built:
    """Build an index of the first bulletins of a corpus, in a process of its own."""
    folder.mkdir(parents=True)
    (wall, cpu), peak = _in_child(_build, peer, corpus, count, folder)
    # Groonga leaves holes in its files: what counts is what the disk holds.
    size = sum(512 * path.stat().st_blocks for path in folder.rglob("*") if path.is_file())
    return Built(wall, cpu, peak, size)


def _build(peer: Peer, corpus: Path, count: int, folder: Path) -> tuple[float, float]:
    before = time.perf_counter(), _cpu()
    peer.build(read_lines(corpus, count), folder)
    return time.perf_counter() - before[0], _cpu() - before[1]


def start(peer: Peer, folder: Path, questions: Sequence[Question]) -> Started:
    """Open an index in a process of its own and ask everything once; its files are in the page
    cache.
    """
    started: Started = _in_child(_start, peer, folder, questions)[0]
    return started


def _start(peer: Peer, folder: Path, questions: Sequence[Question]) -> Started:
    before = time.perf_counter()
    reader = peer.open(folder)
    opened = time.perf_counter()
    reader.ask(questions[0])
    answered = time.perf_counter()
    for question in questions[1:]:
        reader.ask(question)
    return Started(opened - before, answered - before, _own_memory(os.getpid()))


def ask(
    readers: Mapping[str, Reader], questions: Sequence[Question], rounds: int, seed: int = 1
) -> dict[str, Times]:
    """Ask every engine every question, one engine after the other with each question.

    Both orders change from round to round.  A first round warms up and is not counted, but for
    engines that lose patience with.
    """
    rng = np.random.default_rng(seed)
    times = {name: np.full((rounds + 1, len(questions)), np.nan) for name in readers}
    asked = dict(readers)
    with as_in_a_server():
        for turn in range(rounds + 1):
            for at in rng.permutation(len(questions)).tolist():
                for name in rng.permutation([*asked]).tolist():
                    times[name][turn, at] = _timed(asked[name], questions[at])
            took = {name: times[name][turn].sum() for name in asked}
            asked = {name: each for name, each in asked.items() if took[name] < _PATIENCE}
    return {name: _counted(found) for name, found in times.items()}


@contextmanager
def as_in_a_server() -> Iterator[None]:
    """Have Python go about memory as a server does, which is the same for all engines; what glibc
    was told stays so in this process, in which nothing is built.
    """
    usual = gc.get_threshold()
    settle()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)


def _timed(reader: Reader, question: Question) -> float:
    before = time.perf_counter()
    answer = reader.ask(question)
    return answer.seconds or time.perf_counter() - before


def _counted(times: Times) -> Times:
    full = times[~np.isnan(times).any(axis=1)]
    return full[1:] if len(full) > 1 else full


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _own_memory(pid: int) -> int:
    """Return the resident memory of a process and those it started, in bytes; no mapped files."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        started = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return 0  # it has just ended
    own = (line.split() for line in status.splitlines() if line.startswith(_OWN))
    return sum(int(words[1]) * 1024 for words in own) + sum(map(_own_memory, map(int, started)))


_OWN: Final = ("RssAnon", "RssShmem")


def _in_child(task: Callable[..., Any], *arguments: Any) -> tuple[Any, int]:
    """Return what a task returns that runs in a new process, and the most memory it held."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_send, args=(theirs, task, *arguments))
    process.start()
    theirs.close()
    peak = 0
    try:
        while not ours.poll(0.05):
            peak = max(peak, _own_memory(process.pid or 0))
        return ours.recv(), peak
    except EOFError:
        raise RuntimeError(f"{task.__name__} ended without a result") from None
    finally:
        process.join()


def _send(pipe: Connection, task: Callable[..., Any], *arguments: Any) -> None:
    pipe.send(task(*arguments))


def by_kind(questions: Sequence[Question]) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    """Yield each class of questions with the places of its questions."""
    kinds = np.array([question.kind for question in questions])
    for kind in dict.fromkeys(kinds.tolist()):
        yield kind, np.flatnonzero(kinds == kind)
