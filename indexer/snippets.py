"""Where in the text is the hit?  Passages of the original with ranges to mark, no HTML.

What is marked is found by the units that found the bulletin, in the same text: a mark is never
wrong and never missing.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.analysis import BlockUnits, cut_blocks
from indexer.bulletin import Block, Bulletin, Kind
from indexer.document import FIRST_NAME, UnitSequence
from indexer.query import Leaf, Query, Quotation, Spans, leaves
from indexer.query import marks as query_marks

Range = tuple[int, int]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

WIDTH: Final = 100
"""Characters of a passage: two and a half lines of 40, as much as an eye takes in at a glance."""
MOST: Final = 3
"""Passages of one bulletin."""

_BLOCK: Final = 1 << 32
_NOWHERE: Final = np.iinfo(np.int64).max
_SENTENCE_ENDS: Final = frozenset("。！？；!?;\n\t")
_CLAUSE_ENDS: Final = frozenset("，、：,:")
_ELLIPSIS: Final = "……"
_HEAD: Final = frozenset((Kind.TITLE, Kind.MASTHEAD))


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of `blocks[block]` as text, and the ranges of it to mark."""

    block: int
    text: str
    marks: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of a hit: passages in reading order; whether every run stands as typed; what
    to mark in the title.
    """

    passages: tuple[Passage, ...]
    unbroken: bool
    title_marks: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """A term and where it stands, `starts` to `stops`, both ascending.

    A place is `block * _BLOCK + character`.  `weight` is more for a whole run.
    """

    starts: Places
    stops: Places
    weight: int


class Highlighter:
    """Finds the terms of one query in any number of texts."""

    def __init__(self, query: Query) -> None:
        self._runs = tuple(query.runs)
        words = dict.fromkeys(leaves(query.tree))
        # The runs only choose the passage; every run that may be marked is made of terms.
        self._whole_run = len(words) + 1
        runs = (Quotation(run, "") for run in self._runs)
        self._weights = dict.fromkeys(words, 1) | dict.fromkeys(runs, self._whole_run)

    def marks(self, blocks: Sequence[Block]) -> dict[int, tuple[Range, ...]]:
        """Return the ranges to mark in each block that has any, overlapping ones made one."""
        return _marks(self._found(blocks).values())

    def view(self, bulletin: Bulletin) -> View:
        """Return what shows best why the bulletin is a hit.

        Passages of the text come before those of title and masthead, which are shown anyway, and
        where some hold a whole run the others are left out.  Without any term in the text the
        passage is the beginning of the first paragraph.
        """
        blocks = bulletin.blocks
        found = self._found(blocks)
        marks, best = _marks(found.values()), _best(found.values())
        text = {block: best[block] for block in best if blocks[block].kind not in _HEAD}
        best = text or best
        least = self._whole_run if any(b[0] >= self._whole_run for b in best.values()) else 0
        good = [block for block in best if best[block][0] >= least]
        chosen = sorted(sorted(good, key=lambda block: (-best[block][0], block))[:MOST])
        shown = [_passage(at, blocks[at].text, best[at][1], marks[at]) for at in chosen]
        unbroken = bool(self._runs) and all(Quotation(run, "") in found for run in self._runs)
        return View(tuple(shown) or _lead(bulletin), unbroken, self._in_title(bulletin, marks))

    def _in_title(
        self, bulletin: Bulletin, marks: Mapping[int, tuple[Range, ...]]
    ) -> tuple[Range, ...]:
        """Return what to mark in the title, which stands in the text of most bulletins."""
        for at, block in enumerate(bulletin.blocks):
            if block.kind is Kind.TITLE and block.text == bulletin.title:
                return marks.get(at, ())
        return self.marks([Block(bulletin.title, Kind.TITLE)]).get(0, ())

    def _found(self, blocks: Sequence[Block]) -> dict[Leaf, _Term]:
        """Return the terms that stand in the text."""
        page = _Page(blocks)
        places = {term: query_marks(term, page) for term in self._weights}
        return {
            term: _Term(*_extents(page.units, at.starts, at.stops), self._weights[term])
            for term, at in places.items()
            if len(at.starts)
        }


class _Page:
    """The blocks of a bulletin as a stream of units."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.units = cut_blocks([block.text for block in blocks])
        titles = [at for at, block in enumerate(blocks) if block.kind is Kind.TITLE]
        title = np.flatnonzero(np.isin(self.units.blocks, titles))
        self._title = (title[0], title[-1] + 1) if len(title) else (0, 0)

    def places(self, run: Sequence[str]) -> Places:
        """Return where a run begins, ascending."""
        sequence = self.units.sequence
        codes = [_code(sequence, unit) for unit in run]
        room = len(sequence) - len(codes) + 1
        if None in codes or room < 1:
            return np.zeros(0, dtype=np.int64)
        places = np.flatnonzero(sequence.codes[:room] == codes[0])
        for offset, code in enumerate(codes[1:], 1):
            places = places[sequence.codes[places + offset] == code]
        return places.astype(np.int64)

    def stands_at(self, unit: str, places: Places) -> Mask:
        """Say at which places a unit stands."""
        codes = np.append(self.units.sequence.codes, 0)
        standing: Mask = codes[np.minimum(places, len(codes) - 1)] == ord(unit)
        return standing

    def in_one_document(self, spans: Spans) -> Mask:
        """Say which stretches do not reach beyond the bulletin: all."""
        return np.ones(len(spans.starts), dtype=bool)

    def in_a_title(self, spans: Spans) -> Mask:
        """Say which stretches lie in the title."""
        start, stop = self._title
        inside: Mask = (spans.starts >= start) & (spans.stops <= stop)
        return inside


def _code(sequence: UnitSequence, unit: str) -> int | None:
    if unit in sequence.names:
        return FIRST_NAME + sequence.names.index(unit)
    return ord(unit) if len(unit) == 1 else None


def _extents(units: BlockUnits, first: Places, stop: Places) -> tuple[Places, Places]:
    """Return where the units from `first` up to `stop` begin and end, anew in each block."""
    starts, stops = [], []
    while len(first):
        block = units.blocks[first].astype(np.int64)
        last = np.minimum(stop, np.searchsorted(units.blocks, block, side="right"))
        starts.append(block * _BLOCK + units.starts[first])
        stops.append(block * _BLOCK + units.stops[last - 1])
        first, stop = last[last < stop], stop[last < stop]
    return np.sort(np.concatenate(starts)), np.sort(np.concatenate(stops))


def _marks(found: Collection[_Term]) -> dict[int, tuple[Range, ...]]:
    """Return where any of the terms stands in each block; what overlaps or touches is one."""
    if not found:
        return {}
    starts = np.sort(np.concatenate([term.starts for term in found]))
    stops = np.sort(np.concatenate([term.stops for term in found]))
    # A mark ends where everything that has begun has ended.
    apart = starts[1:] > stops[:-1]
    first, last = starts[np.append(True, apart)], stops[np.append(apart, True)]
    ranges = zip((first % _BLOCK).tolist(), (last % _BLOCK).tolist(), strict=True)
    by_block = itertools.groupby(
        zip((first // _BLOCK).tolist(), ranges, strict=True), itemgetter(0)
    )
    return {block: tuple(found for _, found in marks) for block, marks in by_block}


def _best(found: Collection[_Term]) -> dict[int, tuple[int, Range]]:
    """Return worth and extent of each block's stretch with most terms, closest together.

    A stretch begins with a term; each other term belongs to it where it stands next.
    """
    if not found:
        return {}
    starts = np.unique(np.concatenate([term.starts for term in found]))
    stops, worth = starts.copy(), np.zeros(len(starts), dtype=np.int64)
    for term in found:
        following = np.searchsorted(term.starts, starts)
        begin, end = (np.append(at, _NOWHERE)[following] for at in (term.starts, term.stops))
        inside = (begin == starts) | (end <= starts + WIDTH)
        worth += term.weight * inside
        stops = np.where(inside, np.maximum(stops, end), stops)
    order = np.lexsort((stops - starts, -worth, starts // _BLOCK))
    blocks, firsts = np.unique(starts[order] // _BLOCK, return_index=True)
    chosen = order[firsts]
    extents = zip(starts[chosen] % _BLOCK, stops[chosen] % _BLOCK, strict=True)
    return {
        int(block): (int(value), (int(start), int(stop)))
        for block, value, (start, stop) in zip(blocks, worth[chosen], extents, strict=True)
    }


def _passage(block: int, text: str, extent: Range, marks: Sequence[Range]) -> Passage:
    start, stop = _window(text, *extent)
    # No term is cut in two, unless it is very long.
    start = next((a for a, b in marks if start - WIDTH // 4 <= a < start < b), start)
    stop = next((b for a, b in marks if a < stop < b <= stop + WIDTH // 4), stop)
    before = _ELLIPSIS if start > 0 and text[start - 1] not in _SENTENCE_ENDS else ""
    after = _ELLIPSIS if stop < len(text) and text[stop - 1] not in _SENTENCE_ENDS else ""
    shift = len(before) - start
    inside = (
        (max(first, start) + shift, min(last, stop) + shift)
        for first, last in marks
        if first < stop and last > start
    )
    return Passage(block, before + text[start:stop] + after, tuple(inside))


def _window(text: str, start: int, stop: int) -> Range:
    """Widen an extent to about `WIDTH` characters, to the ends of clauses where there are any.

    Of a very long quotation the beginning is shown.
    """
    if len(text) <= WIDTH * 3 // 2:
        return 0, len(text)
    stop = min(stop, start + WIDTH * 3)
    room = max(WIDTH - (stop - start), WIDTH // 4)
    left = max(0, start - room // 2)
    left = _after_last_end(text, left, start) if left else 0
    right = min(len(text), max(stop, left + WIDTH))
    return left, _clause_end(text, right) if right < len(text) else right


def _after_last_end(text: str, low: int, high: int) -> int:
    """Return the first place from `low` to `high` where a sentence begins, or else a clause."""
    for ends in (_SENTENCE_ENDS, _CLAUSE_ENDS):
        for at in range(low, high):
            if text[at] in ends:
                return at + 1
    return low


def _clause_end(text: str, at: int) -> int:
    """Return the end of the clause that reaches beyond `at`, if that is not far."""
    for end in range(at, min(at + WIDTH // 4, len(text))):
        if text[end - 1] in _SENTENCE_ENDS or text[end - 1] in _CLAUSE_ENDS:
            return end
    return at


def _lead(bulletin: Bulletin) -> tuple[Passage, ...]:
    for at, block in enumerate(bulletin.blocks):
        if block.kind is Kind.PARAGRAPH and len(block.text) > WIDTH // 4:
            return (_passage(at, block.text, (0, 0), ()),)
    return ()
