"""How soon does a server answer so many clients at once?  Each asks again when it is answered.

Clients are threads of a process of its own, so that they take no time of who measures, and speak
plain HTTP over sockets, so that they take little of the machine's.
"""

from __future__ import annotations

import multiprocessing
import random
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np

_PIECE: Final = 1 << 16
_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """So many clients for so many seconds, each resting for `pause` after an answer.

    With `fresh` every question has a connection of its own, as behind a proxy; without, each
    client keeps its own.
    """

    paths: Sequence[str]
    clients: int
    seconds: float
    pause: float = 0.0
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The seconds that each answer with status 200 took, how many had another, and in what time."""

    answered: tuple[float, ...]
    refused: int
    seconds: float

    @property
    def a_second(self) -> float:
        """How many were answered each second."""
        return len(self.answered) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the milliseconds within which that share (0 to 100) was answered."""
        return float(np.percentile(self.answered, share)) * 1000 if self.answered else np.nan


def loaded(port: int, loads: Sequence[Load]) -> list[Outcome]:
    """Put loads on a server at once, each from a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(loads), mp_context=context) as pool:
        running: list[Future[Outcome]] = [pool.submit(_put, port, load) for load in loads]
        return [each.result() for each in running]


def _put(port: int, load: Load) -> Outcome:
    taken: list[tuple[float, bool]] = []
    started = time.monotonic()
    threads = [
        threading.Thread(target=_ask, args=(port, load, number, started + load.seconds, taken))
        for number in range(load.clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answered = tuple(seconds for seconds, right in taken if right)
    return Outcome(answered, len(taken) - len(answered), time.monotonic() - started)


def _ask(port: int, load: Load, seed: int, until: float, taken: list[tuple[float, bool]]) -> None:
    """Be one client: ask in an order of its own until the time is over."""
    rng = random.Random(seed)
    connection: socket.socket | None = None
    while time.monotonic() < until:
        path = rng.choice(load.paths)
        before = time.monotonic()
        connection = connection or _connected(port)
        right = _answer(connection, path)
        taken.append((time.monotonic() - before, right))
        if load.fresh or not right:
            connection.close()
            connection = None
        time.sleep(load.pause)
    if connection:
        connection.close()


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _answer(connection: socket.socket, path: str) -> bool:
    """Ask, read the whole answer, and say whether its status is 200."""
    with suppress(OSError):
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode("ascii"))
        data = b""
        while b"\r\n\r\n" not in data:
            if not (piece := connection.recv(_PIECE)):
                return False
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        left = length - len(body)
        while left > 0 and (piece := connection.recv(_PIECE)):
            left -= len(piece)
        return head.startswith(b"HTTP/1.1 200") and not left
    return False
