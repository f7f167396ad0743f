"""Which documents answer?  A tree in, a mask over the documents of all segments out."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.engines.whoosh.evaluation import Mask, Numbers, SegmentReader
from indexer.engines.whoosh.facets import Facet
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

    def answering(self, tree: Node, standing: Standing) -> Mask:
        """Return which documents answer a tree; of those that were removed it says nothing."""
        if isinstance(tree, Having):
            return self.facets[tree.facet].chosen(tree.values, len(self.live))
        if isinstance(tree, Between):
            return self._between(tree)
        if isinstance(tree, Latest):
            return self._latest(tree.count)
        if isinstance(tree, Not):
            return ~self.answering(tree.child, standing)
        if isinstance(tree, Most):
            return self._with_most(tree, standing)
        if isinstance(tree, All):
            return self._with_all(tree, standing)
        if not isinstance(tree, AnyOf | Widened):
            return self._holding(tree, standing)
        masks = (self.answering(child, standing) for child in tree.children)
        return functools.reduce(np.logical_or, masks, np.zeros(len(self.live), dtype=bool))

    def _with_all(self, tree: All, standing: Standing) -> Mask:
        """Return the documents that have all children.

        Runs come last, the rarest first, what is excluded after it: each is looked for only in
        what is left.
        """
        runs = [(child, run) for child in tree.children if (run := _run_of(child))]
        others = (self.answering(child, standing) for child in tree.children if not _run_of(child))
        mask = functools.reduce(np.logical_and, others, np.ones(len(self.live), dtype=bool))
        for number, (segment, base) in enumerate(zip(self.segments, self.bases, strict=False)):
            within = mask[base : base + segment.count]
            lengths = {run: len(standing.positions(number, run)) for _, run in runs}
            for child, run in sorted(
                runs, key=lambda each: (isinstance(each[0], Not), lengths[each[1]])
            ):
                left = np.flatnonzero(within).astype(np.uint32)
                stands = standing.among(number, run, left)
                within[left[stands if isinstance(child, Not) else ~stands]] = False
        return mask

    def _with_most(self, tree: Most, standing: Standing) -> Mask:
        held = np.zeros(len(self.live), dtype=np.int32)
        for child in tree.children:
            held += self.answering(child, standing) & self.live
        return held >= max(int(held.max(initial=0)), 1)

    def _holding(self, leaf: Leaf, standing: Standing) -> Mask:
        if isinstance(leaf, Quotation | Word):
            numbers = range(len(self.segments))
            masks = [standing.holding(number, leaf.units) for number in numbers]
            return np.concatenate([np.zeros(0, dtype=bool), *masks])
        mask = np.zeros(len(self.live), dtype=bool)
        for segment, base in zip(self.segments, self.bases, strict=False):
            mask[segment.holding(leaf) + base] = True
        return mask

    def _between(self, tree: Between) -> Mask:
        """Return which documents have a number in a range; the columns hold one more than it."""
        numbers = self.numbers[tree.column].astype(np.int64)
        if tree.column == "date":
            return (numbers > 0) & (numbers >= tree.low) & (numbers <= tree.high)
        return (numbers > 0) & (numbers > tree.low) & (numbers <= tree.high + 1)

    def _latest(self, count: int) -> Mask:
        """Return which documents are among the latest issues of their series.

        Copies of one issue are one issue; what has neither date nor number is none.
        """
        issues = self.numbers["date"].astype(np.int64) << 32 | self.numbers["issue"]
        series = self.facets["series"].of_each()
        numbered = np.flatnonzero(self.live & (issues > 0))
        pairs = np.stack((series[numbered], issues[numbered]), axis=1)
        distinct, which = np.unique(pairs, axis=0, return_inverse=True)
        ends = np.searchsorted(distinct[:, 0], distinct[:, 0], side="right")
        mask = np.zeros(len(self.live), dtype=bool)
        mask[numbered] = (ends - np.arange(len(ends)) <= count)[which.ravel()]
        return mask


def _run_of(tree: Node) -> Run:
    """Return the run that must stand, or must not, for a node to hold; empty if that is not all."""
    leaf = tree.child if isinstance(tree, Not) else tree
    return leaf.units if isinstance(leaf, Quotation | Word) else ()
