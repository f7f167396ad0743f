"""How alike are two texts?  Signatures that can be compared without the texts.

MinHash (Broder: On the resemblance and containment of documents, 1997) over runs of eight units:
the share of equal numbers in two signatures estimates the share of runs that two texts have in
common.  With 64 numbers its standard error is at most 0.0625.
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.document import FIRST_NAME, UnitSequence

NUMBERS: Final = 64
_RUN: Final = 8
_RNG: Final = np.random.Generator(np.random.PCG64(27))
"""Seeded: a signature means the same in every build."""
_POWERS: Final = _RNG.integers(1, 1 << 63, _RUN, dtype=np.uint64) | np.uint64(1)
_FACTORS: Final = _RNG.integers(1, 1 << 63, (NUMBERS, 1), dtype=np.uint64) | np.uint64(1)
_PIECE: Final = 4096

Signature = npt.NDArray[np.uint32]


def signature(units: UnitSequence) -> Signature:
    """Return 64 numbers for a text; a text of fewer than eight units has those of itself."""
    stable = units.codes.astype(np.uint64)
    names = np.array([zlib.crc32(name.encode()) for name in units.names], dtype=np.uint64)
    named = units.codes >= FIRST_NAME
    stable[named] = names[units.codes[named] - np.uint32(FIRST_NAME)] + np.uint64(1 << 32)
    padded = np.concatenate((stable, np.zeros(max(_RUN - len(stable), 0), dtype=np.uint64)))
    count = len(padded) - _RUN + 1
    runs = np.zeros(count, dtype=np.uint64)
    for offset, power in enumerate(_POWERS):
        runs += padded[offset : offset + count] * power
    least = np.full(NUMBERS, 0xFFFFFFFF, dtype=np.uint32)
    for start in range(0, count, _PIECE):
        hashed = (runs[start : start + _PIECE] * _FACTORS) >> np.uint64(32)
        least = np.minimum(least, hashed.min(axis=1).astype(np.uint32))
    return least


def likeness(one: Signature, other: Signature) -> float:
    """Return the estimated share of runs in common, from 0.0 to 1.0."""
    return float((one == other).mean())
