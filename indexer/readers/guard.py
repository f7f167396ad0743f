"""Who watches over a program that converts an untrusted file?  A process that does nothing else.

A script of its own, without the rest of the package, since it is started for every file.  It gives
the program a fresh folder for everything, lets it take only so much, and ends it with all that it
has started when it is done, when its time is over, and when whoever asked is gone, however it
went.  Then the folder goes.  So it must not be confined as narrowly as who asks: it lifts what
binds it up to the hard limits.

The order comes on standard input: a line of JSON (`command`, in which `{folder}` is the folder's
name; `files`, names and sizes; `result`, a name; `seconds`; `memory` in bytes), then the bytes of
the files.  The input stays open: its end says that nobody waits any more.  The result goes to
standard output.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final, NoReturn

DONE, CRASHED, FAILED, OUT_OF_TIME, ABANDONED = range(5)
"""What the exit codes of this process say of the program; 1 is also Python's own for an error."""

MOST_BYTES = 256 << 20  # in one file that the program writes
BEGIN_AGAIN: Final = (79, 81)  # exit codes of LibreOffice: it made its profile, now start it again
ATTEMPTS = 3
PR_SET_PDEATHSIG = 1  # linux/prctl.h
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000  # linux/sched.h


def main() -> int:
    """Follow one order."""
    order = json.loads(sys.stdin.buffer.readline())
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _leave)
    _limit(resource.RLIMIT_FSIZE, MOST_BYTES)
    deadline = time.monotonic() + order["seconds"]
    with tempfile.TemporaryDirectory(prefix="jianbao-") as name:
        folder = Path(name)
        for path, size in order["files"]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(sys.stdin.buffer.read(size))
        code = _outcome(order, folder, deadline)
        result = folder / order["result"]
        if code == DONE and (result.is_symlink() or not result.is_file()):
            code = FAILED
        if code == DONE:
            sys.stdout.buffer.write(result.read_bytes())
    return code


def _leave(number: int, frame: object) -> NoReturn:
    raise SystemExit(ABANDONED)


def _outcome(order: dict[str, Any], folder: Path, deadline: float) -> int:
    for _ in range(ATTEMPTS):
        code = _run(order, folder, deadline)
        if code not in BEGIN_AGAIN:
            break
    if code is None or code == -signal.SIGXCPU:
        return OUT_OF_TIME
    return DONE if code == 0 else CRASHED if code < 0 else FAILED


def _run(order: dict[str, Any], folder: Path, deadline: float) -> int | None:
    """Return the exit code of the program, or nothing when its time is over."""
    with (folder / "stdout").open("wb") as output:
        program = subprocess.Popen(  # noqa: S603 -- a program that `converter` names, no shell
            [part.replace("{folder}", str(folder)) for part in order["command"]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
            preexec_fn=lambda: _confine(order),  # safe: there is one thread here
        )
    try:
        end = os.pidfd_open(program.pid)
        ready, _, _ = select.select([0, end], [], [], max(0.0, deadline - time.monotonic()))
        os.close(end)
        if 0 in ready:
            raise SystemExit(ABANDONED)
        return program.wait() if ready else None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment in which nothing is known but the folder."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",  # LibreOffice without a display
    }


def _confine(order: dict[str, Any]) -> None:
    """Bind the program: to its guard's life, to time and memory, and away from any network.

    What it takes is counted, not what it maps (`RLIMIT_DATA` in place of `RLIMIT_AS`): a program
    of this size maps more than it ever uses.
    """
    system = ctypes.CDLL(None)
    system.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    system.unshare(CLONE_NEWUSER | CLONE_NEWNET)  # where the machine lets us
    _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    _limit(resource.RLIMIT_DATA, order["memory"])
    _limit(resource.RLIMIT_CPU, order["seconds"])
    _limit(resource.RLIMIT_CORE, 0)


def _limit(what: int, limit: int) -> None:
    hard = resource.getrlimit(what)[1]
    if hard != resource.RLIM_INFINITY:
        limit = hard if limit == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(what, (limit, hard))


if __name__ == "__main__":
    sys.exit(main())
