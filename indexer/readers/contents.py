"""Which bytes does this file hold?"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UnreadableFile

FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""A link is never followed, and a pipe that took a file's place never waited for."""

REASONS = {
    errno.ELOOP: "symlink",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.ENAMETOOLONG: "no_permission",
    errno.ENXIO: "not_a_file",
    errno.ENOENT: "changed",
    errno.ENOTDIR: "changed",
}


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes of a file, and their SHA-256 in hexadecimal."""

    data: bytes
    sha256: str


def contents(path: Path, max_bytes: int) -> Contents:
    """Return the bytes of one regular file, read once.

    Raises `UnreadableFile` (`symlink`, `not_a_file`, `no_permission`, `too_large`, `damaged`, and
    `changed` for a file that was written to, or went away, meanwhile).
    """
    try:
        handle = os.open(path, FLAGS)
    except OSError as error:
        raise UnreadableFile(REASONS.get(error.errno or 0, "damaged")) from None
    try:
        data = _read(handle, max_bytes)
    except OSError:
        raise UnreadableFile("damaged") from None
    finally:
        os.close(handle)
    return Contents(data, hashlib.sha256(data).hexdigest())


def _read(handle: int, max_bytes: int) -> bytes:
    before = os.fstat(handle)
    if not stat.S_ISREG(before.st_mode):
        raise UnreadableFile("not_a_file")
    if before.st_size > max_bytes:
        raise UnreadableFile("too_large")
    with os.fdopen(os.dup(handle), "rb", buffering=0) as file:
        data = b"".join(iter(lambda: file.read(before.st_size + 1), b""))
    after = os.fstat(handle)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    if not same or len(data) != before.st_size:
        raise UnreadableFile("changed")
    return data
