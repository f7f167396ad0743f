"""At which places does a unit stand?  A bit for each place, found when it is first asked for, a
chunk of the stream at a time.

It is asked of clause marks, beside places that may be anywhere.  One unit in twelve is one, and to
look each place up among all of them would take longer, and more room.
"""

from __future__ import annotations

import functools
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.deadline import check as check_time
from indexer.engines.whoosh.loops import PackedLists
from indexer.engines.whoosh.pairs import Mask, PairIndex

_CHUNK_BITS: Final = 22
"""Places of a chunk, as a power of two: 7 ms of work."""
_CHUNKS: Final = 1 << 32 - _CHUNK_BITS
"""As many as a segment may have, and so all that were asked for are kept at hand, a bit for each
place: 31 MB for 100,000 bulletins.  Each question asks for them in order, so that with fewer the
next one would find none of its own.
"""


class UnitBits:
    """The units of a stream, by their ranks."""

    def __init__(self, pairs: PairIndex, places: PackedLists) -> None:
        self._width = _CHUNK_BITS
        self._bits = functools.lru_cache(_CHUNKS)(partial(_bits, pairs, places, self._width))

    def standing(self, rank: int, places: npt.NDArray[np.int64]) -> Mask:
        """Say at which places a unit stands."""
        chunks = places >> self._width
        standing = np.zeros(len(places), dtype=bool)
        for chunk in np.bincount(chunks).nonzero()[0].tolist():
            check_time()
            here = (chunks == chunk).nonzero()[0]
            within = places.take(here) - (chunk << self._width)
            bits = self._bits(rank, chunk).take(within >> 3)
            standing[here] = bits >> (within & 7).astype(np.uint8) & 1
        return standing


def _bits(
    pairs: PairIndex, places: PackedLists, width: int, rank: int, chunk: int
) -> npt.NDArray[np.uint8]:
    start = chunk << width
    held = np.zeros(1 << width, dtype=bool)
    held[places.all_within(*pairs.unit(rank), start, start + len(held)) - np.uint32(start)] = True
    return np.packbits(held, bitorder="little")
