"""What did the build think of each file?  The report, and how it is kept."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, Final

from indexer.engines.generations import open_current
from indexer.language import Notice, Sentence
from indexer.settings import Settings

REPORT: Final = "report.json"
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


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build thought of every file, in the order of reading.

    `started` is when it began to look, in nanoseconds since 1970.
    """

    generation: str
    files: tuple[FileReport, ...]
    started: int = 0

    @property
    def read(self) -> int:
        """The number of files that were read."""
        return sum(file.outcome == "read" for file in self.files)

    @property
    def groups(self) -> dict[str, str]:
        """The group of each bulletin, by their ids."""
        return {file.id: file.group for file in self.files if file.id}

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


def report(settings: Settings) -> BuildReport:
    """Return what the last build thought of each file.  Raises `IndexUnavailable`."""
    name, directory, _ = open_current(Path(settings.index))
    return read_report(name, directory)


def read_report(generation: str, directory: Path) -> BuildReport:
    """Return the report that stands in a generation's directory."""
    with _without_collection():
        data = json.loads((directory / REPORT).read_text(encoding="utf-8"))
        files = _from_columns(data) if "columns" in data else map(_file, data["files"])
        return BuildReport(generation, tuple(files), data["started"])


def write_report(built: BuildReport, directory: Path) -> None:
    """Keep a report in a generation's directory.

    A column for each field, and each notice once: an update reads and writes the whole of it,
    which takes a third of the time, and of the room, that it takes file by file.
    """
    notices: dict[Notice, int] = {}
    columns = {name: [getattr(file, name) for file in built.files] for name in _FIELDS}
    columns[_NOTICES] = [
        [notices.setdefault(notice, len(notices)) for notice in of_one]
        for of_one in columns[_NOTICES]
    ]
    data = {
        "started": built.started,
        _NOTICES: [dataclasses.asdict(notice) for notice in notices],
        "columns": columns,
    }
    (directory / REPORT).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _from_columns(data: dict[str, Any]) -> Iterator[FileReport]:
    notices = [_notice(item) for item in data[_NOTICES]]
    columns = data["columns"]
    for name in _TUPLES:
        columns[name] = map(tuple, columns[name])
    columns[_NOTICES] = (tuple(notices[at] for at in of_one) for of_one in columns[_NOTICES])
    # What an earlier release did not know of is as it is where it was not understood.
    return map(FileReport, *(columns.get(name, repeat(_DEFAULTS[name])) for name in _FIELDS))


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Make a million objects that all stay, without Python looking for garbage among them again
    and again: that takes as long as reading them.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _file(item: dict[str, Any]) -> FileReport:
    """Return a report as it was kept before there were columns."""
    lists = {name: tuple(item.get(name, ())) for name in _TUPLES}
    return FileReport(**{**item, **lists, _NOTICES: tuple(map(_notice, item[_NOTICES]))})


def _notice(item: dict[str, Any]) -> Notice:
    return Notice(item["code"], Sentence(**item["sentence"]), item["position"])


_NOTICES: Final = "notices"
_TUPLES: Final = ("near", "inside")
_DEFAULTS: Final = {field.name: field.default for field in dataclasses.fields(FileReport)}
_FIELDS: Final = tuple(_DEFAULTS)
