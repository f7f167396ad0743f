"""How is it used?  Every place of a search in its line, sorted by what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from indexer.analysis import cut
from indexer.answer import KwicLine
from indexer.bulletin import Bulletin
from indexer.query import Query
from indexer.snippets import Highlighter

CONTEXT: Final = 24
"""Characters on each side of a place: half a line of a page."""


def kwic_lines(bulletins: Iterable[Bulletin], query: Query, order: str) -> list[KwicLine]:
    """Return the places of a query in bulletins: as found, or by the text on the left, read
    backwards, or by that on the right.
    """
    highlighter = Highlighter(query)
    lines = [
        _line(bulletin, block, start, stop)
        for bulletin in bulletins
        for block, ranges in highlighter.marks(bulletin.blocks).items()
        for start, stop in ranges
    ]
    if order != "found":
        lines.sort(key={"left": _left, "right": _right}[order])
    return lines


def _line(bulletin: Bulletin, block: int, start: int, stop: int) -> KwicLine:
    text = bulletin.blocks[block].text
    return KwicLine(
        bulletin.id,
        bulletin.title,
        bulletin.date,
        bulletin.issue.label if bulletin.issue else "",
        block + 1,
        text[max(0, start - CONTEXT) : start],
        text[start:stop],
        text[stop : stop + CONTEXT],
    )


def _left(line: KwicLine) -> tuple[str, ...]:
    return tuple(reversed(cut(line.left).sequence.spelled()))


def _right(line: KwicLine) -> tuple[str, ...]:
    return cut(line.right).sequence.spelled()
