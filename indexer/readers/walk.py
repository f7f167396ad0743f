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
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.errors import BadInput

TABLES: Final = ("bulletins.csv", "bulletins.toml")
"""The tables in which the operator states something of the bulletins of a folder."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file below a folder, or in an archive or mail there.

    `path` opens it; `relative` names it, with `/`, always valid Unicode (bytes that are not UTF-8
    are written as `\\xNN`).  `size` is in bytes, `modified` in nanoseconds since 1970.  `refusal`
    is one of `errors.REFUSALS`, or empty for a file that may be read.

    What is in a `container` is opened by the path of the file on disk; `inside` has its place in
    that file, its place in that member, and so on.  Its time is that of the file on disk.
    """

    path: Path
    relative: str
    size: int = 0
    modified: int = 0
    refusal: str = ""
    container: Found | None = None
    inside: tuple[int, ...] = ()

    @property
    def on_disk(self) -> Found:
        """The file on disk that this is, or is in."""
        return self.container.on_disk if self.container else self

    def member(self, place: int, name: str, size: int) -> Found:
        """Return the file at a place in this one."""
        return Found(
            self.path,
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
    seen: set[Path] = set()
    for folder in folders:
        root = Path(folder)
        if not root.is_dir():
            raise BadInput(f"找不到文件夹 {folder}。", f"There is no folder {folder}.")
        root = root.resolve()
        below = _below(root, max_bytes, stating)
        for found in sorted(below, key=lambda found: found.relative):
            if found.path not in seen:
                seen.add(found.path)
                yield found


def _below(root: Path, max_bytes: int, stating: bool) -> Iterator[Found]:
    """Yield the files of a tree that state something of bulletins, or those that do not.

    Without recursion, so that depth is no danger; and with no more than is needed for each, since
    an update walks by all the files to find the one that changed.
    """
    waiting = [root]
    beyond = len(os.path.join(root, ""))  # noqa: PTH118 -- "/" has its slash already
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                children = [entry for entry in entries if not _skipped(entry, folder == root)]
        except OSError:
            if _states(folder.name) == stating:
                yield Found(folder, _relative(str(folder)[beyond:]), refusal="no_permission")
            continue
        for entry in children:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            elif _states(entry.name) == stating:
                yield _found(entry, _relative(entry.path[beyond:]), max_bytes)


def _skipped(entry: os.DirEntry[str], at_root: bool) -> bool:
    return entry.name.startswith(".") or (at_root and entry.name == "README.md")


def _states(name: str) -> bool:
    return name.endswith(".toml") or name in TABLES


def _found(entry: os.DirEntry[str], relative: str, max_bytes: int) -> Found:
    path = Path(entry.path)
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return Found(path, relative, refusal="no_permission")
    refusal = ""
    if stat.S_ISLNK(facts.st_mode):
        refusal = "symlink"
    elif not stat.S_ISREG(facts.st_mode):
        refusal = "not_a_file"
    elif facts.st_size > max_bytes:
        refusal = "too_large"
    elif not facts.st_size:  # what the kernel makes up while it is read has no size either
        refusal = "empty"
    return Found(path, relative, facts.st_size, facts.st_mtime_ns, refusal)


def _relative(name: str) -> str:
    return os.fsencode(name or ".").decode("utf-8", "backslashreplace")
