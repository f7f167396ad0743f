"""Which files are there to read?

Everything below the folders except hidden files and the folder's own `README.md`; apart from the
rest what the operator states of the bulletins (`*.toml`, `bulletins.csv`).  What cannot be read is
named too, with its reason; symbolic links are never followed, and pipes, sockets, devices and what
has no size never opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from indexer.errors import BadInput
from indexer.garbage import staying

TABLES: Final = ("bulletins.csv", "bulletins.toml")
"""The tables in which the operator states something of the bulletins of a folder."""


class Found(NamedTuple):
    """One file below a folder, or in an archive or mail there; a tuple, since there are so many.

    `place` opens it; `relative` names it, with `/`, always valid Unicode (bytes that are not UTF-8
    are written as `\\xNN`).  `size` is in bytes, `modified` in nanoseconds since 1970.  `refusal`
    is one of `errors.REFUSALS`, or empty for a file that may be read.

    What is in a `container` is opened by the path of the file on disk; `inside` has its place in
    that file, its place in that member, and so on.  Its time is that of the file on disk.
    """

    place: str | Path
    relative: str
    size: int = 0
    modified: int = 0
    refusal: str = ""
    container: Found | None = None
    inside: tuple[int, ...] = ()

    @property
    def path(self) -> Path:
        """What opens it."""
        return Path(self.place)

    @property
    def on_disk(self) -> Found:
        """The file on disk that this is, or is in."""
        return self.container.on_disk if self.container else self

    def member(self, place: int, name: str, size: int) -> Found:
        """Return the file at a place in this one."""
        return Found(
            self.place,
            f"{self.relative}/{name}",
            size,
            self.modified,
            container=self,
            inside=(*self.inside, place),
        )


class Walked(NamedTuple):
    """The files below some folders, sorted by name within each folder, each file once; apart from
    the rest the `statements`, in which the operator states something of the bulletins.
    """

    files: list[Found]
    statements: list[Found]


def walk(folders: Sequence[str | Path], max_bytes: int) -> Walked:
    """Return every file below `folders`.  Raises `BadInput` when a folder is not there."""
    walked = Walked([], [])
    with staying():
        for folder in folders:
            for every, more in zip(walked, _below(_root(folder), max_bytes), strict=True):
                every += sorted(more, key=attrgetter("relative"))
    return walked if len(folders) == 1 else Walked(*map(_once, walked))


def _root(folder: str | Path) -> str:
    root = Path(folder)
    if not root.is_dir():
        raise BadInput(f"找不到文件夹 {folder}。", f"There is no folder {folder}.")
    return str(root.resolve()).rstrip("/")


def _once(files: Iterable[Found]) -> list[Found]:
    seen: dict[str | Path, Found] = {}
    for file in files:
        seen.setdefault(file.place, file)
    return [*seen.values()]


def _below(root: str, max_bytes: int) -> Walked:
    """Return the files of a tree, in any order.

    Without recursion, so that depth is no danger.  An update walks by all the files to find the one
    that changed: so no more is done for each than is needed.  Beside a folder that is open, the
    kernel looks up the names in it, not their paths: a tenth of the time.
    """
    walked = Walked([], [])
    waiting = [(root, "")]
    while waiting:
        folder, relative = waiting.pop()
        try:
            with _opened(folder) as place:
                with os.scandir(place) as entries:
                    children = list(entries)  # all of them, or it is said that they are not read
                for entry in children:
                    name = entry.name
                    if name[0] == "." or (name == "README.md" and not relative):
                        continue
                    path = f"{folder}/{name}"
                    shown = relative + (name if name.isascii() else _shown(name))
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((path, f"{shown}/"))
                        continue
                    walked[_states(name)].append(_found(entry, path, shown, max_bytes))
        except OSError:
            found = Found(folder, relative.removesuffix("/") or ".", refusal="no_permission")
            walked[_states(os.path.basename(folder))].append(found)  # noqa: PTH119 -- a string
    return walked


@contextmanager
def _opened(folder: str) -> Iterator[int]:
    place = os.open(folder or "/", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield place
    finally:
        os.close(place)


def _states(name: str) -> bool:
    return name.endswith(".toml") or name in TABLES


def _found(entry: os.DirEntry[str], path: str, relative: str, max_bytes: int) -> Found:
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return Found(path, relative, refusal="no_permission")
    size, kind = facts.st_size, stat.S_IFMT(facts.st_mode)
    if kind == stat.S_IFREG and 0 < size <= max_bytes:
        return Found(path, relative, size, facts.st_mtime_ns)
    refusal = "empty"  # what the kernel makes up while it is read has no size either
    if kind != stat.S_IFREG:
        refusal = "symlink" if kind == stat.S_IFLNK else "not_a_file"
    elif size:
        refusal = "too_large"
    return Found(path, relative, size, facts.st_mtime_ns, refusal)


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
