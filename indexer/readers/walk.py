"""Which files are there to read?

Everything below the folders except hidden files, the folder's own `README.md`, and what the
operator states of the bulletins (`*.toml`, `bulletins.csv`), which `walk_statements` yields.  What
cannot be read is named too, with its reason; symbolic links are never followed, and pipes, sockets,
devices and what has no size never opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from indexer.errors import BadInput

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


def walk(folders: Iterable[str | Path], max_bytes: int) -> Iterator[Found]:
    """Yield every file below `folders`, sorted by name within each folder, each file once.

    Raises `BadInput` when a folder is not there.
    """
    return _walk(folders, max_bytes, stating=False)


def walk_statements(folders: Iterable[str | Path], max_bytes: int) -> Iterator[Found]:
    """Yield the files in which the operator states something of the bulletins, as `walk` does."""
    return _walk(folders, max_bytes, stating=True)


def _walk(folders: Iterable[str | Path], max_bytes: int, *, stating: bool) -> Iterator[Found]:
    seen: set[str | Path] = set()
    for folder in folders:
        root = Path(folder)
        if not root.is_dir():
            raise BadInput(f"找不到文件夹 {folder}。", f"There is no folder {folder}.")
        root = root.resolve()
        for found in sorted(_below(root, max_bytes, stating), key=_relative):
            if found.place not in seen:
                seen.add(found.place)
                yield found


def _relative(found: Found) -> str:
    return found.relative


def _below(root: Path, max_bytes: int, stating: bool) -> Iterator[Found]:
    """Yield the files of a tree that state something of bulletins, or those that do not.

    Without recursion, so that depth is no danger; and with no more than is needed for each, since
    an update walks by all the files to find the one that changed.
    """
    waiting = [(str(root), "")]
    while waiting:
        folder, relative = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                children = list(entries)
        except OSError:
            if _states(os.path.basename(folder)) == stating:  # noqa: PTH119 -- a string
                yield Found(folder, relative.removesuffix("/") or ".", refusal="no_permission")
            continue
        for entry in children:
            name = entry.name
            if name[0] == "." or (name == "README.md" and not relative):
                continue
            shown = relative + (name if name.isascii() else _shown(name))
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{shown}/"))
            elif _states(name) == stating:
                yield _found(entry, shown, max_bytes)


def _states(name: str) -> bool:
    return name.endswith(".toml") or name in TABLES


def _found(entry: os.DirEntry[str], relative: str, max_bytes: int) -> Found:
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return Found(entry.path, relative, refusal="no_permission")
    size, kind = facts.st_size, stat.S_IFMT(facts.st_mode)
    if kind == stat.S_IFREG and 0 < size <= max_bytes:
        return Found(entry.path, relative, size, facts.st_mtime_ns)
    refusal = "empty"  # what the kernel makes up while it is read has no size either
    if kind != stat.S_IFREG:
        refusal = "symlink" if kind == stat.S_IFLNK else "not_a_file"
    elif size:
        refusal = "too_large"
    return Found(entry.path, relative, size, facts.st_mtime_ns, refusal)


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
