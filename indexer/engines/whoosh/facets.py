"""Which values does each document have, and how many have each?  Facets over all segments."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.engines.base import natural_order
from indexer.engines.whoosh.by_numpy import entries
from indexer.engines.whoosh.columns import ValueColumn, narrowest
from indexer.engines.whoosh.loops import count, count_few, frequent
from indexer.engines.whoosh.pairs import Documents, Integers, Mask

Order = npt.NDArray[np.int64]

_FEW: Final = 32
"""Documents whose values are counted one by one sooner than by arrays over all values."""
_NOBODY: Final = np.zeros(0, dtype=np.int32)


class Facet:
    """One facet over all segments: document `owners[i]` has the value `values[codes[i]]`; `live`
    says which documents are left.

    Values that are `shown` are numbered in their natural order.
    """

    def __init__(
        self,
        columns: Sequence[ValueColumn.Reader],
        bases: Sequence[int],
        live: Mask,
        *,
        shown: bool = False,
    ) -> None:
        every = dict.fromkeys(chain.from_iterable(column.vocabulary for column in columns))
        self._values = natural_order(every) if shown else list(every)
        self._numbers = dict(zip(self._values, range(len(self._values)), strict=True))
        codes = [np.zeros(0, dtype=np.intp)]
        owners = [_NOBODY]
        for column, base in zip(columns, bases, strict=False):
            mapped = map(self._numbers.__getitem__, column.vocabulary)
            codes.append(np.fromiter(mapped, np.intp, len(column.vocabulary))[column.codes])
            owners.append(column.owners.astype(np.int32) + np.int32(base))
        self._live = live
        # Narrow numbers are sooner at hand: they take half the time to count.
        self._codes = narrowest(np.concatenate(codes))
        self._owners = np.concatenate(owners)
        numbers = np.arange(len(live) + 1, dtype=np.int32)
        starts = self._owners.searchsorted(numbers).astype(np.int32)
        self._starts: Integers | None = None if (np.diff(starts) == 1).all() else starts
        """Where the values of each document begin; None if each has exactly one."""

    def __len__(self) -> int:
        return len(self._values)

    def of_each(self) -> Order:
        """Return the value of each document as a number; each document has exactly one."""
        return self._codes.astype(np.intp)

    def present(self) -> list[str]:
        """Return the values that some document has."""
        codes = np.unique(self._codes[self._live[self._owners]])
        return [self._values[code] for code in codes.tolist()]

    def shared(self) -> dict[int, list[int]]:
        """Return the documents of each value that more than one document has."""
        counts = np.bincount(self._codes[self._live], minlength=len(self._values))
        owners = np.flatnonzero(self._live & (counts[self._codes] > 1)).tolist()
        members: dict[int, list[int]] = {}
        for document in owners:
            members.setdefault(int(self._codes[document]), []).append(document)
        return members

    def holders(self, values: Sequence[str]) -> Documents:
        """Return the documents that have one of the values, ascending."""
        order, starts = self._by_value
        wanted = [self._numbers[value] for value in values if value in self._numbers]
        found = [self._owners[order[starts[code] : starts[code + 1]]] for code in wanted]
        held = found[0] if len(found) == 1 else np.unique(np.concatenate([_NOBODY, *found]))
        return held.astype(np.intp)

    def sums(self, numbers: Order) -> dict[str, tuple[int, int]]:
        """Return for each value the sum of its documents' numbers, and how many are not 0."""
        mine = numbers[self._owners]
        sums = np.bincount(self._codes, weights=mine, minlength=len(self._values))
        sizes = np.bincount(self._codes, weights=mine > 0, minlength=len(self._values))
        present = np.flatnonzero(sums)
        return {self._values[at]: (int(sums[at]), int(sizes[at])) for at in present.tolist()}

    def counts(self, hits: Documents) -> Order:
        """Return how many of these documents (ascending, each once) have each value."""
        return count(self._codes, self._starts, hits, len(self._values))

    def counts_of_groups(self, hits: Documents, groups: Order) -> Order:
        """Return how many groups of these documents have each value; `groups` has that of each."""
        at = entries(self._starts, hits)
        pairs = np.unique(groups[self._owners[at]] * len(self._values) + self._codes[at])
        return np.bincount(pairs % len(self._values), minlength=len(self._values))

    @functools.cached_property
    def every(self) -> Order:
        """The counts of all documents that are left."""
        return self.counts(self._live.nonzero()[0])

    def few(self, hits: Documents, most: int) -> dict[str, int] | None:
        """Return the values of few documents (ascending, each once), with their counts, in the
        order of their numbers; None if the documents, or the values, are too many.
        """
        if len(hits) > _FEW:
            return None
        few = count_few(self._codes, self._starts, hits, self._values)
        return few if len(few) <= most else None

    def frequent(self, counts: Order, most: int, chosen: Collection[str]) -> dict[str, int]:
        """Return the `most` frequent values and the chosen ones, each with its count, in the order
        of their numbers; none of 0.
        """
        known = [self._numbers[value] for value in chosen if value in self._numbers]
        return frequent(counts, self._values, most, known)

    @functools.cached_property
    def _by_value(self) -> tuple[Documents, Documents]:
        """The entries in the order of their values, and where those of each value begin."""
        order = np.argsort(self._codes, kind="stable")
        return order, self._codes[order].searchsorted(np.arange(len(self._values) + 1))
