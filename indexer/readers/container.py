"""What is a file that holds files?  An archive or a mail, opened; each of its members has a place.

A member is named as if the container were a folder.  Its name comes from a stranger: it is shown
and compared, and never opens anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Protocol

from indexer.bulletin import Reading
from indexer.errors import UnreadableFile
from indexer.readers.extract import INVISIBLE, Extract
from indexer.settings import Settings

DEEPEST: Final = 3
"""Containers within one another whose members are read; the next one is refused."""

LONGEST_NAME: Final = 240
"""Characters of a member's name that are kept, counted from its end, where the suffix is."""

_NAMELESS: Final = "未命名"
_CONTROLS = re.compile(f"{INVISIBLE.pattern}|[\\t-\\r\\x85\\u2028\\u2029]")
_DRIVE = re.compile(r"[A-Za-z]:(?=/|$)")


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a container: its name there, with `/`, and its size in bytes, unpacked."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Room:
    """How many more members, and bytes of them, one file may bring."""

    members: int
    bytes: int

    @classmethod
    def of(cls, settings: Settings) -> Room:
        """Return the room that a file on disk has."""
        return cls(settings.archive_members, settings.archive_mb << 20)

    def first(self, members: Iterable[Member]) -> tuple[Member, ...]:
        """Return the members for which there is room, from the first on."""
        fitting: list[Member] = []
        left = self.bytes
        for member in members:
            left -= member.size
            if left < 0 or len(fitting) == self.members:
                break
            fitting.append(member)
        return tuple(fitting)

    def without(self, sizes: Iterable[int]) -> Room:
        """Return the room that is left when members of these sizes have come."""
        taken = tuple(sizes)
        return Room(self.members - len(taken), self.bytes - sum(taken))


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds: its own text, if it has any, and the files in it.

    `refusal` is why its text, or some of its members, could not be read.
    """

    media_type: str = ""
    reading: Reading | None = None
    members: tuple[Member, ...] = ()
    refusal: UnreadableFile | None = None

    def text(self) -> Reading | None:
        """Return the file's own text, None when it has only members.  Raises its refusal."""
        if self.refusal is not None:
            raise self.refusal
        return self.reading


class Container(Protocol):
    """An archive or a mail.  `members` stand in the order of their names, each name once;
    `refusal` is set when there were more of them that cannot be listed.
    """

    media_type: str
    members: tuple[Member, ...]
    refusal: UnreadableFile | None

    def text(self, encoding: str) -> Extract | None:
        """Return the container's own text, if it has any.  Raises `UnreadableFile`."""

    def data(self, place: int) -> bytes:
        """Return the bytes of the member at a place.  Raises `UnreadableFile`."""


def safe_name(written: str) -> str:
    """Return a name that leads nowhere and shows as it is: no root, no drive, no `..`, no
    characters that cannot be seen.  Windows' separators become `/`.
    """
    shown = _CONTROLS.sub("\ufffd", written.replace("\\", "/"))
    steps = [step.strip() for step in shown.split("/")]
    kept = [s for s in steps if s not in ("", ".", "..") and not _DRIVE.fullmatch(s)]
    return "/".join(kept)[-LONGEST_NAME:].lstrip("/") or _NAMELESS


def is_hidden(name: str) -> bool:
    """Tell what a folder would hide, and what macOS adds of its own."""
    return any(step.startswith(".") or step == "__MACOSX" for step in name.split("/"))


def told_apart(names: Iterable[str]) -> list[str]:
    """Return the names, with a number before the suffix where one comes again: `a (2).txt`."""
    times: dict[str, int] = {}
    apart: list[str] = []
    for name in names:
        new = name
        while new in times:
            times[name] += 1
            path = PurePosixPath(name)
            new = str(path.with_name(f"{path.stem} ({times[name]}){path.suffix}"))
        times[new] = 1
        apart.append(new)
    return apart
