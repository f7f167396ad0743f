"""Which terms does a piece of a query ask for?  Text in, leaves out, cut as documents are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from indexer.analysis import Segmenter, cut, in_words, is_mark, spell
from indexer.query.nodes import Quotation, Word

_ORDINALS: Final = frozenset(("第", "总"))
"""Words that say nothing without the number after them: 第 27 期, 总 128 期."""


def quotation(text: str) -> Quotation | None:
    """Return the leaf for a quotation; None when nothing in it can be looked for."""
    units = cut(text).sequence.spelled()
    return Quotation(units, _clean(text)) if _says_something(units) else None


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
        typed = _clean(text[self.start : self.stop])
        if spell(typed) != self.units:  # ¼ is three units, each from the same character
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
    units = cut(text)
    spelled = units.sequence.spelled()
    pieces: list[_Piece] = []
    at = 0
    for han, group in groupby(spelled, key=in_words):
        run = list(group)
        for word in segmenter.cut("".join(run)) if han else run:
            stop = at + (len(word) if han else 1)
            places = int(units.starts[at]), int(units.stops[stop - 1])
            number = not han and word.isdigit()
            pieces.append(_Piece(spelled[at:stop], *places, number, han))
            at = stop
    return pieces


def _says_something(units: tuple[str, ...]) -> bool:
    return any(not is_mark(unit) for unit in units)


def _clean(text: str) -> str:
    """Drop double quotation marks, which vanish in folding, so that `str` can be read again."""
    return text.replace('"', " ").strip()
