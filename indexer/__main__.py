"""The jianbao command: errors become one sentence and an exit code, never a traceback."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from indexer.cli import parser
from indexer.commands import run
from indexer.errors import JianbaoError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        code = run(parser().parse_args(argv))
        sys.stdout.flush()
    except JianbaoError as error:
        print(f"jianbao: {error.sentence}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # The reader of our output has seen enough; Python would complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return code


def _stop(number: int, frame: FrameType | None) -> None:
    """End as the interpreter ends, so that a build removes what it has begun."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
