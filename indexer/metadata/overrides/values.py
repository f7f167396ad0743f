"""Is this what was asked for?  A value as the operator wrote it, checked and read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final, TypeAlias

from indexer.analysis.numerals import to_int
from indexer.bulletin import IssueNumber
from indexer.metadata import dates, issue
from indexer.metadata.notation import Invalid, parts
from indexer.metadata.wording import closed_up, plain

Value: TypeAlias = str | int | IssueNumber | tuple[str, ...] | None

LONGEST: Final = 200
"""Characters of a value; a longer one is a slip of the operator's, and would fill a page."""

NOTHING: Final = ("无", "none")
"""What is written to say that a bulletin has no such thing, whatever the masthead seems to say."""

_ABSENT: Final[dict[str, Value]] = {
    "series": "",
    "issue": None,
    "cumulative": None,
    "document_number": "",
    "date": "",
    "publisher": "",
    "author": "",
    "confidentiality": "",
    "organizations": (),
}
_YEAR = re.compile(r"((?:19|20)[0-9]{2})\s?年?")


def checked(key: str, written: str) -> Value:
    """Return the value of a key: `issue` an `IssueNumber`, `cumulative` a number,
    `organizations` names, `encoding` the name of a codec, the others text; for 无 nothing.

    Raises `Invalid`.
    """
    if key in _ABSENT and written.lower() in NOTHING:
        return _ABSENT[key]
    if len(written) > LONGEST and key != "organizations":
        raise Invalid(f"超过 {LONGEST} 字", f"it has more than {LONGEST} characters")
    return _CHECKS[key](written)


def codec(written: str) -> str:
    """Return the name of the codec for text that is called so.  Raises `Invalid`."""
    try:
        b"\xffa".decode(written, "replace")  # rot13 and hex are codecs, but not for text
        return codecs.lookup(written).name
    except (LookupError, ValueError):
        raise Invalid("没有这种编码", "there is no such encoding") from None


def _issue(written: str) -> IssueNumber:
    number = to_int(plain(written))
    if number is not None:
        return IssueNumber(number, f"第{written}期")
    found = issue.find((written,)) if issue.ISSUE.fullmatch(plain(written)) else None
    found = found or issue.find_unnumbered((written,), "")
    if found is None:
        raise Invalid("不是期号", "it is no issue number")
    return found


def _cumulative(written: str) -> int:
    number = to_int(plain(written))
    if number is None and (found := issue.find((written,))):
        number = found.cumulative
    if number is None:
        raise Invalid("不是总期号", "it is no cumulative number")
    return number


def _date(written: str) -> str:
    figures = plain(written)
    if year := _YEAR.fullmatch(figures):
        return year[1]
    match = dates.DATE.fullmatch(figures.replace("/", "-"))
    found = dates.read(match) if match else ""
    if not found:
        raise Invalid("不是日期", "it is no date")
    return found


def _organizations(written: str) -> tuple[str, ...]:
    names = tuple(map(closed_up, parts(written)))
    if any(len(name) > LONGEST for name in names):
        raise Invalid(f"有超过 {LONGEST} 字的名称", f"a name has more than {LONGEST} characters")
    return names


_CHECKS: Final[dict[str, Callable[[str], Value]]] = {
    "title": closed_up,
    "series": closed_up,
    "issue": _issue,
    "cumulative": _cumulative,
    "document_number": closed_up,
    "date": _date,
    "publisher": closed_up,
    "author": closed_up,
    "confidentiality": closed_up,
    "organizations": _organizations,
    "encoding": codec,
}
