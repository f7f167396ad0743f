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
    OPEN = "("
    CLOSE = ")"
    OR = "|"
    NOT = "-"
    UNCLOSED = "unclosed"  # an opening quotation mark without its partner


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query and the index of its first character."""

    sign: Sign
    text: str
    position: int


_PAIRS: Final = {'"': '"', "“": "”", "„": "”", "＂": "＂", "「": "」", "『": "』"}
_OPENING: Final = "".join(_PAIRS)
# Each alternative is a single character class or a bounded choice: matching is linear.
_NEXT: Final = re.compile(
    rf"""(?P<space>[\s\u3000]+)
       | (?P<quote>[{_OPENING}”」』])
       | (?P<open>[(（]) | (?P<close>[)）]) | (?P<or>[|｜]|OR(?=[\s\u3000()（）{_OPENING}]|$))
       | (?P<not>[-－−](?=[^\s\u3000)）|｜]))
       | (?P<term>[^\s\u3000()（）|｜{_OPENING}”」』]+)""",
    re.VERBOSE,
)
_SIGNS: Final = {"open": Sign.OPEN, "close": Sign.CLOSE, "or": Sign.OR, "not": Sign.NOT}


def tokens(text: str) -> list[Token]:
    """Return the tokens of a query.  Every character is in one of them or parts two."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _NEXT.match(text, at)
        assert match is not None, "the alternatives cover every character"
        at = match.end()
        kind = match.lastgroup
        if kind == "quote":
            token, at = _quotation(text, match.start())
            found.append(token)
        elif kind == "term":
            found.append(Token(Sign.TERM, match[0], match.start()))
        elif kind in _SIGNS:
            found.append(Token(_SIGNS[kind], match[0], match.start()))
    return found


def _quotation(text: str, start: int) -> tuple[Token, int]:
    closing = text.find(_PAIRS.get(text[start], "\0"), start + 1)
    if closing < 0:
        return Token(Sign.UNCLOSED, text[start], start), start + 1
    return Token(Sign.QUOTATION, text[start + 1 : closing], start), closing + 1
