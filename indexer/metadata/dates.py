"""When was it published?  A date of the masthead, as exact as it stands there."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Final

from indexer.analysis.numerals import DIGITS, TENS, UNITS, to_int
from indexer.metadata.wording import plain

_DIGIT = "".join(DIGITS)
_SMALL = rf"(?:[0-9]{{1,2}}|[{_DIGIT}{''.join(UNITS)}{''.join(TENS)}]{{1,3}})"
_YEAR = rf"(?:[12][0-9]{{3}}|[{_DIGIT}]{{4}})"
_REPUBLIC = rf"民国\s?(?P<republic>[0-9]{{1,3}}|[{_DIGIT}{''.join(UNITS)}]{{1,5}})"
_MARKED = (
    rf"(?<![0-9])(?:{_REPUBLIC}|(?P<year>{_YEAR}))\s?年\s?"
    rf"(?P<month>{_SMALL})(?:\s?[-—–~、至]\s?{_SMALL})?\s?月(?:[份号刊]|\s?(?P<day>{_SMALL})\s?[日号])?"
)
_FIGURES = (
    r"(?<![0-9./-])(?P<y>(?:19|20)[0-9]{2})(?P<mark>[-./])(?P<m>[0-9]{1,2})"
    r"(?:(?P=mark)(?P<d>[0-9]{1,2}))?(?![0-9])"
)
_ENGLISH = (
    r"(?<![A-Za-z])(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?\s"
    r"(?:(?P<date>[0-3]?[0-9]),?\s)?(?P<anno>(?:19|20)[0-9]{2})(?![0-9])"
)
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
_HOUR = r"(?:\s?[0-2]?[0-9](?::[0-5][0-9](?::[0-5][0-9])?|[时点](?:[0-5]?[0-9]分)?))"
_WEEKDAY = r"(?:\s{0,4}[(]?(?:星期|周)[一二三四五六日天][)]?)"
_UNTIL = rf"(?:\s?[-—–~至]{{1,2}}\s?(?:{_YEAR}\s?年\s?)?{_SMALL}\s?月\s?{_SMALL}\s?日)"
DATE: Final = re.compile(
    rf"(?:{_MARKED}|{_FIGURES}|{_ENGLISH})(?:{_UNTIL}|{_WEEKDAY}|{_HOUR})?", re.IGNORECASE
)
"""A whole statement of a date, with the weekday, the hour or the last day that stand with it."""

_COMPACT = re.compile(
    r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})(?P<m>[01][0-9])(?P<d>[0-3][0-9])(?![0-9])"
)
_ISSUE_YEAR = re.compile(rf"(?P<year>{_YEAR})\s?年?\s?第\s?[^期]{{1,9}}期")
_SET_APART = re.compile(r"\s{0,8}(?:$|[）)】\]」』：:丨|·,，—–第总#])")


def find(lines: Iterable[str], title: str = "") -> str:
    """Return the most exact date that the masthead states, the first of several, or nothing.

    In a headline a date counts only when it is set apart, as in 周报（2024年6月）.
    """
    found = [read(match) for line in lines for match in DATE.finditer(plain(line))]
    headline = plain(title)
    found += [
        read(match) for match in DATE.finditer(headline) if _SET_APART.match(headline, match.end())
    ]
    return max(found, key=len, default="")


def find_in_name(name: str) -> str:
    """Return a whole date in a file's name (2020-03-18, 20200318), or nothing."""
    matches = (*DATE.finditer(plain(name)), *_COMPACT.finditer(name))
    return next((date for date in map(read, matches) if len(date) == 10), "")


def issue_year(lines: Iterable[str]) -> str:
    """Return the year of 2020年第3期, or nothing."""
    for line in lines:
        if (match := _ISSUE_YEAR.search(plain(line))) and (year := _year(match["year"])):
            return str(year)
    return ""


def read(match: re.Match[str]) -> str:
    """Return a matched date in ISO 8601, or nothing when the calendar has no such day."""
    groups = match.groupdict()
    republic = to_int(groups.get("republic") or "")
    year = republic + 1911 if republic else _year(_first(groups, "year", "y", "anno"))
    month = to_int(_first(groups, "month", "m")) or _month(groups.get("name") or "")
    written = _first(groups, "day", "d", "date")
    day = to_int(written) if written else None
    if not year or not month or (written and day is None):
        return ""
    try:
        date = datetime.date(year, month, 1 if day is None else day).isoformat()
    except ValueError:
        return ""
    return date if written else date[:7]


def _first(groups: dict[str, str | None], *names: str) -> str:
    return next((value for name in names if (value := groups.get(name))), "")


def _month(name: str) -> int:
    """Return 12 for December; 0 for no name."""
    return _MONTHS.index(name[:3].title()) // 3 + 1 if name else 0


def _year(numeral: str) -> int | None:
    year = to_int(numeral)
    return year if year and 1900 <= year <= 2099 else None
