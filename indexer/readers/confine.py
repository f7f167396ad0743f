"""How is an untrusted file read without harm?  In a child process with limits."""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Self

from indexer.errors import UnreadableFile
from indexer.readers.container import Opened, Room
from indexer.readers.found import Found
from indexer.readers.transfer import READY, load
from indexer.settings import Settings

CHUNK = 1 << 20
SUSPECT = ("out_of_memory", "crashed")
"""What may be the fault of the files that the same child read before."""
FATAL = (*SUSPECT, "out_of_time")
"""What no answer of a child is left of."""
START_SECONDS = 60
"""Time for a child to be ready, on however busy a machine; the limits of a file begin then."""
PROGRAM = """
import sys, types
package = types.ModuleType("indexer")
package.__path__ = [sys.argv.pop(1)]
sys.modules["indexer"] = package
from indexer.readers.child import main
main()
"""
"""Enters beside the door, which would load engines and dictionaries that no reader needs."""


class ConfinedReader:
    """Reads files in a child process that may take only so much memory and time.

    The child is a fresh interpreter (nothing of ours is open in it), is used for many files, dies
    with its parent, and is replaced when a file was too much for it.  Used as a context manager,
    by one thread at a time: the kernel ends the child with the thread that started it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None
        self._fresh = True

    def __enter__(self) -> Self:
        return self

    def start(self) -> None:
        """Let a child load what it needs, while whoever is going to ask does something else."""
        if self._child is None:
            self._child, self._fresh = self._start(), True

    def __exit__(self, *_: object) -> None:
        self.stop()

    def open(self, file: Found, encoding: str = "", room: Room | None = None) -> Opened:
        """Return what a file holds: its text, and its members as far as there is room for them.

        A file that took too long (`out_of_time`), too much memory (`out_of_memory`) or the child
        with it (`crashed`) is refused too.  The limits are for each file, and for each member of
        a file anew.  Raises `LookupError` when `encoding` names no codec.
        """
        if encoding:
            codecs.lookup(encoding)
        room = room or Room.of(self._settings)
        request = {
            "path": os.fsencode(file.path.absolute()).hex(),
            "relative": file.relative,
            "encoding": encoding,
            "inside": file.inside,
            "room": (room.members, room.bytes),
        }
        opened = self._try(request | {"bare": False})
        if opened.refusal is None or opened.refusal.reason not in FATAL:
            return opened
        # The text of a mail may have been too much, and what comes with it is not to blame.
        return replace(opened, members=self._try(request | {"bare": True}).members)

    def _try(self, request: dict[str, Any]) -> Opened:
        """Ask a child; ask a fresh one again where the last one may have been at fault."""
        line = json.dumps(request).encode() + b"\n"
        fresh = self._child is None or self._fresh
        opened = self._ask(line)
        if opened.refusal is None or opened.refusal.reason not in SUSPECT:
            return opened
        self.stop()
        return opened if fresh else self._ask(line)

    def _ask(self, line: bytes) -> Opened:
        self.start()
        child = self._child
        assert child is not None
        assert child.stdin is not None
        try:
            if self._fresh:
                self._receive(child, len(READY), time.monotonic() + START_SECONDS)
                self._fresh = False
            child.stdin.write(line)
            child.stdin.flush()
            return load(self._answer(child))
        except MemoryError:
            reason = "out_of_memory"
        except (TimeoutError, EOFError, BrokenPipeError) as error:
            reason = self._cause(child, error)
        self.stop()
        return Opened(refusal=UnreadableFile(reason))

    def _answer(self, child: subprocess.Popen[bytes]) -> bytes:
        """Return what a child says of a file.  Each page that it recognizes has its own time.

        Raises `MemoryError` when it is too long, `TimeoutError`, `EOFError`.
        """
        deadline = time.monotonic() + self._settings.read_seconds
        for _ in range(self._settings.ocr_pages + 1):
            length = int.from_bytes(self._receive(child, 8, deadline))
            if length > self._settings.read_memory_mb << 20:
                raise MemoryError
            if length:
                return self._receive(child, length, deadline)
            deadline = max(deadline, time.monotonic() + self._settings.ocr_seconds)
        raise TimeoutError

    def _receive(self, child: subprocess.Popen[bytes], length: int, deadline: float) -> bytes:
        """Return the next `length` bytes of the answer.  Raises `TimeoutError`, `EOFError`."""
        assert child.stdout is not None
        pieces: list[bytes] = []
        while length:
            left = deadline - time.monotonic()
            if left <= 0 or not _readable(child.stdout.fileno(), left):
                raise TimeoutError
            piece = os.read(child.stdout.fileno(), min(length, CHUNK))
            if not piece:
                raise EOFError
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)

    def _cause(self, child: subprocess.Popen[bytes], error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return "out_of_time"
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode == -signal.SIGXCPU:
            return "out_of_time"
        # A library in C++ that gets no memory aborts.
        large = used.ru_maxrss << 10 > self._settings.read_memory_mb << 19
        return "out_of_memory" if child.returncode == -signal.SIGABRT and large else "crashed"

    def _start(self) -> subprocess.Popen[bytes]:
        package = Path(__file__).parents[1]
        paths = [str(package.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        return subprocess.Popen(  # noqa: S603 -- our own interpreter and module, no shell
            [
                sys.executable,
                "-P",
                "-c",
                PROGRAM,
                str(package),
                str(os.getpid()),
                json.dumps(asdict(self._settings)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            # One thread each: the pools of numerical libraries would eat the memory limit.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"},
            bufsize=0,
        )

    def stop(self) -> None:
        """End the child and take it off the process table."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _readable(descriptor: int, seconds: float) -> bool:
    """Wait for something to read; by `poll`, since `select` takes no descriptor beyond 1,023."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))
