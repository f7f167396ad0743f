"""What did the build think of each file?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from indexer.language import Notice

_EXPLAINS: Final = re.compile(
    r"copy|ocr|override_used|mail_date|jump_line|title_from_.*|.*_from_(?:head|end)"
)
"""Codes of notices about what is as it should be."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What the build thought of one file.

    `outcome` is `read`, `refused`, `opened` for what has no text of its own but files in it (an
    archive, a bare mail), or `settings` for what is no bulletin but states something of bulletins
    (a table of overrides, the authority file); `reason` is one of `errors.REFUSALS` when
    refused, and `detail` says more.  `size` is in bytes, `modified` in nanoseconds since 1970.
    The rest is what was understood, empty where it was not.  `group` is the id of the bulletin of
    which this is a copy (its own when it is none), `near` are the paths of bulletins with nearly
    the same text, and `signature` (base64) is what they are told by.  `overrides` tells what the
    operator states of the file from anything else that may be stated.  `inside` is the place of
    what is in an archive or mail: its place in the file on disk, its place in that member …; its
    report follows that of the file on disk.
    """

    path: str
    outcome: str
    reason: str = ""
    detail: str = ""
    media_type: str = ""
    encoding: str = ""
    size: int = 0
    modified: int = 0
    sha256: str = ""
    id: str = ""
    title: str = ""
    series: str = ""
    issue: str = ""
    date: str = ""
    publisher: str = ""
    number: int | None = None
    cumulative: int | None = None
    group: str = ""
    near: tuple[str, ...] = ()
    signature: str = ""
    overrides: str = ""
    inside: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def doubts(self) -> tuple[Notice, ...]:
        """The notices that somebody should look at; the others only explain."""
        return tuple(n for n in self.notices if not _EXPLAINS.fullmatch(n.code))


class Changes(NamedTuple):
    """What an update did: bulletins that were `new`, that had `changed`, that are `gone`; how many
    there are now; what could not be read; and what states something, or of what is stated.
    """

    new: Sequence[FileReport]
    changed: Sequence[FileReport]
    gone: Sequence[FileReport]
    total: int
    refused: Sequence[FileReport]
    stating: Sequence[FileReport]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build thought of every file, in the order of reading.

    `started` is when it began to look, in nanoseconds since 1970.  `changes` are those of an
    update, None for a build from nothing.
    """

    generation: str
    files: Sequence[FileReport]
    started: int = 0
    changes: Changes | None = field(default=None, compare=False)

    @property
    def read(self) -> int:
        """The number of files that were read."""
        return sum(file.outcome == "read" for file in self.files)

    @property
    def refused(self) -> tuple[FileReport, ...]:
        """The files that were not read."""
        return tuple(file for file in self.files if file.outcome == "refused")

    @property
    def bulletins(self) -> tuple[FileReport, ...]:
        """The files that are or might be bulletins, or hold some."""
        return tuple(file for file in self.files if file.outcome != "settings")

    @property
    def stating(self) -> tuple[FileReport, ...]:
        """The files that state something of bulletins."""
        return tuple(file for file in self.files if file.outcome == "settings")

    @property
    def doubtful(self) -> tuple[FileReport, ...]:
        """The files that were not refused, but about which there are doubts."""
        return tuple(file for file in self.files if file.outcome != "refused" and file.doubts)

    def naming(self, text: str) -> tuple[FileReport, ...]:
        """Return the files with `text` in their path or title, or with it as their id."""
        plain = _plain(text)
        return tuple(
            file
            for file in self.files
            if file.id == text or plain in _plain(file.path) or plain in _plain(file.title)
        )

    def noticed(self) -> Counter[str]:
        """Return how many files have each kind of notice: `no_issue`, `no_date` …"""
        return Counter(code for file in self.files for code in {n.code for n in file.notices})


def _plain(text: str) -> str:
    """Return a name as it is compared: without regard to width, case and white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
