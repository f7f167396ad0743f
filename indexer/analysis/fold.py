"""When are two characters the same to a reader?  Folding, with the way back to the original.

`fold` gives the comparable form of a text and, for each of its characters, where it came from:

- compatibility forms become the common form (full width, Kangxi radicals, ligatures), letters
  become lower case, traditional characters become simplified ones, each by itself;
- white space, brackets and quotation marks vanish, but between two Latin words or numbers they
  leave one space, which parts them (`QC (PDCA)` is not one word `qcpdca`);
- every clause mark becomes the same one, `MARK`;
- invisible characters (zero width, soft hyphen, byte order mark, controls) vanish without trace.

Folding works on arrays: a table from code point to folded code point is filled as texts first
need it, so that a short-lived command waits for some hundred characters alone.  The few characters
that fold to several go one by one.
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Classes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int32]
_Number = TypeVar("_Number", np.uint8, np.uint32)

MARK: Final = ","
SPACE: Final = " "

_CLAUSE_MARKS: Final = frozenset("，。；：！？、…‥⋯,.;:!?｡､．")
_UNKNOWN: Final = 0
_VANISHES: Final = 1
_SPACE_CODE: Final = ord(SPACE)
_SEVERAL: Final = 0xFFFFFFFF
_COMBINES: Final = 0xFFFFFFFE

ALONE, LETTER, DIGIT = 1, 2, 3
"""Classes of folded characters: a unit by itself, part of a Latin word, part of a number."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text.  All arrays are as long as it is.

    `codes` are its code points; `classes` is ALONE, LETTER or DIGIT for each; the character came
    from `original[starts[i]:stops[i]]`.
    """

    codes: Codes
    classes: Classes
    starts: Offsets
    stops: Offsets

    @property
    def text(self) -> str:
        """The folded text as a string."""
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")


def fold(text: str) -> Folded:
    """Return the comparable form of `text` with the origin of each of its characters."""
    each = fold_each(text)
    codes, classes, places = _visible_or_parting(each.codes)
    return Folded(codes, classes, *each.origin(places, places))


class Each(NamedTuple):
    """What characters fold to, one after another: spaces and what vanishes (no code above that of
    a space) are still among them.

    The i-th came from `original[starts[i]:stops[i]]`, or from `original[i]` where that is None.
    """

    codes: Codes
    starts: Offsets | None = None
    stops: Offsets | None = None

    def origin(
        self, first: npt.NDArray[np.signedinteger[Any]], last: npt.NDArray[np.signedinteger[Any]]
    ) -> tuple[Offsets, Offsets]:
        """Return where in the original stretches of characters begin and end."""
        if self.starts is None or self.stops is None:
            return first.astype(np.int32, copy=False), last.astype(np.int32) + np.int32(1)
        return self.starts.take(first), self.stops.take(last)


def fold_each(text: str) -> Each:
    """Return what the characters of `text` fold to."""
    folded = _TABLE.look_up(code_points(text))
    return Each(folded) if folded.max(initial=0) < _COMBINES else _fold_slowly(text, folded)


def classes_of(codes: Codes) -> Classes:
    """Return the class of every code point among `codes`, and of others, by code point."""
    _TABLE.classes(codes)
    return _TABLE.known


def code_points(text: str) -> Codes:
    """Return the code points of `text`, lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _visible_or_parting(folded: Codes) -> tuple[Codes, Classes, npt.NDArray[np.intp]]:
    """Return what is visible, and the last of the spaces between two words or numbers: codes,
    classes and where they stand.
    """
    at = np.flatnonzero(folded > _SPACE_CODE)
    codes = folded.take(at)
    classes = _TABLE.classes(codes)
    worded = classes != ALONE
    gaps = np.flatnonzero(worded[1:] & worded[:-1] & (at[1:] - at[:-1] > 1)) + 1
    spaces = np.flatnonzero(folded == _SPACE_CODE) if len(gaps) else at[:0]
    if len(spaces):
        last = spaces.searchsorted(at[gaps]) - 1
        parting = (last >= 0) & (spaces[last] > at[gaps - 1])
        gaps, last = gaps[parting], last[parting]
        at = np.insert(at, gaps, spaces[last])
        codes = np.insert(codes, gaps, _SPACE_CODE)
        classes = np.insert(classes, gaps, ALONE)
    return codes, classes, at


def _fold_slowly(text: str, quick: Codes) -> Each:
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
    return Each(folded, np.repeat(starts, counts), np.repeat(stops, counts))


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
        return chr(_VANISHES)
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
    """Folded code point and class of every code point that was looked up before."""

    def __init__(self) -> None:
        self._folded: Codes = np.zeros(0x110000, dtype=np.uint32)
        self.known: Classes = np.zeros(0x110000, dtype=np.uint8)
        """The classes of all code points that were asked for before."""

    def look_up(self, codes: Codes) -> Codes:
        return self._known(self._folded, codes)

    def classes(self, codes: Codes) -> Classes:
        return self._known(self.known, codes)

    def _known(self, table: npt.NDArray[_Number], codes: Codes) -> npt.NDArray[_Number]:
        found = table.take(codes)
        if not found.all():
            self._fill(codes[found == _UNKNOWN])
            found = table.take(codes)
        return found

    def _fill(self, codes: Codes) -> None:
        # Threads may fill in the same code at once: it is known as soon as it is there.
        for code in np.unique(codes).tolist():
            self._folded[code] = _folded_code(chr(code))
            self.known[code] = _class_of(chr(code))


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
