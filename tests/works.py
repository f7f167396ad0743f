"""Work for workers, in a module that they can load: without the door, which they pass by."""

from __future__ import annotations

import os
import signal
import time
from typing import Self

from indexer.intake import Asked, Intake, Taken


class Squaring:
    """Squares numbers, the odd ones slowly; ends its process at 13."""

    def prepare(self) -> None:
        self.prepared = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def __call__(self, task: int) -> tuple[int, int]:
        if task == 13:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01 * (task % 2))
        return task * task, os.getpid()


class Fatal(Intake):
    """Dies of one file."""

    def __call__(self, asked: Asked) -> Taken:
        if asked.file.relative == "7.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(asked)
