"""Which characters stand where on the page of an OFD?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice, repeat
from math import hypot, isfinite
from typing import Final

from lxml import etree

from indexer.errors import UnreadableFile
from indexer.readers.page_runs import Glyphs, Piece

DEEPEST: Final = 10  # units that show units
LEVEL: Final = 0.1  # rise of a line for its length, beyond which it is turned
WHOLE: Final = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f: (x, y) goes to (ax + cy + e, bx + dy + f)."""


@dataclass(slots=True)
class Sheet:
    """What was found on a page so far; `units` are what pages show by its number."""

    units: dict[str, etree._Element]
    glyphs: Glyphs = field(default_factory=Glyphs)
    pictures: int = 0


def take(content: etree._Element, sheet: Sheet, most: int) -> None:
    """Add what a page or a template shows, in the order of the file.

    Raises `UnreadableFile` (`too_complex`) for more than `most` characters.
    """
    for layer in content.iterfind("{*}Content/{*}Layer"):
        _take(layer, sheet, WHOLE, most, 0)


def _take(parent: etree._Element, sheet: Sheet, matrix: Matrix, most: int, depth: int) -> None:
    if depth > DEEPEST:
        raise UnreadableFile("too_complex")
    for child in parent:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if child.get("Visible") == "false":
            continue
        if name == "TextObject":
            _take_text(child, sheet.glyphs, matrix)
        elif name == "ImageObject":
            sheet.pictures += 1
        elif name == "PageBlock":
            _take(child, sheet, matrix, most, depth)
        elif name == "CompositeObject":
            unit = sheet.units.get(child.get("ResourceID", ""))
            for inside in () if unit is None else unit.iterfind("{*}Content"):
                _take(inside, sheet, _of(child, matrix), most, depth + 1)
        if len(sheet.glyphs.upright) > most:
            raise UnreadableFile("too_complex")


def _take_text(text: etree._Element, glyphs: Glyphs, outer: Matrix) -> None:
    """Add the characters of a text object; what has glyphs and no characters is counted."""
    matrix = _of(text, outer)
    a, b, c, d, _, _ = matrix
    size = _number(text.get("Size")) or 1.0
    em = size * _number(text.get("HScale"), 1.0) * a
    placed = list(_placed(text))
    glyphs.unknown += max(0, _shapes(text) - sum(not c.isspace() for c, *_ in placed))
    if a <= 0 or abs(b) > LEVEL * a:
        glyphs.turned.append("".join(character for character, *_ in placed))
        return
    for character, x, y, step in placed:
        left, base = _at(x, y, matrix)
        natural = em * (1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5)
        width = min(natural, step * a) if step > 0 else natural
        glyphs.upright.append(Piece(character, left, left + width, base, size * hypot(c, d)))


def _shapes(text: etree._Element) -> int:
    """Return how many glyphs are drawn for characters that the file does not have at all."""
    codes = "".join(code.text or "" for code in text.iterfind("{*}TextCode"))
    if codes.strip():
        return 0
    return sum(len((g.text or "").split()) for g in text.iterfind("{*}CGTransform/{*}Glyphs"))


def _placed(text: etree._Element) -> Iterator[tuple[str, float, float, float]]:
    """Yield each character, its place in the object, and the step to the next one."""
    x = y = 0.0
    for code in text.iterfind("{*}TextCode"):
        characters = code.text or ""
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        right = _steps(code.get("DeltaX"), len(characters))
        down = _steps(code.get("DeltaY"), len(characters))
        if not any(right) and not any(down):
            size = _number(text.get("Size"), 1.0)
            right = [size if ord(c) > 0xFF else size / 2 for c in characters]
        xs, ys = accumulate(right, initial=x), accumulate(down, initial=y)
        yield from zip(characters, xs, ys, right, strict=False)


def _steps(written: str | None, count: int) -> list[float]:
    """Return the steps after each character; `g n d` is n times d, and the last one goes on."""
    words = iter((written or "").split())
    steps: list[float] = []
    for word in words:
        if word == "g":
            times, step = next(words, ""), _number(next(words, None))
            steps += islice(repeat(step), min(int(times), count))
        else:
            steps.append(_number(word))
        if len(steps) >= count:
            break
    return list(islice(chain(steps, repeat(steps[-1] if steps else 0.0)), count))


def _of(thing: etree._Element, outer: Matrix) -> Matrix:
    """Return how the inside of an object lies on the page."""
    x, y, *_ = (*_numbers(thing.get("Boundary")), 0.0, 0.0)
    own = _numbers(thing.get("CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else WHOLE
    left, top = _at(e + x, f + y, outer)
    oa, ob, oc, od, _, _ = outer
    return (
        *(oa * a + oc * b, ob * a + od * b),
        *(oa * c + oc * d, ob * c + od * d),
        *(left, top),
    )


def _at(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _numbers(written: str | None) -> list[float]:
    return [_number(word) for word in (written or "").split()]


def _number(written: str | None, default: float = 0.0) -> float:
    """Return a number, or the default for nothing.  Raises `ValueError`."""
    found = float(written) if written and written.strip() else default
    if not isfinite(found) or abs(found) > 1e6:
        raise ValueError(written)
    return found
