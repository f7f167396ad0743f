"""Which files does an update carry over without looking at each?  Compared by arrays.

A file is carried over, with all that is in it, that is as the last build knew it, of which nothing
is stated, and to which nothing has happened: no file that came, changed or went has its bytes or
shares a row of its signature.  So all that was found out about it still holds, copies too.
"""

from __future__ import annotations

import functools
import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, count, islice
from operator import ne
from typing import Final

import numpy as np

from indexer.build_report import FileReport
from indexer.copies import MOST_ALIKE, Seen, row_keys
from indexer.file_reports import identity, signature_of
from indexer.kept_report import MAY_STAY, READ, STATED, Part, Reports, Rows, key
from indexer.key_index import KeyIndex, Keys
from indexer.last_build import LastBuild
from indexer.ranges import ranges
from indexer.readers import Files

PLACES: Final = 1 << 20
"""Places of a file on disk and of all that is in it: those of the i-th begin at i times as many."""

_REMEMBERED: Final = 1 << 14
"""Bulletins that were compared with others and are kept at hand."""


class Carried:
    """The files of an update that are carried over; all others have to be looked at.

    What is true of a file may depend on those before it.  So whoever looks at files does it in
    order, and says which bulletins have come: files behind them may be no longer carried over.
    """

    def __init__(
        self,
        last: LastBuild,
        found: Files,
        concerned: Callable[[Files], Sequence[bool]],
    ) -> None:
        self._last = last
        self._kinds = last.files.kinds
        self.same_names = found.names == last.paths
        """Whether the files on disk have the names that they had."""
        self._numbers = _unchanged(last, found, self._before_now(found.names), concerned(found))
        self._places = np.full(len(last.files), -1, dtype=np.int64)
        carried = np.flatnonzero(self._numbers >= 0)
        starts, stops = self._bounds(carried)
        rows = ranges(starts, stops)
        lengths = stops - starts
        self._places[rows] = np.repeat(carried * PLACES - starts, lengths) + rows
        self._waiting: list[int] = []
        self._bulletin = functools.lru_cache(maxsize=_REMEMBERED)(self._read)
        if len(gone := self.gone()):
            self._look_at(self._like(self._digests[gone], self._row_keys(gone)), -1)

    def to_look_at(self) -> list[int]:
        """Return which files have to be looked at, as far as is known by now."""
        self._waiting.clear()
        return np.flatnonzero(self._numbers < 0).tolist()

    def more_before(self, file: int) -> Iterator[int]:
        """Yield the files before one that have to be looked at because of what has come."""
        while self._waiting and self._waiting[0] < file:
            yield heapq.heappop(self._waiting)

    def changed(self, report: FileReport, place: int) -> None:
        """Take note of a bulletin at a place that is there no more, or was not in its group."""
        if not len(self._places):
            return
        digests = np.array([key(report.sha256)], dtype=np.uint64)
        self._look_at(self._like(digests, row_keys(signature_of(report))), place)

    def gone(self) -> Rows:
        """Return which reports of bulletins of the last build are not carried over."""
        return np.flatnonzero((self._kinds & READ > 0) & (self._places < 0))

    def left(self) -> Rows:
        """Return which reports of bulletins are carried over."""
        return np.flatnonzero((self._kinds & READ > 0) & (self._places >= 0))

    def first(self, digest: str, place: int) -> str | None:
        """Return the path of the bulletin before a place that has these bytes."""
        same = self._before(key(digest), place)
        return next((old.path for old in same if old.sha256 == digest), None)

    def has(self, id: str, place: int) -> bool:
        """Say whether a bulletin before a place has an id."""
        return any(old.id == id for old in self._before(key(id), place))

    def sharing(self, keys: Keys, place: int) -> list[list[Seen]]:
        """Return for each of the `row_keys` of a signature the first bulletins before a place that
        have it.
        """
        return [
            [self._bulletin(row) for row in self._ahead(rows, place)[:MOST_ALIKE]]
            for rows in self._sharing.numbers(keys)
        ]

    def reports(self, looked_at: Sequence[int], fresh: Part) -> Reports:
        """Return all reports in order: those carried over, those of files that were looked at, so
        many for each file, and others behind them.
        """
        files = self._last.files
        if self._last.directory is None:
            return Reports((fresh,), np.arange(len(fresh)))
        lengths = np.array(looked_at, dtype=np.int64)
        others = len(fresh) - int(lengths.sum())
        carried = np.flatnonzero(self._numbers >= 0)
        starts, stops = self._bounds(carried)
        lengths[carried] = stops - starts
        ends = np.cumsum(lengths)
        rows = np.full(int(lengths.sum()) + others, -1, dtype=np.int64)
        rows[ranges((ends - lengths)[carried], ends[carried])] = files.rows[ranges(starts, stops)]
        rows[rows < 0] = np.arange(len(fresh)) + sum(map(len, files.parts))
        return files.with_more(fresh, rows)

    def _before_now(self, names: list[str]) -> Rows:
        """Return where the last build has files of these names, −1 where it has none."""
        places, paths = self._last.places, self._last.paths
        shorter = min(len(names), len(paths))
        if len(places) < len(paths):
            shorter = 0  # files of the same name have no place
        # What an update finds in between is little, and looked up one by one.
        head = _alike(names, paths, shorter)
        tail = _alike(reversed(names), reversed(paths), shorter - head)
        rows = np.arange(len(names)) + (len(paths) - len(names))
        rows[:head] = np.arange(head)
        between = slice(head, len(names) - tail)
        rows[between] = [places.get(name, -1) for name in names[between]]
        return rows

    def _bounds(self, carried: Rows) -> tuple[Rows, Rows]:
        """Return where the reports of carried files, and of what is in them, begin and end."""
        numbers = self._numbers[carried]
        return self._last.heads[numbers], self._last.ends[numbers]

    def _row_keys(self, rows: Rows) -> Keys:
        """Return the `row_keys` of some reports."""
        return self._every_row_key[self._last.files.rows[rows]]

    def _look_at(self, rows: Rows, place: int) -> None:
        """Have files looked at that are carried over behind a place."""
        behind = self._places[rows]
        for file in np.unique(behind[behind > place] // PLACES).tolist():
            starts, stops = self._bounds(np.array([file]))
            self._places[ranges(starts, stops)] = -1
            self._numbers[file] = -1
            heapq.heappush(self._waiting, file)

    def _like(self, digests: Keys, keys: Keys) -> Rows:
        """Return the reports that have one of these digests, or of these keys of rows."""
        same = np.flatnonzero(np.isin(self._digests, digests))
        return np.concatenate([same, self._sharing.having(keys.ravel())])

    def _before(self, wanted: int, place: int) -> Iterator[FileReport]:
        rows = np.flatnonzero(self._digests == np.uint64(wanted))
        for row in self._ahead(rows[self._kinds[rows] & READ > 0], place):
            yield self._last.files[row]

    def _ahead(self, rows: Rows, place: int) -> list[int]:
        """Return which of these reports are carried over, and before a place."""
        places = self._places[rows]
        ahead: list[int] = rows[(places >= 0) & (places < place)].tolist()
        return ahead

    def _read(self, row: int) -> Seen:
        old, place = self._last.files[row], int(self._places[row])
        return Seen(place, old.path, old.group, identity(old), signature_of(old))

    @functools.cached_property
    def _digests(self) -> Keys:
        return self._last.files.column("digests")

    @functools.cached_property
    def _every_row_key(self) -> Keys:
        """The `row_keys` of all signatures, which are twice as long, as these lie in the parts."""
        return np.concatenate([row_keys(part.signatures) for part in self._last.files.parts])

    @functools.cached_property
    def _sharing(self) -> KeyIndex:
        """The reports of bulletins by the rows of their signatures."""
        read = np.flatnonzero(self._kinds & READ)
        return KeyIndex.of(self._row_keys(read), read)


def _alike(names: Iterable[str], others: Iterable[str], most: int) -> int:
    """Return how many of them are the same from the beginning, so many at the most."""
    different = compress(count(), map(ne, islice(names, most), others))
    return next(different, most)


def _unchanged(last: LastBuild, found: Files, at: Rows, concerned: Sequence[bool]) -> Rows:
    """Return which of the last build each file is; −1 when it is none, or has changed, or has to
    be looked at anyway.  `at` has which has its name, −1 where none has.
    """
    none = np.full(len(found), -1, dtype=np.int64)
    if not len(last.heads):
        return none
    sizes, times = np.array(found.sizes), np.array(found.times)
    free = ~np.array(concerned, dtype=bool)
    free[[*found.refusals]] = False
    kinds = last.files.kinds[: last.ends[-1]]
    stays = np.bitwise_and.reduceat(kinds, last.heads) & MAY_STAY > 0
    stays &= np.bitwise_or.reduceat(kinds, last.heads) & STATED == 0
    old_sizes, old_times = (last.files.column(name)[last.heads] for name in ("sizes", "times"))
    same = (at >= 0) & free & stays[at] & (old_sizes[at] == sizes)
    same &= (old_times[at] == times) & (times > 0) & (times < last.certain)
    numbers = np.where(same, at, none)
    return numbers if (np.diff(numbers[same]) > 0).all() else none
