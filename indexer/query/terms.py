"""Which terms does a piece of a query ask for?  Text in, leaves out, cut as documents are."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from indexer.analysis import Segmenter, Units, cut, in_words, is_mark
from indexer.query.nodes import Gap, Quotation, Run, Width, Word

_ORDINALS: Final = frozenset(("第", "总"))
"""Words that say nothing without the number after them: 第 27 期, 总 128 期."""

FEW: Final = 10
"""Units that `*` may stand for."""
WIDEST: Final = 30
"""Units of one gap, however many signs there are."""
MOST_PIECES: Final = 16
"""Pieces of a passage with gaps; with more it is read as text."""
_QUESTION_MARKS: Final = ("?", "？")
_STARS: Final = re.compile(r"[*＊]")
_WILDCARDS: Final = re.compile(r"(?<=[^?？*＊])[?？*＊]{1,20}(?=[^?？*＊])")


@functools.lru_cache(maxsize=256)
def units_of(text: str) -> Units:
    """Return the units of a piece of a query, which is looked at from several sides."""
    return cut(text)


def spelled(text: str) -> Run:
    """Return the units of a piece of a query as strings."""
    return units_of(text).sequence.spelled()


def quotation(text: str) -> Quotation | None:
    """Return the leaf for a quotation; None when nothing in it can be looked for."""
    units = spelled(text)
    return Quotation(units, clean(text)) if _says_something(units) else None


def whole_word(text: str) -> Word:
    """Return the leaf for a text that is one word, whatever the segmenter makes of it."""
    return Word(spelled(text), clean(text))


def words(text: str, segmenter: Segmenter) -> tuple[Word | Quotation, ...]:
    """Return the words that the segmenter sees in `text`, in order.

    A number takes along the measure word behind it and the ordinal before it: 第27期 is one
    term, since 第 and 期 stand in every bulletin.  A symbol can only be quoted.
    """
    pieces = _pieces(text, segmenter)
    parts: list[_Piece] = []
    for piece in pieces:
        if parts and _belong_together(parts[-1], piece):
            parts[-1] = parts[-1].joined(piece)
        else:
            parts.append(piece)
    return tuple(part.leaf(text) for part in parts if _says_something(part.units))


def with_gaps(text: str) -> Gap | None:
    """Return the leaf for a term with `?` or `*` between what can be looked for: 复?复产.

    What ends in a question mark is a question, and the marks inside it end questions as well.
    """
    if text.endswith(_QUESTION_MARKS) and not _STARS.search(text):
        return None
    found = list(_WILDCARDS.finditer(text))
    if not found:
        return None
    edges = [0, *(edge for sign in found for edge in sign.span()), len(text)]
    pieces = [spelled(text[a:b]) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if len(pieces) > MOST_PIECES or not all(map(_says_something, pieces)):
        return None
    return Gap(tuple(pieces), tuple(_width(sign[0]) for sign in found), clean(text))


def near_parts(text: str, segmenter: Segmenter) -> tuple[Run, ...]:
    """Return the parts of a nearness: what white space parts, else the words of the text."""
    parts = [spelled(part) for part in text.split()]
    if len(parts) == 1:
        parts = [word.units for word in words(text, segmenter)]
    return tuple(dict.fromkeys(part for part in parts if _says_something(part)))


def _width(signs: str) -> Width:
    one, few = sum(signs.count(sign) for sign in "?？"), any(sign in signs for sign in "*＊")
    # ? may be a clause mark, so that a question that was quoted without marks is still found.
    return Width(one, min(one + FEW if few else one, WIDEST), few and not one)


@dataclass(frozen=True, slots=True)
class _Piece:
    units: tuple[str, ...]
    start: int
    stop: int
    number: bool  # ends in a number or Latin word that may take a measure word
    han: bool

    def joined(self, other: _Piece) -> _Piece:
        return _Piece(
            self.units + other.units, self.start, other.stop, other.number, other.han and self.han
        )

    def leaf(self, text: str) -> Word | Quotation:
        typed = clean(text[self.start : self.stop])
        if spelled(typed) != self.units:  # ¼ is three units, each from the same character
            typed = " ".join(self.units)
        plain = self.number or self.units[-1].isalnum()
        return Word(self.units, typed) if plain else Quotation(self.units, typed)


def _belong_together(before: _Piece, after: _Piece) -> bool:
    if before.number:
        decimal = len(after.units) == 1 and is_mark(after.units[0]) and before.stop == after.start
        return decimal or (after.han and len(after.units) == 1)
    if is_mark(before.units[-1]):
        return len(before.units) > 1 and after.number and before.stop == after.start
    return after.number and before.han and before.units[-1] in _ORDINALS


def _pieces(text: str, segmenter: Segmenter) -> list[_Piece]:
    units = units_of(text)
    each = units.sequence.spelled()
    pieces: list[_Piece] = []
    at = 0
    for han, group in groupby(each, key=in_words):
        run = list(group)
        for word in segmenter.cut("".join(run)) if han else run:
            stop = at + (len(word) if han else 1)
            places = int(units.starts[at]), int(units.stops[stop - 1])
            number = not han and word.isdigit()
            pieces.append(_Piece(each[at:stop], *places, number, han))
            at = stop
    return pieces


def edges(text: str, segmenter: Segmenter) -> frozenset[int]:
    """Return where in `text` a word or number begins or ends."""
    return frozenset(at for piece in _pieces(text, segmenter) for at in (piece.start, piece.stop))


def _says_something(units: tuple[str, ...]) -> bool:
    return any(not is_mark(unit) for unit in units)


def clean(text: str) -> str:
    """Return text as a quotation shows it.

    Double quotation marks, which vanish in folding, are dropped, so that `str` can be read again.
    """
    return text.replace('"', " ").strip()
