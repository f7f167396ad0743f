"""How does a folder become an index?  Folder in, generation and BuildReport out.

`rebuild` reads everything.  `update` gives the same result and reads only what has changed: a
file with the size and time of modification that the last report has of it is left alone.
"""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Final

from indexer.acceptance import accept
from indexer.analysis import analyse
from indexer.beside import beside
from indexer.build_report import BuildReport, FileReport
from indexer.carried import PLACES, Carried
from indexer.checking import OLD_BEFORE, check_draft
from indexer.copies import Copies, Seen
from indexer.dictionary import open_segmenter
from indexer.document import load
from indexer.engines.generations import Draft, new_generation
from indexer.engines.whoosh import WhooshEngine, WhooshWriter, link
from indexer.errors import UnreadableFile, WrongUsage
from indexer.file_reports import compared, duplicate, identity, refused, signature_of
from indexer.garbage import reusing
from indexer.intake import DIGITS, Asked, Intake, Taken, id_of
from indexer.kept_report import Gathering, Reports, changes, lasts, may_stay, write_report
from indexer.last_build import LastBuild, facts_of, last_build
from indexer.metadata import read_authority
from indexer.metadata.overrides import Invalid, codec
from indexer.offering import Offering
from indexer.overrides import Given, Overrides
from indexer.readers import ConfinedReader, Found, Room, walk
from indexer.settings import Settings, cores
from indexer.suggest import keep_names, renew_names
from indexer.workers import WorkerLost, Workers, open_workers

Progress = Callable[[int, int, str], None]
"""Called after each file with the number done, the number in all, and the file's name."""

_Workers = Workers[Asked, Taken]

_SIZE: Final = attrgetter("file.size")
_SMALL_SEGMENTS: Final = 8
"""Small segments that may stand side by side before they are taken together."""

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
    with ConfinedReader(settings := _checked(settings)) as reader:
        with suppress(OSError):  # who asks it starts it again, and says what is wrong
            reader.start()  # a quarter of a second, in which we find out what it has to read
        build = _Build(settings, progress, time.time_ns(), reader)
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
        self,
        settings: Settings,
        progress: Progress,
        started: int,
        reader: ConfinedReader | None = None,
    ) -> None:
        self._settings = settings
        self._progress = progress
        self._started = started
        self._reader = reader
        self._authority = read_authority(settings.organizations)
        self._segmenter = open_segmenter(settings, self._authority)
        with beside(self._look_back):
            self._found, statements = walk(settings.folders, settings.max_file_mb * 1_000_000)
        self._overrides = Overrides(statements)
        self._carried = Carried(self._last, self._found, self._overrides.concern)
        self._concerned: list[Found] = []
        self._files = Gathering()
        self._kept: set[str] = set()
        self._came: list[FileReport] = []
        self._gone: list[FileReport] = []
        self._offering = Offering()
        self._copies = Copies(self._carried if self._last.directory else None)
        self._room = Room.of(settings)
        self._place = 0

    def _look_back(self) -> None:
        """Find out what can be gone on from; all is new to a rebuild."""
        known = (self._settings, self._segmenter, self._authority)
        self._facts = facts_of(*known)
        self._last = last_build(*known) if self._reader else LastBuild()

    def run(self, *, strict: bool, allow_empty: bool, force: bool) -> BuildReport:
        """Build, check and switch; return the report."""
        index = Path(self._settings.index)
        accepted = partial(accept, index=index, strict=strict, allow_empty=allow_empty, force=force)
        if self._last.directory is not None and self._nothing_changed():
            accepted(self._last.files)
            return self._built(self._last.directory.name, self._last.files, self._last.started)
        with new_generation(index) as draft:
            with reusing():
                files = self._fill(draft)
            report = self._built(draft.name, files, self._started)
            accepted(files)
            write_report(report, draft.directory, self._last.directory)
            draft.documents, draft.facts = files.read, self._facts
            self._look_into(draft, files)
        return report

    def _built(self, name: str, files: Reports, started: int) -> BuildReport:
        told = changes(self._came, self._gone, files) if self._last.directory else None
        return BuildReport(name, files, started, told)

    def _look_into(self, draft: Draft, files: Reports) -> None:
        """Check what was built, and at the same time keep what it offers to whoever types."""
        directory, last = draft.directory, self._last.directory
        with ExitStack() as stack:
            if last is not None:
                stack.enter_context(beside(partial(self._renew_names, last, directory, files)))
            engine = stack.enter_context(closing(WhooshEngine(directory)))
            if last is None:
                stack.enter_context(beside(partial(keep_names, engine, directory)))
            new = engine.ids() if last is None else [file.id for file in self._came]
            check_draft(engine, draft, self._segmenter, new, self._sample(draft.name))

    def _renew_names(self, last: Path, directory: Path, files: Reports) -> None:
        changes = self._offering.changes(files.of_groups, self._segmenter)
        as_many = files.read == self._last.files.read
        if not renew_names(directory, last, changes, files.read, as_many=as_many):
            with closing(WhooshEngine(directory)) as engine:
                keep_names(engine, directory)

    def _sample(self, seed: str) -> list[str]:
        """Return some of the bulletins that were kept."""
        carried = self._carried.left().tolist()
        drawn = random.Random(int(seed)).sample(carried, min(OLD_BEFORE, len(carried)))
        return [*(self._last.files[at].id for at in drawn), *self._kept]

    def _nothing_changed(self) -> bool:
        looked_at = [self._found[at] for at in self._carried.to_look_at()]
        known = [each for file in looked_at for each in self._with_members(file)]
        same = self._carried.same_names and all(map(self._same, known))
        return same and self._last.stating == self._stating(known)

    def _with_members(self, file: Found) -> Iterator[Found]:
        """Yield a file and, as far as the last build knows, all that is in it."""
        yield file
        for member in self._last.members(file):
            yield from self._with_members(member)

    def _same(self, found: Found) -> bool:
        old = self._last.report_of(found)
        given = self._overrides.of(found).fingerprint
        facts = (found.refusal, given)
        refused = found.refusal and old is not None and (old.reason, old.overrides) == facts
        return bool(refused) or self._last.unchanged(found, given) is not None

    def _stating(self, files: Iterable[Found]) -> tuple[FileReport, ...]:
        """Return what to report of what states something of bulletins, among these files."""
        reports, authority = self._overrides.reports(files), self._authority
        listed = FileReport(authority.source, "settings", notices=tuple(authority.notices))
        return (*reports, listed) if authority.source else reports

    def _fill(self, draft: Draft) -> Reports:
        if self._last.directory is not None:
            link(self._last.directory, draft.directory)
        writer = WhooshWriter(draft.directory, self._settings.batch_units)
        count = self._workers()
        known = (self._settings, self._authority, self._segmenter)
        intake = Intake(*known, self._reader if count == 1 else None)
        if count > 1 and self._reader is not None:
            self._reader.stop()  # workers have readers of their own
        done, total = 0, len(self._found)
        looked_at = [0] * total
        with open_workers(intake, count) as workers:
            for at, begun in self._turns(workers):
                self._place = at * PLACES
                looked_at[at] = self._files.take(self._reports(begun, workers, writer))
                self._note_what_went(begun.file)
                done = at + 1
                self._progress(done, total, begun.file.relative)
        if done < total:
            self._progress(total, total, self._found.names[-1])
        self._gone = self._not_kept()
        self._offering.went(self._gone, self._last.files.of_groups, writer.stored)
        writer.remove(file.id for file in self._gone)
        for stored, group in writer.take_small(_SMALL_SEGMENTS):
            writer.add(analyse(load(stored), self._segmenter, group))
        writer.finish()
        self._files.take(self._stating(self._concerned))
        del self._copies, self._found, self._concerned  # before the next stage needs memory
        return self._carried.reports(looked_at, self._files.part())

    def _workers(self) -> int:
        """Return how many processes are to read: one for a few files."""
        looked_at = (self._found[at] for at in self._carried.to_look_at())
        read = (file.size for file in looked_at if not self._same(file))
        sizes = [*islice(read, _FEW_FILES + 1)]
        few = len(sizes) <= _FEW_FILES and sum(sizes) <= _FEW_BYTES
        return 1 if few else self._settings.build_workers or cores()

    def _turns(self, workers: _Workers) -> Iterator[tuple[int, _Begun]]:
        """Yield the files that have to be looked at, in order, each with its number."""
        every = self._carried.to_look_at()
        begun = self._begun((self._found[at] for at in every), workers)
        for at, one in zip(every, begun, strict=True):
            yield from self._more_turns(at, workers)
            yield at, one
        yield from self._more_turns(len(self._found), workers)

    def _more_turns(self, before: int, workers: _Workers) -> Iterator[tuple[int, _Begun]]:
        for at in self._carried.more_before(before):
            yield at, self._begin(self._found[at], workers)

    def _note_what_went(self, file: Found) -> None:
        """Let what is like a bulletin that was in a file, and is no more, be looked at."""
        for old in self._last.within(file):
            if old.outcome == "read" and self._files.first(old.sha256) != old.path:
                self._carried.changed(old, self._place)

    def _begun(self, files: Iterable[Found], workers: _Workers) -> Iterator[_Begun]:
        """Yield each file when it and some of those after it are being read."""
        return workers.ahead((self._begin(file, workers) for file in files), _SIZE)

    def _begin(self, file: Found, workers: _Workers) -> _Begun:
        """Have a file read, unless it is likely to stay as it is known."""
        given = self._overrides.of(file)
        old = self._last.unchanged(file, given.fingerprint)
        asked = Asked(file, given, self._room_of(file))
        if file.refusal or (old is not None and may_stay(old)):
            return _Begun(file, given, asked, old)
        return _Begun(file, given, asked, old, workers.submit(asked))

    def _room_of(self, file: Found) -> Room:
        """Return the room that there is now for what is in a file."""
        return self._room if file.container else Room.of(self._settings)

    def _reports(
        self, begun: _Begun, workers: _Workers, writer: WhooshWriter
    ) -> Iterator[FileReport]:
        """Yield the report of a file, and after it those of all that is in it."""
        if self._overrides.concerns(begun.file.place):
            self._concerned.append(begun.file)
        self._room = self._room_of(begun.file)
        report, members = self._report(begun, workers, writer)
        self._place += 1
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
        if first := self._first(digest):
            return duplicate(taken.report, begun.given, first), taken.members
        if taken.document is not None and self._has(taken.report.id):
            digits = next(n for n in DIGITS if not self._has(id_of(digest, n)))
            taken = workers.submit(dataclasses.replace(begun.asked, digits=digits))()
        if taken.document is None:
            return taken.report, taken.members
        placed = self._placed(taken.report)
        writer.add(document := dataclasses.replace(taken.document, group=placed.group))
        self._take(placed)
        if self._last.directory is not None:
            self._came.append(placed)
            self._offering.came(document)
        self._carried.changed(placed, self._place)
        return placed, taken.members

    def _first(self, digest: str) -> str | None:
        """Return the path of the bulletin with these bytes, if one came before."""
        return self._files.first(digest) or self._carried.first(digest, self._place)

    def _has(self, id: str) -> bool:
        return self._files.has(id) or self._carried.has(id, self._place)

    def _again(self, old: FileReport, given: Given) -> FileReport | None:
        """Return what is to be reported of a file that is as it was; None to read it again."""
        if first := self._first(old.sha256):
            return duplicate(old, given, first)
        if old.outcome == "read":
            return self._keep(old)
        return old if old.outcome == "opened" or lasts(old) else None

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
        facts = (file.id, identity(file), signature_of(file))
        return compared(file, self._copies.find(*facts, self._place))

    def _take(self, file: FileReport) -> None:
        facts = (file.path, file.group, identity(file), signature_of(file))
        self._copies.add(Seen(self._place, *facts))

    def _not_kept(self) -> list[FileReport]:
        """Return the bulletins of the last generation whose documents are not kept."""
        gone = (self._last.files[at] for at in self._carried.gone().tolist())
        return [file for file in gone if file.id not in self._kept]
