"""How does an index change without anybody noticing?  A new directory for each build.

    index/
      CURRENT          the name of the generation that is served, and its manifest's SHA-256
      LOCK             held (flock) by the one builder there may be
      000012/          a generation: the engine's files, and manifest.json that lists them

A build works in a new directory, syncs every file, writes the manifest and replaces CURRENT in
one step; readers keep the generation that they opened.  Nothing is ever changed in place.  An
index is executable data (Whoosh pickles its table of contents), so directories are private to
their owner and nothing is opened that the manifest does not vouch for.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from indexer.errors import EnvironmentFault, IndexDamaged, IndexLocked, IndexMissing

POINTER: Final = "CURRENT"
LOCK: Final = "LOCK"
MANIFEST: Final = "manifest.json"

_NAME: Final = re.compile(r"[0-9]{6,}")
_KEPT: Final = 2
"""Generations that stay: the current one, and the one before it for readers that are slow."""
_CHECKED_WHOLE: Final = 256 * 1024 * 1024
"""Opening an index up to this many bytes checks every one of them; of a larger index it checks
the sizes and the files that would be executed, and `verify` the rest."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation consists of: `files` maps names to size in bytes and SHA-256.

    `facts` says what it was built with (versions, dictionary); another build compares.
    """

    documents: int
    facts: dict[str, str]
    files: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """A generation in the making.  Whoever builds it fills `directory`, `documents`, `facts`."""

    name: str
    directory: Path
    documents: int = 0
    facts: dict[str, str] = field(default_factory=dict)


def current(index: Path) -> str | None:
    """Return the name of the current generation; None when there is no index yet.

    Raises `IndexDamaged` when the pointer names nothing that can be a generation.
    """
    pointer = _pointer(index)
    return pointer[0] if pointer else None


def open_current(index: Path, *, whole: bool = False) -> tuple[str, Path, Manifest]:
    """Return name, directory and manifest of the current generation, checked.

    With `whole`, every byte is checked whatever the size.  Raises `IndexMissing` or
    `IndexDamaged`.
    """
    pointer = _pointer(index)
    if pointer is None:
        raise IndexMissing(
            f"{index} 里还没有索引，请先运行 jianbao rebuild。",
            f"There is no index in {index} yet; run jianbao rebuild.",
        )
    name, digest = pointer
    directory = index / name
    manifest = _manifest(directory, digest)
    _check_files(directory, manifest, whole=whole)
    return name, directory, manifest


@contextlib.contextmanager
def new_generation(index: Path) -> Iterator[Draft]:
    """Hold the lock, give a new directory to fill, and switch to it when the block ends well.

    When anything is raised the directory is removed and the previous generation stays.  Raises
    `IndexLocked`, and `EnvironmentFault` for a full disk or a missing permission.
    """
    with _environment(index):
        index.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _lock(index):
            draft = _next_draft(index)
            try:
                draft.directory.mkdir(mode=0o700)
                yield draft
                _seal(index, draft)
                _switch(index, draft)
            except BaseException:
                # What interrupts the switch may come after it: what is served stays.
                if current_or_none(index) != draft.name:
                    shutil.rmtree(draft.directory, ignore_errors=True)
                raise
            _remove_old(index, draft.name)


def _pointer(index: Path) -> tuple[str, str] | None:
    try:
        lines = (index / POINTER).read_text("ascii").split("\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError):
        lines = []
    if len(lines) != 3 or not _NAME.fullmatch(lines[0]) or (index / lines[0]).is_symlink():
        raise _damaged(POINTER)
    return lines[0], lines[1]


def _manifest(directory: Path, digest: str) -> Manifest:
    try:
        data = (directory / MANIFEST).read_bytes()
    except OSError:
        raise _damaged(f"{directory.name}/{MANIFEST}") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise _damaged(f"{directory.name}/{MANIFEST}")
    values = json.loads(data)
    files = {name: (size, sha) for name, (size, sha) in values["files"].items()}
    return Manifest(values["documents"], values["facts"], files)


def _check_files(directory: Path, manifest: Manifest, *, whole: bool) -> None:
    present = {path.name for path in directory.iterdir()} - {MANIFEST}
    for name in sorted(present ^ manifest.files.keys()):
        raise _damaged(f"{directory.name}/{name}")
    whole = whole or sum(size for size, _ in manifest.files.values()) <= _CHECKED_WHOLE
    for name, (size, digest) in manifest.files.items():
        path = directory / name
        wrong = path.is_symlink() or path.stat().st_size != size
        if wrong or ((whole or name.endswith(".toc")) and _digest(path) != digest):
            raise _damaged(f"{directory.name}/{name}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(name: str) -> IndexDamaged:
    return IndexDamaged(
        f"索引文件 {name} 已损坏，请重新运行 jianbao rebuild。",
        f"The index file {name} is damaged; run jianbao rebuild.",
    )


@contextlib.contextmanager
def _lock(index: Path) -> Iterator[None]:
    """Hold the lock; it goes with the process, however that ends."""
    descriptor = os.open(index / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 200, 0).decode("ascii", "replace").strip()
            raise IndexLocked(
                f"另一次建索引正在进行（{holder}）。", f"Another build is running ({holder})."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"pid {os.getpid()}, {time.strftime('%F %T')}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _next_draft(index: Path) -> Draft:
    """Say which directory is next; what an interrupted build left behind is removed first."""
    served = current_or_none(index)
    numbers = [int(path.name) for path in _generations(index)]
    for path in _generations(index):
        # Without a pointer nobody knows which of the whole ones was served: they all stay.
        beyond = served is not None and path.name > served
        if beyond or not (path / MANIFEST).is_file():
            shutil.rmtree(path)
    name = f"{max(numbers, default=0) + 1:06d}"
    return Draft(name, index / name)


def current_or_none(index: Path) -> str | None:
    """Return the current generation's name; None also when the pointer is damaged."""
    try:
        return current(index)
    except IndexDamaged:
        return None


def _generations(index: Path) -> list[Path]:
    return sorted(
        path
        for path in index.iterdir()
        if _NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    )


def _seal(index: Path, draft: Draft) -> None:
    """Sync every file and write the manifest.

    A file that is one with a file of the generation before, by a hard link, has the sum that it
    was given there: so an update reads only what it has written, and damage done in between is
    not vouched for anew.
    """
    known = _known(index)
    files: dict[str, tuple[int, str]] = {}
    for path in sorted(draft.directory.iterdir()):
        if path.name.endswith("WRITELOCK"):
            path.unlink()  # Whoosh's own lock; ours is the one that counts
            continue
        facts = path.stat()
        files[path.name] = known.get((facts.st_dev, facts.st_ino)) or _synced(path)
    manifest = Manifest(draft.documents, draft.facts, files)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    path = draft.directory / MANIFEST
    path.write_text(text + "\n", encoding="utf-8")
    _sync(path)
    _sync(draft.directory)


def _known(index: Path) -> dict[tuple[int, int], tuple[int, str]]:
    """Return size and sum of each file of the current generation, by device and inode."""
    known = {}
    with contextlib.suppress(IndexDamaged):
        name, digest = _pointer(index) or ("", "")
        files = _manifest(index / name, digest).files if name else {}
        for file, sealed in files.items():
            with contextlib.suppress(OSError):
                facts = (index / name / file).stat()
                known[facts.st_dev, facts.st_ino] = sealed
    return known


def _synced(path: Path) -> tuple[int, str]:
    _sync(path)
    return path.stat().st_size, _digest(path)


def _switch(index: Path, draft: Draft) -> None:
    """Point to the draft, in one step that survives a power cut."""
    _sync(index)
    fresh = index / f"{POINTER}.new"
    try:
        fresh.write_text(f"{draft.name}\n{_digest(draft.directory / MANIFEST)}\n", encoding="ascii")
        _sync(fresh)
        fresh.replace(index / POINTER)
    finally:
        fresh.unlink(missing_ok=True)
    _sync(index)


def _remove_old(index: Path, served: str) -> None:
    names = [path.name for path in _generations(index) if path.name <= served]
    for name in names[:-_KEPT]:
        shutil.rmtree(index / name, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _environment(index: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            free = _free_megabytes(index)
            raise EnvironmentFault(
                f"磁盘已满：{index} 所在的磁盘只剩 {free} MB。",
                f"The disk is full: {free} MB are left where {index} is.",
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise EnvironmentFault(
                f"没有权限写入 {index}。", f"No permission to write to {index}."
            ) from error
        raise EnvironmentFault(
            f"写入 {index} 失败：{error.strerror}。",
            f"Writing to {index} failed: {error.strerror}.",
        ) from error


def _free_megabytes(index: Path) -> int:
    existing = next(path for path in (index, *index.absolute().parents) if path.exists())
    return shutil.disk_usage(existing).free // 1_000_000
