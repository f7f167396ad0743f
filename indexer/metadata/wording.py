"""How would these words be written plainly?  The common form, character for character.

Bulletins write the same word in full or half width, traditional or simplified, spaced out or not.
What follows here keeps every character in its place, so that a match can be cut from the original.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from indexer.analysis.fold import fold
from indexer.bulletin import Block, Kind

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
"""What stands for a Han character inside the brackets of a pattern."""

RUNNING_LENGTH: Final = 60
"""Characters; a line that is longer is taken for running text, whatever it ends with."""

_LINE_LENGTH: Final = 400
SENTENCE_LENGTH: Final = 12
"""Characters; a line of at least so many that ends with a colon announces what follows."""

_FINAL = re.compile(r"[。！？；!?;…][”’」』》）)\"']*$")
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}，、：；（）《》“”])\s+(?=[{HAN}，、：；（）《》“”])")
_SPACED_OUT = re.compile(rf"(?<![{HAN}])[{HAN}](?:\s+[{HAN}](?![{HAN}]))+")
_SPACE = re.compile(r"\s+")


_COMMON: Final = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00))
}


class _Plain(dict[int, int]):
    """Code point to plain code point, found when first asked for."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        common = unicodedata.normalize("NFKC", character)
        plain = common if len(common) == 1 and not common.isspace() else character
        if character.isspace():
            plain = character if character in "\t\n" else " "
        elif unicodedata.category(plain) == "Lo":
            simplified = fold(plain).text
            plain = simplified if len(simplified) == 1 else plain
        self[code] = ord(plain)
        return self[code]


_PLAIN: Final = _Plain()


def plain(text: str) -> str:
    """Return `text` in half width and simplified characters, each character in its place."""
    return _plain_line(text) if len(text) <= _LINE_LENGTH else text.translate(_PLAIN)


@functools.lru_cache(maxsize=1024)
def _plain_line(line: str) -> str:
    """Remember the few lines of a masthead: each value is looked for in all of them."""
    return line.translate(_PLAIN)


def common(text: str) -> str:
    """Return `text` with common Han for the radicals and variants that some PDF writers leave."""
    return text.translate(_COMMON)


def closed_up(text: str) -> str:
    """Return a value without the spaces that only set its Han characters apart."""
    return _SPACE.sub(" ", _BETWEEN_HAN.sub("", common(text))).strip()


def unspaced(text: str) -> str:
    """Return a headline with spaced-out words closed up (简 报), other spaces kept as one."""
    closed = _SPACED_OUT.sub(lambda match: _SPACE.sub("", match[0]), common(text))
    return _SPACE.sub(" ", closed).strip()


def without_space(text: str) -> str:
    """Return `text` without any white space."""
    return _SPACE.sub("", common(text))


def is_running(block: Block) -> bool:
    """Say whether a block is running text (or a table, or a caption), not a line of its own."""
    if block.kind in (Kind.ROW, Kind.CAPTION):
        return True
    text = block.text.strip()
    return len(text) > RUNNING_LENGTH or ends_sentence(text)


def ends_sentence(text: str) -> bool:
    """Say whether a line ends with a final mark, quotation marks and brackets aside."""
    return _FINAL.search(text.rstrip()[-8:]) is not None


def opens_text(block: Block) -> bool:
    """Say whether a block is what a heading heads: running text, or a sentence before a list."""
    text = block.text.strip()
    return is_running(block) or (len(text) >= SENTENCE_LENGTH and text[-1:] in "：:")


def openings(alternatives: str) -> str:
    """Return every character that one of some alternatives of a pattern may begin with.

    Lookarounds and groups of the syntax used here are seen through; there may be characters more.
    """
    bare = re.sub(r"\(\?:|\)", "", re.sub(r"\(\?<?[!=][^()]*\)", "", alternatives))
    found: set[str] = set()
    for written in filter(None, bare.split("|")):
        found.update(written[1 : written.index("]")] if written[0] == "[" else written[0])
    return "".join(sorted(found))


def has_words(text: str) -> bool:
    """Say whether there is anything to read in `text` but marks and ornaments."""
    return any(character.isalnum() for character in common(text))
