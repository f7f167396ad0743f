"""What does a text state of itself before it begins?  Front matter: lines of `key: value`.

It is front matter only when every line between the two rules is such a line with a key of ours;
everything else is text, and a reader sees it.
"""

from __future__ import annotations

import re

from indexer.corrections import key_of

Front = tuple[tuple[str, str], ...]
"""Keys and values as written, in order."""

_OPENING = re.compile(r"\s{0,99}---[ \t]*(?:\r\n|[\r\n])")
_PAIR = re.compile(r"([^:：\r\n]{1,40})[:：]([^\r\n]*)(?:\r\n|[\r\n])")
_CLOSING = re.compile(r"---[ \t]*(?:\r\n|[\r\n]|\Z)")
_QUOTED = re.compile(r"(?P<mark>[\"'])(?P<value>.*)(?P=mark)")


def take_off(text: str) -> tuple[Front, str]:
    """Return what the front matter states and the text below it; no front matter, all the text."""
    opening = _OPENING.match(text)
    pairs: list[tuple[str, str]] = []
    end = opening.end() if opening else 0
    while opening and (pair := _PAIR.match(text, end)) and key_of(pair[1]):
        pairs.append((pair[1].strip(), _unquoted(pair[2].strip())))
        end = pair.end()
    closing = _CLOSING.match(text, end) if pairs else None
    return (tuple(pairs), text[closing.end() :]) if closing else ((), text)


def _unquoted(value: str) -> str:
    quoted = _QUOTED.fullmatch(value)
    return quoted["value"] if quoted else value
