"""Which words and bytes does an RTF file consist of, and what do the words mean?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

Token = tuple[str, int | None, bytes]
"""A control word and its number, or one of the signs `{ } *`; or else bytes of text."""

TOKEN = re.compile(
    rb"((?:\\'[0-9A-Fa-f]{2})+)|([^\\{}]+)|([{}])|\\([A-Za-z]+)(-?[0-9]{1,9})? ?|\\(.)", re.DOTALL
)
NOT_TEXT: Final = b"\r\n\0"  # line ends are the file's, not the text's
SIGNS: Final[dict[bytes, Token]] = {
    b"\\": ("", None, b"\\"),
    b"{": ("", None, b"{"),
    b"}": ("", None, b"}"),
    b"*": ("*", None, b""),
    b"~": ("nbsp", None, b""),
    b"_": ("nbhyphen", None, b""),
    b"\n": ("par", None, b""),
    b"\r": ("par", None, b""),
    b"\t": ("tab", None, b""),
}

CHARACTERS: Final = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "page": "\n",
    "column": "\n",
    "nbsp": "\u00a0",
    "nbhyphen": "-",
    "emdash": "\u2014",
    "endash": "\u2013",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "bullet": "\u2022",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "zwj": "\u200d",
    "zwnj": "\u200c",
}
"""Control words that stand for a character."""

_UNSEEN = """
aftnsep aftnsepc aftncn annotation atnauthor atnid bkmkend bkmkstart colortbl falt filetbl
fldinst fname ftncn ftnsep ftnsepc info keycode listtable mmathPr mmathPict nonesttables
nonshppict objclass objdata objname panose pict pn private revtbl rxe shprslt sn sp sv tc tcn
template themedata txe xe
"""
UNSEEN: Final = frozenset(_UNSEEN.split())
"""Destinations that hold no text of the page.  (Unknown ones behind `\\*` need no mention.)"""

PAGES: Final = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
"""What a file says of its bytes when it names no code page."""

WIDE: Final = {128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950"}
"""Codecs of the character sets of fonts, of those with more than one byte a character."""

CHARSETS: Final = WIDE | {
    0: "cp1252",
    77: "mac_roman",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    255: "cp437",
}
SYMBOLS: Final = 2  # the character set of fonts of pictures


def tokens(data: bytes) -> Iterator[Token]:
    """Yield the tokens of a file in one pass; what is no RTF is passed over."""
    place = 0
    while found := TOKEN.match(data, place):
        place = found.end()
        codes, plain, brace, word, number, sign = found.groups()
        if codes:
            yield "", None, bytes.fromhex(codes.replace(b"\\'", b"").decode("ascii"))
        elif plain:
            yield "", None, plain.translate(None, NOT_TEXT)
        elif brace:
            yield brace.decode("ascii"), None, b""
        elif word == b"bin":
            place += max(0, int(number or 0))
        elif word:
            yield word.decode("ascii"), None if number is None else int(number), b""
        elif sign in SIGNS:
            yield SIGNS[sign]
