"""Where in the text is the hit?  Passages of the original with ranges to mark, no HTML.

What is marked is found by the units that found the bulletin, in the same text: a mark is never
wrong and never missing.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from indexer.analysis import BlockUnits, cut_blocks
from indexer.bulletin import Block, Bulletin, Kind
from indexer.document import FIRST_NAME
from indexer.query import Leaf, Query, Quotation, Spans, leaves
from indexer.query import marks as query_marks

Range = tuple[int, int]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_T = TypeVar("_T")
_Best = tuple[int, Range]

WIDTH: Final = 100
"""Characters of a passage: two and a half lines of 40, as much as an eye takes in at a glance."""
MOST: Final = 3
"""Passages of one bulletin."""

_TOGETHER: Final = 50_000
"""Characters that are folded at once, unless one bulletin has more."""
_STOP: Final = Block("□")
"""A single unit, whose code becomes one that no unit has."""
_NO_UNIT: Final = 0xFFFFFFFF
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
        self._runs = tuple(Quotation(run, "") for run in query.runs)
        words = dict.fromkeys(leaves(query.tree))
        # The runs only choose the passage; every run that may be marked is made of terms.
        self._whole_run = len(words) + 1
        self._weights = dict.fromkeys(words, 1) | dict.fromkeys(self._runs, self._whole_run)

    def marks(self, blocks: Sequence[Block]) -> dict[int, tuple[Range, ...]]:
        """Return the ranges to mark in each block that has any, overlapping ones made one."""
        return _marks(self._found(_Pages([blocks])).values())

    def views(self, bulletins: Sequence[Bulletin]) -> list[View]:
        """Return for each bulletin what shows best why it is a hit.

        Passages of the text come before those of title and masthead, which are shown anyway, and
        where some hold a whole run the others are left out.  Without any term in the text the
        passage is the beginning of the first paragraph.
        """
        return [view for some in _together(bulletins) for view in self._views(some)]

    def _views(self, bulletins: Sequence[Bulletin]) -> Iterator[View]:
        texts, titles = [bulletin.blocks for bulletin in bulletins], [*map(_title, bulletins)]
        # A title that does not stand in the text is looked into as a page of its own.
        pages = _Pages(texts + [() if title.in_text else title.blocks for title in titles])
        found = self._found(pages)
        marks, best = pages.apart(_marks(found.values())), pages.apart(_best(found.values()))
        whole = [pages.having(found[run]) if run in found else set() for run in self._runs]
        for at, (bulletin, title) in enumerate(zip(bulletins, titles, strict=True)):
            passages = self._passages(bulletin, marks[at], best[at])
            in_title = marks[at if title.in_text else len(texts) + at].get(title.block, ())
            yield View(passages, bool(whole) and all(at in run for run in whole), in_title)

    def _passages(
        self, bulletin: Bulletin, marks: Mapping[int, tuple[Range, ...]], best: Mapping[int, _Best]
    ) -> tuple[Passage, ...]:
        blocks = bulletin.blocks
        best = {at: best[at] for at in best if blocks[at].kind not in _HEAD} or best
        least = self._whole_run if any(b[0] >= self._whole_run for b in best.values()) else 0
        good = [block for block in best if best[block][0] >= least]
        chosen = sorted(sorted(good, key=lambda block: (-best[block][0], block))[:MOST])
        shown = [_passage(at, blocks[at].text, best[at][1], marks[at]) for at in chosen]
        return tuple(shown) or _lead(bulletin)

    def _found(self, pages: _Pages) -> dict[Leaf, _Term]:
        """Return the terms that stand in the text."""
        places = {term: query_marks(term, pages) for term in self._weights}
        return {
            term: _Term(*_extents(pages.units, at.starts, at.stops), self._weights[term])
            for term, at in places.items()
            if len(at.starts)
        }


class _Title(NamedTuple):
    """Where the title of a bulletin stands: `blocks[block]`, of its text or by itself."""

    blocks: Sequence[Block]
    block: int
    in_text: bool


def _title(bulletin: Bulletin) -> _Title:
    for at, block in enumerate(bulletin.blocks):
        if block.kind is Kind.TITLE and block.text == bulletin.title:
            return _Title(bulletin.blocks, at, True)
    return _Title((Block(bulletin.title, Kind.TITLE),), 0, False)


def _together(bulletins: Sequence[Bulletin]) -> Iterator[Sequence[Bulletin]]:
    """Yield bulletins that are folded as one text, which saves time and must not take much room."""
    some: list[Bulletin] = []
    size = 0
    for bulletin in bulletins:
        length = sum(len(block.text) for block in bulletin.blocks)
        if some and size + length > _TOGETHER:
            yield some
            some, size = [], 0
        some.append(bulletin)
        size += length
    if some:
        yield some


class _Pages:
    """The blocks of several bulletins as a stream of units, with a stop after each bulletin.

    Their blocks are numbered through, a stop being one: those of bulletin i from `begins[i]` on.
    """

    def __init__(self, pages: Sequence[Sequence[Block]]) -> None:
        self._blocks = [block for page in pages for block in (*page, _STOP)]
        ends = np.cumsum([len(page) + 1 for page in pages])
        self.begins = [0, *ends[:-1].tolist()]
        self.units = cut_blocks([block.text for block in self._blocks])
        sequence = self.units.sequence
        self._codes = sequence.codes
        self._codes[np.searchsorted(self.units.blocks, ends - 1)] = _NO_UNIT
        self._names = {name: FIRST_NAME + at for at, name in enumerate(sequence.names)}

    def apart(self, found: Mapping[int, _T]) -> list[dict[int, _T]]:
        """Return what was found in each block by bulletin, and by the block's number there."""
        parted: list[dict[int, _T]] = [{} for _ in self.begins]
        for block, value in found.items():
            at = bisect_right(self.begins, block) - 1
            parted[at][block - self.begins[at]] = value
        return parted

    def having(self, term: _Term) -> set[int]:
        """Return in which bulletins a term stands."""
        return set(self._page_of(term.starts // _BLOCK).tolist())

    def places(self, run: Sequence[str]) -> Places:
        """Return where a run begins, ascending."""
        wanted = [self._code(unit) for unit in run]
        room = len(self._codes) - len(wanted) + 1
        if None in wanted or room < 1:
            return np.zeros(0, dtype=np.int64)
        places = np.flatnonzero(self._codes[:room] == wanted[0])
        for offset, code in enumerate(wanted[1:], 1):
            places = places[self._codes[places + offset] == code]
        return places.astype(np.int64)

    def _code(self, unit: str) -> int | None:
        return self._names.get(unit, ord(unit) if len(unit) == 1 else None)

    def stands_at(self, unit: str, places: Places) -> Mask:
        """Say at which places a unit stands."""
        standing: Mask = self._codes[np.minimum(places, len(self._codes) - 1)] == ord(unit)
        return standing

    def in_one_document(self, spans: Spans) -> Mask:
        """Say which stretches do not reach from one bulletin into the next."""
        pages = self._page_of(self.units.blocks)
        inside: Mask = pages[spans.starts] == pages[spans.stops - 1]
        return inside

    def in_a_title(self, spans: Spans) -> Mask:
        """Say which stretches lie in a title: between the first and the last unit of it."""
        titles = [at for at, block in enumerate(self._blocks) if block.kind is Kind.TITLE]
        units = np.flatnonzero(np.isin(self.units.blocks, titles))
        pages = self._page_of(self.units.blocks)
        here, title = pages[spans.starts], pages[units]
        first = np.searchsorted(title, here)
        last = np.searchsorted(title, here, side="right") - 1
        bounds = np.append(units, -1)
        inside: Mask = (first <= last) & (spans.starts >= bounds[first])
        return inside & (spans.stops <= bounds[last] + 1)

    def _page_of(self, blocks: npt.NDArray[Any]) -> Places:
        return np.searchsorted(self.begins, blocks, side="right") - 1


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


def _best(found: Collection[_Term]) -> dict[int, _Best]:
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
