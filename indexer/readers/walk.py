"""Which files are there to read?

Everything below the folders except hidden files and the folder's own `README.md`; apart from the
rest what the operator states of the bulletins (`*.toml`, `bulletins.csv`).  What cannot be read is
named too, with its reason; symbolic links are never followed, and pipes, sockets, devices and what
has no size never opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from indexer.errors import BadInput
from indexer.garbage import staying
from indexer.readers.found import Files, Found

TABLES: Final = ("bulletins.csv", "bulletins.toml")
"""The tables in which the operator states something of the bulletins of a folder."""

_LATEST: Final = (1 << 63) - 1

_Child = tuple[str, int, int, str, str]
"""What `Files.add` takes of a file.  The name of a folder ends with `/`; it has a place always."""


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
    """Take the files of a tree; without recursion, so that depth is no danger."""
    for files in walked:
        files.below(root)
    waiting = [iter(_children("", root, root, max_bytes))]
    while waiting:
        for name, size, time, refusal, place in waiting[-1]:
            if name[-1] == "/":
                waiting.append(iter(_children(name, place, root, max_bytes)))
                break
            walked[_states(name)].add(name, size, time, refusal, place)
        else:
            waiting.pop()


def _children(relative: str, folder: str, root: str, max_bytes: int) -> list[_Child]:
    """Return what lies in a folder, in the order of the paths of all that is in it.

    An update walks by all the files to find the one that changed: so no more is done for each than
    is needed.  Beside a folder that is open, the kernel looks up the names in it, not their paths:
    a tenth of the time.
    """
    plain = folder == f"{root}/{relative}"[:-1]
    children: list[_Child] = []
    try:
        with _opened(folder) as descriptor:
            with os.scandir(descriptor) as entries:
                every = list(entries)  # all of them, or it is said that they are not read
            for entry in every:
                name = entry.name
                if name[0] == "." or (name == "README.md" and not relative):
                    continue
                shown = name if name.isascii() else _shown(name)
                if entry.is_dir(follow_symlinks=False):
                    children.append((f"{relative}{shown}/", 0, 0, "", f"{folder}/{name}"))
                    continue
                place = "" if plain and shown == name else f"{folder}/{name}"
                children.append((relative + shown, *_facts(entry, max_bytes), place))
    except OSError:
        return [(relative[:-1] or ".", 0, 0, "no_permission", folder)]
    children.sort()
    return children


@contextmanager
def _opened(folder: str) -> Iterator[int]:
    place = os.open(folder or "/", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield place
    finally:
        os.close(place)


def _states(path: str) -> bool:
    return path.endswith(".toml") or path.rpartition("/")[2] in TABLES


def _facts(entry: os.DirEntry[str], max_bytes: int) -> tuple[int, int, str]:
    """Return the size of a file, its time, and why it may not be opened."""
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return 0, 0, "no_permission"
    size, kind = facts.st_size, stat.S_IFMT(facts.st_mode)
    refusal = ""
    if kind != stat.S_IFREG:
        refusal = "symlink" if kind == stat.S_IFLNK else "not_a_file"
    elif not size:
        refusal = "empty"  # what the kernel makes up while it is read has no size either
    elif size > max_bytes:
        refusal = "too_large"
    # Beyond the year 2262 a time is none: such a file is read again each time.
    time = facts.st_mtime_ns if facts.st_mtime_ns <= _LATEST else 0
    return size, time, refusal


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
