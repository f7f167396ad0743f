"""How is it used?  Every place of a search in its line, sorted by what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from indexer.analysis import cut
from indexer.answer import KwicLine
from indexer.bulletin import Bulletin
from indexer.query import Query
from indexer.snippets import Highlighter

CONTEXT: Final = 24
"""Characters on each side of a place: half a line of a page."""


def kwic_lines(bulletins: Iterable[Bulletin], query: Query) -> Iterator[list[KwicLine]]:
    """Yield the places of a query in each bulletin, as found."""
    highlighter = Highlighter(query)
    for bulletin in bulletins:
        marks = highlighter.marks(bulletin.blocks)
        yield [_line(bulletin, at, *range) for at, ranges in marks.items() for range in ranges]


def sort_lines(lines: list[KwicLine], order: str) -> None:
    """Put lines in order: by the text on the left, read backwards, or by that on the right."""
    if order != "found":
        lines.sort(key={"left": _left, "right": _right}[order])


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
