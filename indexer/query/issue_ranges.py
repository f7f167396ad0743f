"""Which issues does this mean?  3-7, 第3期至第7期, 总第120期以后, 近三期, 3、5、7."""

from __future__ import annotations

import re
from typing import Final

from indexer.analysis.numerals import LARGEST, NUMERAL_CHARACTERS, to_int
from indexer.query.nodes import Any, Between, Having, Latest, Node
from indexer.schema import NONE

_N = rf"[0-9{NUMERAL_CHARACTERS}]{{1,9}}"
_ISSUE = rf"第?\s*({_N})\s*期?"
_TO = r"\s*(?:-|－|–|—+|~|～|\.\.+|至|到)\s*"
_CUMULATIVE: Final = re.compile(r"总\s*(?=第|[0-9])")
_RANGE: Final = re.compile(rf"{_ISSUE}{_TO}{_ISSUE}")
_ONE: Final = re.compile(_ISSUE)
_SINCE: Final = re.compile(rf"{_ISSUE}(?:{_TO}|以后|之后|以来|起)")
_UNTIL: Final = re.compile(rf"(?:{_TO}{_ISSUE}|{_ISSUE}(?:以前|之前|为止))")
_LATEST: Final = re.compile(rf"最?近({_N})期|最新一期|最近一期")
_WITHOUT: Final = frozenset(("无", "无期号", "未标期号", "none"))
_LONGEST: Final = 200


def read_issues(written: str, typed: str) -> Node | None:
    """Return the filter for the issues that are written so, None when they are none.

    `typed` is what stood in the query, the name of the field included.
    """
    text = written.strip()
    if len(text) > _LONGEST:
        return None
    if text.lower() in _WITHOUT:
        return Having("issue", (NONE,), typed)
    if match := _LATEST.fullmatch(text):
        count = to_int(match[1]) if match[1] else 1
        return Latest(count, typed) if count else None
    column = "cumulative" if _CUMULATIVE.match(text) else "issue"
    parts = re.split(r"[、,，;；]", _CUMULATIVE.sub("", text))
    ranges = [_range(part.strip()) for part in parts]
    found = [range for range in ranges if range is not None]
    if len(found) < len(ranges):
        return None
    filters = tuple(Between(column, low, high, typed) for low, high in found)
    return filters[0] if len(filters) == 1 else Any(filters)


def _range(text: str) -> tuple[int, int] | None:
    if match := _ONE.fullmatch(text):
        bounds = to_int(match[1]), to_int(match[1])
    elif match := _RANGE.fullmatch(text):
        bounds = to_int(match[1]), to_int(match[2])
    elif match := _SINCE.fullmatch(text):
        bounds = to_int(match[1]), LARGEST
    elif match := _UNTIL.fullmatch(text):
        bounds = 0, to_int(match[1] or match[2])
    else:
        return None
    low, high = bounds
    return None if low is None or high is None or low > high else (low, high)
