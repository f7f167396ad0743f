"""The jianbao command: errors become one sentence and an exit code, never a traceback."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from indexer import terminal
from indexer.cli import parser
from indexer.commands import run
from indexer.errors import EnvironmentFault, JianbaoError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    _speak_unicode()
    try:
        code = run(parser().parse_args(argv))
        sys.stdout.flush()
    except JianbaoError as error:
        print(terminal.error(error), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        _forget_output()  # its reader has seen enough
        return 128 + signal.SIGPIPE
    except OSError as error:
        _forget_output()
        fault = EnvironmentFault(
            f"系统出错：{error.strerror}。", f"System error: {error.strerror}."
        )
        print(terminal.error(fault), file=sys.stderr)
        return fault.exit_code
    return code


def _forget_output() -> None:
    """Keep Python from complaining when it flushes what can no longer be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _speak_unicode() -> None:
    """Write UTF-8 whatever the locale says: every bulletin can be shown, none can end us."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _stop(number: int, frame: FrameType | None) -> None:
    """End as the interpreter ends, so that a build removes what it has begun; with the same code
    when all is done but the end, where `KeyboardInterrupt` would be caught by nobody.
    """
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
