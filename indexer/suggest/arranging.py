"""How do names lie, to be looked into?  One behind the other, with the places to begin from."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.analysis.fold import MARK
from indexer.document import OFFERED
from indexer.ranges import ranges
from indexer.suggest.texts import Codes, Numbers

_CUT: Final = 1 << 13
"""Texts that are put together at once: the places of their characters stay in the cache."""


def arranged(
    codes: Codes, ends: Numbers, texts: Numbers, kinds: npt.NDArray[np.uint8]
) -> tuple[Codes, Numbers, Numbers, Numbers]:
    """Return the codes of some of the texts that end so, one behind the other; where each begins;
    and all places that typing may begin from, as in `Names`, with the number of the text of each.
    """
    together, stops = _cut(codes, ends, texts)
    lengths = np.diff(stops, prepend=0)
    begins = (stops - lengths).astype(np.int32)
    inner = np.append(False, together == ord(MARK))[:-1]
    inner &= np.repeat(kinds == OFFERED.index("title"), lengths)
    inner |= np.repeat(kinds == OFFERED.index("organization"), lengths)
    inner[begins] = inner[_in_words(together)] = False
    inner[stops - 1] = inner[stops - 2] = False  # one last character is not worth a suggestion
    rows = np.concatenate((begins, np.flatnonzero(inner).astype(np.int32)))
    return together, begins, rows, np.repeat(np.arange(len(texts), dtype=np.int32), lengths)[rows]


def _cut(codes: Codes, ends: Numbers, texts: Numbers) -> tuple[Codes, Numbers]:
    """Return the codes of some texts, one behind the other, and where they end now."""
    stops = ends[texts].astype(np.int64)
    lengths = stops - np.where(texts, ends[texts - 1], 0)
    found = [codes[:0]]
    for at in range(0, len(stops), _CUT):
        some = slice(at, at + _CUT)
        found.append(codes.take(ranges(stops[some] - lengths[some], stops[some])))
    return np.concatenate(found), np.cumsum(lengths, dtype=np.int32)


def _in_words(codes: Codes) -> npt.NDArray[np.intp]:
    """Return the places inside Latin words and numbers: nobody types from there on."""
    digit = (codes >= ord("0")) & (codes <= ord("9"))
    letter = (codes >= ord("a")) & (codes <= ord("z"))
    return np.flatnonzero((digit[1:] & digit[:-1]) | (letter[1:] & letter[:-1])) + 1
