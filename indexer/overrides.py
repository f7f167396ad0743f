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
from indexer.corrections import key_of
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
from indexer.readers import TABLES, Files, Found
from indexer.readers.contents import contents

_LARGEST: Final = 4 << 20
"""Bytes of a table: some forty thousand bulletins."""

_NO_BULLETIN: Final = Sentence("没有对应的简报", "there is no bulletin of that name")
_NOT_READ: Final = Sentence(
    "文件没有读入，这里写的没有用上", "the file was not read, so nothing stated here was used"
)
_NO_TEXT: Final = Sentence(
    "这个文件自己没有正文，只用了编码",
    "the file has no text of its own, only the encoding was used",
)


@dataclass(frozen=True, slots=True)
class Given:
    """What is stated of a file outside of it, the weightier last, and what is wrong with that."""

    statements: tuple[Statement, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def fingerprint(self) -> str:
        """What tells this from anything else that may be stated; empty when nothing is."""
        if not (self.statements or self.notices):
            return ""
        said = repr((self.statements, self.notices)).encode("utf-8", "surrogatepass")
        return hashlib.sha256(said).hexdigest()[:16]

    @property
    def encoding(self) -> str:
        """The encoding that is stated, or nothing."""
        return str(resolve(self.statements).values.get("encoding", ""))

    @property
    def for_members(self) -> tuple[Statement, ...]:
        """What holds for all that is in an archive or mail too: the encoding."""
        kept = (
            Statement(s.source, tuple(pair for pair in s.pairs if key_of(pair[0]) == "encoding"))
            for s in self.statements
        )
        return tuple(statement for statement in kept if statement.pairs)

    @property
    def unused_here(self) -> tuple[Notice, ...]:
        """What to say of what has no text of its own: only the encoding is used, of its members."""
        idle = (s for s in self.statements if any(key_of(k) != "encoding" for k, _ in s.pairs))
        return (*self.notices, *(invalid(s.source, _NO_TEXT) for s in idle))

    @property
    def unused(self) -> tuple[Notice, ...]:
        """What to say when the file was not read."""
        return (*self.notices, *(invalid(s.source, _NOT_READ) for s in self.statements))


_NOTHING: Final = Given()


class Overrides:
    """What is stated of files, and what to report of that."""

    def __init__(self, stated: Iterable[Found]) -> None:
        files = {_key(file.path): file for file in stated}
        self._sides = {key: file for key, file in files.items() if _name(key) not in TABLES}
        self._tables = {key: file for key, file in files.items() if _name(key) in TABLES}
        self._order = tuple(files.values())
        self._wrong: dict[Path, list[Notice]] = {}
        self._rows: dict[str, list[tuple[Path, Statement]]] = {}
        # The table of a folder stands before those of the folders in it.
        for file in sorted(self._tables.values(), key=lambda file: len(file.path.parts)):
            self._wrong[file.path] = self._take_table(file)
        self._given: dict[str, Given] = {}
        self._concerned = {side.removesuffix(".toml") for side in self._sides}
        self._concerned.update(above for row in self._rows for above in _and_above(row))

    def concern(self, files: Files) -> list[bool]:
        """Say whether something may be stated of each of these files on disk, or of what is in it;
        if not, it is all the same to `of` and to `reports`.
        """
        if not self._concerned:
            return [False] * len(files)
        return [self.concerns(files.place(at)) for at in range(len(files))]

    def concerns(self, place: str | Path) -> bool:
        """Say the same of the file on disk at a place."""
        if not self._concerned:
            return False
        key = _key(place)
        return not self._concerned.isdisjoint((key, key.rpartition(".")[0]))

    def of(self, file: Found) -> Given:
        """Return what is stated of a file; the encoding of an archive or mail is that of what is
        in it.
        """
        if not self._order:
            return _NOTHING
        key = _key_of(file)
        if key not in self._given:
            around = self.of(file.container).for_members if file.container else ()
            rows = tuple(statement for _, statement in self._rows.get(key, ()))
            sides = [_side(self._sides[side]) for side in _sides(key) if side in self._sides]
            stated = (statement for statements, _ in sides for statement in statements)
            notices = (notice for _, notices in sides for notice in notices)
            self._given[key] = Given((*around, *rows, *stated), tuple(notices))
        return self._given[key]

    def reports(self, files: Iterable[Found]) -> tuple[FileReport, ...]:
        """Return what to report about what states something of these files: each table, and each
        side file that belongs to none of them.
        """
        if not self._order:
            return ()
        keys = dict.fromkeys(_key_of(file) for file in files)
        notices = {path: list(wrong) for path, wrong in self._wrong.items()}
        for key, rows in self._rows.items():
            if key not in keys:
                for path, statement in rows:
                    name = key.removeprefix(f"{_key(path.parent)}/")
                    notices[path].append(invalid(statement.source, _nobody(name)))
        tables = self._tables.values()
        reports = {file.path: _report(file, notices[file.path]) for file in tables}
        sides = {side for key in keys for side in _sides(key)}
        alone = (file for key, file in self._sides.items() if key not in sides)
        reports |= {file.path: report for file in alone if (report := _alone(file))}
        return tuple(reports[file.path] for file in self._order if file.path in reports)

    def _take_table(self, file: Found) -> list[Notice]:
        """Take what a table states, and return what is wrong with it."""
        try:
            table = folder_table(contents(file.path, _LARGEST).data, file.relative)
        except UnreadableFile as error:
            return [_unreadable(file, error)]
        for name, statement in table.statements:
            rows = self._rows.setdefault(f"{_key(file.path.parent)}/{name}", [])
            rows.append((file.path, statement))
        return list(table.notices)


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


def _key(path: str | Path) -> str:
    """Return a path so that one name of a file is one key, in whatever form its letters come."""
    return unicodedata.normalize("NFC", os.fsencode(path).decode("utf-8", "backslashreplace"))


def _key_of(file: Found) -> str:
    """Return the key of a file; what is in an archive has one as if that were a folder."""
    within = file.relative.removeprefix(file.on_disk.relative)
    return _key(file.path) + unicodedata.normalize("NFC", within)


def _and_above(key: str) -> Iterator[str]:
    """Yield a key and those of all folders above: one of them may be an archive."""
    while key:
        yield key
        key = key.rpartition("/")[0]


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
