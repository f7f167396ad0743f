"""Where do units stand, and how much does a word weigh?  One segment, by intersecting arrays."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.columns import Chunk, ChunkColumn, NumberColumn, ValueColumn
from indexer.engines.whoosh.inversion import Numbers
from indexer.engines.whoosh.listing import Listed, Marked, Posting
from indexer.engines.whoosh.loops import Stream, intersection
from indexer.engines.whoosh.owners import Owners
from indexer.engines.whoosh.pairs import Documents, Integers, Mask, PairIndex, Pairs
from indexer.engines.whoosh.schema import NUMBERS
from indexer.query import Leaf, Run, Spans, spans

Places = npt.NDArray[np.int64]

_NOWHERE: Final = (0, 0, 0)
_END: Final = np.uint32(0xFFFF0000)
"""Behind all places, with room for the length of a run."""
_UNCOUNTED: Final = np.zeros(0, dtype=np.uint8)
_SHORT: Final = 4
"""Units of a run whose pairs are remembered; others are hardly asked for again, and take more."""
REMEMBERED: Final = 1 << 14
"""Terms that were looked up and are kept at hand, in a segment or in all of them."""


class SegmentReader:
    """A segment, open: its columns as arrays, its postings by unit, run and word.

    Documents that were removed keep their place; `live` says which are left, `removed` which are
    not.
    """

    def __init__(self, storage: Any, segment: Any) -> None:
        codec = segment.codec()
        self.count: int = segment.doc_count_all()
        self.removed: Documents = np.array(sorted(segment.deleted_docs()), dtype=np.intp)
        self.live: Mask = np.ones(self.count, dtype=bool)
        self.live[self.removed] = False
        self._terms = codec.terms_reader(storage, segment)
        self._rows = codec.per_document_reader(storage, segment)
        self.numbers: dict[str, Numbers] = {
            name: self._rows.column_reader(name, NumberColumn()).numbers for name in NUMBERS
        }
        self._arrays: dict[str, Numbers] = self._terms.arrays
        self._titles = PairIndex(self._arrays, "title_")
        self._bits: dict[str, npt.NDArray[np.uint8]] = {}
        self.units = len(self._arrays["positions"])
        begins = self.numbers["begin"]
        self._owners = Owners(begins)
        ends = np.append(begins[1:], _END)
        self.stream = Stream(begins, ends, self._owners)
        # What is remembered must not hold on to this reader, or its files would stay open.
        remembered = functools.lru_cache(REMEMBERED)
        pairs = self._pairs = PairIndex(self._arrays)
        rank = self._rank = remembered(partial(_rank, self._terms))
        self._short = remembered(partial(_pairs, pairs, rank))
        self._titled = remembered(partial(_pairs, self._titles, rank))
        self.word: Callable[[str], Posting] = remembered(partial(_posting, self._terms, "words"))
        """Gives the documents of a word, and its counts there (`levels`)."""
        self.unit: Callable[[str], Posting] = remembered(partial(_posting, self._terms, "units"))
        """Gives the documents of a unit; how often it stands there is not known of all units."""
        self.marked: Callable[[Run], Marked | None] = remembered(partial(_marked, pairs, rank))
        """Gives the documents of a pair that many have; of others nothing."""

    def positions(self, run: Run) -> Numbers:
        """Return where in the stream a run stands; ascending for two units and more."""
        if len(run) == 1:
            return self._pairs.places(self._pairs.unit(self._rank(run[0])))
        return intersection(self.pairs(run))

    def pairs(self, run: Run) -> Pairs:
        """Return the pairs that a run of two units and more is made of, the rarest first."""
        if len(run) <= _SHORT:
            return self._short(run)
        return _pairs(self._pairs, self._rank, run)

    def titled(self, run: Run) -> Numbers:
        """Return where in titles a run stands, ascending."""
        if len(run) == 1:
            return np.sort(self._titles.places(self._titles.unit(self._rank(run[0]))))
        if len(run) == 2:
            return self._titled(run)[0][0]
        return intersection(_pairs(self._titles, self._rank, run))

    def posting(self, unit: str) -> Posting:
        """Return the documents of a unit, and how often it stands there (`MOST_TIMES`)."""
        found = self.unit(unit)
        if len(found) and not len(found.counts):
            return self.posting_at(np.sort(self.positions((unit,))))
        return found

    def posting_at(self, positions: Numbers) -> Listed:
        """Return the documents of ascending positions, and how many lie in each."""
        return Listed(*self.stream.posting_at(positions))

    def holding(self, leaf: Leaf) -> Integers:
        """Return the documents in which a leaf with gaps, or the like, stands; some repeatedly."""
        return self.documents_at(spans(leaf, self).starts)

    def times(self, run: Run) -> npt.NDArray[np.int64]:
        """Return how often a run stands in each document."""
        return np.bincount(self.documents_at(self.positions(run)), minlength=self.count)

    def places(self, run: Sequence[str]) -> Places:
        """Return where a run begins, ascending."""
        positions = self.positions(tuple(run))
        return (np.sort(positions) if len(run) == 1 else positions).astype(np.int64)

    def stands_at(self, unit: str, places: Places) -> Mask:
        """Say at which places a unit stands; that of a unit is kept, a bit for each place."""
        if unit not in self._bits:
            self._bits[unit] = _bits(self.positions((unit,)))
        bits = self._bits[unit]
        inside = places >> 3 < len(bits)
        at = np.where(inside, places, 0)
        standing: Mask = inside & ((bits[at >> 3] >> (at & 7).astype(np.uint8)) & 1 == 1)
        return standing

    def in_one_document(self, spans: Spans) -> Mask:
        """Say which stretches do not reach from one document into the next."""
        same: Mask = self.documents_at(spans.starts) == self.documents_at(spans.stops - 1)
        return same

    def in_a_title(self, spans: Spans) -> Mask:
        """Say which stretches lie in the title of a document."""
        documents = self.documents_at(spans.starts)
        inside: Mask = spans.starts >= self.numbers["title_start"][documents]
        return inside & (spans.stops <= self.numbers["title_stop"][documents])

    def documents_at(self, positions: Numbers | Places) -> Integers:
        """Return the document in which each position stands."""
        return self._owners.documents_at(positions)

    def counts(self, part: Run) -> tuple[int, int]:
        """Return how often a unit or a pair stands in what is left, and in how many documents."""
        ranks = [*map(self._rank, part)]
        one = len(part) == 1
        found = self._pairs.unit(*ranks) if one else self._pairs.pair(*ranks)
        documents = len(self.unit(part[0])) if one else found.documents
        if not len(self.removed):
            return found.length, documents
        places = self._pairs.places(found)
        gone = self.stream.times_in(self.removed, np.sort(places) if one else places)
        return found.length - int(gone.sum()), documents - int(np.count_nonzero(gone))

    def left(self, posting: Posting) -> int:
        """Return how many documents of a posting were not removed."""
        if not len(self.removed):
            return len(posting)
        return len(posting) - int(posting.holds(self.removed).sum())

    def document(self, id: str) -> int | None:
        """Return the number of the document with that id."""
        found = self._terms.lookup("id", id)
        return found[1] if found else None

    def stored(self, document: int) -> str:
        """Return what was stored of a document."""
        return str(self._rows.stored_fields(document)["stored"])

    def values(self, name: str) -> ValueColumn.Reader:
        """Return a column of values, which is read anew each time."""
        column: ValueColumn.Reader = self._rows.column_reader(name, ValueColumn())
        return column

    def chunks(self, name: str) -> Iterable[Chunk]:
        """Return a column of values a chunk at a time."""
        chunks: ChunkColumn.Reader = self._rows.column_reader(name, ChunkColumn())
        return chunks

    def ids(self) -> list[str]:
        """Return the ids of all documents, by document number."""
        return self.values("ids").vocabulary  # each document has one, unlike all others

    def close(self) -> None:
        """Let go of the files."""
        self._terms.close()
        self._rows.close()
        self._arrays = {}


def _rank(terms: Any, unit: str) -> int:
    """Return the rank of a unit, −1 when the segment does not have it."""
    found = terms.lookup("units", unit)
    return found[0] if found else -1


def _posting(terms: Any, field: str, spelling: str) -> Posting:
    posting: Posting = terms.posting(field, *(terms.lookup(field, spelling) or _NOWHERE))
    return posting


def _pairs(pairs: PairIndex, rank: Callable[[str], int], run: Run) -> Pairs:
    return pairs.pairs([*map(rank, run)])


def _marked(pairs: PairIndex, rank: Callable[[str], int], run: Run) -> Marked | None:
    row = pairs.pair(*map(rank, run)).row
    return None if row < 0 else Marked(pairs.bits(row), _UNCOUNTED)


def _bits(places: Numbers) -> npt.NDArray[np.uint8]:
    """Return a bit for each number up to the largest of these, set for these; one for none."""
    bits = np.zeros((int(places.max(initial=0)) >> 3) + 1, dtype=np.uint8)
    for bit in range(8):
        bits[places[places & 7 == bit] >> 3] |= np.uint8(1 << bit)
    return bits
