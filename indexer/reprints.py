"""Which passages of a bulletin stand in another one too, and where did they stand first?

A passage is a maximal run of units that two bulletins share.  Formulae, titles of office and
lists of names are long, too, but stand in many bulletins.  So the text is cut into seeds, short
runs one after another; a passage counts when it is long (`LEAST`) and at least half of the seeds
in it are rare (`FEW`).  Seeds also lead to the other bulletins: the engine knows where they stand.
What is shared is then seen by comparing the texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from indexer.analysis import BlockUnits, cut_blocks, is_mark
from indexer.analysis.overlap import Run, common_runs
from indexer.answer import Ranges, Reprint, Shared
from indexer.bulletin import Bulletin, Kind
from indexer.document import load
from indexer.engines.base import Engine

LEAST: Final = 30
"""Units of a passage.  In 300 of 15,000 news items 2,800 runs of 20 units and more stand in some
other item, nearly all of them formulae; of 30 and with rare seeds, about 200, most of them
sentences that were taken over."""
FEW: Final = 5
"""Other bulletins in which a seed may stand and still be rare."""
MOST: Final = 20
"""Bulletins that are compared, those with most rare seeds in common: it bounds the time."""
SEED: Final = 10
STRIDE: Final = 7
"""Units of a seed, and from one to the next: every passage holds at least three of them whole."""

_OF_ITS_SERIES: Final = frozenset((Kind.MASTHEAD, Kind.DISTRIBUTION))
"""What every issue of a series has alike is nothing that was taken over."""


def reprints(engine: Engine, bulletin: Bulletin) -> tuple[Reprint, ...]:
    """Return what other bulletins share with this one: the earliest first, those undated last.

    Of a group of copies the first is taken; copies of the bulletin itself are none.
    """
    searched = _Searched(engine, bulletin)
    found = ((other, searched.shared_with(other)) for other in searched.candidates())
    shared = [_reprint(bulletin, other, passages) for other, passages in found if passages]
    return tuple(sorted(shared, key=lambda each: (not each.date, each.date, each.id)))


def shared_marks(
    engine: Engine, bulletin: Bulletin, other: Bulletin
) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return where passages of another bulletin stand in one: block index to ranges."""
    return marks(passage.there for passage in _Searched(engine, other).shared_with(bulletin))


def marks(passages: Iterable[Ranges]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return block index to ranges of its text, ascending and never touching, of all passages."""
    every: dict[int, list[tuple[int, int]]] = {}
    for block, start, stop in sorted(part for ranges in passages for part in ranges):
        within = every.setdefault(block, [])
        if within and start <= within[-1][1]:
            within[-1] = (within[-1][0], max(stop, within[-1][1]))
        else:
            within.append((start, stop))
    return {block: tuple(ranges) for block, ranges in every.items()}


class _Searched:
    """A bulletin whose passages are looked for elsewhere."""

    def __init__(self, engine: Engine, bulletin: Bulletin) -> None:
        self._engine = engine
        self._texts = [block.text for block in bulletin.blocks]
        self._units = _units(bulletin)
        self._spelled = self._units.sequence.spelled()
        self._own = {bulletin.id, *engine.copies(bulletin.id)}
        self._spelled = self._units.sequence.spelled()
        starts = range(0, len(self._spelled) - SEED + 1, STRIDE)
        seeds = [self._spelled[at : at + SEED] for at in starts]
        self._seeds = engine.holders(seeds, FEW + len(self._own))

    def candidates(self) -> Sequence[Bulletin]:
        """Return the bulletins that share as many rare seeds as the shortest passage that counts,
        one of each group of copies.
        """
        counted = Counter(id for holders in self._seeds for id in holders or ())
        fewest = (LEAST - SEED + 1) // STRIDE / 2
        others = [id for id in counted.keys() - self._own if counted[id] >= fewest]
        ranked = sorted(others, key=lambda id: (-counted[id], id))
        ids = self._one_of_each_group(ranked[:MOST])
        return [load(text) for text in self._engine.stored(ids) if text is not None]

    def shared_with(self, other: Bulletin) -> tuple[Shared, ...]:
        """Return the passages that another bulletin shares, each place here once."""
        theirs = _units(other)
        runs = common_runs(self._units.sequence, theirs.sequence, LEAST)
        passages = _outermost(run for run in runs if self._is_rare(run))
        return tuple(self._shared(run, theirs) for run in passages)

    def _shared(self, run: Run, theirs: BlockUnits) -> Shared:
        run = _without_marks_around(run, self._spelled)
        here = _ranges(self._units, run.here, run)
        text = "\n".join(self._texts[block][start:stop] for block, start, stop in here)
        return Shared(text, here, _ranges(theirs, run.there, run))

    def _is_rare(self, run: Run) -> bool:
        """Say whether at least half of the seeds that lie in a passage are rare."""
        first = -(-run.here // STRIDE)
        last = (run.here + run.length - SEED) // STRIDE
        within = self._seeds[first : last + 1]
        return 2 * sum(holders is not None for holders in within) >= len(within)

    def _one_of_each_group(self, ids: Sequence[str]) -> list[str]:
        kept: dict[str, None] = {}
        for id in ids:
            if not kept.keys() & set(self._engine.copies(id)):
                kept[id] = None
        return list(kept)


def _units(bulletin: Bulletin) -> BlockUnits:
    return cut_blocks(
        ["" if block.kind in _OF_ITS_SERIES else block.text for block in bulletin.blocks]
    )


def _without_marks_around(run: Run, units: Sequence[str]) -> Run:
    """Take off the marks at both ends: that before a passage stands in the paragraph before."""
    start, stop = run.here, run.here + run.length
    while is_mark(units[start]):
        start += 1
    while is_mark(units[stop - 1]):
        stop -= 1
    return Run(start, run.there + start - run.here, stop - start)


def _outermost(runs: Iterable[Run]) -> list[Run]:
    """Return in order the runs that do not lie, here, within another; of equal ones the first."""
    kept: list[Run] = []
    for run in sorted(runs, key=lambda run: (run.here, -run.length, run.there)):
        if not kept or run.here + run.length > kept[-1].here + kept[-1].length:
            kept.append(run)
    return kept


def _ranges(units: BlockUnits, start: int, run: Run) -> Ranges:
    """Return where a run of units stands: each block's index, with a range of its text."""
    stop = start + run.length
    blocks = units.blocks[start:stop]
    first = np.flatnonzero(np.diff(blocks, prepend=-1)) + start
    last = np.append(first[1:], stop) - 1
    return tuple(
        (int(units.blocks[a]), int(units.starts[a]), int(units.stops[b]))
        for a, b in zip(first.tolist(), last.tolist(), strict=True)
    )


def _reprint(bulletin: Bulletin, other: Bulletin, passages: tuple[Shared, ...]) -> Reprint:
    return Reprint(
        id=other.id,
        title=other.title,
        series=other.series,
        issue=other.issue,
        date=other.date,
        publisher=other.publisher,
        order=_order(other.date, bulletin.date),
        passages=passages,
    )


def _order(theirs: str, ours: str) -> str:
    """Say whether the other date is earlier or later, as far as both are known: 2020 may be
    before or after 2020-03.
    """
    if theirs == ours and len(ours) == len("2020-03-18"):
        return "same"
    if not theirs or not ours or theirs.startswith(ours) or ours.startswith(theirs):
        return "unknown"
    return "earlier" if theirs < ours else "later"
