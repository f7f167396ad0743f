"""Where do the runs of one question stand?  In one segment, each looked up once."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from indexer.engines.whoosh.by_numpy import FEW
from indexer.engines.whoosh.evaluation import SegmentReader
from indexer.engines.whoosh.inversion import Numbers
from indexer.engines.whoosh.listing import Marked, Posting
from indexer.engines.whoosh.loops import Gains, intersection
from indexer.engines.whoosh.pairs import Documents, Integers, Mask, Pairs
from indexer.query import All, Node, Quotation, Run, Word

RUNS: Final = (Quotation, Word)
"""Nodes that are a run and nothing else.  A tuple: `|` would make a new type at every look."""
_PLAIN: Final = np.arange(256.0)
"""What a count of a pair or a unit is worth: itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was looked up in a segment for a question: its tree, its score, its titles and what
    else is counted ask for the same.

    From a few documents nothing is looked up that only others need.  Of what is `ranked` by it is
    asked anyway how often it stands in each document.
    """

    segment: SegmentReader
    ranked: Container[Run] = ()
    _pairs: dict[Run, Pairs] = field(default_factory=dict)
    _positions: dict[Run, Numbers] = field(default_factory=dict)
    _postings: dict[Run, Posting] = field(default_factory=dict)

    def most_places(self, run: Run) -> int:
        """Return how often a run stands at the most."""
        if len(run) == 1:
            return len(self._places(run))
        return len(self._pairs_of(run)[0][0])

    def posting(self, run: Run) -> Posting:
        """Return the documents in which a run stands, and how often."""
        found = self._postings.get(run)
        if found is None:
            one = len(run) == 1
            found = (
                self.segment.posting(run[0]) if one else self.segment.posting_at(self._places(run))
            )
            self._postings[run] = found
        return found

    def documents(self, run: Run, *, first: bool = False) -> Integers:
        """Return the documents in which a run stands; the `first` of those that all must have it,
        so that few will be left of them.
        """
        bits = self._bits(run)
        if bits is None or (run in self.ranked and not first):
            return self._held(run).documents
        return bits.documents

    def add_part(self, gains: Gains, weight: float, part: Run, hits: Documents) -> None:
        """Add what a pair or a unit adds to these hits."""
        if self._is_sparse(part, hits):
            gains.add_places(weight, self._places_in(part, hits))
        else:
            self.posting(part).add_to(gains, weight, _PLAIN)

    def among(self, run: Run, documents: Documents) -> Mask:
        """Say in which of these documents (ascending) a run stands."""
        bits = self._bits(run)
        if bits is not None:
            return bits.holds(documents)
        if self._is_sparse(run, documents):
            return self.segment.stream.any_in(documents, self._places_in(run, documents))
        held = self._held(run)
        if isinstance(held, Marked) or FEW * len(documents) < len(held):
            return held.holds(documents)
        stands = np.zeros(self.segment.count, dtype=bool)
        stands[held.documents] = True
        return stands.take(documents)

    def _is_sparse(self, run: Run, documents: Documents) -> bool:
        """Say whether it is quicker to look for a run in each of these documents."""
        if len(run) == 1 or run in self._postings:
            return False
        return FEW * len(documents) < self.most_places(run)

    def _bits(self, run: Run) -> Marked | None:
        """Return the documents of a run as bits, where that is quicker than what is at hand."""
        if len(run) != 2 or run in self._postings:
            return None
        return self.segment.marked(run)

    def _held(self, run: Run) -> Posting:
        """Return the posting of a run, maybe without counts."""
        if len(run) > 1 or run in self._postings:
            return self.posting(run)
        unit = self.segment.unit(run[0])
        if len(unit.counts):
            self._postings[run] = unit
        return unit

    def _places_in(self, run: Run, documents: Documents) -> Numbers:
        """Return where a run stands, in these documents at least."""
        pairs = self._pairs_of(run)
        if len(run) == 2:
            return pairs[0][0]
        return self.segment.stream.between(documents, pairs)

    def _places(self, run: Run) -> Numbers:
        found = self._positions.get(run)
        if found is None:
            one = len(run) == 1
            found = self.segment.positions(run) if one else intersection(self._pairs_of(run))
            self._positions[run] = found
        return found

    def _pairs_of(self, run: Run) -> Pairs:
        found = self._pairs.get(run)
        if found is None:
            found = self._pairs[run] = self.segment.pairs(run)
        return found


def required(tree: Node) -> frozenset[Run]:
    """Return the runs that stand in every document that answers a tree, as far as that is plain."""
    children = tree.children if isinstance(tree, All) else (tree,)
    return frozenset(child.units for child in children if isinstance(child, RUNS))
