"""The jianbao command: errors become one sentence and an exit code, never a traceback."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence

from indexer import terminal
from indexer.cli import parser
from indexer.commands import run
from indexer.errors import EnvironmentFault, JianbaoError
from indexer.stopping import heeding_signals


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    _speak_unicode()
    code = 0
    with heeding_signals() as stop:
        try:
            code = run(parser().parse_args(argv))
            sys.stdout.flush()
        except BaseException as error:
            if stop.code:
                _flush_or_forget()
            elif isinstance(error, JianbaoError | OSError):
                code = _told(error)
            else:
                raise
    return stop.code or code


def _told(error: JianbaoError | OSError) -> int:
    """Say what is wrong; return the exit code."""
    if isinstance(error, JianbaoError):
        print(terminal.error(error), file=sys.stderr)
        return error.exit_code
    _forget_output()
    if isinstance(error, BrokenPipeError):
        return 128 + signal.SIGPIPE  # its reader has seen enough
    fault = EnvironmentFault(f"系统出错：{error.strerror}。", f"System error: {error.strerror}.")
    print(terminal.error(fault), file=sys.stderr)
    return fault.exit_code


def _flush_or_forget() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _forget_output()


def _forget_output() -> None:
    """Keep Python from complaining when it flushes what can no longer be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _speak_unicode() -> None:
    """Write UTF-8 whatever the locale says: every bulletin can be shown, none can end us."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
