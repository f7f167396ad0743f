"""Which documents answer?  A tree in, documents of all segments out, ascending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.deadline import check as check_time
from indexer.engines.whoosh.facets import Facet
from indexer.engines.whoosh.inversion import Numbers, distinct
from indexer.engines.whoosh.pairs import Documents, Integers, Mask
from indexer.engines.whoosh.standing import RUNS, Standing
from indexer.query import (
    All,
    Between,
    Having,
    Latest,
    Leaf,
    Most,
    Node,
    Not,
    Run,
    Widened,
)
from indexer.query import Any as AnyOf


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

    def _with_all(self, tree: All, standing: Sequence[Standing]) -> Documents:
        """Return the documents that have all children.

        Those with one of some runs come last, the rarest first, what is excluded after it: each is
        looked for only in what is left.
        """
        plain: list[tuple[Node, Sequence[Run]]] = []
        left: Documents | None = None
        for child in tree.children:
            if runs := _runs_of(child):
                plain.append((child, runs))
            else:
                found = self.answering(child, standing)
                left = found if left is None else left.compress(self._marked([found]).take(left))
        both = zip(standing, self.bases, strict=False)
        return self._joined([self._with_runs(one, base, plain, left) for one, base in both])

    def _with_runs(
        self,
        standing: Standing,
        base: int,
        plain: Sequence[tuple[Node, Sequence[Run]]],
        left: Documents | None,
    ) -> Documents:
        """Return which documents of a segment (of `left`, if that is given) have one of the runs
        of each node, or none of them where the node is a `Not`.
        """

        def cost(each: tuple[Node, Sequence[Run]]) -> tuple[bool, int]:
            node, runs = each
            return isinstance(node, Not), sum([standing.most_places(run) for run in runs])

        nodes = sorted(plain, key=cost)
        if left is not None:
            start, stop = left.searchsorted((base, base + standing.segment.count))
            found = left[start:stop] - base
        elif nodes and not isinstance(nodes[0][0], Not):
            (_, runs), *nodes = nodes
            more = any(not isinstance(node, Not) for node, _ in nodes)
            parts = [standing.documents(run, first=more) for run in runs]
            every = parts[0] if len(parts) == 1 else distinct(np.concatenate(parts))
            found = every.astype(np.intp, copy=False)
        else:
            found = np.arange(standing.segment.count)
        for node, runs in nodes:
            stands = standing.among(runs[0], found)
            for run in runs[1:]:
                stands |= standing.among(run, found)
            found = found.compress(~stands if isinstance(node, Not) else stands)
        return found

    def _with_most(self, tree: Most, standing: Sequence[Standing]) -> Documents:
        held = np.zeros(len(self.live), dtype=np.int32)
        for child in tree.children:
            held[self.answering(child, standing)] += 1
        held[~self.live] = 0
        return np.flatnonzero(held >= max(int(held.max(initial=0)), 1))

    def _holding(self, leaf: Leaf, standing: Sequence[Standing]) -> Documents:
        if isinstance(leaf, RUNS):
            return self._joined([one.documents(leaf.units) for one in standing])
        return self._joined([np.unique(one.segment.holding(leaf)) for one in standing])

    def _joined(self, parts: Sequence[Integers]) -> Documents:
        """Return documents of each segment as documents of all."""
        both = zip(parts, self.bases, strict=False)
        moved = [_moved(part.astype(np.intp, copy=False), base) for part, base in both]
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


def _moved(documents: Documents, base: int) -> Documents:
    return documents + base if base else documents


def _runs_of(tree: Node) -> list[Run]:
    """Return the runs of which one must stand, or none may, for a node to hold; empty if that is
    not all.
    """
    node = tree.child if isinstance(tree, Not) else tree
    if isinstance(node, RUNS):
        return [node.units]
    leaves = node.children if isinstance(node, AnyOf | Widened) else ()
    runs = [leaf.units for leaf in leaves if isinstance(leaf, RUNS)]
    return runs if len(runs) == len(leaves) else []
