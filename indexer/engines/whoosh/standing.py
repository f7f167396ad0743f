"""Where do the runs of one question stand?  In one segment, each looked up once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from indexer.deadline import check as check_time
from indexer.engines.whoosh.evaluation import Known, Parts, SegmentReader
from indexer.engines.whoosh.inversion import Numbers
from indexer.engines.whoosh.listing import Marked, Posting
from indexer.engines.whoosh.loops import Gains
from indexer.engines.whoosh.pairs import FEW, Documents, Integers, Mask
from indexer.query import All, Node, Quotation, Run, Word

RUNS: Final = (Quotation, Word)
"""Nodes that are a run and nothing else.  A tuple: `|` would make a new type at every look."""
_PLAIN: Final = np.arange(256.0)
"""What a count of a pair or a unit is worth: itself."""


@dataclass(slots=True)
class Standing:
    """What was looked up for a question in the segment with the number `at`: its tree, its score,
    its titles and what else is counted ask for the same.

    From a few documents nothing is looked up that only others need.  Of what is `ranked` by it is
    asked anyway how often it stands in each document.
    """

    segment: SegmentReader
    at: int
    ranked: Parts
    _known: dict[Run, Known] = field(default_factory=dict)
    _postings: dict[Run, Posting] = field(default_factory=dict)

    def known(self, run: Run) -> Known:
        """Return what is known of a run before its places are looked at."""
        found = self._known.get(run)
        if found is None:
            part = self.ranked.get(run)
            found = self.segment.known(run) if part is None else part.known[self.at]
            self._known[run] = found
        return found

    def titled(self, run: Run) -> Numbers:
        """Return where in titles a run stands, ascending."""
        found = self.known(run).titled
        return self.segment.titled(run) if found is None else found

    def titled_documents(self, run: Run) -> Integers:
        """Return the documents in whose titles a run stands."""
        return np.unique(self.segment.documents_at(self.titled(run)))

    def posting(self, run: Run) -> Posting:
        """Return the documents in which a run stands, and how often."""
        found = self._postings.get(run)
        if found is None:
            found = self._postings[run] = self.segment.posting(run, self.known(run))
        return found

    def documents(self, run: Run, *, first: bool = False) -> Integers:
        """Return the documents in which a run stands; the `first` of those that all must have it,
        so that few will be left of them.
        """
        if run in self._postings:
            return self._postings[run].documents
        held = self.known(run).held
        if held is None or (len(run) > 1 and run in self.ranked and not first):
            held = self.posting(run)
        return held.documents

    def add_parts(self, gains: Gains, hits: Documents) -> None:
        """Add what the pairs and units that are ranked by add to these hits."""
        few = FEW * len(hits)
        for run, part in self.ranked.items():
            check_time()
            posting = self._postings.get(run)
            if posting is None:
                known = part.known[self.at]
                if len(run) > 1 and few < known.most:
                    gains.add_places(part.weight, known.pairs[0])
                    continue
                posting = self.posting(run)
            posting.add_to(gains, part.weight, _PLAIN)

    def among(self, run: Run, documents: Documents) -> Mask:
        """Say in which of these documents (ascending) a run stands."""
        held = self._postings.get(run)
        if held is None:
            known = self.known(run)
            held = known.held
            if held is None and FEW * len(documents) < known.most:
                return self.segment.stream.holding(documents, known.pairs)
            if held is None:
                held = self.posting(run)
        if isinstance(held, Marked) or FEW * len(documents) < len(held):
            return held.holds(documents)
        stands = np.zeros(self.segment.count, dtype=bool)
        stands[held.documents] = True
        return stands.take(documents)


def required(tree: Node) -> set[Run]:
    """Return the runs that stand in every document that answers a tree, as far as that is plain."""
    children = tree.children if isinstance(tree, All) else (tree,)
    return {child.units for child in children if isinstance(child, RUNS)}
