"""Which issues are there, which are missing, which are there twice?  Series by series.

A gap is a number between the smallest and the largest of its year (of its series, for numbers
that run on through the years) that no file has.  What came before the first or after the last is
not known to exist and is no gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from indexer.build_report import BuildReport, FileReport

Key = TypeVar("Key")
Run = tuple[int, int]
"""The first and the last of some numbers that follow on one another."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue number, and the files that have it, in the order of reading."""

    number: int
    files: tuple[FileReport, ...]

    @property
    def bulletins(self) -> int:
        """How many different bulletins the files are: copies of one another count as one."""
        return len({file.group or file.id for file in self.files})


@dataclass(frozen=True, slots=True)
class Numbering:
    """Issues in ascending order, each number once.

    They are `connected` when they are of one series: others have neither gaps nor duplicates.
    """

    issues: tuple[Issue, ...]
    connected: bool = True

    @property
    def present(self) -> tuple[Run, ...]:
        """The numbers that are there, as runs."""
        return tuple(_runs(issue.number for issue in self.issues))

    @property
    def gaps(self) -> tuple[Run, ...]:
        """The numbers that are missing between the first and the last, as runs."""
        present = self.present if self.connected else ()
        following = pairwise(present)
        return tuple((before[1] + 1, after[0] - 1) for before, after in following)

    @property
    def missing(self) -> int:
        """How many numbers are missing."""
        return sum(last - first + 1 for first, last in self.gaps)

    @property
    def duplicates(self) -> tuple[Issue, ...]:
        """The issues whose number different bulletins have."""
        return tuple(issue for issue in self.issues if self.connected and issue.bulletins > 1)


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a series; `year` is empty for what has no date.

    `unnumbered` are the files without an issue number.
    """

    year: str
    numbering: Numbering
    unnumbered: tuple[FileReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """A series, its years in ascending order (no date last), and its cumulative numbers.

    `name` is empty for the bulletins in which no series was recognized.
    """

    name: str
    years: tuple[Year, ...]
    cumulative: Numbering


def coverage_of(built: BuildReport) -> tuple[Series, ...]:
    """Return every file that was read: large series first, what has no series last."""
    read = [file for file in built.files if file.outcome == "read"]
    by_name = _grouped(read, lambda file: file.series)
    in_order = sorted(by_name.items(), key=lambda item: (not item[0], -len(item[1]), item[0]))
    return tuple(_series(name, files) for name, files in in_order)


def _series(name: str, files: Iterable[FileReport]) -> Series:
    by_year = _grouped(files, lambda file: file.date[:4])
    years = (
        Year(
            year,
            _numbering(group, lambda file: file.number, connected=bool(name)),
            tuple(file for file in group if file.number is None),
        )
        for year, group in sorted(by_year.items(), key=_empty_last)
    )
    cumulative = _numbering(files, lambda file: file.cumulative, connected=bool(name))
    return Series(name, tuple(years), cumulative)


def _numbering(
    files: Iterable[FileReport], number_of: Callable[[FileReport], int | None], *, connected: bool
) -> Numbering:
    by_number = _grouped(files, number_of)
    numbers = sorted(number for number in by_number if number is not None)
    issues = (Issue(number, tuple(by_number[number])) for number in numbers)
    return Numbering(tuple(issues), connected)


def _grouped(
    files: Iterable[FileReport], key: Callable[[FileReport], Key]
) -> dict[Key, list[FileReport]]:
    groups: defaultdict[Key, list[FileReport]] = defaultdict(list)
    for file in files:
        groups[key(file)].append(file)
    return groups


def _empty_last(item: tuple[str, object]) -> tuple[bool, str]:
    return not item[0], item[0]


def _runs(numbers: Iterable[int]) -> Iterator[Run]:
    """Yield ascending numbers as runs."""
    run: Run | None = None
    for number in numbers:
        if run is not None and number == run[1] + 1:
            run = (run[0], number)
            continue
        if run is not None:
            yield run
        run = (number, number)
    if run is not None:
        yield run
