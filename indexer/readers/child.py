"""What runs on the other side of the border?  A process that reads one file after another.

Started by `confine` as a fresh interpreter, with its limits as arguments.  It says when it is
ready.  Then each request is one line of JSON; each answer is the length of a message (8 bytes,
big-endian) and the message.  A length of nothing says that a page is going to be recognized, which
takes time of its own.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

from indexer.readers.container import Opened, Room
from indexer.readers.opening import Opener, refusal_of
from indexer.readers.orphans import die_with
from indexer.readers.transfer import READY, dump
from indexer.settings import Settings


def main() -> None:
    """Answer requests until there are no more."""
    parent, settings = int(sys.argv[1]), Settings(**json.loads(sys.argv[2]))
    die_with(parent)
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # A library that prints must not break the conversation.
        grants = _Grants(settings, answers)
        opener = Opener(settings, grants.page)
        answers.write(READY)
        answers.flush()
        for request in sys.stdin.buffer:
            grants.file()
            answer = _answer(json.loads(request), opener)
            answers.write(len(answer).to_bytes(8) + answer)
            answers.flush()


class _Grants:
    """What a file may take, and what each page that is recognized may take beyond it."""

    def __init__(self, settings: Settings, answers: BinaryIO) -> None:
        self._settings = settings
        self._answers = answers
        self._memory_mb = 0

    def file(self) -> None:
        """Grant the next file its time, and its memory beside what stays loaded."""
        self._memory(self._settings.read_memory_mb)
        _allow(self._settings.read_seconds)

    def page(self) -> None:
        """Grant a page its time and memory, and tell who waits."""
        self._memory(self._settings.ocr_memory_mb)
        _allow(self._settings.ocr_seconds)
        self._answers.write((0).to_bytes(8))
        self._answers.flush()

    def _memory(self, memory_mb: int) -> None:
        if memory_mb != self._memory_mb:
            _limit(memory_mb)
            self._memory_mb = memory_mb


def _answer(request: dict[str, Any], opener: Opener) -> bytes:
    path = Path(os.fsdecode(bytes.fromhex(request["path"])))
    asked = path, request["relative"], request["encoding"], tuple(request["inside"])
    try:
        return dump(opener.open(*asked, room=Room(*request["room"]), bare=request["bare"]))
    except Exception as error:
        return dump(Opened(refusal=refusal_of(error)))


def _limit(memory_mb: int) -> None:
    """Allow `memory_mb` beyond what the interpreter itself has taken, and no writing at all.

    These are soft limits: they bind what reads here, and leave the guard of a converter free to
    set those that its program needs.
    """
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + (memory_mb << 20)
    for what, most in (
        (resource.RLIMIT_AS, limit),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (soft, hard))


def _allow(seconds: int) -> None:
    """Allow that many more seconds of processor time; beyond them the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
