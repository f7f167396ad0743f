"""Which documents answer?  Masks over all documents of all segments, counted and ordered."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from whoosh.index import FileIndex, create_in, exists_in, open_dir

from indexer.document import Document
from indexer.engines.base import EngineQuery, Hit, Hits
from indexer.engines.ranking import DIGITS, K1, WEIGHTS, B, bonus, idf
from indexer.engines.whoosh.columns import ValueColumn
from indexer.engines.whoosh.evaluation import Mask, Numbers, SegmentReader
from indexer.engines.whoosh.inversion import Inverter
from indexer.engines.whoosh.postings import ArraySegmentWriter, MappedStorage
from indexer.engines.whoosh.schema import row, whoosh_schema
from indexer.query import All, Most, Node, Not, Quotation, Word
from indexer.schema import FACET_NAMES

Scores = npt.NDArray[np.float64]
Order = npt.NDArray[np.int64]

_SMALL: Final = 16
"""A segment with less than this part of the units of a full one is small."""
_LENGTHS: Final = ("title_length", "heading_length", "body_length")


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


class WhooshEngine:
    """An index in a directory, open for reading."""

    def __init__(self, directory: Path) -> None:
        storage = MappedStorage(directory)
        index = FileIndex(storage)
        self._segments = [SegmentReader(storage, segment) for segment in index._segments()]
        counts = [segment.count for segment in self._segments]
        self._bases: list[int] = [0, *np.cumsum(counts).tolist()]
        self._numbered = self._bases[-1]
        self._live = np.concatenate([np.ones(0, dtype=bool), *(s.live for s in self._segments)])
        self._count = int(self._live.sum())
        self._dates = self._number("date")
        self._issues = self._number("issue")
        lengths = [self._number(name).astype(np.float64) for name in _LENGTHS]
        # A field that no document has is never multiplied with its length.
        averages = [values[self._live].sum() / max(self._count, 1) or 1.0 for values in lengths]
        self._norms = [
            1.0 - B + B * (values / average)
            for values, average in zip(lengths, averages, strict=True)
        ]
        self._facets = {
            name: _Facet([segment.facets[name] for segment in self._segments], self._bases)
            for name in FACET_NAMES
        }
        groups = _Facet([segment.groups for segment in self._segments], self._bases)
        self._groups = groups.of_each()
        self._members = groups.shared(self._live)

    @property
    def count(self) -> int:
        """How many documents there are."""
        return self._count

    def search(self, query: EngineQuery) -> Hits:
        """Return the documents that answer `query`."""
        found = self._answering(query.tree) & self._in_time(query) & self._live
        choices = {
            name: self._facets[name].chosen(query.chosen[name], self._numbered)
            for name in FACET_NAMES
            if query.chosen.get(name)
        }
        hits = np.flatnonzero(functools.reduce(np.logical_and, choices.values(), found))
        scores = self._scores(query)[hits] if query.words or query.runs else np.zeros(len(hits))
        groups = self._groups if query.grouped and self._members else None
        if groups is not None:
            hits, scores = self._one_of_each_group(query, hits, scores)
        window, scored = self._window(query, hits, scores)
        return Hits(
            len(hits),
            tuple(self._hit(at, score) for at, score in zip(window, scored, strict=True)),
            {name: self._counts(name, found, choices, groups) for name in FACET_NAMES},
        )

    def stored(self, ids: Sequence[str]) -> list[str | None]:
        """Return what was stored for each id."""
        return [self._stored(id) for id in ids]

    def ids(self) -> Sequence[str]:
        """Return the ids of all documents, ascending."""
        return sorted(itertools.compress(self._ids, self._live))

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._segments:
            segment.close()

    def _stored(self, id: str) -> str | None:
        for segment in self._segments:
            document = segment.document(id)
            if document is not None and segment.live[document]:
                return segment.stored(document)
        return None

    def _number(self, column: str) -> Numbers:
        columns = [segment.numbers[column] for segment in self._segments]
        return np.concatenate(columns) if columns else np.zeros(0, dtype=np.uint32)

    @functools.cached_property
    def _ids(self) -> list[str]:
        return [id for segment in self._segments for id in segment.ids()]

    @functools.cached_property
    def _rank_newest(self) -> Order:
        """The place of each document when the newest comes first, then the smallest id."""
        return _ranks(np.lexsort((np.array(self._ids), -self._dates.astype(np.int64))))

    def _rank(self, sort: str) -> Order:
        """Return the place of each document in an order that no query changes."""
        if sort == "oldest":
            # 0 − 1 wraps round to the largest number: without a date comes last.
            dates = self._dates - np.uint32(1)
            return _ranks(np.lexsort((np.array(self._ids), dates)))
        if sort == "issue":
            return _ranks(np.lexsort((self._rank_newest, self._issues - np.uint32(1))))
        return self._rank_newest

    def _answering(self, tree: Node) -> Mask:
        if isinstance(tree, Quotation | Word):
            return self._holding(tree.units)
        if isinstance(tree, Not):
            return ~self._answering(tree.child)
        if isinstance(tree, Most):
            return self._with_most(tree)
        operation = np.logical_and if isinstance(tree, All) else np.logical_or
        first = np.full(self._numbered, isinstance(tree, All))
        return functools.reduce(operation, map(self._answering, tree.children), first)

    def _with_most(self, tree: Most) -> Mask:
        held = np.zeros(self._numbered, dtype=np.int32)
        for child in tree.children:
            held += self._answering(child) & self._live
        return held >= max(int(held.max(initial=0)), 1)

    def _holding(self, units: Sequence[str]) -> Mask:
        mask = np.zeros(self._numbered, dtype=bool)
        for segment, base in zip(self._segments, self._bases, strict=False):
            mask[segment.documents_at(segment.positions(units)) + base] = True
        return mask

    def _in_time(self, query: EngineQuery) -> Mask:
        if not (query.since or query.until):
            return np.ones(self._numbered, dtype=bool)
        until = query.until or 0xFFFFFFFF
        return (self._dates > 0) & (self._dates >= query.since) & (self._dates <= until)

    def _scores(self, query: EngineQuery) -> Scores:
        total = np.zeros(self._numbered)
        weights = [self._add_word(word, total) for word in dict.fromkeys(query.words)]
        unbroken = bonus(weights)
        standing = np.zeros(self._numbered)
        for run in query.runs:
            for segment, base in zip(self._segments, self._bases, strict=False):
                positions = segment.positions(run)
                standing[np.unique(segment.documents_at(positions)) + base] += 1.0
                standing[np.unique(segment.in_title(positions, len(run))) + base] += 1.0
        return np.round(total + unbroken * standing, DIGITS)

    def _add_word(self, word: str, total: Scores) -> float:
        """Add to `total` what a word adds to each document; return its weight."""
        postings = [segment.word(word) for segment in self._segments]
        frequency = sum(
            int(segment.live[documents].sum()) if segment.holes else len(documents)
            for segment, (documents, _) in zip(self._segments, postings, strict=True)
        )
        weight = idf(self._count, frequency)
        for (documents, counts), base in zip(postings, self._bases, strict=False):
            at = documents.astype(np.intp) + base
            weighted = np.zeros(len(at))
            for field_weight, times, norms in zip(WEIGHTS, counts, self._norms, strict=True):
                weighted += field_weight * times / norms[at]
            total[at] += weight * weighted * (K1 + 1.0) / (K1 + weighted)
        return weight

    def _hit(self, document: int, score: float) -> Hit:
        members = self._members.get(int(self._groups[document]), ())
        return Hit(
            self._ids[document],
            score,
            tuple(sorted(self._ids[other] for other in members if other != document)),
        )

    def _one_of_each_group(
        self, query: EngineQuery, hits: npt.NDArray[np.intp], scores: Scores
    ) -> tuple[npt.NDArray[np.intp], Scores]:
        """Keep of each group the document that comes first in the order."""
        rank = self._rank(query.sort)[hits]
        order = np.lexsort((rank, -scores)) if query.sort == "relevance" else np.argsort(rank)
        _, first = np.unique(self._groups[hits[order]], return_index=True)
        return hits[order[first]], scores[order[first]]

    def _window(
        self, query: EngineQuery, hits: npt.NDArray[np.intp], scores: Scores
    ) -> tuple[list[int], list[float]]:
        """Return the documents of the window in order, and their scores."""
        stop = query.offset + query.limit
        rank = self._rank(query.sort)
        if query.sort == "relevance":
            if stop < len(hits):
                least = -np.partition(-scores, stop - 1)[stop - 1]
                hits, scores = hits[scores >= least], scores[scores >= least]
            order = np.lexsort((rank[hits], -scores))
        else:
            order = np.argsort(rank[hits])
        window = order[query.offset : stop]
        return hits[window].tolist(), scores[window].tolist()

    def _counts(
        self, name: str, found: Mask, choices: dict[str, Mask], groups: Order | None
    ) -> dict[str, int]:
        others = (mask for other, mask in choices.items() if other != name)
        within = functools.reduce(np.logical_and, others, found)
        return self._facets[name].counts(within, groups)


class _Facet:
    """One facet over all segments: document `owners[i]` has the value `values[codes[i]]`."""

    def __init__(self, columns: Sequence[ValueColumn.Reader], bases: Sequence[int]) -> None:
        numbers: dict[str, int] = {}
        codes: list[npt.NDArray[np.intp]] = [np.zeros(0, dtype=np.intp)]
        owners: list[npt.NDArray[np.intp]] = [np.zeros(0, dtype=np.intp)]
        for column, base in zip(columns, bases, strict=False):
            mapped = [numbers.setdefault(value, len(numbers)) for value in column.vocabulary]
            codes.append(np.array(mapped, dtype=np.intp)[column.codes])
            owners.append(column.owners.astype(np.intp) + base)
        self._values = list(numbers)
        self._numbers = numbers
        self._codes = np.concatenate(codes)
        self._owners = np.concatenate(owners)

    def of_each(self) -> Order:
        """Return the value of each document as a number; each document has exactly one."""
        return self._codes

    def shared(self, live: Mask) -> dict[int, list[int]]:
        """Return the documents of each value that more than one document of `live` has."""
        counts = np.bincount(self._codes[live], minlength=len(self._values))
        owners = np.flatnonzero(live & (counts[self._codes] > 1)).tolist()
        members: dict[int, list[int]] = {}
        for document in owners:
            members.setdefault(int(self._codes[document]), []).append(document)
        return members

    def chosen(self, values: Sequence[str], count: int) -> Mask:
        """Return which documents have one of the values."""
        wanted = [self._numbers[value] for value in values if value in self._numbers]
        mask = np.zeros(count, dtype=bool)
        mask[self._owners[np.isin(self._codes, wanted)]] = True
        return mask

    def counts(self, within: Mask, groups: Order | None) -> dict[str, int]:
        """Return how many documents of `within` have each value, values without any left out.

        With `groups`, the group of each document, how many groups have it.
        """
        inside = within[self._owners]
        codes = self._codes[inside]
        if groups is not None:
            pairs = groups[self._owners[inside]] * len(self._values) + codes
            codes = np.unique(pairs) % len(self._values)
        counts = np.bincount(codes, minlength=len(self._values))
        present = np.flatnonzero(counts)
        return {
            self._values[code]: count
            for code, count in zip(present.tolist(), counts[present].tolist(), strict=True)
        }


def _ranks(order: npt.NDArray[np.intp]) -> Order:
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks
