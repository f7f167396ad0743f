"""How does an index in a directory grow?  Documents in, segments out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
from whoosh.index import create_in, exists_in, open_dir

from indexer.document import Document
from indexer.engines.whoosh.evaluation import SegmentReader
from indexer.engines.whoosh.inversion import Inverter
from indexer.engines.whoosh.postings import ArraySegmentWriter, MappedStorage
from indexer.engines.whoosh.schema import row, whoosh_schema

_SMALL: Final = 16
"""A segment with less than this part of the units of a full one is small."""


class WhooshWriter:
    """Writes an index into a directory, a segment at a time.

    `segment_units` bounds the memory of a build: about 40 bytes for each unit of a segment.  The
    directory is empty, or holds an index (`link`) to which documents are added.
    """

    def __init__(self, directory: Path, segment_units: int) -> None:
        path = str(directory)
        self._index = open_dir(path) if exists_in(path) else create_in(path, whoosh_schema())
        self._segment_units = segment_units
        self._begun_with = len(self._index._segments())
        self._inverter = Inverter()
        self._rows: list[dict[str, object]] = []

    def add(self, document: Document) -> None:
        """Take one document; when the segment is full it is written."""
        self._rows.append(row(document, self._inverter.add(document)))
        if self._inverter.length >= self._segment_units:
            self._flush()

    def remove(self, ids: Collection[str]) -> None:
        """Take out documents that the directory held from the beginning."""
        self._remove(self._numbers_of(ids))

    def take_small(self, most: int) -> list[str]:
        """Take out the documents of small segments once there are more than `most` of them.

        Returns what was stored of each, to be added again: so many small updates do not leave
        many small segments, which every search would have to look into.
        """
        storage = MappedStorage(Path(self._index.storage.folder))
        numbers: list[int] = []
        stored: list[str] = []
        small = base = 0
        for segment in self._index._segments()[: self._begun_with]:
            reader = SegmentReader(storage, segment)
            if reader.units < self._segment_units // _SMALL:
                small += 1
                live = np.flatnonzero(reader.live).tolist()
                numbers += [base + number for number in live]
                stored += [reader.stored(number) for number in live]
            base += reader.count
            reader.close()
        if small <= most:
            return []
        self._remove(numbers)
        return stored

    def finish(self) -> None:
        """Write what is left; segments without documents go."""
        if self._rows:
            self._flush()
        ArraySegmentWriter(self._index, Inverter()).commit(mergetype=_without_empty)
        self._index.close()

    def _remove(self, numbers: Iterable[int]) -> None:
        writer = ArraySegmentWriter(self._index, Inverter())
        for number in numbers:
            writer.delete_document(number)
        writer.commit(merge=False)

    def _numbers_of(self, ids: Collection[str]) -> list[int]:
        """Return the numbers that Whoosh gives to documents, over all segments."""
        storage = MappedStorage(Path(self._index.storage.folder))
        numbers: list[int] = []
        base = 0
        for segment in self._index._segments()[: self._begun_with]:
            reader = SegmentReader(storage, segment)
            found = (reader.document(id) for id in ids)
            numbers += [base + at for at in found if at is not None and reader.live[at]]
            base += reader.count
            reader.close()
        return numbers

    def _flush(self) -> None:
        writer = ArraySegmentWriter(self._index, self._inverter)
        for values in self._rows:
            writer.add_document(**values)
        writer.commit(merge=False)
        self._inverter, self._rows = Inverter(), []


def _without_empty(writer: object, segments: list[Any]) -> list[Any]:
    """Whoosh's seam for merging: keep every segment that still has a document."""
    return [segment for segment in segments if segment.doc_count()]


def link(index: Path, directory: Path) -> None:
    """Give an empty directory the same index by hard links; it can then be added to.

    Segments are never changed once they are written, so both stay whole.
    """
    for path in index.iterdir():
        if path.name.startswith("_MAIN_") or path.name.startswith("MAIN_"):
            (directory / path.name).hardlink_to(path)
