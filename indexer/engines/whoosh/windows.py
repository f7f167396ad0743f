"""Where do leaves with gaps, and the like, stand?  Looked for in one window of the stream after
another: the places of all that stands millions of times would take gigabytes at once, and nobody
else would get on while they are gone through (`turns.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.deadline import check as check_time
from indexer.engines.whoosh.evaluation import SegmentReader
from indexer.engines.whoosh.pairs import Integers, Mask
from indexer.query import Leaf, Run, Spans, runs, spans

PLACES: Final = 1 << 17
"""Places of what is looked for that a window has, about: 的*国, ten million places in 100,000
bulletins, takes 7 ms a window.  All at once, which no cache holds, takes up to twice as long; so do
windows of an eighth, as a unit has thousands of lists, and each is opened anew."""

Places = npt.NDArray[np.int64]


def holding(segment: SegmentReader, leaf: Leaf) -> Integers:
    """Return the documents of a segment in which a leaf stands; some repeatedly."""
    windows = _windows(segment, runs(leaf))
    return np.concatenate([segment.documents_at(spans(leaf, each).starts) for each in windows])


def times(segment: SegmentReader, run: Run) -> Places:
    """Return how often a run stands in each document of a segment."""
    counts = np.zeros(segment.count, dtype=np.int64)
    for window in _windows(segment, (run,)):
        check_time()
        documents = segment.documents_at(window.places(run))
        first = int(documents[0]) if len(documents) else 0
        found = np.bincount(documents - first)
        counts[first : first + len(found)] += found
    return counts


def _windows(segment: SegmentReader, sought: Sequence[Run]) -> Iterator[Window]:
    """Yield windows of whole documents, in order, enough of them for what stands so often."""
    most = sum(segment.known(run).most for run in sought)
    if most < PLACES:
        yield Window(segment, None)
        return
    ends = np.linspace(0, segment.limit, most // PLACES + 2, dtype=segment.bounds.dtype)[1:-1]
    cuts = segment.bounds.take(segment.bounds.searchsorted(ends))
    for bounds in pairwise(np.unique([0, *cuts, segment.bounds[-1]]).tolist()):
        yield Window(segment, bounds)


@dataclass(frozen=True, slots=True)
class Window:
    """The documents of a segment, or those from one place up to another, as a `query.Stream`."""

    segment: SegmentReader
    within: tuple[int, int] | None

    def places(self, run: Sequence[str]) -> Places:
        """Return where a run begins, ascending."""
        return self.segment.positions(tuple(run), self.within).astype(np.int64)

    def stands_at(self, unit: str, places: Places) -> Mask:
        """Say at which places a unit stands."""
        return self.segment.stands_at(unit, places)

    def in_one_document(self, spans: Spans) -> Mask:
        """Say which stretches do not reach from one document into the next."""
        first, last = map(self.segment.documents_at, (spans.starts, spans.stops - 1))
        same: Mask = first == last
        return same

    def in_a_title(self, spans: Spans) -> Mask:
        """Say which stretches lie in the title of a document."""
        documents, numbers = self.segment.documents_at(spans.starts), self.segment.numbers
        inside: Mask = spans.starts >= numbers["title_start"][documents]
        return inside & (spans.stops <= numbers["title_stop"][documents])
