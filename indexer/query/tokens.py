"""Which operators stand in a query?  Text in, tokens with their positions out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Sign(Enum):
    """What a token is."""

    TERM = "term"
    QUOTATION = "quotation"
    NEAR = "~"  # a quotation with ~5 behind it
    FIELD = ":"  # the name of a field with its colon
    OPEN = "("
    CLOSE = ")"
    OR = "|"
    NOT = "-"
    UNCLOSED = "unclosed"  # an opening quotation mark without its partner


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query, without quotation marks, and the half-open range it takes there.

    `slack` is the number behind the ~ of a `NEAR`.
    """

    sign: Sign
    text: str
    position: int
    end: int
    slack: int = 0


FIELD_NAMES: Final[dict[str, str]] = {
    **dict.fromkeys(("标题", "题目", "title"), "title"),
    **dict.fromkeys(("单位", "机构", "org", "organization"), "org"),
    **dict.fromkeys(("期号", "issue"), "issue"),
    **dict.fromkeys(("日期", "时间", "date"), "date"),
    **dict.fromkeys(("系列", "刊名", "series"), "series"),
    **dict.fromkeys(("编发单位", "publisher"), "publisher"),
}
"""What each field may be called."""

_PAIRS: Final = {'"': '"', "“": "”", "„": "”", "＂": "＂", "「": "」", "『": "』"}
_OPENING: Final = "".join(_PAIRS)
_FIELDS: Final = "|".join(sorted(FIELD_NAMES, key=len, reverse=True))
# Each alternative is a single character class or a bounded choice: matching is linear.
_NEXT: Final = re.compile(
    rf"""(?P<space>[\s\u3000]+)
       | (?P<quote>[{_OPENING}”」』])
       | (?P<open>[(（]) | (?P<close>[)）]) | (?P<or>[|｜]|OR(?=[\s\u3000()（）{_OPENING}]|$))
       | (?P<not>[-－−](?=[^\s\u3000)）|｜]))
       | (?P<field>(?i:{_FIELDS})[:：](?=[^\s\u3000)）|｜”」』]))
       | (?P<term>[^\s\u3000()（）|｜{_OPENING}”」』]+)""",
    re.VERBOSE,
)
_NEAR: Final = re.compile(r"[~～]([0-9０-９]{1,4})")
_SIGNS: Final = {
    "open": Sign.OPEN,
    "close": Sign.CLOSE,
    "or": Sign.OR,
    "not": Sign.NOT,
    "field": Sign.FIELD,
    "term": Sign.TERM,
}


def tokens(text: str) -> list[Token]:
    """Return the tokens of a query.  Every character is in one of them or parts two."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _NEXT.match(text, at)
        assert match is not None, "the alternatives cover every character"
        kind = match.lastgroup
        if kind == "quote":
            found.append(_quotation(text, at))
        elif kind in _SIGNS:
            found.append(Token(_SIGNS[kind], match[0], *match.span()))
        at = max(match.end(), found[-1].end if found else 0)
    return found


def _quotation(text: str, start: int) -> Token:
    closing = text.find(_PAIRS.get(text[start], "\0"), start + 1)
    if closing < 0:
        return Token(Sign.UNCLOSED, text[start], start, start + 1)
    quoted = text[start + 1 : closing]
    if near := _NEAR.match(text, closing + 1):
        return Token(Sign.NEAR, quoted, start, near.end(), int(near[1]))
    return Token(Sign.QUOTATION, quoted, start, closing + 1)
