"""Which characters stand where on the page of a PDF?  As seen on the screen: turned, cropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from ctypes import byref, c_double
from dataclasses import dataclass
from math import hypot
from typing import Any, Final

from pypdfium2 import PdfPage, PdfTextPage, raw

from indexer.readers.page_runs import Glyphs, Piece

UNKNOWN: Final = "\ufffd"
"""A character that its font does not tell."""
SPOKEN: Final = {"\x02": "-", "\ufffe": "-", "\0": UNKNOWN}
"""What PDFium gives for a hyphen at the end of a line, and for nothing at all."""
LEVEL: Final = 0.1  # rise of a line for its length, beyond which it is turned


@dataclass(frozen=True, slots=True)
class _Sight:
    """How the page lies: its visible part in its own coordinates, and its quarter turns."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a place from the upper left corner of what is seen."""
        return (
            (x - self.left, self.top - y),
            (y - self.bottom, x - self.left),
            (self.right - x, y - self.bottom),
            (self.top - y, self.right - x),
        )[self.turns]

    def direction(self, x: float, y: float) -> tuple[float, float]:
        """Return where an arrow of the page points to on the screen."""
        return ((x, -y), (y, x), (-x, y), (-y, -x))[self.turns]

    def size(self) -> tuple[float, float]:
        """Return width and height of what is seen."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)


class _Place:
    """Where one character stands, in memory that PDFium fills again for each."""

    def __init__(self, text: PdfTextPage) -> None:
        self._text = text.raw
        self.box, self.matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        self.x, self.y = c_double(), c_double()
        self._pointers = [byref(each) for each in (self.box, self.matrix, self.x, self.y)]

    def take(self, number: int) -> None:
        box, matrix, x, y = self._pointers
        raw.FPDFText_GetLooseCharBox(self._text, number, box)
        raw.FPDFText_GetMatrix(self._text, number, matrix)
        raw.FPDFText_GetCharOrigin(self._text, number, x, y)


def glyphs_of(page: PdfPage) -> Glyphs:
    """Return what stands on the visible part of a page."""
    left, bottom, right, top = page.get_cropbox()
    sight = _Sight(left, bottom, right, top, page.get_rotation() // 90 % 4)
    glyphs = Glyphs()
    upright = True
    with closing(page.get_textpage()) as text:
        for piece, level in _pieces(text, sight):
            glyphs.unknown += piece.text == UNKNOWN
            if level:
                glyphs.upright.append(piece)
            elif upright:
                glyphs.turned.append(piece.text)
            else:
                glyphs.turned[-1] += piece.text
            upright = level
    return glyphs


def _pieces(text: PdfTextPage, sight: _Sight) -> Iterator[tuple[Piece, bool]]:
    """Yield the visible characters, and whether each stands upright; a gap is a space."""
    handle: Any = text.raw
    place = _Place(text)
    width, height = sight.size()
    level = True
    for number in range(text.count_chars()):
        place.take(number)
        piece = _piece(number, handle, place, sight)
        if raw.FPDFText_IsGenerated(handle, number) == 1:
            if piece.text == " ":
                yield piece, level
            continue
        if 0 <= piece.left + piece.right <= 2 * width and 0 <= piece.base <= height + piece.size:
            along, down = sight.direction(place.matrix.a, place.matrix.b)
            level = along > 0 and abs(down) <= LEVEL * along
            yield piece, level


def _piece(number: int, handle: Any, place: _Place, sight: _Sight) -> Piece:
    box, matrix = place.box, place.matrix
    one, other = sight.point(box.left, box.top), sight.point(box.right, box.bottom)
    size = raw.FPDFText_GetFontSize(handle, number) * hypot(matrix.c, matrix.d)
    return Piece(
        _character(number, handle),
        min(one[0], other[0]),
        max(one[0], other[0]),
        sight.point(place.x.value, place.y.value)[1],
        size or box.top - box.bottom or 1.0,
    )


def _character(number: int, handle: Any) -> str:
    if raw.FPDFText_HasUnicodeMapError(handle, number) == 1:
        return UNKNOWN
    character = chr(raw.FPDFText_GetUnicode(handle, number))
    return SPOKEN.get(character, character)
