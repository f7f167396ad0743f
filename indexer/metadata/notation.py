"""What has the operator written in this CSV or TOML file?  Rows and tables, or why not."""

from __future__ import annotations

import csv
import datetime
import io
import tomllib
from typing import Any, Final

from indexer.language import Sentence

_PARTS: Final = str.maketrans({"；": ";", "、": ";", "\n": ";"})
_SHOWN: Final = 60
_LONGEST_LINE: Final = 10_000
"""Characters of a line; the parser takes as long as the square of the dots in a key."""
_MARKS: Final = frozenset("\"'#\\[]")


class Invalid(Exception):
    """What is written cannot be used; `why` says so in words that end no sentence."""

    def __init__(self, zh: str, en: str) -> None:
        self.why = Sentence(zh, en)
        super().__init__(str(self.why))


def rows(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV, cells without the space around them.  Raises `Invalid`."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise Invalid(f"CSV 写法有误（{error}）", f"it is not valid CSV ({error})") from None
        return [[cell.strip() for cell in row] for row in found]
    raise Invalid("不是 UTF-8 或 GB18030 编码", "it is neither UTF-8 nor GB18030")


def tables(data: bytes) -> dict[str, Any]:
    """Return what stands in a TOML, Chinese keys quoted or not.  Raises `Invalid`."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Invalid("不是 UTF-8 编码", "it is not UTF-8") from None
    lines = text.split("\n")
    if max(map(len, lines)) > _LONGEST_LINE:
        raise Invalid("有一行太长", "a line is too long")
    try:
        return tomllib.loads("\n".join(map(_with_quoted_key, lines)))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid(f"TOML 写法有误（{error}）", f"it is not valid TOML ({error})") from None


def _with_quoted_key(line: str) -> str:
    """Return a line of TOML with the quotation marks that nobody thinks of in 期号 = 27."""
    bare = line.strip()
    if bare[:1] + bare[-1:] == "[]" and _wants_marks(name := bare[1:-1].strip()):
        return f'["{name}"]'
    key, sign, value = line.partition("=")
    return f'"{key.strip()}" ={value}' if sign and _wants_marks(key.strip()) else line


def _wants_marks(key: str) -> bool:
    return not key.isascii() and _MARKS.isdisjoint(key)


def as_text(value: object) -> str:
    """Return a TOML value as it would stand in a cell: lists parted by `;`.  Raises `Invalid`."""
    if isinstance(value, list):
        return ";".join(map(as_text, value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str) or type(value) is int:
        return str(value)
    raise Invalid("应为文字、数字或日期", "it should be text, a number or a date")


def parts(cell: str) -> tuple[str, ...]:
    """Return the names in a cell, which 、 or ; parts; each once."""
    names = (name.strip() for name in cell.translate(_PARTS).split(";"))
    return tuple(dict.fromkeys(filter(None, names)))


def shown(value: str) -> str:
    """Return a value as a sentence quotes it."""
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
