"""How many documents have each value?  Counts of all facets for one question.

Copies count as one.  Hardly any document has copies, so those that have are counted by themselves,
and all others by numbers alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from indexer.engines.whoosh.facets import Facet, Order
from indexer.engines.whoosh.pairs import Documents, Mask


class FacetCounter:
    """Counts values in documents that are left (`live`); `groups` has the group of each document,
    `copied` says which have copies.
    """

    def __init__(
        self, facets: Mapping[str, Facet], live: Mask, groups: Order, copied: Mask
    ) -> None:
        self.facets = facets
        self.groups = groups
        self._live = live
        self._count = int(live.sum())
        self._copied = copied if copied.any() else None

    def of(self, documents: Documents, *, grouped: bool) -> Counts:
        """Return the counts of these documents (ascending, each once), of groups if `grouped`."""
        copied = documents[:0]
        if grouped and self._copied is not None:
            held = self._copied[documents]
            documents, copied = documents.compress(~held), documents.compress(held)
        others = None
        if 2 * len(documents) > self._count:
            left = self._live.copy()
            left[documents] = False
            others = left.nonzero()[0]
        return Counts(self, documents, copied, others)


class Counts:
    """The counts of some documents, and of the groups of those that are `copied`.

    `others` are all that are left beside the documents, where it is quicker to count those.
    """

    def __init__(
        self,
        counter: FacetCounter,
        documents: Documents,
        copied: Documents,
        others: Documents | None,
    ) -> None:
        self._counter = counter
        self._documents = documents
        self._copied = copied
        self._others = others

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
        counts = facet.counts(counted)
        if self._others is not None:
            counts = facet.every - counts
        if len(self._copied):
            counts = counts + facet.counts_of_groups(self._copied, self._counter.groups)
        return counts
