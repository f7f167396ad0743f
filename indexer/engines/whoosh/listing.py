"""Which documents have a term, and how often?  A list, packed or not, or a bit for each document.

Lists are packed (`packing.py`).  A bit for each document takes less only from one document in three
on, but whether a few documents have the term is seen at once, where a list is searched.  To read
all of them out takes some 60 microseconds of 100,000 documents, from a list of one in 16 ten.  So
terms that stand in more than one document in 16 have bits: at 100,000 bulletins 3,300 of a million
units and words, with 51 of 86 million postings, for 3.5 % of the index.  As many pairs have bits
beside their places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.engines.whoosh.by_numpy import Counts, Scores
from indexer.engines.whoosh.loops import Gains, PackedLists, documents_of, in_bits, in_list
from indexer.engines.whoosh.packing import Words
from indexer.engines.whoosh.pairs import Documents, Integers, Mask

DENSE: Final = 16
"""A term that stands in more than one document in so many has a bit for each document."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A posting as a list: `documents` ascend, `counts` are what counts for each of them."""

    documents: Documents
    counts: Counts

    def __len__(self) -> int:
        return len(self.documents)

    def holds(self, wanted: Documents) -> Mask:
        """Say which of these documents (ascending) are in it."""
        return in_list(wanted, self.documents)

    def add_to(self, gains: Gains, weight: float, worth: Scores) -> None:
        """Add what a term of this posting adds, of which a count is worth so much."""
        gains.add_list(weight, worth, self.documents, self.counts)


@dataclass(frozen=True, slots=True)
class Packed:
    """A posting as a packed list, which begins `at` a word; `counts` are what counts for each."""

    lists: PackedLists
    at: int
    counts: Counts

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def documents(self) -> Integers:
        """The documents, ascending."""
        return self.lists.list(self.at, len(self.counts))

    def holds(self, wanted: Documents) -> Mask:
        """Say which of these documents (ascending) are in it."""
        return self.lists.holds(wanted, self.at, len(self.counts))

    def add_to(self, gains: Gains, weight: float, worth: Scores) -> None:
        """Add what a term of this posting adds, of which a count is worth so much."""
        gains.add_packed(weight, worth, self.lists, self.at, self.counts)


@dataclass(frozen=True, slots=True)
class Marked:
    """A posting as a bit for each document, and what counts for each that is set; of some terms
    that is not known, and `counts` are empty.
    """

    bits: Words
    counts: Counts

    def __len__(self) -> int:
        return len(self.counts) or int(np.bitwise_count(self.bits).sum())

    @property
    def documents(self) -> Documents:
        """The documents, ascending."""
        return documents_of(self.bits)

    def holds(self, wanted: Documents) -> Mask:
        """Say which of these documents are in it."""
        return in_bits(wanted, self.bits)

    def add_to(self, gains: Gains, weight: float, worth: Scores) -> None:
        """Add what a term of this posting adds, of which a count is worth so much."""
        gains.add_bits(weight, worth, self.bits, self.counts)


Posting = Listed | Packed | Marked
