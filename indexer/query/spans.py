"""Where does a leaf stand?  Stretches of a stream of units, found by sorted arrays.

The stream may be a whole segment of an index or one bulletin: engine and snippets share this, so
what is marked is what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from indexer.analysis import MARK
from indexer.deadline import check
from indexer.query.nodes import NUMERALS, Gap, InTitle, Leaf, Near, Numeral, Run
from indexer.ranges import ranges

FEW: Final = 8
"""Where one piece stands so many times as often as another, each of the other is looked for in it.
"""

Places: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]


class Spans(NamedTuple):
    """Stretches from `starts` up to `stops`, both ascending by start."""

    starts: Places
    stops: Places


class Stream(Protocol):
    """Units one after another, of one document or of many."""

    def places(self, run: Sequence[str]) -> Places:
        """Return where a run begins, ascending."""

    def stands_at(self, unit: str, places: Places) -> Mask:
        """Say at which places a unit stands."""

    def in_one_document(self, spans: Spans) -> Mask:
        """Say which stretches do not reach from one document into the next."""

    def in_a_title(self, spans: Spans) -> Mask:
        """Say which stretches lie in the title of a document."""


def spans(leaf: Leaf, stream: Stream) -> Spans:
    """Return the stretches where a leaf stands, the shortest where several end together.

    Raises `OutOfTime`: these are the slowest of all terms.
    """
    check()
    if isinstance(leaf, InTitle):
        if isinstance(leaf.leaf, Numeral):
            return _without_numerals_around(leaf.leaf.units, partial(_titled, stream=stream))
        return _in_titles(spans(leaf.leaf, stream), stream)
    if isinstance(leaf, Gap):
        found = _with_gaps(leaf, stream)
    elif isinstance(leaf, Near):
        found = _close_together(leaf.parts, leaf.slack, stream)
    elif isinstance(leaf, Numeral):
        return _without_numerals_around(leaf.units, partial(_of_run, stream=stream))
    else:
        return _of_run(leaf.units, stream)
    return _taken(found, stream.in_one_document(found))


def marks(leaf: Leaf, stream: Stream) -> Spans:
    """Return what a reader should see of a leaf: of `Near` the parts, not what is between."""
    around = spans(leaf, stream)
    inner = leaf.leaf if isinstance(leaf, InTitle) else leaf
    if not isinstance(inner, Near) or not len(around.starts):
        return around
    # A part lies in a stretch when one that begins before it ends behind it.
    reach = np.maximum.accumulate(around.stops)
    found = []
    for part in inner.parts:
        parts = _of_run(part, stream)
        before = np.searchsorted(around.starts, parts.starts, side="right") - 1
        found.append(_taken(parts, (before >= 0) & (reach[before] >= parts.stops)))
    return _ordered(
        np.concatenate([part.starts for part in found]),
        np.concatenate([part.stops for part in found]),
    )


def _of_run(run: Run, stream: Stream) -> Spans:
    starts = stream.places(run)
    return Spans(starts, starts + len(run))


def _titled(run: Run, stream: Stream) -> Spans:
    return _in_titles(_of_run(run, stream), stream)


def _in_titles(found: Spans, stream: Stream) -> Spans:
    return _taken(found, stream.in_a_title(found))


def _without_numerals_around(run: Run, where: Callable[[Run], Spans]) -> Spans:
    """Return where a run stands alone.  In a title, what is behind it makes no other numeral."""
    found = where(run)
    whole = np.ones(len(found.starts), dtype=bool)
    for numeral in NUMERALS if len(whole) else ():
        whole &= ~_among(found.starts, where((numeral, *run)).starts + 1)
        whole &= ~_among(found.starts, where((*run, numeral)).starts)
    return _taken(found, whole)


def _close_together(parts: Sequence[Run], slack: int, stream: Stream) -> Spans:
    """Return the stretches that begin with each part and take the others where they stand next."""
    found = [_of_run(part, stream) for part in parts]
    if not all(len(part.starts) for part in found):
        return Spans(found[0].starts[:0], found[0].stops[:0])
    longest = sum(map(len, parts)) + slack
    starts, stops = [], []
    for first in found:
        check()
        stop = first.stops
        complete = np.ones(len(stop), dtype=bool)
        for other in found:
            following = np.searchsorted(other.starts, first.starts)
            complete &= following < len(other.starts)
            stop = np.maximum(stop, other.stops[np.minimum(following, len(other.stops) - 1)])
        near = complete & (stop - first.starts <= longest)
        starts.append(first.starts[near])
        stops.append(stop[near])
    return _ordered(np.concatenate(starts), np.concatenate(stops))


def _with_gaps(leaf: Gap, stream: Stream) -> Spans:
    """Return the stretches in which the pieces stand so far apart.

    Of those that end at a place the shortest goes on from the last end before the gap: if that one
    is too far away, or behind a clause mark, so are all others.
    """
    starts, stops = _of_run(leaf.pieces[0], stream)
    for piece, width in zip(leaf.pieces[1:], leaf.widths, strict=True):
        check()
        if not len(stops):
            break
        found = stream.places(piece)
        if FEW * len(stops) < len(found):
            firsts = np.searchsorted(found, stops + width.low)
            lasts = np.searchsorted(found, stops + width.high, side="right")
            found = found.take(np.unique(ranges(firsts, lasts)))
        before = np.searchsorted(stops, found - width.low, side="right") - 1
        near = (before >= 0) & (found - stops[before] <= width.high)
        before, found = before.compress(near), found.compress(near)
        if width.clause:
            unbroken = _in_one_clause(stops[before], found, stream)
            before, found = before.compress(unbroken), found.compress(unbroken)
        starts, stops = starts[before], found + len(piece)
    return Spans(starts, stops)


def _in_one_clause(starts: Places, stops: Places, stream: Stream) -> Mask:
    """Say between which of these no clause mark stands."""
    inside = ranges(starts, stops)
    which = np.repeat(np.arange(len(starts)), stops - starts)
    unbroken = np.ones(len(starts), dtype=bool)
    unbroken[which.compress(stream.stands_at(MARK, inside))] = False
    return unbroken


def _among(wanted: Places, places: Places) -> Mask:
    """Say for each number of `wanted` whether it is in `places`, which ascends."""
    if not len(places):
        return np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(places, wanted), len(places) - 1)
    among: Mask = places[at] == wanted
    return among


def _ordered(starts: Places, stops: Places) -> Spans:
    order = np.lexsort((stops, starts))
    return Spans(starts[order], stops[order])


def _taken(found: Spans, mask: Mask) -> Spans:
    return Spans(found.starts.compress(mask), found.stops.compress(mask))
