"""Which number does an ODT show before this paragraph?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lxml import etree

from indexer.readers.numbering import LEVELS, Level, Numbering, spaced

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
NOWHERE: Final = "-"  # no identifier in XML
OUTLINE: Final = "outline"  # the list that all headings outside of lists are in
FORMS: Final = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一, 二, 三, ...": "chineseCounting",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "１, ２, ３, ...": "decimalFullWidth",
}
"""How a count is written, by `style:num-format`, in the words of `numbering`."""


class Lists:
    """The lists of a document and how far each has counted; paragraphs are asked in order."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._numbering = Numbering(None)
        self._styles: dict[str, dict[int, Level]] = {}
        self._ids: dict[str, str] = {}
        self._latest: dict[str, str] = {}
        self._count = 0
        for root in roots:
            for style in root.iter(f"{TEXT}list-style"):
                self._styles[style.get(f"{STYLE}name", "")] = _levels(style)
            for style in root.iter(f"{TEXT}outline-style"):
                self._numbering.know(OUTLINE, _levels(style))

    def number_of(self, found: etree._Element) -> str:
        """Return the number of a list that stands in no other: its own, or of one it goes on."""
        style = found.get(f"{TEXT}style-name", "")
        goes_on = self._ids.get(found.get(f"{TEXT}continue-list", NOWHERE), "")
        if not goes_on and found.get(f"{TEXT}continue-numbering") == "true":
            goes_on = self._latest.get(style, "")
        own = goes_on or self._begin(style)
        self._latest[style] = self._ids[found.get(ID, "")] = own
        return own

    def _begin(self, style: str) -> str:
        self._count += 1
        self._numbering.know(str(self._count), self._styles.get(style, {}))
        return str(self._count)

    def label(self, number: str, place: int) -> str:
        """Return what stands before the next paragraph of a list, at level `place` (0–8)."""
        return spaced(self._numbering.label(number, place)) if place < LEVELS else ""


def _levels(style: etree._Element) -> dict[int, Level]:
    levels = {}
    for found in style:
        place = number(found.get(f"{TEXT}level", "")) - 1
        if 0 <= place < LEVELS:
            levels[place] = Level(_text(found, place), _form(found), _start(found))
    return levels


def _text(level: etree._Element, place: int) -> str:
    """Return the label with a `%1` for each count that it shows."""
    shown = max(1, min(number(level.get(f"{TEXT}display-levels", "1")), place + 1))
    counts = ".".join(f"%{n + 1}" for n in range(place + 1 - shown, place + 1))
    before, after = (level.get(f"{STYLE}num-{side}", "") for side in ("prefix", "suffix"))
    return f"{before}{counts}{after}"


def _form(level: etree._Element) -> str:
    form = level.get(f"{STYLE}num-format", "")
    return FORMS.get(form, "decimal") if form else "none"


def _start(level: etree._Element) -> int:
    return number(level.get(f"{TEXT}start-value", "1"))


def number(text: str) -> int:
    """Return a small number, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
