"""How else is this number written?  第27期, 第二十七期, 第廿七期, 第027期; 25家, 二十五家."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.analysis import spell
from indexer.analysis.numerals import to_chinese, to_int
from indexer.query.nodes import Node, Numeral, Quotation

_CHINESE: Final = "一二三四五六七八九十百千万零〇○两廿卅"
_NUMBER: Final = re.compile(
    rf"""(?P<before>总?第\s*)?
    (?P<number>(?<![0-9０-９.．])[0-9０-９]{{1,5}}(?![0-9０-９.．％%])|[{_CHINESE}]{{1,9}})
    (?P<after>[一-鿕])?""",
    re.VERBOSE,
)
_COUNTED: Final = tuple("期号届次条章节批家个名人项万亿元年月日天周岁级类户所篇份场台套件")
"""What numerals count."""


def find(
    text: str, edges: frozenset[int]
) -> Iterator[tuple[int, int, tuple[tuple[str, Node], ...]]]:
    """Yield where a number stands in `text`, and its other writings as they are shown.

    It takes along the ordinal before it and the character behind it, where a word ends there
    (`edges`); inside a word a numeral is none, and without either it must be all there is.
    """
    for match in _NUMBER.finditer(text):
        counted = match["after"] in _COUNTED and match.end() in edges
        after = match["after"] if counted else ""
        stop = match.end("number") + len(after)
        value = to_int(match["number"])
        ordinal = (match["before"] or "").strip()
        alone = (match.start(), stop) == (0, len(text))
        if value is None or not _is_number(match["number"], ordinal, after, alone):
            continue
        if match.start() in edges and stop in edges:
            typed = spell(text[match.start() : stop])
            others = dict.fromkeys(
                f"{ordinal}{other}{after}" for other in _writings(value, bool(ordinal))
            )
            leaves = ((other, _leaf(other)) for other in others)
            yield match.start(), stop, tuple(pair for pair in leaves if pair[1].units != typed)


def _is_number(written: str, ordinal: str, after: str, alone: bool) -> bool:
    if not (ordinal or after):
        return alone and len(written) > 1
    if written[0] not in _CHINESE:
        return True
    return bool(after) and (bool(ordinal) or len(written) > 1 or after == "月")


def _writings(value: int, ordinal: bool) -> Iterator[str]:
    yield str(value)
    chinese = to_chinese(value)
    yield chinese
    if "零" in chinese:
        yield chinese.replace("零", "〇")
    if 20 < value < 40:
        yield chinese.replace("二十", "廿", 1).replace("三十", "卅", 1)
    if ordinal:
        yield from (f"{value:02}", f"{value:03}")
        yield "".join(to_chinese(int(digit)) for digit in str(value))


def _leaf(written: str) -> Quotation | Numeral:
    """Return the leaf for a number: 二十 is not in 二十七, but a number of digits is a whole."""
    units = spell(written)
    open_ended = {units[0], units[-1]} & set(_CHINESE)
    return Numeral(units, written) if open_ended else Quotation(units, written)
