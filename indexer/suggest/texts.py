"""Which number has a text?  Many texts as a few arrays, looked up by keys of 64 bits.

A million texts are too many for objects that are to be loaded in no time.  Two texts have the same
key once in 2⁶⁴: among ten million, hardly ever; then one would be suggested for the other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.analysis.fold import SPACE, fold

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]
Codes = npt.NDArray[np.uint16]

END: Final = 0
"""The code after each text."""
AFTER: Final = "\ue000"
"""A character that is folded to `END`: no text may have it."""
UTF_8: Final = ("utf-8", "surrogatepass")
NO_KEYS: Final[Keys] = np.zeros(0, dtype=np.uint64)
NO_NUMBERS: Final[Numbers] = np.zeros(0, dtype=np.int32)

_FOREIGN: Final = 0xFFFF
_FOLDED: Final = 256
"""Texts folded at once: a character that is folded slowly slows down only those beside it."""
_KEYED: Final = 1 << 16
"""Texts whose keys are made at once."""
_ODD: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))
_HALF, _ONE = np.uint64(32), np.uint64(1)


def keys(texts: Sequence[str]) -> Keys:
    """Return a number for each text by which it is known; the last bit is not set."""
    parts = [_keys(texts[at : at + _KEYED]) for at in range(0, len(texts), _KEYED)]
    return np.concatenate([NO_KEYS, *parts])


def _keys(texts: Sequence[str]) -> Keys:
    """Return Σ (character · a number of its place), each character mixed up to 64 bits before."""
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    mixed = (np.frombuffer(joined, dtype="<u4").astype(np.uint64) + _ONE) * _ODD[0]
    mixed = (mixed ^ (mixed >> _HALF)) * _ODD[1]
    stops = np.cumsum([*map(len, texts)], dtype=np.int64)
    starts = np.append(0, stops[:-1])
    places = np.arange(len(mixed)) - np.repeat(starts, stops - starts)
    powers = np.cumprod(np.full(int((stops - starts).max(initial=0)), _ODD[0]))
    sums = np.append(np.uint64(0), np.cumsum(mixed * powers[places]))
    found: Keys = (sums[stops] - sums[starts]) & ~_ONE
    return found


def places(ascending: Keys, wanted: Keys) -> npt.NDArray[np.intp]:
    """Return where each of `wanted` stands, −1 for what is not there."""
    at = ascending.searchsorted(wanted)
    at[at == len(ascending)] = -1
    if len(ascending):
        at[ascending[at] != wanted] = -1
    return at


class Numbering:
    """The numbers of texts: those of a base, where they ascend by key, then those that are not
    there: `fresh`, with ascending `keys`.
    """

    def __init__(self, base: Keys, texts: Iterable[str]) -> None:
        self._base = base
        different = [*dict.fromkeys(texts)]
        found = keys(different)
        new = (places(base, found) < 0).nonzero()[0]
        order = new[np.argsort(found[new])]
        self.fresh = [different[at] for at in order.tolist()]
        self.keys = found[order]

    def of(self, wanted: Keys) -> npt.NDArray[np.intp]:
        """Return the numbers of keys, −1 for unknown ones."""
        fresh = places(self.keys, wanted)
        return np.where(fresh < 0, places(self._base, wanted), fresh + len(self._base))

    def __len__(self) -> int:
        return len(self._base) + len(self.keys)


@dataclass(frozen=True, slots=True)
class Spelled:
    """Texts as they are shown: in UTF-8 the i-th ends at `ends[i]` of `data`."""

    data: npt.NDArray[np.uint8]
    ends: Numbers

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number: int) -> str:
        start = self.ends[number - 1] if number else 0
        return self.data[start : self.ends[number]].tobytes().decode(*UTF_8)

    def behind(self, first: int) -> Spelled:
        """Return the texts from one on."""
        start = self.ends[first - 1] if first else np.int32(0)
        return Spelled(self.data[start:], self.ends[first:] - start)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts, numbered as their `keys` ascend.

    `spelled` and `spelled_ends` are as in `Spelled`; folded, without white space and with `END`
    after it, the i-th ends at `code_ends[i]` of `codes`.  `ordered` has the numbers in the order of
    the texts.
    """

    keys: Keys
    spelled: npt.NDArray[np.uint8]
    spelled_ends: Numbers
    codes: Codes
    code_ends: Numbers
    ordered: Numbers

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, number: int) -> str:
        return self.shown[number]

    @property
    def shown(self) -> Spelled:
        """The texts as they are shown."""
        return Spelled(self.spelled, self.spelled_ends)

    def grown(self, numbering: Numbering) -> Texts:
        """Return these texts and the fresh ones."""
        spelled = "".join(numbering.fresh).encode(*UTF_8)
        sizes = (len(text.encode(*UTF_8)) for text in numbering.fresh)
        ends = np.fromiter(sizes, dtype=np.int32, count=len(numbering.fresh))
        ends = np.cumsum(ends, dtype=np.int32) + np.int32(len(self.spelled))
        codes = _codes(numbering.fresh)
        code_ends = (codes == END).nonzero()[0] + 1 + len(self.codes)
        return Texts(
            np.append(self.keys, numbering.keys),
            np.append(self.spelled, np.frombuffer(spelled, dtype=np.uint8)),
            np.append(self.spelled_ends, ends),
            np.append(self.codes, codes),
            np.append(self.code_ends, code_ends.astype(np.int32)),
            self._ordered(numbering.fresh),
        )

    def _ordered(self, fresh: Sequence[str]) -> Numbers:
        order = sorted(range(len(fresh)), key=fresh.__getitem__)
        behind = [bisect_left(self.ordered, fresh[at], key=self.__getitem__) for at in order]
        numbers = np.array(order, dtype=np.int32) + np.int32(len(self))
        return np.insert(self.ordered, np.array(behind, dtype=np.intp), numbers)


NO_TEXTS: Final = Texts(
    *(NO_KEYS, np.zeros(0, dtype=np.uint8), NO_NUMBERS),
    *(np.zeros(0, dtype=np.uint16), NO_NUMBERS, NO_NUMBERS),
)


def _codes(texts: Sequence[str]) -> Codes:
    """Return the folded texts as 16-bit codes without white space, `END` after each."""
    parts = [_folded(texts[at : at + _FOLDED]) for at in range(0, len(texts), _FOLDED)]
    return np.concatenate([np.zeros(0, dtype=np.uint16), *parts])


def _folded(texts: Sequence[str]) -> Codes:
    codes = fold("".join(text + AFTER for text in texts)).codes
    codes = codes[codes != ord(SPACE)]
    short = np.where(codes > _FOREIGN, _FOREIGN, codes).astype(np.uint16)
    short[codes == ord(AFTER)] = END
    return short
