"""How does a folder become an index?  Folder in, generation and BuildReport out.

`rebuild` reads everything.  `update` gives the same result and reads only what has changed: a
file with the size and time of modification that the last report has of it is left alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from indexer.analysis import analyse
from indexer.build_report import BuildReport, FileReport, write_report
from indexer.bulletin import Bulletin, Reading
from indexer.checking import check_draft
from indexer.copies import Copies
from indexer.dictionary import open_segmenter
from indexer.document import load
from indexer.engines.generations import Draft, new_generation, open_current
from indexer.engines.whoosh import WhooshWriter, link
from indexer.errors import BadInput, IndexUnavailable, UnreadableFile, WrongUsage
from indexer.file_reports import (
    container,
    copy_notice,
    duplicate,
    identity,
    near_notice,
    refused,
    signature_of,
    understood,
)
from indexer.last_build import LastBuild, facts_of, last_build
from indexer.metadata import describe, read_authority
from indexer.metadata.overrides import FRONT, Invalid, Statement, codec, put_right
from indexer.overrides import Given, Overrides
from indexer.readers import ConfinedReader, Found, Room, walk, walk_statements
from indexer.settings import Settings

Progress = Callable[[int, int, str], None]
"""Called after each file with the number done, the number in all, and the file's name."""

_SHRINKS: Final = 0.5
"""A build with fewer than this share of the last one's bulletins is an accident until forced."""
_SMALL_SEGMENTS: Final = 8
"""Small segments that may stand side by side before they are taken together."""

_LASTING: Final = frozenset(
    (
        *("empty", "not_text", "unknown_format", "damaged", "encrypted"),
        *("too_complex", "too_deep", "too_many"),
    )
)
"""Refusals that stay as long as the file does; after the others it is tried again."""

_LIKENESS: Final = ("copy", "near_identical")


def rebuild(
    settings: Settings,
    progress: Progress = lambda done, total, name: None,
    *,
    strict: bool = False,
    allow_empty: bool = False,
    force: bool = False,
) -> BuildReport:
    """Read every bulletin below `settings.folders` into a new generation, and switch to it.

    Raises `BadInput` when nothing could be read (unless `allow_empty`), when `strict` and
    something could not, and when less than half of the last index is left (unless `force`).
    """
    build = _Build(_checked(settings), progress, time.time_ns())
    return build.run(strict=strict, allow_empty=allow_empty, force=force)


def update(
    settings: Settings,
    progress: Progress = lambda done, total, name: None,
    *,
    strict: bool = False,
    allow_empty: bool = False,
    force: bool = False,
) -> BuildReport:
    """Do what `rebuild` does, reading only the files that were added or changed.

    Without any change the generation stays.  Where no index can be continued (there is none, or
    another version or dictionary built it) everything is read.  Raises what `rebuild` raises.
    """
    build = _Build(_checked(settings), progress, time.time_ns(), continuing=True)
    return build.run(strict=strict, allow_empty=allow_empty, force=force)


def _checked(settings: Settings) -> Settings:
    """Return the settings with the codec's own name for the encoding.  Raises `WrongUsage`."""
    try:
        encoding = codec(settings.encoding) if settings.encoding else ""
    except Invalid:
        raise WrongUsage(
            f"没有“{settings.encoding}”这种编码。", f"There is no encoding {settings.encoding}."
        ) from None
    return dataclasses.replace(settings, encoding=encoding)


class _Build:
    """One run over the folders, from the first file to the switch."""

    def __init__(
        self, settings: Settings, progress: Progress, started: int, *, continuing: bool = False
    ) -> None:
        self._settings = settings
        self._progress = progress
        self._started = started
        self._authority = read_authority(settings.organizations)
        self._segmenter = open_segmenter(settings, self._authority)
        known = (settings, self._segmenter, self._authority)
        self._facts = facts_of(*known)
        self._last = last_build(*known) if continuing else LastBuild()
        self._found: list[Found] = []
        self._paths: dict[str, str] = {}  # by digest
        self._ids: set[str] = set()
        self._kept: set[str] = set()
        self._copies = Copies()
        self._overrides = Overrides(())

    def run(self, *, strict: bool, allow_empty: bool, force: bool) -> BuildReport:
        """Build, check and switch; return the report."""
        settings = self._settings
        limit = settings.max_file_mb * 1_000_000
        found = list(walk(settings.folders, limit))
        self._overrides = Overrides(walk_statements(settings.folders, limit))
        index = Path(settings.index)
        if self._nothing_changed(found):
            _accept(self._last.report, index, strict=strict, allow_empty=allow_empty, force=force)
            return self._last.report
        with new_generation(index, check=self._check) as draft:
            files = (*self._fill(draft, found), *self._stating(self._found))
            report = BuildReport(draft.name, files, self._started)
            _accept(report, index, strict=strict, allow_empty=allow_empty, force=force)
            write_report(report, draft.directory)
            draft.documents = report.read
            draft.facts = self._facts
        return report

    def _check(self, draft: Draft) -> None:
        check_draft(draft, self._segmenter, self._kept)

    def _nothing_changed(self, found: Sequence[Found]) -> bool:
        last = self._last.report
        known = [each for file in found for each in self._with_members(file)]
        same = self._last.directory is not None and all(map(self._same, known))
        paths = [file.relative for file in known]
        return (
            same
            and paths == [file.path for file in last.bulletins]
            and last.stating == self._stating(known)
        )

    def _with_members(self, file: Found) -> Iterator[Found]:
        """Yield a file and, as far as the last build knows, all that is in it."""
        yield file
        for member in self._last.members(file):
            yield from self._with_members(member)

    def _same(self, found: Found) -> bool:
        old = self._last.files.get(found.relative)
        given = self._overrides.of(found).fingerprint
        facts = (found.refusal, given)
        refused = found.refusal and old is not None and (old.reason, old.overrides) == facts
        return bool(refused) or self._last.unchanged(found, given) is not None

    def _stating(self, files: Iterable[Found]) -> tuple[FileReport, ...]:
        """Return what to report of what states something of bulletins, among these files."""
        reports, authority = self._overrides.reports(files), self._authority
        listed = FileReport(authority.source, "settings", notices=tuple(authority.notices))
        return (*reports, listed) if authority.source else reports

    def _fill(self, draft: Draft, found: Sequence[Found]) -> tuple[FileReport, ...]:
        if self._last.directory is not None:
            link(self._last.directory, draft.directory)
        writer = WhooshWriter(draft.directory, self._settings.batch_units)
        files: list[FileReport] = []
        with ConfinedReader(self._settings) as reader:
            for done, file in enumerate(found, 1):
                files += self._reports(file, reader, writer)
                self._progress(done, len(found), file.relative)
        writer.remove(self._gone())
        groups = {file.id: file.group for file in files}
        for stored in writer.take_small(_SMALL_SEGMENTS):
            bulletin = load(stored)
            writer.add(analyse(bulletin, self._segmenter, groups[bulletin.id]))
        writer.finish()
        return tuple(files)

    def _reports(
        self, file: Found, reader: ConfinedReader, writer: WhooshWriter
    ) -> Iterator[FileReport]:
        """Yield the report of a file on disk, and after it those of all that is in it."""
        waiting, room = [file], Room.of(self._settings)
        while waiting:
            file = waiting.pop()
            self._found.append(file)
            report, members = self._report(file, room, reader, writer)
            yield report
            waiting += reversed(members)
            room = room.without(member.size for member in members)

    def _report(
        self, file: Found, room: Room, reader: ConfinedReader, writer: WhooshWriter
    ) -> tuple[FileReport, Sequence[Found]]:
        """Keep what is known of a file, or read it and give it to the writer; and say what is in
        it.
        """
        given = self._overrides.of(file)
        old = self._last.unchanged(file, given.fingerprint)
        if old is not None and (kept := self._again(old, given)):
            return kept, self._last.members(file)
        if file.refusal:
            return refused(file, UnreadableFile(file.refusal), given), ()
        opened = reader.open(file, given.encoding or self._settings.encoding, room)
        members = [file.member(n, m.name, m.size) for n, m in enumerate(opened.members)]
        try:
            reading = opened.text()
            if reading is None:
                return container(file, opened.media_type, given), members
            return self._read(file, given, reading, writer), members
        except UnreadableFile as error:
            return refused(file, error, given), members

    def _again(self, old: FileReport, given: Given) -> FileReport | None:
        """Return what is to be reported of a file that is as it was; None to read it again."""
        if first := self._paths.get(old.sha256):
            return duplicate(old, given, first)
        if old.outcome == "read":
            return self._keep(old)
        return old if old.outcome == "opened" or old.reason in _LASTING else None

    def _read(
        self, file: Found, given: Given, reading: Reading, writer: WhooshWriter
    ) -> FileReport:
        """Give a text to the writer, unless it is there already.  Raises `UnreadableFile`."""
        digest = reading.source.sha256
        known = FileReport(
            file.relative,
            "read",
            media_type=reading.source.media_type,
            encoding=reading.source.encoding,
            size=file.size,
            modified=file.modified,
            sha256=digest,
            overrides=given.fingerprint,
            inside=file.inside,
        )
        if first := self._paths.get(digest):
            return duplicate(known, given, first)
        with _refused_alone():
            bulletin = self._describe(reading, self._id(digest), given)
            placed = self._placed(understood(known, bulletin))
            document = analyse(bulletin, self._segmenter, placed.group)
        writer.add(document)
        self._take(placed)
        return placed

    def _describe(self, reading: Reading, id: str, given: Given) -> Bulletin:
        """Return what is understood of a text and put right."""
        described = describe(reading, id, self._authority)
        front = (Statement(FRONT, reading.front),) if reading.front else ()
        right = put_right(described, (*front, *given.statements), self._authority)
        return dataclasses.replace(right, notices=(*right.notices, *given.notices))

    def _keep(self, old: FileReport) -> FileReport | None:
        """Return the report of a bulletin that stays; None when it belongs to another group now."""
        placed = self._placed(old)
        if placed.group != old.group:
            return None
        self._take(placed)
        self._kept.add(old.id)
        return placed

    def _placed(self, file: FileReport) -> FileReport:
        """Return a report with what the bulletin is like among those before it."""
        like = self._copies.find(file.id, identity(file), signature_of(file))
        notices = tuple(notice for notice in file.notices if notice.code not in _LIKENESS)
        if like.copy_of:
            notices += (copy_notice(like.copy_of),)
        if like.near:
            notices += (near_notice(like.near),)
        return dataclasses.replace(file, group=like.group, near=like.near, notices=notices)

    def _id(self, digest: str) -> str:
        """Return an id of the content, so that it stays when a file is renamed or moved."""
        candidates = (f"b-{digest[:length]}" for length in (12, 24, 64))
        return next(id for id in candidates if id not in self._ids)

    def _take(self, file: FileReport) -> None:
        self._paths[file.sha256] = file.path
        self._ids.add(file.id)
        self._copies.add(file.path, file.group, identity(file), signature_of(file))

    def _gone(self) -> set[str]:
        """Return the ids whose documents of the last generation are not kept."""
        return {file.id for file in self._last.report.files if file.id} - self._kept


@contextlib.contextmanager
def _refused_alone() -> Iterator[None]:
    """Refuse the one file whose text our own code stumbles over; the build goes on."""
    try:
        yield
    except Exception as error:
        raise UnreadableFile("crashed", type(error).__name__) from error


def _accept(
    report: BuildReport, index: Path, *, strict: bool, allow_empty: bool, force: bool
) -> None:
    """Raise `BadInput` when the build is not what the operator can have meant."""
    if strict and report.refused:
        first = report.refused[0]
        raise BadInput(
            f"有 {len(report.refused)} 个文件读不了，第一个是 {first.path}。",
            f"{len(report.refused)} files could not be read, the first is {first.path}.",
        )
    if not report.read and not allow_empty:
        raise BadInput("没有读到任何简报。", "Not one bulletin could be read.")
    before = _documents(index)
    if report.read < before * _SHRINKS and not (force or allow_empty):
        raise BadInput(
            f"只读到 {report.read} 期，原索引有 {before} 期；确认无误请加 --force。",
            f"Only {report.read} bulletins, the index has {before}; add --force if that is right.",
        )


def _documents(index: Path) -> int:
    try:
        return open_current(index)[2].documents
    except IndexUnavailable:
        return 0
