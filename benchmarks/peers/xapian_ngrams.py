"""How does Xapian answer?  Its own n-grams of Han over the folded text, quotations as phrases.

Its bindings belong to the system's Python (Debian's python3-xapian), which runs
`xapian_program.py`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.peers import piped
from benchmarks.peers.base import Peer
from indexer.bulletin import Bulletin

_PYTHON: Final = "/usr/bin/python3"
_COMMAND: Final = (_PYTHON, str(Path(__file__).with_name("xapian_program.py")))


def _version() -> str:
    code = "import xapian; print(xapian.version_string())"
    said = subprocess.run([_PYTHON, "-c", code], capture_output=True, check=False, text=True)
    if said.returncode:
        raise ImportError("the system's Python has no xapian")
    return said.stdout.strip()


def _build(bulletins: Iterable[Bulletin], folder: Path) -> None:
    piped.build(bulletins, folder, _COMMAND)


PEER: Final = Peer("Xapian, n-grams", _version(), _build, partial(piped.Reader, command=_COMMAND))
