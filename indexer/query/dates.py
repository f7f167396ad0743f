"""How else is this date written?  2020年3月18日, 二〇二〇年三月十八日, 2020-03-18, 2020.3.18."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.analysis.numerals import NUMERAL_CHARACTERS, to_chinese, to_int

_N = rf"[0-9０-９]{{1,2}}|[{NUMERAL_CHARACTERS}]{{1,3}}"
_DATE: Final = re.compile(
    rf"""(?<![0-9０-９{NUMERAL_CHARACTERS}])(?:
        (?P<year>[0-9０-９]{{4}}|[{NUMERAL_CHARACTERS}]{{4}})年
            (?:(?P<month>{_N})月(?:(?P<day>{_N})[日号])?)?
      | (?P<numeric_year>[0-9]{{4}})(?P<sign>[-/.])(?P<numeric_month>[0-9]{{1,2}})
            (?:(?P=sign)(?P<numeric_day>[0-9]{{1,2}}))?
      | (?P<only_month>{_N})月(?P<only_day>{_N})[日号]
    )(?![0-9０-９])""",
    re.VERBOSE,
)
_ZEROS: Final = ("〇", "○", "零")
"""What stands for 0 in a year that is written out."""


def find(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield where a date stands in `text`, and its other writings."""
    for match in _DATE.finditer(text):
        year, month, day = (_part(match, name) for name in ("year", "month", "day"))
        # 2020.3 is a number as well.
        doubtful = match["sign"] == "." and day is None
        if not doubtful and _is_date(year, month, day):
            typed = match[0]
            others = dict.fromkeys(_writings(year, month, day))
            yield (*match.span(), tuple(other for other in others if other != typed))


def _part(match: re.Match[str], name: str) -> int | None:
    written = match[name] or (match[f"only_{name}"] if name != "year" else None)
    return to_int(written or match[f"numeric_{name}"] or "")


def _is_date(year: int | None, month: int | None, day: int | None) -> bool:
    limits = ((year, 1900, 2099), (month, 1, 12), (day, 1, 31))
    return all(part is None or low <= part <= high for part, low, high in limits)


def _writings(year: int | None, month: int | None, day: int | None) -> Iterator[str]:
    yield from _arabic(year, month, day)
    yield from _chinese(year, month, day)
    if year is None or month is None:
        return
    for sign in "-/" if day is None else "-/.":
        for digits in (2, 1):
            rest = (f"{part:0{digits}}" for part in (month, day) if part is not None)
            yield sign.join((str(year), *rest))


def _arabic(year: int | None, month: int | None, day: int | None) -> Iterator[str]:
    for digits in (1, 2):
        parts = ((year, "年", 4), (month, "月", digits), (day, "日", digits))
        yield "".join(f"{part:0{width}}{name}" for part, name, width in parts if part is not None)


def _chinese(year: int | None, month: int | None, day: int | None) -> Iterator[str]:
    rest = "".join(
        f"{to_chinese(part)}{name}" for part, name in ((month, "月"), (day, "日")) if part
    )
    if year is None:
        yield rest
        return
    for zero in _ZEROS:
        digits = (zero if digit == "0" else to_chinese(int(digit)) for digit in str(year))
        yield f"{''.join(digits)}年{rest}"
