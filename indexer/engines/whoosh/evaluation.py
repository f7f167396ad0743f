"""Where do units stand, and how much does a word weigh?  One segment, by intersecting arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.columns import NumberColumn, ValueColumn
from indexer.engines.whoosh.owners import Owners
from indexer.engines.whoosh.schema import NUMBERS, facet_column
from indexer.query import Leaf, Spans, spans
from indexer.schema import FACET_NAMES

Numbers = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_NOWHERE: Final[Numbers] = np.zeros(0, dtype=np.uint32)


class SegmentReader:
    """A segment, open: its columns as arrays, its postings by `positions` and `word`.

    Documents that were removed keep their place; `live` says which are left, `holes` whether any
    is missing.
    """

    def __init__(self, storage: Any, segment: Any) -> None:
        codec = segment.codec()
        self.count: int = segment.doc_count_all()
        self.holes: bool = segment.has_deletions()
        self.live: Mask = np.ones(self.count, dtype=bool)
        self.live[list(segment.deleted_docs())] = False
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
        self._known: dict[str, tuple[int, int, int]] = {}
        self._standing: dict[str, npt.NDArray[np.uint8]] = {}
        self.units = len(self._arrays["positions"])
        self._begins = np.append(self.numbers["begin"], np.uint32(self.units + self.count))
        self._owners = Owners(self._begins)

    def positions(self, units: Sequence[str]) -> Numbers:
        """Return where in the stream `units` stand one after another.

        Ascending for two units and more.  Every second pair is enough: when units 1–2 and 3–4
        stand at their distance, so do 2–3.  The rarest pair is taken first.
        """
        if len(units) == 1:
            return self._places_of_unit(units[0])
        if len(units) == 2:
            return self._places_of_pair(*units)
        offsets = [*range(0, len(units) - 1, 2)]
        if offsets[-1] != len(units) - 2:
            offsets.append(len(units) - 2)
        pairs = [(self._places_of_pair(units[at], units[at + 1]), at) for at in offsets]
        pairs.sort(key=lambda pair: len(pair[0]))
        places, offset = pairs[0]
        found: Numbers = places[places >= offset] - np.uint32(offset)
        for places, offset in pairs[1:]:
            if not len(found):
                break
            found = found[_member(found + np.uint32(offset), places)]
        return found

    def holding(self, leaf: Leaf) -> npt.NDArray[np.intp]:
        """Return the documents in which a leaf with gaps, or the like, stands; some repeatedly."""
        return self.documents_at(spans(leaf, self).starts)

    def times(self, run: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return how often a run stands in each document."""
        return np.bincount(self.documents_at(self.positions(run)), minlength=self.count)

    def places(self, run: Sequence[str]) -> Places:
        """Return where a run begins, ascending."""
        positions = self.positions(run)
        return (np.sort(positions) if len(run) == 1 else positions).astype(np.int64)

    def stands_at(self, unit: str, places: Places) -> Mask:
        """Say at which places a unit stands; that of a unit is kept, a bit for each place."""
        if unit not in self._standing:
            # A place is left free behind each document.
            stands = np.zeros(self.units + self.count, dtype=bool)
            stands[self._places_of_unit(unit)] = True
            self._standing[unit] = np.packbits(stands, bitorder="little")
        bits = self._standing[unit]
        inside = places < self.units + self.count
        at = np.where(inside, places, 0)
        stands = (bits[at >> 3] >> (at & 7).astype(np.uint8)) & 1 if len(bits) else inside
        standing: Mask = inside & (stands == 1)
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

    def documents_at(self, positions: Numbers | Places) -> npt.NDArray[np.intp]:
        """Return the document in which each position stands."""
        return self._owners.at(positions)

    def documents_with(self, units: Sequence[str]) -> npt.NDArray[np.intp]:
        """Return the documents in which `units` stand one after another, ascending."""
        places = np.sort(self.positions(units)) if len(units) == 1 else self.positions(units)
        begin = self.numbers["begin"]
        if 2 * len(places) < len(begin):
            documents = self.documents_at(places)
            return documents[np.diff(documents, prepend=-1) > 0]
        # Of the frequent, it is quicker to look for the documents among the places.
        return np.flatnonzero(np.diff(np.searchsorted(places, begin), append=len(places)))

    def times_in(self, documents: Numbers, positions: Numbers) -> npt.NDArray[np.intp]:
        """Return how many of ascending positions lie in each document."""
        begins, stops = self._begins[documents], self._begins[documents + np.uint32(1)]
        times: npt.NDArray[np.intp] = positions.searchsorted(stops) - positions.searchsorted(begins)
        return times

    def in_titles(self, documents: Numbers, positions: Numbers, length: int) -> Mask:
        """Say in the title of which documents one of ascending positions begins `length` units."""
        starts = self.numbers["title_start"][documents]
        stops = self.numbers["title_stop"][documents]
        ends = np.maximum(stops + np.uint32(1), length) - np.uint32(length)
        inside: Mask = positions.searchsorted(ends) > positions.searchsorted(starts)
        return inside & (stops - starts >= length)

    def in_title(self, documents: npt.NDArray[np.intp], positions: Numbers, length: int) -> Mask:
        """Say which positions begin `length` units in the title of their document."""
        inside: Mask = positions >= self.numbers["title_start"][documents]
        return inside & (positions + np.uint32(length) <= self.numbers["title_stop"][documents])

    def word(self, word: str) -> tuple[Numbers, Numbers]:
        """Return the documents of a word, ascending, and its counts there (`tallies`)."""
        found = self._terms.lookup("words", word)
        if found is None:
            return _NOWHERE, _NOWHERE
        _, start, stop = found
        return self._arrays["documents"][start:stop], self._arrays["counts"][start:stop]

    def tallies(self, counts: Numbers) -> Numbers:
        """Return what such counts stand for (`inversion.unpack`)."""
        tallies: Numbers = self._arrays["tallies"][counts].astype(np.uint32)
        return tallies

    def frequency(self, documents: Numbers) -> int:
        """Return how many of these documents are left."""
        return int(self.live[documents].sum()) if self.holes else len(documents)

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

    def _unit(self, unit: str) -> tuple[int, int, int] | None:
        """Look up a unit; those that there are, a few ten thousand at most, are remembered."""
        found = self._known.get(unit) or self._terms.lookup("units", unit)
        if found is not None:
            self._known[unit] = found
        return found

    def _places_of_unit(self, unit: str) -> Numbers:
        found = self._unit(unit)
        if found is None:
            return _NOWHERE
        starts = self._arrays["starts"]
        places: Numbers = self._arrays["positions"][starts[found[1]] : starts[found[2]]]
        return places

    def _places_of_pair(self, first: str, second: str) -> Numbers:
        found, behind = self._unit(first), self._unit(second)
        if found is None or behind is None:
            return _NOWHERE
        _, start, stop = found
        followers = self._arrays["followers"]
        rank = followers.dtype.type(behind[0])
        at = start + int(followers[start:stop].searchsorted(rank))
        if at == stop or followers[at] != rank:
            return _NOWHERE
        starts = self._arrays["starts"]
        places: Numbers = self._arrays["positions"][starts[at] : starts[at + 1]]
        return places


def _member(wanted: Numbers, places: Numbers) -> Mask:
    """Say for each number of `wanted` whether it is in `places`, both ascending."""
    if not len(places):
        return np.zeros(len(wanted), dtype=bool)
    at = np.searchsorted(places, wanted)
    at[at == len(places)] = 0
    member: Mask = places[at] == wanted
    return member
