"""How does an index in a directory grow?  Documents in, one segment out."""

from __future__ import annotations

import functools
import itertools
from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from whoosh.index import create_in, exists_in, open_dir

from indexer.document import Document
from indexer.engines.whoosh.evaluation import SegmentReader
from indexer.engines.whoosh.inversion import Inverter, Postings
from indexer.engines.whoosh.merging import merge
from indexer.engines.whoosh.postings import ArraySegmentWriter, MappedStorage
from indexer.engines.whoosh.schema import row, whoosh_schema
from indexer.engines.whoosh.spool import Spool

_SMALL: Final = 1_000_000
"""A segment with fewer units is small."""
_PLACES: Final = 1 << 31
"""Places of a segment after which another is begun: half of what 32 bits can number, since one
document more must fit in."""
_END: Final = b"\0"
"""Behind each id: none has it."""


class WhooshWriter:
    """Writes an index into a directory.

    The directory is empty, or holds an index (`link`) to which documents are added.  They are
    turned inside out `batch_units` at a time, which bounds the memory of a build: about 60 bytes
    for each of these units.
    """

    def __init__(self, directory: Path, batch_units: int, segment_places: int = _PLACES) -> None:
        path = str(directory)
        self._index = open_dir(path) if exists_in(path) else create_in(path, whoosh_schema())
        self._batch_units = batch_units
        self._segment_places = segment_places
        self._begun_with = len(self._index._segments())
        self._removed: set[int] = set()
        self._spool = Spool(directory)
        self._begin()

    def add(self, document: Document) -> None:
        """Take one document."""
        begin = self._inverter.add(document)
        self._begins.append(begin)
        self._writer.add_row(row(document, begin))
        self._ids += document.id.encode() + _END
        if self._inverter.places >= self._segment_places:
            self._end(_all)
            self._begin()
        elif self._inverter.length >= self._batch_units:
            self._spill()

    def stored(self, ids: Iterable[str]) -> dict[str, str]:
        """Return what was stored of documents that the directory held from the beginning."""
        return {id: reader.stored(at) for id, _, reader, at in self._places_of(ids)}

    def remove(self, ids: Iterable[str]) -> None:
        """Take out documents that the directory held from the beginning."""
        self._remove(base + at for _, base, _, at in self._places_of(ids))

    def take_small(self, most: int) -> list[tuple[str, str]]:
        """Take out the documents of small segments once there are more than `most` of them.

        Returns what was stored of each and its group, to be added again: so many small updates do
        not leave many small segments, which every search would have to look into.
        """
        numbers: list[int] = []
        stored: list[tuple[str, str]] = []
        small = 0
        for base, reader in self._old:
            if reader.units < _SMALL:
                small += 1
                live = np.flatnonzero(reader.live).tolist()
                left = [at for at in live if base + at not in self._removed]
                numbers += [base + at for at in left]
                groups = reader.values("group")
                stored += [(reader.stored(at), groups[at][0]) for at in left]
        if small <= most:
            return []
        self._remove(numbers)
        return stored

    def finish(self) -> None:
        """Write what is left; segments without documents go."""
        self._end(_without_empty)
        for _, reader in self._old:
            reader.close()
        self._index.close()

    def _begin(self) -> None:
        self._writer = ArraySegmentWriter(self._index)
        self._ids = bytearray()  # a million take 15 MB, as strings 70
        self._begins = array("I")
        self._inverter = Inverter()
        self._batches: list[Postings] = []

    def _spill(self) -> None:
        """Turn the batch inside out and begin another."""
        self._batches.append(self._spool.keep(self._inverter.postings()))
        self._inverter = Inverter(self._inverter.documents, self._inverter.places)

    def _end(self, kept: Callable[[object, list[Any]], list[Any]]) -> None:
        """Write the segment; `kept` says which of the others stay."""
        if self._inverter.length:
            self._batches.append(self._inverter.postings())
        if self._batches:
            one = len(self._batches) == 1
            postings = self._batches[0] if one else merge(self._batches, self._spool)
            ids = np.array(bytes(self._ids).split(_END)[:-1], dtype=np.bytes_)
            self._writer.take(ids, np.array(self._begins), postings)
        self._writer.commit(mergetype=kept)
        self._batches.clear()
        self._spool.clear()

    def _remove(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._writer.delete_document(number)
            self._removed.add(number)

    def _places_of(self, ids: Iterable[str]) -> Iterator[tuple[str, int, SegmentReader, int]]:
        """Yield where documents are: a segment, after the number of its first document, and the
        place in it.
        """
        for id in ids:
            for base, reader in self._old:
                at = reader.document(id)
                if at is not None and reader.live[at]:
                    yield id, base, reader, at

    @functools.cached_property
    def _old(self) -> list[tuple[int, SegmentReader]]:
        """The segments that the directory held from the beginning, open, each with the number of
        its first document.
        """
        storage = MappedStorage(Path(self._index.storage.folder))
        segments = self._writer.segments[: self._begun_with]
        readers = [SegmentReader(storage, segment) for segment in segments]
        bases = itertools.accumulate((reader.count for reader in readers), initial=0)
        return list(zip(bases, readers, strict=False))


def _all(writer: object, segments: list[Any]) -> list[Any]:
    """Whoosh's seam for merging: keep every segment."""
    return segments


def _without_empty(writer: object, segments: list[Any]) -> list[Any]:
    """Keep every segment that still has a document."""
    return [segment for segment in segments if segment.doc_count()]


def link(index: Path, directory: Path) -> None:
    """Give an empty directory the same index by hard links; it can then be added to.

    Segments are never changed once they are written, so both stay whole.
    """
    for path in index.iterdir():
        if path.name.startswith("_MAIN_") or path.name.startswith("MAIN_"):
            (directory / path.name).hardlink_to(path)
