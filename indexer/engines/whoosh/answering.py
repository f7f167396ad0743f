"""Which documents answer?  A tree in, documents of all segments out, ascending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import numpy as np

from indexer.deadline import check as check_time
from indexer.engines.whoosh.facets import Facet
from indexer.engines.whoosh.inversion import Numbers, distinct
from indexer.engines.whoosh.pairs import Documents, Integers, Mask
from indexer.engines.whoosh.standing import RUNS, Standing
from indexer.engines.whoosh.windows import holding
from indexer.query import (
    All,
    Between,
    Having,
    InTitle,
    Latest,
    Most,
    Node,
    Not,
    Run,
    Widened,
)
from indexer.query import Any as AnyOf

_ANY: Final = (AnyOf, Widened)
_Asked = tuple[bool, Sequence[Run]]
"""Runs of which one must stand; or, where they are excluded, none may."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Finds documents, which are numbered over all segments: those of a segment from its base.

    `live` says which are left; `numbers` are columns over all of them.
    """

    bases: Sequence[int]
    live: Mask
    facets: Mapping[str, Facet]
    numbers: Mapping[str, Numbers]

    def answering(self, tree: Node, standing: Sequence[Standing]) -> Documents:
        """Return which documents answer a tree; those that were removed may be among them."""
        check_time()
        if isinstance(tree, All):
            return self._with_all(tree, standing)
        if isinstance(tree, RUNS):
            return self._joined([one.documents(tree.units) for one in standing])
        if isinstance(tree, _ANY):
            found = (self.answering(child, standing) for child in tree.children)
            return np.flatnonzero(self._marked(found))
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
        if isinstance(tree, InTitle) and isinstance(tree.leaf, RUNS):
            return self._joined([one.titled_documents(tree.leaf.units) for one in standing])
        return self._joined([np.unique(holding(one.segment, tree)) for one in standing])

    def _marked(self, found: Iterable[Documents]) -> Mask:
        """Say of each document whether it is in one of these."""
        mask = np.zeros(len(self.live), dtype=bool)
        for documents in found:
            mask[documents] = True
        return mask

    def _with_all(self, tree: All, standing: Sequence[Standing]) -> Documents:
        """Return the documents that have all children.

        Those with one of some runs come last, the rarest first, what is excluded after it: each is
        looked for only in what is left.
        """
        plain: list[_Asked] = []
        left: Documents | None = None
        for child in tree.children:
            if runs := _runs_of(child):
                plain.append((isinstance(child, Not), runs))
            else:
                found = self.answering(child, standing)
                left = found if left is None else left.compress(self._marked([found]).take(left))
        both = zip(standing, self.bases, strict=False)
        return self._joined([self._with_runs(one, base, plain, left) for one, base in both])

    def _with_runs(
        self,
        standing: Standing,
        base: int,
        plain: Sequence[_Asked],
        left: Documents | None,
    ) -> Documents:
        """Return which documents of a segment (of `left`, if that is given) have what is asked."""
        asked = []
        for excluded, runs in plain:
            most = sum([standing.known(run).most for run in runs])
            asked.append((excluded, most, runs))
        asked.sort(key=itemgetter(0, 1))  # the rarest first, what is excluded after it
        if left is not None:
            start, stop = left.searchsorted((base, base + standing.segment.count))
            found = left[start:stop] - base
        elif asked and not asked[0][0]:
            (_, _, runs), *asked = asked
            more = bool(asked) and not asked[0][0]
            parts = [standing.documents(run, first=more) for run in runs]
            every = parts[0] if len(parts) == 1 else distinct(np.concatenate(parts))
            found = every.astype(np.intp, copy=False)
        else:
            found = np.arange(standing.segment.count)
        for excluded, _, runs in asked:
            stands = standing.among(runs[0], found)
            for run in runs[1:]:
                stands |= standing.among(run, found)
            found = found.compress(~stands if excluded else stands)
        return found

    def _with_most(self, tree: Most, standing: Sequence[Standing]) -> Documents:
        held = np.zeros(len(self.live), dtype=np.int32)
        for child in tree.children:
            held[self.answering(child, standing)] += 1
        held[~self.live] = 0
        return np.flatnonzero(held >= max(int(held.max(initial=0)), 1))

    def _joined(self, parts: Sequence[Integers]) -> Documents:
        """Return documents of each segment as documents of all."""
        if len(parts) == 1:
            return parts[0].astype(np.intp, copy=False)
        both = zip(parts, self.bases, strict=False)
        moved = [part + np.intp(base) for part, base in both]
        return np.concatenate([np.zeros(0, np.intp), *moved])

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
        # One number for both, as numpy sorts these as vectors: rows take ten times as long.
        _, order = np.unique(issues[numbered], return_inverse=True)
        both = series[numbered].astype(np.int64) << 32 | order
        distinct, which = np.unique(both, return_inverse=True)
        ends = np.searchsorted(distinct, (distinct >> 32) + 1 << 32)
        return numbered[(ends - np.arange(len(ends)) <= count)[which]]


def _runs_of(tree: Node) -> list[Run]:
    """Return the runs of which one must stand, or none may, for a node to hold; empty if that is
    not all.
    """
    node = tree.child if isinstance(tree, Not) else tree
    if isinstance(node, RUNS):
        return [node.units]
    leaves = node.children if isinstance(node, _ANY) else ()
    runs = [leaf.units for leaf in leaves if isinstance(leaf, RUNS)]
    return runs if len(runs) == len(leaves) else []
