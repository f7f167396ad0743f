"""Which number does Word show before this paragraph?  一、 and （二） stand in no run of text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS: Final = 9  # of a list, in the format
HAN_DIGITS: Final = "〇一二三四五六七八九"
PLACE = re.compile("%([1-9])")
ROMAN: Final = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts: 第%1章 in `text`, from `start`."""

    text: str
    form: str
    start: int


class Numbering:
    """The lists of a document and how far each has counted; paragraphs are asked in order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, tuple[str, dict[int, Level]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        if root is not None:
            abstract = {
                found.get(f"{W}abstractNumId", ""): _levels(found)
                for found in root.iter(f"{W}abstractNum")
            }
            for found in root.iter(f"{W}num"):
                self._add(found, abstract)

    def _add(self, found: etree._Element, abstract: dict[str, dict[int, Level]]) -> None:
        """Know a list; those with the same levels count on together unless one begins anew."""
        number = found.get(f"{W}numId", "")
        name = value(found.find(f"{W}abstractNumId"))
        levels = dict(abstract.get(name, {}))
        anew = False
        for change in found.iter(f"{W}lvlOverride"):
            levels.update(_levels(change))
            start = value(change.find(f"{W}startOverride"))
            place = _number(change.get(f"{W}ilvl", ""))
            if start and place in levels:
                levels[place] = Level(levels[place].text, levels[place].form, _number(start))
                anew = True
        self.know(number, levels, f"{name}/{number}" if anew else name)

    def know(self, number: str, levels: dict[int, Level], name: str = "") -> None:
        """Know a list by its number; lists of the same `name` count on together."""
        self._lists[number] = (name or number, levels)

    def label(self, number: str, place: int) -> str:
        """Return the number of the next paragraph of a list, at level `place` (0–8), or nothing."""
        name, levels = self._lists.get(number, ("", {}))
        level = levels.get(place)
        if level is None:
            return ""
        counts = self._counts.setdefault(name, [None] * LEVELS)
        so_far = counts[place]
        counts[place] = level.start if so_far is None else so_far + 1
        counts[place + 1 :] = [None] * (LEVELS - place - 1)
        if level.form in ("bullet", "none"):
            return ""
        return PLACE.sub(lambda found: _count(int(found[1]) - 1, levels, counts), level.text)


def spaced(label: str) -> str:
    """Return the number of a paragraph as it stands before the text: a Latin one with a space."""
    return f"{label} " if label[-1:].isascii() and label else label


def value(element: etree._Element | None) -> str:
    """Return the `w:val` of an element, or nothing."""
    return "" if element is None else element.get(f"{W}val", "")


def _levels(container: etree._Element) -> dict[int, Level]:
    found = {
        _number(level.get(f"{W}ilvl", "")): Level(
            value(level.find(f"{W}lvlText")),
            value(level.find(f"{W}numFmt")),
            _number(value(level.find(f"{W}start")) or "1"),
        )
        for level in container.iter(f"{W}lvl")
    }
    return {place: level for place, level in found.items() if place < LEVELS}


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else 0


def _count(place: int, levels: dict[int, Level], counts: list[int | None]) -> str:
    level = levels.get(place)
    if level is None:
        return ""
    count = counts[place]
    return FORMS.get(level.form, str)(level.start if count is None else count)


def _han(count: int) -> str:
    """Return 十二 for 12; from a hundred on digit by digit, which no list of a bulletin reaches."""
    if not 0 < count < 100:
        return _digits(count)
    tens, ones = divmod(count, 10)
    ten = "" if not tens else "十" if tens == 1 else HAN_DIGITS[tens] + "十"
    return ten + (HAN_DIGITS[ones] if ones else "")


def _digits(count: int) -> str:
    return "".join(HAN_DIGITS[int(digit)] for digit in str(count))


def _circled(count: int) -> str:
    return chr(ord("①") + count - 1) if 0 < count <= 20 else str(count)


def _letter(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if 0 < count < 100 else ""


def _roman(count: int) -> str:
    if not 0 < count < 40:
        return str(count)
    text = ""
    for worth, sign in ROMAN:
        times, count = divmod(count, worth)
        text += sign * times
    return text


FORMS: Final[dict[str, Callable[[int], str]]] = {
    "chineseCounting": _han,
    "chineseCountingThousand": _han,
    "taiwaneseCountingThousand": _han,
    "japaneseCounting": _han,
    "ideographDigital": _digits,
    "taiwaneseDigital": _digits,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalFullWidth": lambda count: "".join(chr(ord(d) + 0xFEE0) for d in str(count)),
    "decimalZero": lambda count: f"{count:02}",
    "lowerLetter": _letter,
    "upperLetter": lambda count: _letter(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
}
"""How a count is written, by `w:numFmt`; all others are written as plain digits."""
