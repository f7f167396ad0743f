"""What runs on the other side of the border?  A process that reads one file after another.

Started by `confine` as a fresh interpreter, with its limits as arguments.  Each request is one
line of JSON; each answer is the length of a message (8 bytes, big-endian) and the message.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from indexer.readers.container import Opened, Room
from indexer.readers.opening import Opener, refusal_of
from indexer.readers.transfer import dump
from indexer.settings import Settings

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Answer requests until there are no more."""
    parent, max_file_mb, archive_ratio, seconds, memory_mb = map(int, sys.argv[1:6])
    opener = Opener(Settings(max_file_mb=max_file_mb, archive_ratio=archive_ratio))
    _die_with(parent)
    _limit(memory_mb)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # A library that prints must not break the conversation.
    for request in sys.stdin.buffer:
        _allow(seconds)
        answer = _answer(json.loads(request), opener)
        answers.write(len(answer).to_bytes(8) + answer)
        answers.flush()


def _answer(request: dict[str, Any], opener: Opener) -> bytes:
    path = Path(os.fsdecode(bytes.fromhex(request["path"])))
    asked = path, request["relative"], request["encoding"], tuple(request["inside"])
    try:
        return dump(opener.open(*asked, room=Room(*request["room"]), bare=request["bare"]))
    except Exception as error:
        return dump(Opened(refusal=refusal_of(error)))


def _die_with(parent: int) -> None:
    """Be killed by the kernel when the parent goes, however it goes."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


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


if __name__ == "__main__":
    main()
