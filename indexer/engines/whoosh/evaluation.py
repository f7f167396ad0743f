"""Where do units stand, and how much does a word weigh?  One segment, by intersecting arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.engines import ranking
from indexer.engines.whoosh.columns import NumberColumn, ValueColumn
from indexer.engines.whoosh.inversion import BLOCK_BITS, Numbers, unpack
from indexer.engines.whoosh.schema import NUMBERS, facet_column
from indexer.query import Leaf, Run, Spans, spans
from indexer.schema import FACET_NAMES

Documents = npt.NDArray[np.intp]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.integer[Any]]
Posting = tuple[Integers, Integers]
"""Documents, ascending and each once, and what counts for each of them."""

FEW: Final = 8
"""Where one list is so many times as long as another, it is quicker to look each of the other up
in it than to go through both."""

_NOWHERE: Final[Numbers] = np.zeros(0, dtype=np.uint32)
_END: Final = np.uint32(0xFFFF0000)
"""Behind all places, with room for the length of a run."""
_REMEMBERED: Final = 1 << 16
"""Terms and pairs that a segment has looked up and keeps at hand."""

Pairs = Sequence[tuple[Numbers, int]]
"""Places of the pairs that a run is made of, and how far from its begin they stand."""


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
        self.groups: ValueColumn.Reader = self._rows.column_reader("group", ValueColumn())
        self.aliases: ValueColumn.Reader = self._rows.column_reader("aliases", ValueColumn())
        self.facets: dict[str, ValueColumn.Reader] = {
            name: self._rows.column_reader(facet_column(name), ValueColumn())
            for name in FACET_NAMES
        }
        self._arrays: dict[str, Numbers] = self._terms.arrays
        self._terms_known: dict[tuple[str, str], tuple[int, int, int] | None] = {}
        self._pairs_known: dict[tuple[str, str], int] = {}
        self._bits: dict[str, npt.NDArray[np.uint8]] = {}
        self.units = len(self._arrays["positions"])
        blocks = self.numbers["begin"].astype(np.intp) >> BLOCK_BITS
        # Whatever lies behind the last of these blocks is in the last document.
        sizes = np.diff(blocks, append=blocks[-1] + 1)
        self._owners: Documents = np.repeat(np.arange(self.count), sizes)
        self.begins = self.numbers["begin"]
        self.ends = np.append(self.begins[1:], _END)
        self._titled = self._blocks_with_titles()
        self._worth = _worth(self._arrays["tallies"])

    def positions(self, run: Run) -> Numbers:
        """Return where in the stream a run stands; ascending for two units and more."""
        return self._places_of_unit(run[0]) if len(run) == 1 else intersection(self.pairs(run))

    def pairs(self, run: Run) -> Pairs:
        """Return the pairs that a run of two units and more is made of, the rarest first.

        Every second pair is enough: when units 1–2 and 3–4 stand at their distance, so do 2–3.
        """
        offsets = [*range(0, len(run) - 1, 2)]
        if offsets[-1] != len(run) - 2:
            offsets.append(len(run) - 2)
        pairs = [(self._places(self._pair(run[at], run[at + 1])), at) for at in offsets]
        return sorted(pairs, key=lambda pair: len(pair[0]))

    def posting(self, run: Run) -> Posting:
        """Return the documents of a run, and how often it stands there (`MOST_TIMES`)."""
        if len(run) > 1:
            return self.posting_at(self.positions(run))
        found = self._lookup("units", run[0])
        if found is None:
            return _NOWHERE, _NOWHERE
        start, stop = self._arrays["holders"][found[0] - 1 : found[0] + 1].tolist()
        arrays = self._arrays
        return arrays["unit_documents"][start:stop], arrays["unit_counts"][start:stop]

    def posting_at(self, positions: Numbers) -> Posting:
        """Return the documents of ascending positions, and how many lie in each."""
        documents = self.documents_at(positions)
        last = np.empty(len(documents), dtype=bool)
        last[-1:] = True
        np.not_equal(documents[1:], documents[:-1], out=last[:-1])
        ends = last.nonzero()[0]
        counts = ends.copy()
        counts[1:] -= ends[:-1]
        counts[:1] += 1
        return documents[ends], counts

    def frequency(self, part: Run) -> tuple[int, int]:
        """Return how often a unit or a pair stands in what is left, and in how many documents."""
        if len(part) == 1:
            return self._frequency_of_unit(part)
        at = self._pair(*part)
        if at < 0:
            return 0, 0
        positions, frequency = self._places(at), int(self._arrays["frequencies"][at])
        if not len(self.removed):
            return len(positions), frequency
        removed = self.times_in(self.removed, positions)
        return len(positions) - int(removed.sum()), frequency - int(np.count_nonzero(removed))

    def _frequency_of_unit(self, unit: Run) -> tuple[int, int]:
        if not len(self.removed):
            return len(self._places_of_unit(unit[0])), len(self.posting(unit)[0])
        times = self.times(unit)[self.live]
        return int(times.sum()), int(np.count_nonzero(times))

    def holding(self, leaf: Leaf) -> Documents:
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
            self._bits[unit] = _bits(self._places_of_unit(unit))
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

    def documents_at(self, positions: Numbers | Places) -> Documents:
        """Return the document in which each position stands."""
        return self._owners.take(positions >> positions.dtype.type(BLOCK_BITS), mode="clip")

    def times_in(self, documents: Documents, positions: Numbers) -> Documents:
        """Return how many of ascending positions lie in each of these documents."""
        starts = positions.searchsorted(self.begins[documents])
        times: Documents = positions.searchsorted(self.ends[documents]) - starts
        return times

    def titled(self, positions: Numbers, length: int) -> Documents:
        """Return the documents in whose titles one of these positions begins `length` units."""
        blocks = positions >> positions.dtype.type(BLOCK_BITS)
        near = positions[self._titled.take(blocks, mode="clip")]
        documents = self.documents_at(near)
        inside = near >= self.numbers["title_start"][documents]
        inside &= near + np.uint32(length) <= self.numbers["title_stop"][documents]
        return np.unique(documents[inside])

    def titled_in(self, documents: Documents, pairs: Pairs, length: int) -> Documents:
        """Return in the titles of which of these documents a run of such pairs stands."""
        starts = self.numbers["title_start"][documents]
        stops = self.numbers["title_stop"][documents]
        long = stops - starts >= length
        found = between(pairs, starts[long], stops[long] - np.uint32(length - 1))
        return np.unique(self.documents_at(found))

    def word(self, word: str) -> Posting:
        """Return the documents of a word, and its counts there (`worth`)."""
        found = self._lookup("words", word)
        if found is None:
            return _NOWHERE, _NOWHERE
        span = slice(*found[1:])
        return self._arrays["word_documents"][span], self._arrays["word_counts"][span]

    def worth(self, counts: Integers) -> npt.NDArray[np.float64]:
        """Return how often a word of such counts stands, each place by `ranking.WEIGHTS`."""
        return self._worth.take(counts)

    def left(self, documents: Integers) -> int:
        """Return how many of these documents (ascending) were not removed."""
        if not len(self.removed):
            return len(documents)
        return len(documents) - int(matches(self.removed, documents)[0].sum())

    def document(self, id: str) -> int | None:
        """Return the number of the document with that id."""
        found = self._terms.lookup("id", id)
        return found[1] if found else None

    def stored(self, document: int) -> str:
        """Return what was stored of a document."""
        return str(self._rows.stored_fields(document)["stored"])

    def offers(self) -> ValueColumn.Reader:
        """Return what the documents offer to whoever types."""
        column: ValueColumn.Reader = self._rows.column_reader("offers", ValueColumn())
        return column

    def ids(self) -> list[str]:
        """Return the ids of all documents, by document number."""
        column: ValueColumn.Reader = self._rows.column_reader("ids", ValueColumn())
        return column.vocabulary  # each document has one, unlike all others

    def close(self) -> None:
        """Let go of the files."""
        self._terms.close()
        self._rows.close()
        self._arrays = {}

    def _lookup(self, field: str, spelling: str) -> tuple[int, int, int] | None:
        known = self._terms_known
        if (field, spelling) not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[field, spelling] = self._terms.lookup(field, spelling)
        return known[field, spelling]

    def _places_of_unit(self, unit: str) -> Numbers:
        found = self._lookup("units", unit)
        if found is None:
            return _NOWHERE
        starts = self._arrays["starts"]
        return self._arrays["positions"][starts[found[1]] : starts[found[2]]]

    def _pair(self, first: str, second: str) -> int:
        """Return the number of a pair, −1 when there is none."""
        known = self._pairs_known
        if (first, second) not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[first, second] = self._find_pair(first, second)
        return known[first, second]

    def _find_pair(self, first: str, second: str) -> int:
        found, behind = self._lookup("units", first), self._lookup("units", second)
        if found is None or behind is None:
            return -1
        _, start, stop = found
        followers = self._arrays["followers"]
        rank = followers.dtype.type(behind[0])
        at = start + int(followers[start:stop].searchsorted(rank))
        return at if at < stop and followers[at] == rank else -1

    def _places(self, pair: int) -> Numbers:
        if pair < 0:
            return _NOWHERE
        starts = self._arrays["starts"]
        return self._arrays["positions"][starts[pair] : starts[pair + 1]]

    def _blocks_with_titles(self) -> Mask:
        starts, stops = self.numbers["title_start"], self.numbers["title_stop"]
        some = stops > starts
        first, last = starts[some] >> BLOCK_BITS, (stops[some] - 1) >> BLOCK_BITS
        size = int(last.max(initial=0)) + 2
        changes = np.bincount(first, minlength=size) - np.bincount(last + 1, minlength=size)
        titled: Mask = np.cumsum(changes) > 0
        return titled


def matches(wanted: Integers, among: Integers) -> tuple[Mask, Documents]:
    """Say for each number of `wanted` whether it is in `among` and where; both ascend."""
    at: Documents = among.searchsorted(wanted.astype(among.dtype, copy=False))
    if not len(among):
        return np.zeros(len(wanted), dtype=bool), at
    np.minimum(at, len(among) - 1, out=at)
    found: Mask = among.take(at) == wanted
    return found, at


def intersection(pairs: Pairs) -> Numbers:
    """Return where a run stands."""
    (places, offset), *others = pairs
    found = places[places.searchsorted(offset) :] - np.uint32(offset)
    for places, offset in others if len(found) else ():
        found = _common(found, places, offset)
    return found


def between(pairs: Pairs, starts: Numbers, stops: Numbers) -> Numbers:
    """Return where a run begins from one of these starts up to its stop; all ascend."""
    (places, offset), *others = pairs
    low = places.searchsorted(starts + np.uint32(offset))
    found = places[ranges(low, places.searchsorted(stops + np.uint32(offset)))]
    found = found - np.uint32(offset)
    for places, offset in others if len(found) else ():
        found = found[matches(found + np.uint32(offset), places)[0]]
    return found


def ranges(starts: Documents, stops: Documents) -> Documents:
    """Return all numbers from each start up to its stop, one range behind the other."""
    lengths = stops - starts
    ends = np.cumsum(lengths)
    numbers: Documents = np.arange(ends[-1] if len(ends) else 0)
    return numbers + np.repeat(stops - ends, lengths)


def _common(found: Numbers, places: Numbers, offset: int) -> Numbers:
    """Return which of `found` are so much before one of `places`; both ascend.

    To merge two lists of about the same length (Timsort merges what ascends already) takes half
    the time of as many binary searches.
    """
    moved = found + np.uint32(offset)
    if FEW * len(found) < len(places):
        return found[matches(moved, places)[0]]
    merged = np.concatenate((moved, places))
    merged.sort(kind="stable")
    common: Numbers = merged[1:][merged[1:] == merged[:-1]] - np.uint32(offset)
    return common


def _worth(tallies: Numbers) -> npt.NDArray[np.float64]:
    in_title, in_heading, in_body = ranking.WEIGHTS
    title, heading, body = unpack(tallies.astype(np.uint32))
    worth: npt.NDArray[np.float64] = in_title * title + in_heading * heading + in_body * body
    return worth


def _bits(places: Numbers) -> npt.NDArray[np.uint8]:
    """Return a bit for each number up to the largest of these, set for these; one for none."""
    bits = np.zeros((int(places.max(initial=0)) >> 3) + 1, dtype=np.uint8)
    for bit in range(8):
        bits[places[places & 7 == bit] >> 3] |= np.uint8(1 << bit)
    return bits
