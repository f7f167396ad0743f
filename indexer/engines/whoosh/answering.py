"""Which documents answer?  A tree in, documents of all segments out, ascending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.deadline import check as check_time
from indexer.engines.whoosh.evaluation import SegmentReader
from indexer.engines.whoosh.facets import Facet
from indexer.engines.whoosh.inversion import Numbers
from indexer.engines.whoosh.pairs import Documents, Integers, Mask
from indexer.engines.whoosh.standing import Standing
from indexer.query import (
    All,
    Between,
    Having,
    Latest,
    Leaf,
    Most,
    Node,
    Not,
    Quotation,
    Run,
    Widened,
    Word,
)
from indexer.query import Any as AnyOf


@dataclass(frozen=True, slots=True)
class Answerer:
    """Finds documents, which are numbered over all segments: those of a segment from its base.

    `live` says which are left; `numbers` are columns over all of them.
    """

    segments: Sequence[SegmentReader]
    bases: Sequence[int]
    live: Mask
    facets: Mapping[str, Facet]
    numbers: Mapping[str, Numbers]

    def answering(self, tree: Node, standing: Standing) -> Documents:
        """Return which documents answer a tree; those that were removed may be among them."""
        check_time()
        if isinstance(tree, Having):
            return self.facets[tree.facet].holders(tree.values)
        if isinstance(tree, Between):
            return np.flatnonzero(self._between(tree))
        if isinstance(tree, Latest):
            return self._latest(tree.count)
        if isinstance(tree, Not):
            return np.flatnonzero(~self._marked([self.answering(tree.child, standing)]))
        if isinstance(tree, Most):
            return self._with_most(tree, standing)
        if isinstance(tree, All):
            return self._with_all(tree, standing)
        if isinstance(tree, AnyOf | Widened):
            found = (self.answering(child, standing) for child in tree.children)
            return np.flatnonzero(self._marked(found))
        return self._holding(tree, standing)

    def _marked(self, found: Iterable[Documents]) -> Mask:
        """Say of each document whether it is in one of these."""
        mask = np.zeros(len(self.live), dtype=bool)
        for documents in found:
            mask[documents] = True
        return mask

    def _with_all(self, tree: All, standing: Standing) -> Documents:
        """Return the documents that have all children.

        Runs come last, the rarest first, what is excluded after it: each is looked for only in
        what is left.
        """
        runs = [(child, run) for child in tree.children if (run := _run_of(child))]
        left: Documents | None = None
        for child in tree.children:
            if not _run_of(child):
                found = self.answering(child, standing)
                left = found if left is None else left[self._marked([found])[left]]
        parts = [
            self._with_runs(number, runs, standing, left) for number in range(len(self.segments))
        ]
        return self._joined(parts)

    def _with_runs(
        self,
        number: int,
        runs: Sequence[tuple[Node, Run]],
        standing: Standing,
        left: Documents | None,
    ) -> Documents:
        """Return which documents of a segment (of `left`, if that is given) have the runs."""
        segment, base = self.segments[number], self.bases[number]
        runs = sorted(
            runs, key=lambda each: (isinstance(each[0], Not), standing.most_places(number, each[1]))
        )
        if left is not None:
            start, stop = left.searchsorted((base, base + segment.count))
            found = left[start:stop] - base
        elif runs and not isinstance(runs[0][0], Not):
            found = standing.documents(number, runs[0][1]).astype(np.intp)
            runs = runs[1:]
        else:
            found = np.arange(segment.count)
        for child, run in runs:
            stands = standing.among(number, run, found)
            found = found[~stands if isinstance(child, Not) else stands]
        return found

    def _with_most(self, tree: Most, standing: Standing) -> Documents:
        held = np.zeros(len(self.live), dtype=np.int32)
        for child in tree.children:
            held[self.answering(child, standing)] += 1
        held[~self.live] = 0
        return np.flatnonzero(held >= max(int(held.max(initial=0)), 1))

    def _holding(self, leaf: Leaf, standing: Standing) -> Documents:
        numbers = range(len(self.segments))
        if isinstance(leaf, Quotation | Word):
            return self._joined([standing.documents(number, leaf.units) for number in numbers])
        return self._joined([np.unique(self.segments[number].holding(leaf)) for number in numbers])

    def _joined(self, parts: Sequence[Integers]) -> Documents:
        """Return documents of each segment as documents of all."""
        both = zip(parts, self.bases, strict=False)
        moved = [part.astype(np.intp, copy=False) + base for part, base in both]
        return moved[0] if len(moved) == 1 else np.concatenate([np.zeros(0, np.intp), *moved])

    def _between(self, tree: Between) -> Mask:
        """Return which documents have a number in a range; the columns hold one more than it."""
        numbers = self.numbers[tree.column].astype(np.int64)
        if tree.column == "date":
            return (numbers > 0) & (numbers >= tree.low) & (numbers <= tree.high)
        return (numbers > 0) & (numbers > tree.low) & (numbers <= tree.high + 1)

    def _latest(self, count: int) -> Documents:
        """Return which documents are among the latest issues of their series.

        Copies of one issue are one issue; what has neither date nor number is none.
        """
        issues = self.numbers["date"].astype(np.int64) << 32 | self.numbers["issue"]
        series = self.facets["series"].of_each()
        numbered = np.flatnonzero(self.live & (issues > 0))
        pairs = np.stack((series[numbered], issues[numbered]), axis=1)
        distinct, which = np.unique(pairs, axis=0, return_inverse=True)
        ends = np.searchsorted(distinct[:, 0], distinct[:, 0], side="right")
        return numbered[(ends - np.arange(len(ends)) <= count)[which.ravel()]]


def _run_of(tree: Node) -> Run:
    """Return the run that must stand, or must not, for a node to hold; empty if that is not all."""
    leaf = tree.child if isinstance(tree, Not) else tree
    return leaf.units if isinstance(leaf, Quotation | Word) else ()
