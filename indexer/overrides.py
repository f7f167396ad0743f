"""What is stated of which file?  Side files and the tables of folders, as they lie among bulletins.

For `a.txt`, weightier last: the table of its folder or of one above it, `a.toml`, `a.txt.toml`.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from indexer.build_report import FileReport
from indexer.errors import UnreadableFile
from indexer.language import Notice, Sentence
from indexer.metadata.overrides import (
    Statement,
    folder_table,
    invalid,
    resolve,
    side_file,
    states_only_ours,
)
from indexer.readers import TABLES, Found
from indexer.readers.contents import contents

_LARGEST: Final = 4 << 20
"""Bytes of a table: some forty thousand bulletins."""

_NO_BULLETIN: Final = Sentence("没有对应的简报", "there is no bulletin of that name")
_NOT_READ: Final = Sentence(
    "文件没有读入，这里写的没有用上", "the file was not read, so nothing stated here was used"
)


@dataclass(frozen=True, slots=True)
class Given:
    """What is stated of a file outside of it, the weightier last, and what is wrong with that."""

    statements: tuple[Statement, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def fingerprint(self) -> str:
        """What tells this from anything else that may be stated; empty when nothing is."""
        said = repr((self.statements, self.notices)).encode("utf-8", "surrogatepass")
        return hashlib.sha256(said).hexdigest()[:16] if self.statements or self.notices else ""

    @property
    def encoding(self) -> str:
        """The encoding that is stated, or nothing."""
        return str(resolve(self.statements).values.get("encoding", ""))

    @property
    def unused(self) -> tuple[Notice, ...]:
        """What to say when the file was not read."""
        return (*self.notices, *(invalid(s.source, _NOT_READ) for s in self.statements))


class Overrides:
    """What is stated of the files that were found.  `reports` are about what states it: each table,
    and each side file that belongs to no bulletin.
    """

    def __init__(self, found: Iterable[Found], stated: Iterable[Found]) -> None:
        self._given: dict[str, Given] = {_key(file.path): Given() for file in found}
        files = {_key(file.path): file for file in stated}
        tables = [file for key, file in files.items() if _name(key) in TABLES]
        # The table of a folder stands before those of the folders in it.
        tables.sort(key=lambda file: len(file.path.parts))
        reports = {file.path: self._take_table(file) for file in tables}
        sides = {key: file for key, file in files.items() if _name(key) not in TABLES}
        alone = self._take_sides(sides)
        reports |= {file.path: report for file in alone if (report := _alone(file))}
        self.reports = tuple(reports[f.path] for f in files.values() if f.path in reports)

    def of(self, file: Found) -> Given:
        """Return what is stated of a file."""
        return self._given.get(_key(file.path), Given())

    def _take_table(self, file: Found) -> FileReport:
        """Take what a table states, and return what to report of the table itself."""
        try:
            table = folder_table(contents(file.path, _LARGEST).data, file.relative)
        except UnreadableFile as error:
            return _report(file, [_unreadable(file, error)])
        notices = list(table.notices)
        for name, statement in table.statements:
            key = f"{_key(file.path.parent)}/{name}"
            if key in self._given:
                self._give(key, (statement,), ())
            else:
                notices.append(invalid(statement.source, _nobody(name)))
        return _report(file, notices)

    def _take_sides(self, sides: dict[str, Found]) -> list[Found]:
        """Take what side files state, and return those that belong to no bulletin."""
        alone = dict(sides)
        for key in self._given:
            for side in _sides(key):
                if file := sides.get(side):
                    self._give(key, *_side(file))
                    alone.pop(side, None)
        return list(alone.values())

    def _give(
        self, key: str, statements: tuple[Statement, ...], notices: tuple[Notice, ...]
    ) -> None:
        before = self._given[key]
        self._given[key] = Given(before.statements + statements, before.notices + notices)


def _alone(file: Found) -> FileReport | None:
    """Return the report of a side file without a bulletin; None for other programs' TOML."""
    try:
        ours = states_only_ours(contents(file.path, _LARGEST).data)
    except UnreadableFile:
        return None
    return _report(file, [invalid(_source(file), _NO_BULLETIN)]) if ours else None


def _side(file: Found) -> tuple[tuple[Statement, ...], tuple[Notice, ...]]:
    try:
        statement, notices = side_file(contents(file.path, _LARGEST).data, file.relative)
    except UnreadableFile as error:
        return (), (_unreadable(file, error),)
    return ((statement,) if statement.pairs else ()), notices


def _sides(key: str) -> Iterator[str]:
    """Yield the side files that a bulletin may have, the weightier last."""
    stem = str(PurePosixPath(key).with_suffix(".toml"))
    return iter(dict.fromkeys((stem, f"{key}.toml")))


def _key(path: Path) -> str:
    """Return a path so that one name of a file is one key, in whatever form its letters come."""
    return unicodedata.normalize("NFC", os.fsencode(path).decode("utf-8", "backslashreplace"))


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def _report(file: Found, notices: list[Notice]) -> FileReport:
    return FileReport(file.relative, "settings", size=file.size, notices=tuple(notices))


def _unreadable(file: Found, error: UnreadableFile) -> Notice:
    return invalid(_source(file), error.sentence)


def _source(file: Found) -> Sentence:
    return Sentence(file.relative, file.relative)


def _nobody(name: str) -> Sentence:
    return Sentence(f"没有“{name}”这份文件", f"there is no file “{name}”")
