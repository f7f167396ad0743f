"""Which values does each document have, and how many have each?  Facets over all segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.columns import ValueColumn
from indexer.engines.whoosh.evaluation import Mask

Order = npt.NDArray[np.int64]


class Facet:
    """One facet over all segments: document `owners[i]` has the value `values[codes[i]]`."""

    def __init__(self, columns: Sequence[ValueColumn.Reader], bases: Sequence[int]) -> None:
        numbers: dict[str, int] = {}
        codes: list[npt.NDArray[np.intp]] = [np.zeros(0, dtype=np.intp)]
        owners: list[npt.NDArray[np.intp]] = [np.zeros(0, dtype=np.intp)]
        for column, base in zip(columns, bases, strict=False):
            mapped = [numbers.setdefault(value, len(numbers)) for value in column.vocabulary]
            codes.append(np.array(mapped, dtype=np.intp)[column.codes])
            owners.append(column.owners.astype(np.intp) + base)
        self._values = list(numbers)
        self._numbers = numbers
        self._codes = np.concatenate(codes)
        self._owners = np.concatenate(owners)

    def of_each(self) -> Order:
        """Return the value of each document as a number; each document has exactly one."""
        return self._codes

    def present(self, live: Mask) -> list[str]:
        """Return the values that some document of `live` has."""
        codes = np.unique(self._codes[live[self._owners]])
        return [self._values[code] for code in codes.tolist()]

    def shared(self, live: Mask) -> dict[int, list[int]]:
        """Return the documents of each value that more than one document of `live` has."""
        counts = np.bincount(self._codes[live], minlength=len(self._values))
        owners = np.flatnonzero(live & (counts[self._codes] > 1)).tolist()
        members: dict[int, list[int]] = {}
        for document in owners:
            members.setdefault(int(self._codes[document]), []).append(document)
        return members

    def chosen(self, values: Sequence[str], count: int) -> Mask:
        """Return which documents have one of the values."""
        wanted = [self._numbers[value] for value in values if value in self._numbers]
        mask = np.zeros(count, dtype=bool)
        mask[self._owners[np.isin(self._codes, wanted)]] = True
        return mask

    def sums(self, numbers: Order) -> dict[str, tuple[int, int]]:
        """Return for each value the sum of its documents' numbers, and how many are not 0."""
        mine = numbers[self._owners]
        sums = np.bincount(self._codes, weights=mine, minlength=len(self._values))
        sizes = np.bincount(self._codes, weights=mine > 0, minlength=len(self._values))
        present = np.flatnonzero(sums)
        return {self._values[at]: (int(sums[at]), int(sizes[at])) for at in present.tolist()}

    def counts(self, within: Mask, groups: Order | None) -> dict[str, int]:
        """Return how many documents of `within` have each value, values without any left out.

        With `groups`, the group of each document, how many groups have it.
        """
        inside = within[self._owners]
        codes = self._codes[inside]
        if groups is not None:
            pairs = groups[self._owners[inside]] * len(self._values) + codes
            codes = np.unique(pairs) % len(self._values)
        counts = np.bincount(codes, minlength=len(self._values))
        present = np.flatnonzero(counts)
        return {
            self._values[code]: count
            for code, count in zip(present.tolist(), counts[present].tolist(), strict=True)
        }
