"""Where do the runs of one question stand?  Over all segments, each looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.evaluation import Mask, Numbers, SegmentReader
from indexer.query import Run

Documents = npt.NDArray[np.intp]

FEW: Final = 8
"""With so many places or documents of a posting for each document that is asked for, it is quicker
to look for each."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was looked up for a question: its tree, its score and its titles ask for the same.

    A segment is asked for by its number.
    """

    segments: Sequence[SegmentReader]
    _positions: dict[tuple[int, Run], Numbers] = field(default_factory=dict)
    _documents: dict[tuple[int, Run], Documents] = field(default_factory=dict)
    _holding: dict[tuple[int, Run], Mask] = field(default_factory=dict)

    def positions(self, number: int, run: Run) -> Numbers:
        """Return where a run stands in the stream of a segment; ascending from two units on."""
        key = number, run
        if key not in self._positions:
            self._positions[key] = self.segments[number].positions(run)
        return self._positions[key]

    def documents(self, number: int, run: Run) -> Documents:
        """Return the document of each of these places."""
        key = number, run
        if key not in self._documents:
            positions = self.positions(number, run)
            self._documents[key] = self.segments[number].documents_at(positions)
        return self._documents[key]

    def among(self, number: int, run: Run, documents: Numbers) -> Mask:
        """Say in which of these documents of a segment a run stands.

        From few documents each is looked for among the places, from many all places are looked at.
        """
        positions = self.positions(number, run)
        if len(run) > 1 and FEW * len(documents) < len(positions):
            stands: Mask = self.segments[number].times_in(documents, positions) > 0
            return stands
        return self.holding(number, run)[documents]

    def holding(self, number: int, run: Run) -> Mask:
        """Say of each document of a segment whether a run stands in it."""
        key = number, run
        if key not in self._holding:
            mask = np.zeros(self.segments[number].count, dtype=bool)
            mask[self.documents(number, run)] = True
            self._holding[key] = mask
        return self._holding[key]
