"""What did a format's reader find, before anything was mended?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.bulletin import Kind
from indexer.language import Notice

INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufffe\uffff]"
)
JOINERS = "\u200c\u200d\ufe0e\ufe0f \u3000"  # seen only between other characters
LINE_END = re.compile("\r\n|[\r\n\x0b\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph as the file has it, without the white space around it.

    `gap` counts the blank lines before it and `indent` the columns of white space in front (a Han
    character is two columns wide).  `page` counts from 1 where the format has pages.  `solid` says
    that the format itself sets the line apart (an item of a list): it is never mended.  `columns`
    is how many columns of the line's measure stand side by side on its page.
    """

    text: str
    kind: Kind = Kind.PARAGRAPH
    page: int | None = None
    level: int = 0
    gap: int = 0
    indent: int = 0
    solid: bool = False
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Extract:
    """What one file holds: lines in reading order, and what the format says of itself.

    `furniture` is what the format itself marks as such (the running heads of a DOCX).  `front` is
    what front matter states: keys and values as written.
    """

    lines: tuple[Line, ...]
    media_type: str
    title: str = ""
    encoding: str = ""
    furniture: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    front: tuple[tuple[str, str], ...] = ()


def clean(text: str) -> str:
    """Return `text` without what a reader cannot see: controls, byte order marks, bidi marks."""
    return INVISIBLE.sub("", text)


def split_lines(text: str) -> list[Line]:
    """Return the lines of a plain text; a form feed begins a new page."""
    lines: list[Line] = []
    pages = text.split("\f")
    for number, page in enumerate(pages, start=1):
        lines += _page_lines(page, number if len(pages) > 1 else None)
    return lines


def _page_lines(text: str, page: int | None) -> Iterator[Line]:
    gap = 0
    for raw in LINE_END.split(text):
        bare = raw.strip()
        if not bare.strip(JOINERS):
            gap += 1
            continue
        yield Line(bare, page=page, gap=gap, indent=_columns(raw[: len(raw) - len(raw.lstrip())]))
        gap = 0


def _columns(blank: str) -> int:
    return sum(4 if c == "\t" else 2 if c == "\u3000" else 1 for c in blank)


def as_rows(lines: list[Line]) -> list[Line]:
    """Mark the lines whose cells are parted by tabs as table rows."""
    return [
        replace(line, kind=Kind.ROW) if line.kind is Kind.PARAGRAPH and "\t" in line.text else line
        for line in lines
    ]
