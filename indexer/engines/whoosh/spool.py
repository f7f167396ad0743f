"""Where are arrays that are too long for memory?  In files, until they are in a segment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.inversion import Numbers, PairPostings, Postings, TermPostings


class Spooled:
    """An array of one type that grows in a file."""

    def __init__(self, path: Path, kind: npt.DTypeLike) -> None:
        self._path = path
        self._kind = kind
        path.touch()

    def append(self, numbers: npt.NDArray[Any]) -> None:
        """Put numbers behind those that are there."""
        with self._path.open("ab") as file:
            file.write(np.ascontiguousarray(numbers, dtype=self._kind).data)

    def whole(self) -> Numbers:
        """Return the array as it is now, in mapped memory."""
        if not self._path.stat().st_size:
            return np.zeros(0, dtype=self._kind)
        return np.memmap(self._path, dtype=self._kind, mode="r")


class Spool:
    """Files of a folder, until `clear`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[Path] = []

    def array(self, kind: npt.DTypeLike = np.uint32) -> Spooled:
        """Return an array that is still empty."""
        self._files.append(self._folder / f"spool-{len(self._files)}.tmp")
        return Spooled(self._files[-1], kind)

    def keep(self, postings: Postings) -> Postings:
        """Return the same postings out of memory."""
        pairs, titles = self._pairs(postings.pairs), self._pairs(postings.titles)
        return Postings(self._terms(postings.units), pairs, titles, self._terms(postings.words))

    def clear(self) -> None:
        """Take the files away; what is still mapped stays whole."""
        for path in self._files:
            path.unlink()
        self._files.clear()

    def _terms(self, terms: TermPostings) -> TermPostings:
        arrays = (terms.spelled, terms.begins, terms.documents, terms.counts)
        return TermPostings(*map(self._kept, arrays))

    def _pairs(self, pairs: PairPostings) -> PairPostings:
        ranges = (pairs.begins, pairs.followers, pairs.starts)
        return PairPostings(*map(self._kept, (*ranges, pairs.frequencies, pairs.positions)))

    def _kept(self, numbers: Numbers) -> Numbers:
        spooled = self.array(numbers.dtype)
        spooled.append(numbers)
        return spooled.whole()
