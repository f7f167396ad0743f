"""In which order do a great many words stand?  They are ranked as numbers, all at once.

A dictionary of the words of a batch lies all over memory: only to look up in it what one bulletin
has took as long as half of the analysis of that bulletin.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

_BITS: Final = np.uint64(21)
"""Bits of a code point."""
_CHARACTER: Final = (np.uint64(1) << _BITS) - np.uint64(1)
_HEAD: Final = 3
"""Characters that fit into 64 bits; of ten words nine are no longer."""

Numbers = npt.NDArray[np.int64]
Heads = npt.NDArray[np.uint64]


def ranked(joined: str) -> tuple[list[str], npt.NDArray[np.uint32]]:
    """Return the different words of a string (as `Words.joined` has them) in order, and for each
    of its words the rank among them, from 0.
    """
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4")
    ends = np.flatnonzero(codes == 0)
    begins = np.append(0, ends + 1)[:-1]
    heads = _heads(codes, begins, ends)
    is_long = ends - begins > _HEAD
    long = _slices(joined, begins[is_long], ends[is_long])
    known = {word: number for number, word in enumerate(sorted({*long}))}
    numbers = np.array([*map(known.__getitem__, long)], dtype=np.int64)
    heads_of_long = np.empty(len(known), dtype=np.uint64)
    heads_of_long[numbers] = heads[is_long]
    short, places = _distinct(heads[~is_long])
    ranks = np.empty(len(heads), dtype=np.uint32)
    # Where a short word is the head of long ones, it comes before them.
    ranks[~is_long] = _shifted(short, heads_of_long, "left")[places]
    ranks[is_long] = _shifted(heads_of_long, short, "right")[numbers]
    # Both are in order, and so to sort is to merge.
    return sorted([*_spelled(short), *known]), ranks


def _heads(codes: npt.NDArray[np.uint32], begins: Numbers, ends: Numbers) -> Heads:
    """Return the first characters of each word as one number; NUL goes on where a word ends."""
    heads = np.zeros(len(begins), dtype=np.uint64)
    for at in range(_HEAD):
        heads = heads << _BITS | codes[np.minimum(begins + at, ends)]
    return heads


def _spelled(heads: Heads) -> list[str]:
    """Return the words of which these are the first characters, and all."""
    codes = np.zeros((len(heads), _HEAD + 1), dtype="<u4")
    for at in range(_HEAD):
        codes[:, at] = heads >> _BITS * np.uint64(_HEAD - 1 - at) & _CHARACTER
    kept = codes != 0
    kept[:, _HEAD] = True
    joined: str = codes[kept].tobytes().decode("utf-32-le")
    return joined.split("\0")[:-1]


def _slices(joined: str, begins: Numbers, ends: Numbers) -> list[str]:
    return [joined[a:b] for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]


def _distinct(heads: Heads) -> tuple[Heads, Numbers]:
    """Return the different heads, ascending, and the place of each head among them."""
    order = heads.argsort()
    ordered = heads[order]
    new = np.ones(len(heads), dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    places = np.empty(len(heads), dtype=np.int64)
    places[order] = np.cumsum(new) - 1
    return ordered[new], places


def _shifted(heads: Heads, others: Heads, side: Any) -> Numbers:
    """Return the place of each head when both are put together; all ascend."""
    return np.arange(len(heads)) + others.searchsorted(heads, side)
