"""Which days does this mean?  2020-02..2020-03, 2020年一季度, 今年上半年, 近三个月.

A period is two numbers as in `Document.date`, both included; parts that are not said are 00 at
the beginning and 99 at the end, so that a bulletin of which only the month is known is in it.
"""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Final, NamedTuple

from indexer.analysis.numerals import NUMERAL_CHARACTERS, to_int


class Period(NamedTuple):
    """From the day `low` to the day `high`."""

    low: int
    high: int


FIRST: Final = 1
LAST: Final = 99_999_999

_N = rf"[0-9{NUMERAL_CHARACTERS}]{{1,9}}"
_YEAR = rf"""(?P<year>[0-9]{{4}}|[{NUMERAL_CHARACTERS}]{{4}})年?
    | (?P<that_year>今年|本年度?|去年|上年|前年|明年)"""
_MONTHS = rf"""(?P<month>{_N})月份?(?:(?P<day>{_N})[日号]?)?
    | 第?(?P<quarter>[1-4一二三四])季度 | [Qq](?P<q>[1-4]) | (?P<half>[上下])半年"""
_NAMED: Final = re.compile(rf"(?:{_YEAR})(?:{_MONTHS})?", re.VERBOSE)
_NUMERIC: Final = re.compile(
    r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})(?:[-/.](?P<day>[0-9]{1,2}))?"
)
_RELATIVE: Final = re.compile(
    rf"(?P<span>本|这个?|上个?|今|昨|前)(?P<unit>月|季度|周|星期|天|日)"
    rf"|(?:最?近|过去)(?P<count>{_N}|半|几)个?(?P<many>年|月|季度|周|星期|天|日)"
)
_RANGE: Final = re.compile(r"(.*?)\s*(?:\.\.+|…|至|到|~|—+|－)\s*(.*)", re.DOTALL)
_SINCE: Final = re.compile(r"(.+?)(?:以后|之后|以来|起)")
_UNTIL: Final = re.compile(r"(.+?)(?:以前|之前|为止)")
_YEARS_BACK: Final = {
    "今年": 0,
    "本年": 0,
    "本年度": 0,
    "去年": 1,
    "上年": 1,
    "前年": 2,
    "明年": -1,
}
_HALF_YEAR: Final = 182  # days
_DAYS: Final = {"年": 365, "季度": 91, "月": 30, "周": 7, "星期": 7, "天": 1, "日": 1}
_LONGEST: Final = 60


def read_period(written: str, today: datetime.date) -> Period | None:
    """Return the period that is written so, None when it is none."""
    text = written.strip()
    if not text or len(text) > _LONGEST:
        return None
    if found := _single(text, today):
        return found
    if match := _SINCE.fullmatch(text):
        since = _single(match[1], today)
        return Period(since.low, LAST) if since else None
    if match := _UNTIL.fullmatch(text):
        until = _single(match[1], today)
        return Period(FIRST, until.high) if until else None
    return _range(text, today)


def _range(text: str, today: datetime.date) -> Period | None:
    match = _RANGE.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return None
    low = _single(match[1], today) if match[1] else Period(FIRST, LAST)
    high = _single(match[2], today) if match[2] else Period(FIRST, LAST)
    if high is None and low is not None and match[1]:
        high = _single(_same_year(match[1], match[2]), today)
    return Period(low.low, high.high) if low and high and low.low <= high.high else None


def _same_year(first: str, second: str) -> str:
    """Return 2020年3月 for the second part of 2020年2月至3月."""
    named = _NAMED.match(first)
    return f"{named[0][: named.end('year')]}年{second}" if named and named["year"] else second


def _single(text: str, today: datetime.date) -> Period | None:
    if match := _NUMERIC.fullmatch(text):
        return _of(match["year"], match["month"], match["day"])
    if match := _NAMED.fullmatch(text):
        return _named(match, today)
    if match := _RELATIVE.fullmatch(text):
        return _relative(match, today)
    return None


def _named(match: re.Match[str], today: datetime.date) -> Period | None:
    year = match["year"] or str(today.year - _YEARS_BACK[match["that_year"]])
    if match["half"]:
        return _months(year, (1, 6) if match["half"] == "上" else (7, 12))
    if number := match["quarter"] or match["q"]:
        quarter = to_int(number)
        return _months(year, (quarter * 3 - 2, quarter * 3)) if quarter else None
    return _of(year, match["month"], match["day"])


def _of(year: str, month: str | None, day: str | None) -> Period | None:
    numbers = [to_int(part) for part in (year, month, day) if part is not None]
    limits = (9999, 12, 31)
    if any(n is None or not 1 <= n <= limit for n, limit in zip(numbers, limits, strict=False)):
        return None
    digits = f"{numbers[0]:04}" + "".join(f"{number:02}" for number in numbers[1:])
    return Period(int(digits.ljust(8, "0")), int(digits.ljust(8, "9")))


def _months(year: str, months: tuple[int, int]) -> Period | None:
    low, high = (_of(year, str(month), None) for month in months)
    return Period(low.low, high.high) if low and high else None


def _relative(match: re.Match[str], today: datetime.date) -> Period | None:
    if match["unit"]:
        return _calendar(match["span"], match["unit"], today)
    count = {"半": 0, "几": 3}.get(match["count"], to_int(match["count"]))
    if count is None or count > 10_000:
        return None
    days = count * _DAYS[match["many"]]
    if match["count"] == "半":
        days = _DAYS[match["many"]] // 2
    try:
        return _days(today - datetime.timedelta(days=days), today)
    except OverflowError:
        return None


def _calendar(span: str, unit: str, today: datetime.date) -> Period | None:
    """Return 本月, 上季度, 上周, 今天, 昨天, 前天."""
    back = {"上": 1, "上个": 1, "昨": 1, "前": 2}.get(span, 0)
    if (unit in ("天", "日")) != (span in ("今", "昨", "前")):
        return None
    if unit in ("天", "日"):
        day = today - datetime.timedelta(days=back)
        return _days(day, day)
    if unit in ("周", "星期"):
        monday = today - datetime.timedelta(days=today.weekday() + 7 * back)
        return _days(monday, monday + datetime.timedelta(days=6))
    step = 3 if unit == "季度" else 1
    month = (today.year * 12 + today.month - 1) // step * step - step * back
    year, first = divmod(month, 12)
    return _months(str(year), (first + 1, first + step))


def _days(low: datetime.date, high: datetime.date) -> Period:
    if low.day == 1 and high.day == calendar.monthrange(high.year, high.month)[1]:
        return Period(int(f"{low:%Y%m}00"), int(f"{high:%Y%m}99"))
    return Period(int(f"{low:%Y%m%d}"), int(f"{high:%Y%m%d}"))
