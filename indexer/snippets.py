"""Where in the text is the hit?  Passages of the original with ranges to mark, no HTML.

What is marked is found by the units that found the bulletin, in the same text: a mark is never
wrong and never missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.analysis import BlockUnits, cut_blocks
from indexer.bulletin import Bulletin, Kind
from indexer.document import FIRST_NAME, UnitSequence
from indexer.query import Query, leaves

Range = tuple[int, int]

WIDTH: Final = 100
"""Characters of a passage: two and a half lines of 40, as much as an eye takes in at a glance."""
MOST: Final = 3
"""Passages of one bulletin."""

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
    """What is shown of a hit: passages in reading order; whether every run stands as typed."""

    passages: tuple[Passage, ...]
    unbroken: bool


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """A term of the query in a block, `start` to `stop`; `weight` is more for a whole run."""

    start: int
    stop: int
    term: int
    weight: int


class Highlighter:
    """Finds the terms of one query in any number of texts."""

    def __init__(self, query: Query) -> None:
        self._runs = tuple(query.runs)
        words = dict.fromkeys(leaf.units for leaf in leaves(query.tree))
        # The runs only choose the passage; every run that may be marked is made of terms.
        self._whole_run = len(words) + 1
        self._terms = [(units, 1) for units in words]
        self._terms += [(run, self._whole_run) for run in self._runs if run not in words]

    def marks(self, texts: Sequence[str]) -> dict[int, tuple[Range, ...]]:
        """Return the ranges to mark in each text that has any, overlapping ones made one."""
        return {
            block: _merged((found.start, found.stop) for found in occurrences)
            for block, occurrences in self._occurrences(cut_blocks(texts)).items()
        }

    def view(self, bulletin: Bulletin) -> View:
        """Return what shows best why the bulletin is a hit.

        Passages of the text come before those of title and masthead, which are shown anyway, and
        where some hold a whole run the others are left out.  Without any term in the text the
        passage is the beginning of the first paragraph.
        """
        texts = [block.text for block in bulletin.blocks]
        units = cut_blocks(texts)
        found = self._occurrences(units)
        text = {block: found[block] for block in found if bulletin.blocks[block].kind not in _HEAD}
        best = {block: _best(occurrences) for block, occurrences in (text or found).items()}
        least = self._whole_run if any(b[0] >= self._whole_run for b in best.values()) else 0
        good = [block for block in best if best[block][0] >= least]
        chosen = sorted(sorted(good, key=lambda block: (-best[block][0], block))[:MOST])
        passages = [_passage(block, texts[block], best[block][1], found[block]) for block in chosen]
        unbroken = bool(self._runs) and all(len(_places(units.sequence, r)) for r in self._runs)
        return View(tuple(passages) or _lead(bulletin), unbroken)

    def _occurrences(self, units: BlockUnits) -> dict[int, list[_Occurrence]]:
        found: dict[int, list[_Occurrence]] = {}
        for term, (wanted, weight) in enumerate(self._terms):
            for first in _places(units.sequence, wanted).tolist():
                for block, start, stop in _extents(units, first, first + len(wanted)):
                    found.setdefault(block, []).append(_Occurrence(start, stop, term, weight))
        for occurrences in found.values():
            occurrences.sort(key=lambda occurrence: (occurrence.start, occurrence.stop))
        return found


def _places(sequence: UnitSequence, wanted: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return where `wanted` stands in the sequence, one unit after another."""
    codes = [_code(sequence, unit) for unit in wanted]
    room = len(sequence) - len(codes) + 1
    if None in codes or room < 1:
        return np.zeros(0, dtype=np.intp)
    places = np.flatnonzero(sequence.codes[:room] == codes[0])
    for offset, code in enumerate(codes[1:], 1):
        places = places[sequence.codes[places + offset] == code]
    return places


def _code(sequence: UnitSequence, unit: str) -> int | None:
    if unit in sequence.names:
        return FIRST_NAME + sequence.names.index(unit)
    return ord(unit) if len(unit) == 1 else None


def _extents(units: BlockUnits, first: int, stop: int) -> Iterable[tuple[int, int, int]]:
    """Yield block, start and stop of what units `first` to `stop` cover in each block."""
    while first < stop:
        block = int(units.blocks[first])
        last = min(stop, int(np.searchsorted(units.blocks, block, side="right"))) - 1
        yield block, int(units.starts[first]), int(units.stops[last])
        first = last + 1


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    for start, stop in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return tuple(merged)


def _best(occurrences: Sequence[_Occurrence]) -> tuple[int, Range]:
    """Return worth and extent of the stretch with the most different terms, closest together."""
    best = (0, 0, (0, 0))
    for first, start in enumerate(occurrences):
        terms: dict[int, int] = {}
        end = start.stop
        for occurrence in occurrences[first:]:
            if occurrence.stop - start.start > WIDTH and terms:
                break
            terms[occurrence.term] = occurrence.weight
            end = max(end, occurrence.stop)
            candidate = (sum(terms.values()), start.start - end, (start.start, end))
            best = max(best, candidate, key=lambda stretch: stretch[:2]) if best[0] else candidate
    return best[0], best[2]


def _passage(block: int, text: str, extent: Range, occurrences: Sequence[_Occurrence]) -> Passage:
    start, stop = _window(text, *extent)
    before = _ELLIPSIS if start > 0 and text[start - 1] not in _SENTENCE_ENDS else ""
    after = _ELLIPSIS if stop < len(text) and text[stop - 1] not in _SENTENCE_ENDS else ""
    shift = len(before) - start
    inside = (
        (max(found.start, start) + shift, min(found.stop, stop) + shift)
        for found in occurrences
        if found.start < stop and found.stop > start
    )
    return Passage(block, before + text[start:stop] + after, _merged(inside))


def _window(text: str, start: int, stop: int) -> Range:
    """Widen an extent to about `WIDTH` characters, to the ends of clauses where there are any."""
    if len(text) <= WIDTH * 3 // 2:
        return 0, len(text)
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
