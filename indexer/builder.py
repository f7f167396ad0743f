"""How does a folder become an index?  Folder in, generation and BuildReport out.

`rebuild` reads everything.  `update` gives the same result and reads only what has changed: a
file with the size and time of modification that the last report has of it is left alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.analysis import analyse
from indexer.build_report import BuildReport, FileReport, write_report
from indexer.checking import check_draft
from indexer.copies import Copies
from indexer.dictionary import open_segmenter
from indexer.document import load
from indexer.engines.generations import Draft, new_generation, open_current
from indexer.engines.whoosh import WhooshEngine, WhooshWriter, link
from indexer.errors import BadInput, IndexUnavailable, UnreadableFile, WrongUsage
from indexer.file_reports import (
    copy_notice,
    duplicate,
    identity,
    near_notice,
    refused,
    signature_of,
)
from indexer.intake import DIGITS, Asked, Intake, Taken, id_of
from indexer.last_build import LastBuild, facts_of, last_build
from indexer.metadata import read_authority
from indexer.metadata.overrides import Invalid, codec
from indexer.offering import MOST, changed_offers
from indexer.overrides import Given, Overrides
from indexer.readers import Found, Room, walk, walk_statements
from indexer.settings import Settings, cores
from indexer.suggest import keep_names, renew_names
from indexer.workers import WorkerLost, Workers, open_workers

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

_FEW_FILES: Final = 100
_FEW_BYTES: Final = 5_000_000
"""What is read before workers would be ready."""


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


_Workers = Workers[Asked, Taken]


@dataclass(frozen=True, slots=True)
class _Begun:
    """A file whose turn will come; `result` gives what was made of it, if it had to be read.

    `old` is the report that the last build has of it, if it is as it was.
    """

    file: Found
    given: Given
    asked: Asked
    old: FileReport | None
    result: Callable[[], Taken] | None = None


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
        self._taken_out: dict[str, str] = {}
        self._copies = Copies()
        self._overrides = Overrides(())
        self._room = Room.of(settings)

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
            with contextlib.closing(WhooshEngine(draft.directory)) as engine:
                self._name(engine, draft.directory, report)
            draft.documents = report.read
            draft.facts = self._facts
        return report

    def _name(self, engine: WhooshEngine, directory: Path, report: BuildReport) -> None:
        """Keep what the bulletins offer to whoever types."""
        if self._last.directory is None:
            keep_names(engine, directory)
            return
        before, after = self._last.report.groups, report.groups
        new = after.keys() - self._kept
        known = (engine, self._segmenter)
        few = len(self._taken_out) == len(before) - len(self._kept)
        changes = changed_offers(before, after, self._taken_out, new, *known) if few else None
        renew_names(engine, directory, self._last.directory, changes)

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
        intake = Intake(self._settings, self._authority, self._segmenter)
        with open_workers(intake, self._workers(found)) as workers:
            for done, begun in enumerate(self._begun(found, workers), 1):
                files += self._reports(begun, workers, writer)
                self._progress(done, len(found), begun.file.relative)
        gone = self._gone()
        self._taken_out = writer.stored(gone) if len(gone) <= MOST else {}
        writer.remove(gone)
        groups = {file.id: file.group for file in files}
        for stored in writer.take_small(_SMALL_SEGMENTS):
            bulletin = load(stored)
            writer.add(analyse(bulletin, self._segmenter, groups[bulletin.id]))
        writer.finish()
        return tuple(files)

    def _workers(self, found: Sequence[Found]) -> int:
        """Return how many processes are to read: one for a few files."""
        sizes = [file.size for file in found if not self._same(file)]
        few = len(sizes) <= _FEW_FILES and sum(sizes) <= _FEW_BYTES
        return 1 if few else self._settings.build_workers or cores()

    def _begun(self, files: Sequence[Found], workers: _Workers) -> Iterator[_Begun]:
        """Yield each file when it and some of those after it are being read."""
        return workers.ahead((self._begin(file, workers) for file in files), _size)

    def _begin(self, file: Found, workers: _Workers) -> _Begun:
        """Have a file read, unless it is likely to stay as it is known."""
        given = self._overrides.of(file)
        old = self._last.unchanged(file, given.fingerprint)
        asked = Asked(file, given, self._room_of(file))
        if file.refusal or (old is not None and _may_stay(old)):
            return _Begun(file, given, asked, old)
        return _Begun(file, given, asked, old, workers.submit(asked))

    def _room_of(self, file: Found) -> Room:
        """Return the room that there is now for what is in a file."""
        return self._room if file.container else Room.of(self._settings)

    def _reports(
        self, begun: _Begun, workers: _Workers, writer: WhooshWriter
    ) -> Iterator[FileReport]:
        """Yield the report of a file, and after it those of all that is in it."""
        self._found.append(begun.file)
        self._room = self._room_of(begun.file)
        report, members = self._report(begun, workers, writer)
        yield report
        self._room = self._room.without(member.size for member in members)
        for member in self._begun(members, workers):
            yield from self._reports(member, workers, writer)

    def _report(
        self, begun: _Begun, workers: _Workers, writer: WhooshWriter
    ) -> tuple[FileReport, Sequence[Found]]:
        """Keep what is known of a file, or take it in; and say what is in it."""
        file, given, old = begun.file, begun.given, begun.old
        if old is not None and (kept := self._again(old, given)):
            return kept, self._last.members(file)
        if file.refusal:
            return refused(file, UnreadableFile(file.refusal), given), ()
        try:
            return self._take_in(self._taken(begun, workers), begun, workers, writer)
        except WorkerLost:
            return refused(file, UnreadableFile("crashed"), given), ()

    def _taken(self, begun: _Begun, workers: _Workers) -> Taken:
        """Return what was made of a file; once more when what came before left it less room than
        it seemed.
        """
        asked = dataclasses.replace(begun.asked, room=self._room)
        taken = (begun.result or workers.submit(asked))()
        holds_files = bool(taken.members) or taken.document is None
        return workers.submit(asked)() if holds_files and asked != begun.asked else taken

    def _take_in(
        self, taken: Taken, begun: _Begun, workers: _Workers, writer: WhooshWriter
    ) -> tuple[FileReport, Sequence[Found]]:
        """Give a text to the writer, unless it is there already."""
        digest = taken.report.sha256
        if first := self._paths.get(digest):
            return duplicate(taken.report, begun.given, first), taken.members
        if taken.document is not None and taken.report.id in self._ids:
            digits = next(n for n in DIGITS if id_of(digest, n) not in self._ids)
            taken = workers.submit(dataclasses.replace(begun.asked, digits=digits))()
        if taken.document is None:
            return taken.report, taken.members
        placed = self._placed(taken.report)
        writer.add(dataclasses.replace(taken.document, group=placed.group))
        self._take(placed)
        return placed, taken.members

    def _again(self, old: FileReport, given: Given) -> FileReport | None:
        """Return what is to be reported of a file that is as it was; None to read it again."""
        if first := self._paths.get(old.sha256):
            return duplicate(old, given, first)
        if old.outcome == "read":
            return self._keep(old)
        return old if old.outcome == "opened" or old.reason in _LASTING else None

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
        if (like.group, like.near, notices) == (file.group, file.near, file.notices):
            return file
        return dataclasses.replace(file, group=like.group, near=like.near, notices=notices)

    def _take(self, file: FileReport) -> None:
        self._paths[file.sha256] = file.path
        self._ids.add(file.id)
        self._copies.add(file.path, file.group, identity(file), signature_of(file))

    def _gone(self) -> set[str]:
        """Return the ids whose documents of the last generation are not kept."""
        return self._last.report.groups.keys() - self._kept


def _may_stay(old: FileReport) -> bool:
    """Say whether a file that is as it was may not have to be read again."""
    return old.outcome != "refused" or old.reason in (*_LASTING, "duplicate")


def _size(begun: _Begun) -> int:
    return begun.file.size


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
