"""When are two characters the same to a reader?  Folding, with the way back to the original.

`fold` gives the comparable form of a text and, for each of its characters, where it came from:

- compatibility forms become the common form (full width, Kangxi radicals, ligatures), letters
  become lower case, traditional characters become simplified ones, each by itself;
- white space, brackets and quotation marks vanish, but between two Latin words or numbers they
  leave one space, which parts them (`QC (PDCA)` is not one word `qcpdca`);
- every clause mark becomes the same one, `MARK`;
- invisible characters (zero width, soft hyphen, byte order mark, controls) vanish without trace.

Folding works on arrays: a table from code point to folded code point is filled a page of 256 at
a time, when a text first needs it.  The few characters that fold to several go one by one.
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Offsets = npt.NDArray[np.int32]

MARK: Final = ","
SPACE: Final = " "

_CLAUSE_MARKS: Final = frozenset("，。；：！？、…‥⋯,.;:!?｡､．")
_VANISHES: Final = 0
_SPACE_CODE: Final = ord(SPACE)
_SEVERAL: Final = 0xFFFFFFFF
_COMBINES: Final = 0xFFFFFFFE

ALONE, LETTER, DIGIT = 0, 1, 2
"""Classes of folded characters: a unit by itself, part of a Latin word, part of a number."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text.  All arrays are as long as it is.

    `codes` are its code points; `classes` is ALONE, LETTER or DIGIT for each; the character came
    from `original[starts[i]:stops[i]]`.
    """

    codes: Codes
    classes: npt.NDArray[np.uint8]
    starts: Offsets
    stops: Offsets

    @property
    def text(self) -> str:
        """The folded text as a string."""
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")


def fold(text: str) -> Folded:
    """Return the comparable form of `text` with the origin of each of its characters."""
    source = code_points(text)
    folded = _TABLE.look_up(source)
    starts = np.arange(len(source), dtype=np.int32)
    stops = starts + np.int32(1)
    if (folded >= _COMBINES).any():
        folded, starts, stops = _fold_slowly(text, folded)
    kept = folded != _VANISHES
    folded, starts, stops = folded[kept], starts[kept], stops[kept]
    classes = _TABLE.classes(folded)
    kept = _parting_or_visible(folded, classes)
    return Folded(folded[kept], classes[kept], starts[kept], stops[kept])


def code_points(text: str) -> Codes:
    """Return the code points of `text`, lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _parting_or_visible(codes: Codes, classes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Keep everything visible, and the last of the spaces between two words or numbers."""
    visible: npt.NDArray[np.bool_] = codes != _SPACE_CODE
    if visible.all():
        return visible
    at = np.flatnonzero(visible)
    before, after = at[:-1], at[1:]
    parts = (classes[before] != ALONE) & (classes[after] != ALONE) & (after - before > 1)
    kept = visible.copy()
    kept[after[parts] - 1] = True
    return kept


def _fold_slowly(text: str, quick: Codes) -> tuple[Codes, Offsets, Offsets]:
    """Fold by itself what becomes several characters or combines with others, a cluster at a time.

    Every other character is a cluster of one, and folds to one.  Nothing combines with white
    space: what begins a paragraph is not part of the one before.
    """
    begins = quick != _COMBINES
    begins[1:] |= quick[:-1] == _SPACE_CODE
    begins[0] = True
    starts = np.flatnonzero(begins).astype(np.int32)
    stops = np.append(starts[1:], np.int32(len(quick)))
    codes = quick[begins]
    # What stands before a combining mark may itself fold to another letter; compose first.
    odd = (codes >= _COMBINES) | (stops - starts > 1)
    clusters = zip(starts[odd].tolist(), stops[odd].tolist(), strict=True)
    spelled = [code_points(_expand(text[start:stop])) for start, stop in clusters]
    counts = np.ones(len(codes), dtype=np.int64)
    counts[odd] = [*map(len, spelled)]
    folded = np.repeat(codes, counts)
    folded[np.repeat(odd, counts)] = np.concatenate(spelled)
    return folded, np.repeat(starts, counts), np.repeat(stops, counts)


def _expand(cluster: str) -> str:
    """Fold one character with its combining marks; spaces part what must stay apart."""
    composed = unicodedata.normalize("NFC", cluster)
    return "".join(_fold_char(char) or _several(char) for char in composed)


def _several(char: str) -> str:
    """Fold one character that is spelled with several."""
    common = unicodedata.normalize("NFKC", char).lower()
    spelled = "".join(_fold_char(part) or part for part in common)
    # ① and ² are numbers of their own: 10② is not 102.
    return f" {spelled} " if unicodedata.category(char) == "No" else spelled


def _fold_char(char: str) -> str:
    """Fold one character that needs no neighbour; the empty string when it folds to several."""
    if char in _CLAUSE_MARKS:
        return MARK
    category = unicodedata.category(char)
    if char.isspace() or category in ("Ps", "Pe", "Pi", "Pf") or char in "\"'＂＇":
        return SPACE
    if category in ("Cc", "Cf", "Cs") or _is_variation_selector(char):
        return "\0"
    common = unicodedata.normalize("NFKC", char).lower()
    if len(common) > 1 or category == "No":
        return ""
    return _simplified().get(char, char) if common == char else _fold_char(common)


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


@functools.cache
def _simplified() -> dict[str, str]:
    """Map each traditional character to its simplified form, followed to the end."""
    lines = files("indexer.analysis").joinpath("simplified.txt").read_text("utf-8").split()
    once = {line[0]: line[1] for line in lines}
    return {char: once.get(simple, simple) for char, simple in once.items()}


class _Table:
    """Folded code point and class of every code point, filled a page of 256 at a time."""

    def __init__(self) -> None:
        self._folded: Codes = np.zeros(0x110000, dtype=np.uint32)
        self._classes = np.zeros(0x110000, dtype=np.uint8)
        self._ready = np.zeros(0x1100, dtype=bool)

    def look_up(self, codes: Codes) -> Codes:
        self._fill(codes)
        return self._folded[codes]

    def classes(self, codes: Codes) -> npt.NDArray[np.uint8]:
        self._fill(codes)
        return self._classes[codes]

    def _fill(self, codes: Codes) -> None:
        pages = codes >> 8
        if self._ready[pages].all():
            return
        # A page is marked when it is whole: another thread may fill it too, never read half.
        for page in np.unique(pages[~self._ready[pages]]).tolist():
            for code in range(page << 8, (page + 1) << 8):
                self._folded[code] = _folded_code(chr(code))
                self._classes[code] = _class_of(chr(code))
            self._ready[page] = True


def _folded_code(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Mc") and not _is_variation_selector(char):
        return _COMBINES
    folded = _fold_char(char)
    return ord(folded) if folded else _SEVERAL


def _class_of(char: str) -> int:
    category = unicodedata.category(char)
    if category == "Nd":
        return DIGIT
    if category in ("Mn", "Mc"):
        return LETTER
    return LETTER if category.startswith("L") and not _stands_alone(char) else ALONE


def _stands_alone(char: str) -> bool:
    """Say whether a letter is a unit by itself: Han, kana, bopomofo, Hangul and the like."""
    name = unicodedata.name(char, "")
    return unicodedata.east_asian_width(char) in "WF" or name.startswith(("CJK", "HALFWIDTH"))


_TABLE: Final = _Table()
