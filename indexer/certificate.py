"""Is everything that can be read found?  Quotations drawn at random, asked for as a reader would.

The draw knows nothing of the index.  A quotation is what a reader could select with the mouse in
the text that is shown: 1 to 40 characters from any place, over paragraph breaks, marks, digits
and Latin, and whole words where it begins or ends inside one.  It is asked for in `exact` by the
full path, from the query as typed to the ids.  The bulletin must be among the answers, and one
other answer, drawn too, must hold the quotation by plain search in its folded text.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from indexer.analysis import Segmenter, is_mark, spell
from indexer.analysis.fold import ALONE, Folded, fold
from indexer.analysis.units import Units, cut_folded
from indexer.bulletin import Bulletin
from indexer.document import load
from indexer.engines.base import Engine, EngineQuery
from indexer.errors import WrongUsage
from indexer.garbage import staying
from indexer.query import Query, read
from indexer.query.query import LONGEST_QUERY

Progress = Callable[[int, int, str], None]

LONGEST: Final = 40
"""Characters of a quotation; words at its ends may add to them."""
LEAST: Final = 20
"""Quotations that are drawn whatever the clock says: without any, nothing would be shown."""
_TRIES: Final = 8
"""A selection without anything that can be looked for (，……) is made again so many times."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """What was selected in a bulletin.

    It begins at character `offset` of the paragraph with that number (`#p4`).
    """

    id: str
    paragraph: int
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What came of a draw.  The same `seed` draws the same from the same bulletins.

    `bulletins` is how many there are, `drawn_from` from how many of them something was drawn
    before the time was over.  `missing` stand in their bulletin and were not found there; `wrong`
    were found also in a bulletin that does not hold them, whose id stands beside.  `seconds` is
    the time it took.
    """

    bulletins: int
    drawn_from: int
    drawn: int
    seed: int
    seconds: float
    missing: tuple[Quotation, ...] = ()
    wrong: tuple[tuple[Quotation, str], ...] = ()

    @property
    def found(self) -> int:
        """How many of the quotations drawn were found where they stand."""
        return self.drawn - len(self.missing)

    @property
    def whole(self) -> bool:
        """Whether nothing was missed, and nothing found where it does not stand."""
        return not self.missing and not self.wrong


def certify(
    engine: Engine,
    segmenter: Segmenter,
    ids: Sequence[str],
    draw: int,
    seconds: float,
    seed: int,
    progress: Progress = lambda done, total, name: None,
    *,
    least: int = LEAST,
) -> Certificate:
    """Draw `draw` quotations from each of `ids`, one from each in turn, for at most `seconds`, but
    `least` in any case.
    """
    started, rng = time.monotonic(), random.Random(seed)
    asking = _Asking(engine, segmenter, rng)
    total, drawn_from = len(ids) * draw, min(len(ids), draw * len(ids))
    for done, id in enumerate(islice(_in_turn(ids), total)):
        if asking.drawn >= least and time.monotonic() - started > seconds:
            drawn_from = min(done, drawn_from)
            break
        asking.ask_for_one(id)
        progress(done + 1, total, id)
    return Certificate(
        engine.count,
        drawn_from,
        asking.drawn,
        seed,
        round(time.monotonic() - started, 2),
        tuple(asking.missing),
        tuple(asking.wrong),
    )


def _in_turn(ids: Sequence[str]) -> Iterator[str]:
    while ids:
        yield from ids


class _Asking:
    """Draws, asks, and takes down what was not answered as it should be."""

    def __init__(self, engine: Engine, segmenter: Segmenter, rng: random.Random) -> None:
        self._engine = engine
        self._segmenter = segmenter
        self._rng = rng
        self.drawn = 0
        self.missing: list[Quotation] = []
        self.wrong: list[tuple[Quotation, str]] = []

    def ask_for_one(self, id: str) -> None:
        """Draw a quotation from a bulletin, if it has any, and look for it."""
        drawn = self._draw(id)
        if drawn is None:
            return
        quotation, query = drawn
        self.drawn += 1
        # All that answer, in any order: neither scores nor counts are asked for.
        asked = EngineQuery(query.tree, limit=self._engine.count, values=0, grouped=False)
        with staying():
            answers = [hit.id for hit in self._engine.search(asked).hits]
        if id not in answers:
            self.missing.append(quotation)
        others = [answer for answer in answers if answer != id]
        if others and not self._holds(other := self._rng.choice(others), quotation.text):
            self.wrong.append((quotation, other))

    def _draw(self, id: str) -> tuple[Quotation, Query] | None:
        stored = self._engine.stored([id])[0]
        bulletin = None if stored is None else load(stored)
        drawn = selections(bulletin, self._rng) if bulletin else iter(())
        for quotation in islice(drawn, _TRIES):
            if quotation and (query := self._reading(quotation.text)):
                return quotation, query
        return None

    def _reading(self, text: str) -> Query | None:
        """Return what a quotation asks for; None for marks alone, or beyond the limits."""
        if all(map(is_mark, spell(text))):
            return None
        try:
            return read(text, "exact", self._segmenter)
        except WrongUsage:
            return None

    def _holds(self, id: str, quotation: str) -> bool:
        stored = self._engine.stored([id])[0]
        return stored is not None and stands(fold(quotation), fold(_text(load(stored))))


def selections(bulletin: Bulletin, rng: random.Random) -> Iterator[Quotation | None]:
    """Yield without end what a reader might select in a bulletin, if it has any text; None for a
    selection without meaning, or longer than anything that can be asked for.
    """
    text = _text(bulletin)
    whole = fold(text)
    units = cut_folded(whole)
    while text:
        start = rng.randrange(len(text))
        stop = min(start + rng.randint(1, LONGEST), len(text))
        yield _selected(bulletin, text, whole, units, start, stop)


def _selected(
    bulletin: Bulletin, text: str, whole: Folded, units: Units, start: int, stop: int
) -> Quotation | None:
    # The units that the selection touches: they ascend, and so do their ends.
    first = int(np.searchsorted(units.stops, start, side="right"))
    last = int(np.searchsorted(units.starts, stop, side="left")) - 1
    if first > last:
        return None
    start, stop = min(start, int(units.starts[first])), max(stop, int(units.stops[last]))
    # Where a character is folded otherwise in its place than alone, nothing is promised.
    if stop - start > LONGEST_QUERY or not stands(fold(text[start:stop]), whole):
        return None
    begins = np.cumsum([0, *(len(block.text) + 1 for block in bulletin.blocks[:-1])])
    block = int(np.searchsorted(begins, start, side="right")) - 1
    return Quotation(bulletin.id, block + 1, start - int(begins[block]), text[start:stop])


def stands(quotation: Folded, text: Folded) -> bool:
    """Say whether a folded quotation stands in a folded text, by plain search.

    Latin words and numbers are whole: 3期 does not stand in 13期.
    """
    wanted, found_in = quotation.text, text.text
    at = found_in.find(wanted)
    while at >= 0:
        if not (_inside_word(text, at) or _inside_word(text, at + len(wanted))):
            return True
        at = found_in.find(wanted, at + 1)
    return False


def _inside_word(text: Folded, at: int) -> bool:
    if not 0 < at < len(text.classes):
        return False
    return bool(text.classes[at - 1] == text.classes[at] != ALONE)


def _text(bulletin: Bulletin) -> str:
    return "\n".join(block.text for block in bulletin.blocks)
