"""How is a report kept?  A line of JSON for each file, and as arrays what an update compares.

An update writes anew what it says of the files that have changed.  What was said of all others
lies where it lay, in a file that is linked; beside it stands where in the report it belongs.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, overload

import numpy as np
import numpy.typing as npt

from indexer.analysis import NUMBERS
from indexer.arrays import mapped_arrays, write_arrays
from indexer.build_report import BuildReport, Changes, FileReport
from indexer.engines.generations import open_current
from indexer.errors import IndexUnavailable
from indexer.key_index import KeyIndex, Keys
from indexer.language import Notice, Sentence
from indexer.settings import Settings

REPORT: Final = "report.npy"
SINCE: Final = "report-since.npy"

Rows = npt.NDArray[np.int64]

READ, WITHIN, STATING, STATED, MAY_STAY = (1 << bit for bit in range(5))
"""What an update has to know of each file: a bulletin, in an archive or mail, one that states
something, one of which something is stated, one that need not be read again."""

_LASTING: Final = frozenset(
    (
        *("empty", "not_text", "unknown_format", "damaged", "encrypted"),
        *("too_complex", "too_deep", "too_many"),
    )
)
"""Refusals that stay as long as the file does; after the others it is tried again."""
_FEW: Final = 50
"""Once more than one in so many has changed, the whole report is written anew."""
_UTF_8: Final = ("utf-8", "surrogatepass")
_SAME: Final = 200
"""Files looked through for one with the same bytes; the first of them is the bulletin."""
_NO_SIGNATURE: Final = bytes(4 * NUMBERS)
_END: Final = "\0"
"""Ends a path in a list of them: none on a disk has it."""


def lasts(file: FileReport) -> bool:
    """Say whether a file would be refused again as long as it is as it was."""
    return file.reason in _LASTING


def may_stay(file: FileReport) -> bool:
    """Say whether a file that is as it was may not have to be read again."""
    return file.outcome != "refused" or lasts(file) or file.reason == "duplicate"


def key(hexadecimal: str) -> int:
    """Return the first 48 bits of a digest, or of an id or group, which are of digests."""
    return int(hexadecimal.removeprefix("b-")[:12] or "0", 16)


@dataclass(frozen=True, slots=True)
class Part:
    """Reports of files.

    `paths` are those of files on disk, `_END` after each, nothing of others.  `kinds` is made of
    the flags above; `digests` and `groups` are keys; a row of `signatures` is `Signature` (zeros
    where there is none).  The line of the i-th ends at `ends[i]`.
    """

    paths: npt.NDArray[np.uint8]
    sizes: Rows
    times: Rows
    kinds: npt.NDArray[np.uint8]
    digests: Keys
    groups: Keys
    signatures: npt.NDArray[np.uint32]
    lines: npt.NDArray[np.uint8]
    ends: Rows

    def __len__(self) -> int:
        return len(self.ends)

    def file(self, row: int) -> FileReport:
        """Return one report."""
        start = self.ends[row - 1] if row else 0
        line = self.lines[start : self.ends[row]].tobytes()
        return _report(line, self.signatures[row].tobytes())


_FIELDS: Final = tuple(field.name for field in dataclasses.fields(FileReport))
_NEAR, _INSIDE, _NOTICES, _SIGNATURE = map(
    _FIELDS.index, ("near", "inside", "notices", "signature")
)


def _notice(code: str, zh: str, en: str, position: int | None) -> Notice:
    return Notice(code, Sentence(zh, en), position)


class Gathering:
    """Reports as they come, in the room that they take on disk: some 0.8 kB of each bulletin, where
    objects take 3.
    """

    def __init__(self) -> None:
        self._paths, self._lines, self._kinds, self._signatures = (bytearray() for _ in range(4))
        self._sizes, self._times, self._ends = (array("q") for _ in range(3))
        self._digests, self._groups = (array("Q") for _ in range(2))
        self._by_digest = KeyIndex(1)

    def take(self, files: Iterable[FileReport]) -> int:
        """Take reports, each when the one before it is kept; return how many.  Not after `part`."""
        before = len(self._ends)
        for file in files:
            self._take(file)
        return len(self._ends) - before

    def _take(self, file: FileReport) -> None:
        kind, digest = _kind(file), key(file.sha256)
        path = "" if kind & (WITHIN | STATING) else file.path
        self._paths += f"{path}{_END}".encode(*_UTF_8)
        self._lines += _line(file)
        self._kinds.append(kind)
        self._signatures += base64.b64decode(file.signature) or _NO_SIGNATURE
        self._sizes.append(file.size)
        self._times.append(file.modified)
        self._ends.append(len(self._lines))
        self._digests.append(digest)
        self._groups.append(key(file.group))
        self._by_digest.add(_shifted(digest))

    def first(self, digest: str) -> str | None:
        """Return the path of the bulletin with these bytes."""
        return next((file.path for file in self._like(digest) if file.sha256 == digest), None)

    def has(self, id: str) -> bool:
        """Say whether there is a bulletin with an id."""
        return any(file.id == id for file in self._like(id))

    def _like(self, hexadecimal: str) -> Iterator[FileReport]:
        """Yield the bulletins that have a digest or id, and such as are hardly another's."""
        (rows,) = self._by_digest.numbers(_shifted(key(hexadecimal)), _SAME)
        for row in rows:
            if self._kinds[row] & READ:
                line = self._lines[self._ends[row - 1] if row else 0 : self._ends[row]]
                at = row * len(_NO_SIGNATURE)
                yield _report(line, self._signatures[at : at + len(_NO_SIGNATURE)])

    def part(self) -> Part:
        """Return all of them; nothing is copied."""
        return Part(
            np.frombuffer(self._paths, dtype=np.uint8),
            np.frombuffer(self._sizes, dtype=np.int64),
            np.frombuffer(self._times, dtype=np.int64),
            np.frombuffer(self._kinds, dtype=np.uint8),
            np.frombuffer(self._digests, dtype=np.uint64),
            np.frombuffer(self._groups, dtype=np.uint64),
            np.frombuffer(self._signatures, dtype=np.uint32).reshape(-1, NUMBERS),
            np.frombuffer(self._lines, dtype=np.uint8),
            np.frombuffer(self._ends, dtype=np.int64),
        )


def part_of(files: Iterable[FileReport]) -> Part:
    """Return reports as they are kept."""
    gathering = Gathering()
    gathering.take(files)
    return gathering.part()


def _shifted(digest: int) -> Keys:
    """Return a key of 48 bits as one of 64."""
    return np.array([digest << 16], dtype=np.uint64)


def _report(line: bytes | bytearray, signature: bytes | bytearray) -> FileReport:
    values = json.loads(line)
    values[_NEAR], values[_INSIDE] = tuple(values[_NEAR]), tuple(values[_INSIDE])
    values[_NOTICES] = tuple([_notice(*each) for each in values[_NOTICES]])
    if values[_SIGNATURE]:
        values[_SIGNATURE] = base64.b64encode(signature).decode("ascii")
    return FileReport(*values)


def _line(file: FileReport) -> bytes:
    values: list[Any] = [getattr(file, name) for name in _FIELDS]
    values[_SIGNATURE] = bool(file.signature) or ""
    values[_NOTICES] = [
        (each.code, each.sentence.zh, each.sentence.en, each.position) for each in file.notices
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(*_UTF_8) + b"\n"


def _kind(file: FileReport) -> int:
    return (
        READ * (file.outcome == "read")
        | WITHIN * bool(file.inside)
        | STATING * (file.outcome == "settings")
        | STATED * bool(file.overrides)
        | MAY_STAY * may_stay(file)
    )


class Reports(Sequence[FileReport]):
    """The reports of a build in order, each made when it is asked for.

    `rows` are their places in `parts`, one part after the other.
    """

    def __init__(self, parts: Sequence[Part], rows: Rows) -> None:
        self.parts = tuple(parts)
        self.rows = rows

    @classmethod
    def of(cls, files: Sequence[FileReport]) -> Self:
        """Return reports as they are kept; all new, if they were not."""
        if isinstance(files, cls):
            return files
        made = cls((part_of(files),), np.arange(len(files)))
        made.__dict__["_every"] = tuple(files)
        return made

    def column(self, name: str) -> npt.NDArray[Any]:
        """Return one of the arrays of `Part`, in order."""
        return np.concatenate([getattr(part, name) for part in self.parts])[self.rows]

    @functools.cached_property
    def kinds(self) -> npt.NDArray[np.uint8]:
        """The kinds, in order."""
        return self.column("kinds")

    @property
    def read(self) -> int:
        """The number of bulletins."""
        return int(np.count_nonzero(self.kinds & READ))

    @property
    def refused(self) -> tuple[FileReport, ...]:
        """The files that were not read; without a look at bulletins, which are most."""
        others = np.flatnonzero(self.kinds & (READ | STATING) == 0).tolist()
        return tuple(file for file in map(self._at, others) if file.outcome == "refused")

    @property
    def stating(self) -> tuple[FileReport, ...]:
        """The files that state something, and those of which something is stated."""
        return tuple(map(self._at, np.flatnonzero(self.kinds & (STATING | STATED)).tolist()))

    @property
    def paths(self) -> list[str]:
        """The paths of files on disk, in order; empty for others."""
        every = "".join(part.paths.tobytes().decode(*_UTF_8) for part in self.parts).split(_END)
        return [every[row] for row in self.rows.tolist()]

    def of_groups(self, groups: Collection[str]) -> dict[str, str]:
        """Return the group of each bulletin of some groups, by their ids."""
        keys = np.array([key(group) for group in groups], dtype=np.uint64)
        found = map(self._at, np.flatnonzero(np.isin(self.column("groups"), keys)).tolist())
        return {file.id: file.group for file in found if file.group in groups}

    def with_more(self, fresh: Part, rows: Rows) -> Reports:
        """Return these reports and fresh ones behind all of them, in another order."""
        return Reports((*self.parts, fresh), rows)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> FileReport: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[FileReport, ...]: ...

    def __getitem__(self, at: int | slice) -> FileReport | tuple[FileReport, ...]:
        if isinstance(at, slice):
            return tuple(map(self._file, self.rows[at].tolist()))
        return self._at(at)

    def __iter__(self) -> Iterator[FileReport]:
        return iter(self._every)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._every == tuple(other)

    def __hash__(self) -> int:
        return hash(self._every)

    @functools.cached_property
    def _every(self) -> tuple[FileReport, ...]:
        return self[:]

    def _at(self, at: int) -> FileReport:
        return self._file(int(self.rows[at]))

    def _file(self, row: int) -> FileReport:
        for part in self.parts:
            if row < len(part):
                return part.file(row)
            row -= len(part)
        raise IndexError(row)


def changes(came: Iterable[FileReport], went: Iterable[FileReport], files: Reports) -> Changes:
    """Tell what changed from what came and what went, by path; what came back with the same bytes
    and corrections, because its group is another now, has not changed.  `files` are all there are.
    """
    before = {file.path: file for file in went}
    after = {file.path: file for file in came}
    both = [after[path] for path in after if path in before]
    return Changes(
        [file for path, file in after.items() if path not in before],
        [file for file in both if _stated(file) != _stated(before[file.path])],
        [file for path, file in before.items() if path not in after],
        files.read,
        files.refused,
        files.stating,
    )


def _stated(file: FileReport) -> tuple[str, str]:
    return file.sha256, file.overrides


def report(settings: Settings) -> BuildReport:
    """Return what the last build thought of each file.  Raises `IndexUnavailable`."""
    name, directory, _ = open_current(Path(settings.index))
    return read_report(name, directory)


def read_report(generation: str, directory: Path) -> BuildReport:
    """Return the report that stands in a generation's directory.  Raises `IndexUnavailable`."""
    try:
        first = Part(*mapped_arrays(directory / REPORT))
        (started, rows), second = _since(mapped_arrays(directory / SINCE))
    except (OSError, ValueError, TypeError):
        raise IndexUnavailable(
            "索引里没有本程序能读的报告，请重新运行 jianbao rebuild。",
            "The index has no report that this program can read; run jianbao rebuild.",
        ) from None
    return BuildReport(generation, Reports((first, second), rows), int(started[0]))


def _since(arrays: list[npt.NDArray[Any]]) -> tuple[list[npt.NDArray[Any]], Part]:
    return arrays[:2], Part(*arrays[2:])


def write_report(built: BuildReport, directory: Path, last: Path | None = None) -> None:
    """Keep a report in a generation's directory.

    What is taken over from the report in `last` is linked, unless little of that is left.
    """
    files = Reports.of(built.files)
    size = len(files.parts[0])
    new = files.rows >= size
    if last is not None and np.count_nonzero(new) * _FEW <= size:
        (directory / REPORT).hardlink_to(last / REPORT)
        rows, since = files.rows.copy(), [files[at] for at in np.flatnonzero(new).tolist()]
        rows[new] = np.arange(len(since)) + size
    else:
        whole = files.parts[0] if len(files.parts) == 1 else part_of(files)
        write_arrays(directory / REPORT, _arrays(whole))
        rows, since = np.arange(len(files)), []
    started = np.array([built.started], dtype=np.int64)
    write_arrays(directory / SINCE, (started, rows, *_arrays(part_of(since))))


def _arrays(part: Part) -> Iterator[npt.NDArray[Any]]:
    return (getattr(part, field.name) for field in dataclasses.fields(Part))
