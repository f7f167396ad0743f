"""The oracle: folding and search written down the plain way, from the contract's own words.

Nothing here is shared with the product but the table of simplified characters.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

MARKS = "，。；：！？、…‥⋯,.;:!?｡､．"
TABLE = Path(__file__).parent.parent / "indexer" / "analysis" / "simplified.txt"


@functools.cache
def simplified() -> dict[str, str]:
    once = {line[0]: line[1] for line in TABLE.read_text("utf-8").split()}
    return {char: once.get(simple, simple) for char, simple in once.items()}


def is_word(char: str) -> str:
    """Return "l" for a letter of a Latin word, "d" for a digit, "" for what stands alone."""
    category = unicodedata.category(char)
    if category == "Nd":
        return "d"
    wide = unicodedata.east_asian_width(char) in "WF"
    return "l" if category[0] in "LM" and not wide else ""


def folded_char(char: str) -> str:
    if char in MARKS:
        return ","
    category = unicodedata.category(char)
    if char.isspace() or category in ("Ps", "Pe", "Pi", "Pf") or char in "\"'＂＇":
        return " "
    if category in ("Cc", "Cf", "Cs") or 0xFE00 <= ord(char) <= 0xFE0F:
        return ""
    common = unicodedata.normalize("NFKC", char).lower()
    if common != char:
        common = "".join(folded_char(part) if part != char else part for part in common)
    common = simplified().get(common, common)
    return f" {common} " if category == "No" else common


def folded(text: str) -> str:
    """Fold as the contract says: white space stays only where it parts two Latin words."""
    spaced = re.sub(" +", " ", "".join(map(folded_char, text)))
    return "".join(
        char
        for at, char in enumerate(spaced)
        if char != " "
        or (0 < at < len(spaced) - 1 and is_word(spaced[at - 1]) and is_word(spaced[at + 1]))
    )


def stands(quotation: str, text: str) -> bool:
    """Say whether a folded quotation stands in a folded text; words and numbers are whole."""
    at = text.find(quotation)
    while at >= 0:
        end = at + len(quotation)
        if not (_same_word(text, at - 1, at) or _same_word(text, end - 1, end)):
            return True
        at = text.find(quotation, at + 1)
    return False


def _same_word(text: str, before: int, after: int) -> bool:
    if before < 0 or after >= len(text):
        return False
    return bool(is_word(text[before])) and is_word(text[before]) == is_word(text[after])
