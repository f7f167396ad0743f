"""What is the smallest thing that is found?  A folded text as a sequence of units.

Each Han (kana, Hangul …) character is one unit, each run of Latin letters or of digits is one,
each clause mark and each other symbol is one.  A quotation stands in a text exactly when its
units stand there one after another.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.analysis.fold import ALONE, MARK, SPACE, Folded, Offsets, classes_of, fold, fold_each
from indexer.analysis.loops import IS_COMPILED
from indexer.document import FIRST_NAME, UnitSequence

if IS_COMPILED:
    from indexer.analysis.compiled import cut as cut_each

_SPACE_CODE: Final = ord(SPACE)


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a text; the i-th came from `original[starts[i]:stops[i]]`."""

    sequence: UnitSequence
    starts: Offsets
    stops: Offsets

    def __len__(self) -> int:
        return len(self.starts)


def cut(text: str) -> Units:
    """Return the units of `text` with their places in it."""
    if not IS_COMPILED:
        return cut_folded(fold(text))
    each = fold_each(text)
    codes, names, first, last = cut_each(each.codes, classes_of(each.codes))
    return Units(UnitSequence(codes, names), *each.origin(first, last))


def cut_folded(folded: Folded) -> Units:
    """Return the units of a text that is folded already."""
    classes = folded.classes
    begins = np.ones(len(classes), dtype=bool)
    begins[1:] = (classes[1:] != classes[:-1]) | (classes[1:] == ALONE)
    # A unit ends where the next begins; a space between two of them belongs to neither.
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(classes))[: len(first)] - 1
    codes = folded.codes.take(first)
    visible = codes != _SPACE_CODE
    if not visible.all():
        first, last, codes = first[visible], last[visible], codes[visible]
    named = np.flatnonzero(classes.take(first) != ALONE)
    text = folded.text if len(named) else ""
    each = zip(first[named].tolist(), last[named].tolist(), strict=True)
    spelled = [text[start : stop + 1] for start, stop in each]
    names = {name: FIRST_NAME + at for at, name in enumerate(dict.fromkeys(spelled))}
    codes[named] = [names[name] for name in spelled]
    places = folded.starts.take(first), folded.stops.take(last)
    return Units(UnitSequence(codes, tuple(names)), *places)


def spell(text: str) -> tuple[str, ...]:
    """Return the units of a short text as strings: the terms of a query."""
    return cut(text).sequence.spelled()


def spell_all(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the units of each of many short texts."""
    units = cut_blocks(texts)
    spelled = units.sequence.spelled()
    bounds = np.searchsorted(units.blocks, np.arange(len(texts) + 1)).tolist()
    return [spelled[start:stop] for start, stop in itertools.pairwise(bounds)]


def is_mark(unit: str) -> bool:
    """Say whether a unit is a clause mark."""
    return unit == MARK


@dataclass(frozen=True, slots=True)
class BlockUnits:
    """The units of a list of texts, cut as one text, white space between them.

    Unit i came from `texts[blocks[i]][starts[i]:stops[i]]`; a unit never spans two texts.
    """

    sequence: UnitSequence
    blocks: Offsets
    starts: Offsets
    stops: Offsets

    def __len__(self) -> int:
        return len(self.blocks)


def cut_blocks(texts: Sequence[str]) -> BlockUnits:
    """Return the units of several texts as one sequence with their places."""
    units = cut("\n".join(texts))
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.int32)
    ends = np.cumsum(lengths, dtype=np.int32)
    counts = np.diff(units.starts.searchsorted(ends), prepend=0)
    blocks = np.repeat(np.arange(len(texts), dtype=np.int32), counts)
    origin = np.repeat(ends - lengths, counts)
    return BlockUnits(units.sequence, blocks, units.starts - origin, units.stops - origin)
