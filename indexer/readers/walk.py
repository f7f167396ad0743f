"""Which files are there to read?

Everything below the folders except hidden files and the folder's own `README.md`; apart from the
rest what the operator states of the bulletins (`*.toml`, `bulletins.csv`).  What cannot be read is
named too, with its reason; symbolic links are never followed, and pipes, sockets, devices and what
has no size never opened.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from indexer.errors import BadInput
from indexer.garbage import staying
from indexer.readers.found import Files, Found
from indexer.readers.tree import Entries, entries

TABLES: Final = ("bulletins.csv", "bulletins.toml")
"""The tables in which the operator states something of the bulletins of a folder."""

_README: Final = "README.md"
_ODD: Final = (".toml", *TABLES, _README)
"""How the names of all end that are no bulletins, or may be none."""

_KIND: Final = stat.S_IFMT(0xFFFF)
"""The bits of a mode that say of what kind a file is."""


class Walked(NamedTuple):
    """The files below some folders, sorted by path within each folder, each file once; apart from
    the rest the `statements`, in which the operator states something of the bulletins.
    """

    files: Files
    statements: Files


def walk(folders: Sequence[str | Path], max_bytes: int) -> Walked:
    """Return every file below `folders`.  Raises `BadInput` when a folder is not there."""
    walked = Walked(Files(), Files())
    with staying():
        for folder in folders:
            _take(_root(folder), max_bytes, walked)
    return walked if len(folders) == 1 else Walked(*map(_once, walked))


def _root(folder: str | Path) -> str:
    root = Path(folder)
    if not root.is_dir():
        raise BadInput(f"找不到文件夹 {folder}。", f"There is no folder {folder}.")
    return str(root.resolve()).rstrip("/")


def _once(files: Files) -> Files:
    seen: dict[str | Path, Found] = {}
    for file in files:
        seen.setdefault(file.place, file)
    return files if len(seen) == len(files) else Files.of(seen.values())


def _take(root: str, max_bytes: int, walked: Walked) -> None:
    """Take the files of a tree.

    An update walks by all the files to find the one that changed: so nothing is done for each but
    looking at its name.
    """
    found = entries(root)
    odd = [at for at, name in enumerate(found.names) if name.endswith(_ODD)]
    stating = [at for at in odd if _states(found.names[at])]
    readme = [at for at in odd if found.names[at] == _README]
    parts = (found.without([*stating, *readme]), found.some(stating))
    for files, some in zip(walked, parts, strict=True):
        files.extend(root, some, _refusals(some, max_bytes))


def _states(path: str) -> bool:
    return path.endswith(".toml") or path.rpartition("/")[2] in TABLES


def _refusals(found: Entries, max_bytes: int) -> dict[int, str]:
    """Return why some entries may not be opened, by their numbers."""
    return {
        at: _refusal(mode, size)
        for at, (mode, size) in enumerate(zip(found.modes, found.sizes, strict=True))
        if mode & _KIND != stat.S_IFREG or not 0 < size <= max_bytes
    }


def _refusal(mode: int, size: int) -> str:
    if not mode:
        return "no_permission"
    if stat.S_ISLNK(mode):
        return "symlink"
    if not stat.S_ISREG(mode):
        return "not_a_file"
    return "too_large" if size else "empty"  # what the kernel makes up when read has no size either
