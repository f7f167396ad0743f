"""Where do the runs of one question stand?  Over all segments, each looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from indexer.engines.whoosh.evaluation import Posting, SegmentReader
from indexer.engines.whoosh.inversion import Numbers
from indexer.engines.whoosh.pairs import (
    FEW,
    Documents,
    Integers,
    Mask,
    Pairs,
    between,
    intersection,
    matches,
)
from indexer.query import All, Node, Quotation, Run, Word


@dataclass(frozen=True, slots=True)
class Standing:
    """What was looked up for a question: its tree, its score and its titles ask for the same.

    A segment is asked for by its number.  From a few of its documents nothing is looked up that
    only others need.
    """

    segments: Sequence[SegmentReader]
    _pairs: dict[tuple[int, Run], Pairs] = field(default_factory=dict)
    _positions: dict[tuple[int, Run], Numbers] = field(default_factory=dict)
    _postings: dict[tuple[int, Run], Posting] = field(default_factory=dict)

    def most_places(self, number: int, run: Run) -> int:
        """Return how often a run stands in a segment at the most."""
        if len(run) == 1:
            return len(self._places(number, run))
        return len(self._pairs_of(number, run)[0][0])

    def occurrences(self, number: int, part: Run) -> int:
        """Return how often a unit or a pair stands in what is left of a segment."""
        segment = self.segments[number]
        if len(segment.removed):
            return segment.occurrences(part)
        return self.most_places(number, part)

    def posting(self, number: int, run: Run) -> Posting:
        """Return the documents of a segment in which a run stands, and how often."""
        key = number, run
        if key not in self._postings:
            segment = self.segments[number]
            one = len(run) == 1
            self._postings[key] = (
                segment.posting(run) if one else segment.posting_at(self._places(number, run))
            )
        return self._postings[key]

    def documents(self, number: int, run: Run) -> Integers:
        """Return the documents of a segment in which a run stands."""
        if len(run) == 1 and (number, run) not in self._postings:
            return self.segments[number].documents(run)
        return self.posting(number, run)[0]

    def is_sparse(self, number: int, run: Run, documents: Documents) -> bool:
        """Say whether it is quicker to look for a run in each of these documents (`times`)."""
        if len(run) == 1 or (number, run) in self._postings:
            return False
        return FEW * len(documents) < self.most_places(number, run)

    def times(self, number: int, run: Run, documents: Documents) -> Documents:
        """Return how often a run of two units and more stands in each of a few documents."""
        return self.segments[number].times_in(documents, self._places_in(number, run, documents))

    def among(self, number: int, run: Run, documents: Documents) -> Mask:
        """Say in which of these documents (ascending) of a segment a run stands."""
        if self.is_sparse(number, run, documents):
            places = self._places_in(number, run, documents)
            return self.segments[number].any_in(documents, places)
        held = self.documents(number, run)
        if FEW * len(documents) < len(held):
            return matches(documents, held)[0]
        stands = np.zeros(self.segments[number].count, dtype=bool)
        stands[held] = True
        return stands[documents]

    def _places_in(self, number: int, run: Run, documents: Documents) -> Numbers:
        """Return where a run stands, in these documents at least."""
        segment, pairs = self.segments[number], self._pairs_of(number, run)
        if len(run) == 2:
            return pairs[0][0]
        return between(pairs, segment.begins[documents], segment.ends[documents])

    def _places(self, number: int, run: Run) -> Numbers:
        key = number, run
        if key not in self._positions:
            segment, one = self.segments[number], len(run) == 1
            self._positions[key] = (
                segment.positions(run) if one else intersection(self._pairs_of(number, run))
            )
        return self._positions[key]

    def _pairs_of(self, number: int, run: Run) -> Pairs:
        key = number, run
        if key not in self._pairs:
            self._pairs[key] = self.segments[number].pairs(run)
        return self._pairs[key]


def required(tree: Node) -> frozenset[Run]:
    """Return the runs that stand in every document that answers a tree, as far as that is plain."""
    children = tree.children if isinstance(tree, All) else (tree,)
    return frozenset(child.units for child in children if isinstance(child, Quotation | Word))
