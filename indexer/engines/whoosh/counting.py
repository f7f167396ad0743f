"""How many documents have each value?  Counts of all facets for one question.

Copies count as one.  Hardly any document has copies, so those that have are counted by themselves,
and all others by numbers alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import prod
from typing import Final, NamedTuple

import numpy as np

from indexer.engines.whoosh.columns import Codes, narrowest
from indexer.engines.whoosh.facets import Facet, Order
from indexer.engines.whoosh.pairs import Documents, Mask

_CELLS: Final = 1 << 16
"""Most cells of a grid, so that their numbers fit into 16 bits."""
_WORTH: Final = 4
"""A grid is worth its cells where they are no more than so many times the documents."""


class Grid(NamedTuple):
    """Two facets of which each document has one value: `codes` has its cell, by document."""

    names: tuple[str, str]
    shape: tuple[int, int]
    codes: Codes

    def counts(self, documents: Documents) -> dict[str, Order]:
        """Return for both facets how many of these documents have each value.

        Documents are gone through once, and not once for each facet: two thirds of the time.
        """
        cells = np.bincount(self.codes.take(documents), minlength=prod(self.shape))
        both = cells.reshape(self.shape)
        return dict(zip(self.names, (both.sum(axis=1), both.sum(axis=0)), strict=True))


def grids(facets: Mapping[str, Facet]) -> list[Grid]:
    """Return grids of facets; the one with fewest values goes with the one with most."""
    single = [name for name, facet in facets.items() if facet.single]
    single.sort(key=lambda name: len(facets[name]))
    found: list[Grid] = []
    while len(single) > 1:
        names = single[-1], single[0]
        one, other = (facets[name] for name in names)
        shape = len(one), len(other)
        if 0 < prod(shape) <= _CELLS:
            codes = one.of_each() * len(other) + other.of_each()
            found.append(Grid(names, shape, narrowest(codes)))
            del single[0]
        del single[-1]
    return found


class FacetCounter:
    """Counts values in documents that are left (`live`); `groups` has the group of each document,
    `copied` says which have copies.
    """

    def __init__(
        self, facets: Mapping[str, Facet], live: Mask, groups: Order, copied: Mask
    ) -> None:
        self.facets = facets
        self.groups = groups
        self.grids = grids(facets)
        self._live = live
        self._count = int(live.sum())
        self._copied = copied if copied.any() else None

    def of(self, documents: Documents, names: Collection[str], *, grouped: bool) -> Counts:
        """Return the counts of these documents (ascending, each once), of groups if `grouped`; for
        some of the facets.
        """
        copied = documents[:0]
        if grouped and self._copied is not None:
            held = self._copied[documents]
            documents, copied = documents.compress(~held), documents.compress(held)
        others = None
        if 2 * len(documents) > self._count:
            left = self._live.copy()
            left[documents] = False
            others = left.nonzero()[0]
        return Counts(self, names, documents, copied, others)


class Counts:
    """The counts of some documents, and of the groups of those that are `copied`.

    `others` are all that are left beside the documents, where it is quicker to count those.
    """

    def __init__(
        self,
        counter: FacetCounter,
        names: Collection[str],
        documents: Documents,
        copied: Documents,
        others: Documents | None,
    ) -> None:
        self._counter = counter
        self._names = names
        self._documents = documents
        self._copied = copied
        self._others = others
        self._in_grids: dict[str, Order] | None = None

    def frequent(self, name: str, most: int, chosen: Collection[str]) -> dict[str, int]:
        """Return the `most` frequent values of a facet and the chosen ones, each with its count, in
        the order of their numbers; none of 0.
        """
        if not (most or chosen):
            return {}
        facet = self._counter.facets[name]
        few = None if len(self._copied) else facet.few(self._documents, most)
        return facet.frequent(self._of(name), most, chosen) if few is None else few

    def _of(self, name: str) -> Order:
        facet = self._counter.facets[name]
        counted = self._documents if self._others is None else self._others
        if self._in_grids is None:
            self._in_grids = self._counted_in_grids(counted)
        counts = self._in_grids.get(name)
        if counts is None:
            counts = facet.counts(counted)
        if self._others is not None:
            counts = facet.every - counts
        if len(self._copied):
            counts = counts + facet.counts_of_groups(self._copied, self._counter.groups)
        return counts

    def _counted_in_grids(self, counted: Documents) -> dict[str, Order]:
        found: dict[str, Order] = {}
        for grid in self._counter.grids:
            asked = all(name in self._names for name in grid.names)
            if asked and prod(grid.shape) <= _WORTH * len(counted):
                found |= grid.counts(counted)
        return found
