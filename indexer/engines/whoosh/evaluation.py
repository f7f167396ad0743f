"""Where do units stand, and how much does a word weigh?  One segment, by intersecting arrays."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.ranking import MOST_TIMES
from indexer.engines.whoosh.columns import Chunk, ChunkColumn, NumberColumn, ValueColumn
from indexer.engines.whoosh.inversion import Numbers
from indexer.engines.whoosh.listing import Listed, Marked, Posting
from indexer.engines.whoosh.loops import PackedLists, Stream
from indexer.engines.whoosh.owners import Owners
from indexer.engines.whoosh.pairs import Documents, Integers, Mask, PairIndex, Pairs
from indexer.engines.whoosh.schema import NUMBERS
from indexer.engines.whoosh.unit_bits import UnitBits
from indexer.query import Run

_NOWHERE: Final = (0, 0, 0)
_END: Final = np.uint32(0xFFFF0000)
"""Behind all places, with room for the length of a run."""
_UNCOUNTED: Final = np.zeros(0, dtype=np.uint8)
SHORT: Final = 4
"""Units of a run of which is remembered what is known; others are hardly asked for again, and take
more."""
REMEMBERED: Final = 1 << 14
"""Terms that were looked up and are kept at hand, in a segment or in all of them."""

_LOOK: Final = 10
"""To look into a list takes as long as to unpack so many places of it."""


class Known(NamedTuple):
    """What a segment knows of a run before its places are looked at.

    `pairs` are those it is made of, the rarest first, so it stands `most` times at the most; a
    single unit has none.  `most` of a pair or a unit is how often it does stand, and in how many
    `documents`.  `held` are these, where they are kept: those of a unit, and those of a pair that
    many have; maybe without counts.  `titled` are its places in titles, ascending; of long runs
    they are not known.
    """

    pairs: Pairs
    most: int
    documents: int = 0
    held: Posting | None = None
    titled: Numbers | None = None


class Part(NamedTuple):
    """What a pair or a unit weighs, how often it stands, and what each segment knows of it."""

    weight: float
    occurrences: int
    known: Sequence[Known]


Parts = Mapping[Run, Part]
"""The pairs and units that a query is ranked by."""


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
        self.units = int(self._arrays["starts"][-1])
        begins = self.numbers["begin"]
        self._owners = Owners(begins)
        # What is remembered must not hold on to this reader, or its files would stay open.
        remembered = functools.lru_cache(REMEMBERED)
        (limit,) = self._arrays["limit"].tolist()
        self.limit: int = limit
        """What lies behind all places."""
        self._pairs = PairIndex(self._arrays)
        self._titles = PairIndex(self._arrays, "title_")
        self._places = PackedLists(self._arrays["places"], limit)
        self._title_places = PackedLists(self._arrays["title_places"], limit)
        self.bounds: Numbers = np.append(begins, _END)
        """Where each document begins, and behind the last one."""
        self.stream = Stream(self.bounds, self._owners, self._places)
        titled = self._titled = partial(_standing, self._titles, self._title_places)
        rank = self._rank = remembered(partial(_rank, self._terms))
        self._short = remembered(partial(_known, self._terms, self._pairs, titled, rank))
        self._unit_bits = UnitBits(self._pairs, self._places)
        self.word: Callable[[str], Posting] = remembered(partial(_posting, self._terms, "words"))
        """Gives the documents of a word, and its counts there (`levels`)."""

    def known(self, run: Run) -> Known:
        """Return what is known of a run."""
        if len(run) <= SHORT:
            return self._short(run)
        pairs = self._pairs.pairs([*map(self._rank, run)])
        return Known(pairs, pairs[0][1])

    def positions(self, run: Run, within: tuple[int, int] | None = None) -> Numbers:
        """Return where in the stream, or from one place of it up to another, a run stands,
        ascending.
        """
        ranks = [*map(self._rank, run)]
        if within is None:
            return _standing(self._pairs, self._places, ranks)
        if len(run) > 1:
            return self._places.within(self._pairs.pairs(ranks), *within)
        return np.sort(self._places.all_within(*self._pairs.unit(*ranks), *within))

    def titled(self, run: Run) -> Numbers:
        """Return where in titles a run stands, ascending."""
        return self._titled([*map(self._rank, run)])

    def posting(self, run: Run, known: Known) -> Posting:
        """Return the documents in which a run stands of which so much is known, and how often
        (`MOST_TIMES`).
        """
        if known.pairs:
            return self.posting_at(self._places.intersection(known.pairs))
        if known.held is not None and len(known.held.counts):
            return known.held
        return self.posting_at(self.positions(run))

    def posting_at(self, positions: Numbers) -> Listed:
        """Return the documents of ascending positions, and how many lie in each."""
        return Listed(*self.stream.posting_at(positions))

    def stands_at(self, unit: str, places: npt.NDArray[np.int64]) -> Mask:
        """Say at which places a unit stands."""
        return self._unit_bits.standing(self._rank(unit), places)

    def documents_at(self, positions: Numbers | npt.NDArray[np.int64]) -> Integers:
        """Return the document in which each position stands."""
        return self._owners.documents_at(positions)

    def counts(self, part: Run) -> tuple[int, int]:
        """Return how often a unit or a pair stands in what is left, and in how many documents."""
        known = self.known(part)
        if not len(self.removed):
            return known.most, known.documents
        gone = self._times_removed(part, known)
        return known.most - int(gone.sum()), known.documents - int(np.count_nonzero(gone))

    def _times_removed(self, part: Run, known: Known) -> Integers:
        """Return how often a unit or a pair stands in each document that was removed.

        To look into the lists of a unit takes longer than to see its counts: it has thousands, one
        for each that follows it.
        """
        if known.held is not None and len(known.held.counts):
            documents = known.held.documents
            at = documents.searchsorted(self.removed.astype(documents.dtype))
            held = documents.take(at, mode="clip") == self.removed
            times = np.where(held, known.held.counts.take(at, mode="clip"), 0)
            if times.max() < MOST_TIMES:
                return times
        return self.stream.times_in(self.removed, self._around_removed(part, known))

    def _around_removed(self, part: Run, known: Known) -> Numbers:
        """Return where a unit or a pair stands in what was removed, and maybe elsewhere."""
        if known.pairs:
            return self.stream.between(self.removed, known.pairs)
        lists, _ = self._pairs.unit(*map(self._rank, part))
        if _LOOK * len(self.removed) * len(lists) > known.most:
            return self.positions(part)
        bounds = zip(self.bounds[self.removed], self.bounds[self.removed + 1], strict=True)
        return np.concatenate([self.positions(part, each) for each in bounds])

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


def _known(
    terms: Any,
    pairs: PairIndex,
    titled: Callable[[Sequence[int]], Numbers],
    rank: Callable[[str], int],
    run: Run,
) -> Known:
    ranks = [*map(rank, run)]
    if len(run) == 1:
        held = _posting(terms, "units", *run)
        return Known((), pairs.times(*ranks), len(held), held, titled(ranks))
    found = pairs.pairs(ranks)
    if len(run) > 2:
        # There is room for all places of the rarest pair, too much to be remembered.
        return Known(found, found[0][1], titled=titled(ranks).copy())
    _, length, documents, row = pairs.pair(*ranks)
    marked = None if row < 0 else Marked(pairs.bits(row), _UNCOUNTED)
    return Known(found, length, documents, marked, titled(ranks))


def _standing(pairs: PairIndex, places: PackedLists, ranks: Sequence[int]) -> Numbers:
    """Return where the units with these ranks stand, ascending."""
    if len(ranks) > 1:
        return places.intersection(pairs.pairs(ranks))
    return np.sort(places.all_of(*pairs.unit(*ranks)))
