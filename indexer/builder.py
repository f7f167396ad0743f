"""How does a folder become an index?  Folder in, generation and BuildReport out."""

from __future__ import annotations

import dataclasses
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.analysis import Segmenter, analyse, cut_blocks, read_user_words
from indexer.bulletin import Bulletin
from indexer.document import load
from indexer.engines.base import Engine, EngineQuery
from indexer.engines.generations import Draft, new_generation, open_current
from indexer.engines.opening import facts, open_engine
from indexer.engines.whoosh import WhooshEngine, WhooshWriter
from indexer.errors import BadInput, IndexDamaged, IndexUnavailable, UnreadableFile
from indexer.language import Notice, Sentence
from indexer.metadata import describe
from indexer.query import Quotation
from indexer.readers import ConfinedReader, Found, walk
from indexer.settings import Settings

REPORT: Final = "report.json"
Progress = Callable[[int, int, str], None]
"""Called after each file with the number done, the number in all, and the file's name."""

_SHRINKS: Final = 0.5
"""A build with fewer than this share of the last one's bulletins is an accident until forced."""
_DRAWN: Final = 20
"""Quotations drawn before the switch; `verify` draws more."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What the build thought of one file.

    `outcome` is `read` or `refused`; `reason` is one of `errors.REFUSALS` when refused, and
    `detail` says more.  The rest is what was understood, empty where it was not.
    """

    path: str
    outcome: str
    reason: str = ""
    detail: str = ""
    media_type: str = ""
    encoding: str = ""
    size: int = 0
    id: str = ""
    title: str = ""
    series: str = ""
    issue: str = ""
    date: str = ""
    publisher: str = ""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build thought of every file, in the order of reading."""

    generation: str
    files: tuple[FileReport, ...]

    @property
    def read(self) -> int:
        """The number of files that were read."""
        return sum(file.outcome == "read" for file in self.files)

    @property
    def refused(self) -> tuple[FileReport, ...]:
        """The files that were not read."""
        return tuple(file for file in self.files if file.outcome == "refused")

    def noticed(self) -> Counter[str]:
        """Return how many files have each kind of notice: `no_issue`, `no_date` …"""
        return Counter(code for file in self.files for code in {n.code for n in file.notices})


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
    index = Path(settings.index)
    segmenter = Segmenter(read_user_words(settings.user_words))
    found = list(walk(settings.folders, settings.max_file_mb * 1_000_000))
    with new_generation(index, check=lambda draft: _check(draft)) as draft:
        files = _fill(draft, found, settings, segmenter, progress)
        report = BuildReport(draft.name, files)
        _accept(report, index, strict=strict, allow_empty=allow_empty, force=force)
        (draft.directory / REPORT).write_text(_dump(report), encoding="utf-8")
        draft.documents = report.read
        draft.facts = {**facts(), "words": segmenter.fingerprint}
    return report


def verify(settings: Settings, drawn: int = 200, seed: int = 0) -> int:
    """Check the current index: files, checksums, counts, and `drawn` random quotations.

    Returns the number of quotations drawn, all of which were found.  Raises `IndexUnavailable`.
    """
    _, engine, manifest = open_engine(Path(settings.index), whole=True)
    try:
        return _check_engine(engine, manifest.documents, drawn, random.Random(seed))
    finally:
        engine.close()


def report(settings: Settings) -> BuildReport:
    """Return what the last build thought of each file.  Raises `IndexUnavailable`."""
    name, directory, _ = open_current(Path(settings.index))
    return BuildReport(name, _load((directory / REPORT).read_text(encoding="utf-8")))


def _fill(
    draft: Draft,
    found: Sequence[Found],
    settings: Settings,
    segmenter: Segmenter,
    progress: Progress,
) -> tuple[FileReport, ...]:
    writer = WhooshWriter(draft.directory, settings.segment_units)
    files: list[FileReport] = []
    ids: dict[str, str] = {}
    with ConfinedReader(settings) as reader:
        for done, file in enumerate(found, 1):
            try:
                bulletin = _understand(file, reader, ids)
            except UnreadableFile as error:
                files.append(_refused(file, error))
            else:
                writer.add(analyse(bulletin, segmenter))
                files.append(_read(bulletin))
            progress(done, len(found), file.relative)
    writer.finish()
    return tuple(files)


def _understand(file: Found, reader: ConfinedReader, ids: dict[str, str]) -> Bulletin:
    if file.refusal:
        raise UnreadableFile(file.refusal)
    reading = reader.read(file.path, file.relative)
    digest = reading.source.sha256
    # The id is of the content, so that it stays when a file is renamed or moved.
    length = next(n for n in (12, 24, 64) if ids.get(digest[:n], digest) == digest)
    if digest[:length] in ids:
        raise UnreadableFile("duplicate")
    ids[digest[:length]] = digest
    return describe(reading, f"b-{digest[:length]}")


def _read(bulletin: Bulletin) -> FileReport:
    source = bulletin.source
    return FileReport(
        path=source.path,
        outcome="read",
        media_type=source.media_type,
        encoding=source.encoding,
        size=source.size,
        id=bulletin.id,
        title=bulletin.title,
        series=bulletin.series,
        issue=bulletin.issue.label if bulletin.issue else "",
        date=bulletin.date,
        publisher=bulletin.publisher,
        notices=bulletin.notices,
    )


def _refused(file: Found, error: UnreadableFile) -> FileReport:
    return FileReport(file.relative, "refused", error.reason, error.detail, size=file.size)


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


def _check(draft: Draft) -> None:
    """Open what was built, before anybody else does, and look for random quotations."""
    engine = WhooshEngine(draft.directory)
    try:
        _check_engine(engine, draft.documents, _DRAWN, random.Random(draft.name))
    finally:
        engine.close()


def _check_engine(engine: Engine, documents: int, drawn: int, rng: random.Random) -> int:
    """Raise `IndexDamaged` unless counts agree and every quotation drawn is found."""
    ids = engine.ids()
    if not documents == len(ids) == engine.count:
        raise _inconsistent(f"{engine.count} ≠ {documents}")
    drawn = drawn if ids else 0
    for _ in range(drawn):
        id = rng.choice(ids)
        quotation = _draw(engine, id, rng)
        wanted = EngineQuery(Quotation(quotation, ""), limit=0, chosen={})
        if quotation and not _finds(engine, wanted, id):
            raise _inconsistent("".join(quotation))
    return drawn


def _draw(engine: Engine, id: str, rng: random.Random) -> tuple[str, ...]:
    stored = engine.stored([id])[0]
    if stored is None:
        raise _inconsistent(id)
    units = cut_blocks([block.text for block in load(stored).blocks]).sequence.spelled()
    length = rng.randint(1, 40)
    start = rng.randint(0, max(len(units) - length, 0))
    return units[start : start + length]


def _finds(engine: Engine, query: EngineQuery, id: str) -> bool:
    everything = dataclasses.replace(query, limit=engine.count)
    return any(hit.id == id for hit in engine.search(everything).hits)


def _inconsistent(what: str) -> IndexDamaged:
    return IndexDamaged(
        f"索引自检不符（{what}），请重新运行 jianbao rebuild。",
        f"The index contradicts itself ({what}); run jianbao rebuild.",
    )


def _dump(report: BuildReport) -> str:
    files = [dataclasses.asdict(file) for file in report.files]
    return json.dumps(files, ensure_ascii=False, indent=1)


def _load(text: str) -> tuple[FileReport, ...]:
    return tuple(
        FileReport(**{**item, "notices": tuple(_notice(notice) for notice in item["notices"])})
        for item in json.loads(text)
    )


def _notice(item: dict[str, object]) -> Notice:
    sentence = item["sentence"]
    position = item["position"]
    assert isinstance(sentence, dict)
    assert position is None or isinstance(position, int)
    return Notice(str(item["code"]), Sentence(**sentence), position)
