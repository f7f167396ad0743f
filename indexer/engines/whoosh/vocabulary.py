"""Which terms do batches have together?  Their spellings are merged, a range of them at a time.

So the memory of a merge does not grow with the words of a corpus, of which there are ever more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.inversion import Numbers, TermPostings, spell
from indexer.engines.whoosh.spellings import ranked
from indexer.engines.whoosh.spool import Spool

_RANGE: Final = 1 << 18
"""About so many terms, those of all batches added up, are merged at a time."""
_STEP: Final = 1 << 8
"""Of so many terms of a batch one helps to find where ranges begin."""

Integers = npt.NDArray[np.int64]


def union(batches: Sequence[TermPostings], spool: Spool) -> tuple[Numbers, list[Any]]:
    """Return the different terms of all batches, as `TermPostings.spelled`, and for each batch the
    ranks of its terms among them, from 0; both out of memory.
    """
    spelled = spool.array(np.uint8)
    ranks = [spool.array(np.int64) for _ in batches]
    first = 0
    cuts = _cuts(batches)
    for starts, stops in pairwise(cuts):
        texts = [
            batch.spelled[start:stop].tobytes()
            for batch, start, stop in zip(batches, starts, stops, strict=True)
        ]
        spellings, found = ranked(b"".join(texts).decode())
        ends = np.cumsum([text.count(0) for text in texts])
        for rank, part in zip(ranks, np.split(found, ends[:-1]), strict=True):
            rank.append(part + np.int64(first))
        spelled.append(spell(spellings))
        first += len(spellings)
    return spelled.whole(), [rank.whole() for rank in ranks]


def _cuts(batches: Sequence[TermPostings]) -> list[Integers]:
    """Return where each range begins in the spellings of each batch, and where the last ends."""
    samples = sorted(term for batch in batches for term in batch.spellings()[_STEP::_STEP])
    pivots = samples[_RANGE // _STEP :: _RANGE // _STEP]
    return [*np.array([[*_places(batch, pivots)] for batch in batches], dtype=np.int64).T]


def _places(batch: TermPostings, pivots: Sequence[bytes]) -> Iterator[int]:
    terms = batch.spellings()
    begins = np.append(0, np.flatnonzero(batch.spelled == 0) + 1)
    yield 0
    yield from (int(begins[bisect_left(terms, pivot)]) for pivot in pivots)
    yield len(batch.spelled)
