"""In which order is a page read, when all that is known of its text is where it stands?

Columns are read one after the other, tables row by row.  A gutter that several rows leave free
parts columns when the text beside it fills them, and cells otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

from indexer.bulletin import Kind
from indexer.readers.extract import Line
from indexer.readers.shapes import SENTENCE_END, begins_block, is_caption, width
from indexer.readers.wrapping import join

FEWEST_ROWS: Final = 3  # that share a gutter; two may do so by chance
GUTTER: Final = 1.0  # heights of a line, at least
FULL: Final = 0.6  # of a column's width that half of its lines fill, where it is running text
LINE_OF_TEXT: Final = 9  # characters; cells of a table are shorter on the average
LOOSE: Final = 1.8  # line pitches beyond which what follows is something else
DEEPEST: Final = 5  # columns within columns
RAGGED: Final = 4  # columns of half a Han by which a full line may fall short
INDENT: Final = 4  # such columns at the beginning of a paragraph: two Han
SAME_SIZE: Final = 1.4  # height by height; a box is higher where it has brackets or a tail


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stands together on one line, and its place on the page (y grows downward)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Return the height of the line."""
        return self.bottom - self.top


Row = list[Piece]
Gap = tuple[float, float]
Columns = list[list[Row]]


def in_order(pieces: Sequence[Piece], page: int | None = None, depth: int = 0) -> list[Line]:
    """Return the lines of a page in reading order, with gaps, indents and rows of tables."""
    rows, lines, alone = _rows(pieces), list[Line](), list[Row]()
    at = 0
    while at < len(rows):
        end, gutters = _shared(rows, at)
        if end - at < FEWEST_ROWS or depth == DEEPEST:
            alone.append(rows[at])
            at += 1
            continue
        columns = _columns(rows[at:end], gutters)
        lines += _plain(alone, page)
        alone = []
        if _are_text(columns):
            for column in columns:
                lines += in_order([piece for row in column for piece in row], page, depth + 1)
        else:
            end = at + _last_with_sides(rows[at:end]) + 1
            lines += [_cells(row, gutters, page) for row in rows[at:end]]
        at = end
    return lines + _plain(alone, page)


def _rows(pieces: Sequence[Piece]) -> list[Row]:
    """Return the pieces that stand side by side, from the left, row after row."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda p: (p.top + p.bottom, p.left)):
        last = rows[-1] if rows else []
        if last and _beside(last[-1], piece) and all(_apart(piece, other) for other in last):
            last.append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda p: p.left) for row in rows]


def _beside(a: Piece, b: Piece) -> bool:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared > 0.5 * min(a.height, b.height)


def _apart(a: Piece, b: Piece) -> bool:
    return min(a.right, b.right) - max(a.left, b.left) < 0.5 * min(a.height, b.height)


def _shared(rows: Sequence[Row], at: int) -> tuple[int, list[Gap]]:
    """Return up to which row all rows leave gutters free, and the gutters.

    A row that leaves fewer of them, or stands far below, ends what has rows enough.
    """
    least = GUTTER * median(piece.height for row in rows for piece in row)
    gutters = [(a.right, b.left) for a, b in pairwise(rows[at])]
    free = [gap for gap in gutters if gap[1] - gap[0] >= least]
    end = at + 1
    while free and end < len(rows):
        left = [gap for old in free for gap in _less(old, rows[end]) if gap[1] - gap[0] >= least]
        enough = _last_with_sides(rows[at:end]) + 1 >= FEWEST_ROWS
        if not left or (enough and (len(left) < len(free) or _is_far(rows[at : end + 1]))):
            break
        free, end = left, end + 1
    enough = _last_with_sides(rows[at:end]) + 1 >= FEWEST_ROWS
    return (end if free and enough else at), free


def _is_far(rows: Sequence[Row]) -> bool:
    """Tell whether the last row stands farther below than rows do here."""
    steps = [b[0].top - a[0].top for a, b in pairwise(rows)]
    return steps[-1] > LOOSE * median(steps)


def _last_with_sides(rows: Sequence[Row]) -> int:
    """Return the last row that has something on more than one side of a gutter."""
    return max((n for n, row in enumerate(rows) if len(row) > 1), default=0)


def _less(gap: Gap, row: Row) -> list[Gap]:
    """Return what a row leaves of a gap."""
    left = [gap]
    for piece in row:
        left = [
            (start, end)
            for a, b in left
            for start, end in ((a, min(b, piece.left)), (max(a, piece.right), b))
            if end > start
        ]
    return left


def _columns(rows: Sequence[Row], gutters: Sequence[Gap]) -> Columns:
    """Return for each column its part of the rows, where it has one."""
    bounds = [(a + b) / 2 for a, b in sorted(gutters)]
    columns: Columns = [[] for _ in range(len(bounds) + 1)]
    for row in rows:
        parts: list[Row] = [[] for _ in columns]
        for piece in row:
            parts[sum(piece.left >= bound for bound in bounds)].append(piece)
        for column, part in zip(columns, parts, strict=True):
            if part:
                column.append(part)
    return [column for column in columns if column]


def _are_text(columns: Columns) -> bool:
    """Tell running text in columns from the cells of a table."""
    for column in columns:
        left = min(row[0].left for row in column)
        wide = max(row[-1].right for row in column) - left
        filled = median((row[-1].right - row[0].left) / wide for row in column)
        characters = median(sum(len(piece.text) for piece in row) for row in column)
        if len(column) < FEWEST_ROWS or filled < FULL or characters < LINE_OF_TEXT:
            return False
    return len(columns) > 1


def _cells(row: Row, gutters: Sequence[Gap], page: int | None) -> Line:
    bounds = [(a + b) / 2 for a, b in sorted(gutters)]
    cells = [""] * (len(bounds) + 1)
    for piece in row:
        place = sum(piece.left >= bound for bound in bounds)
        cells[place] = f"{cells[place]} {piece.text}".strip()
    return Line("\t".join(cells).rstrip("\t"), Kind.ROW, page)


def _plain(rows: Sequence[Row], page: int | None) -> list[Line]:
    """Return rows as paragraphs."""
    if not rows:
        return []
    single, full = _measured(rows, page)
    begin = [line.indent for line, is_full in zip(single, full, strict=True) if is_full]
    indented = any(abs(indent - INDENT) <= 1 for indent in begin)
    lines = single[:1]
    for n, line in enumerate(single[1:]):
        same = full[n] and _alike(rows[n], rows[n + 1])
        if same and _continues(single[n].text, line, indented):
            lines[-1] = replace(lines[-1], text=join(lines[-1].text, line.text))
        else:
            lines.append(line)
    return lines


def _measured(rows: Sequence[Row], page: int | None) -> tuple[list[Line], list[bool]]:
    """Return each row as a line, and whether it reaches the edge: gaps in pitches, indents in
    columns of half a Han character.
    """
    pieces = [piece for row in rows for piece in row]
    column = median((p.right - p.left) / max(width(p.text), 1) for p in pieces) or 1.0
    margin, edge = min(p.left for p in pieces), max(p.right for p in pieces)
    steps = [b[0].top - a[0].top for a, b in pairwise(rows)]
    pitch = max(median(steps) if steps else 1.0, 1.0)
    lines = [
        Line(
            "    ".join(piece.text for piece in row),
            page=page,
            gap=max(0, round(step / pitch) - 1),
            indent=round((row[0].left - margin) / column),
        )
        for row, step in zip(rows, [0.0, *steps], strict=True)
    ]
    return lines, [row[-1].right >= edge - RAGGED * column for row in rows]


def _alike(above: Row, row: Row) -> bool:
    """Tell whether both rows are one piece each, of the same size."""
    low, high = sorted((above[0].height, row[0].height))
    return len(above) == len(row) == 1 and high <= SAME_SIZE * low


def _continues(above: str, line: Line, indented: bool) -> bool:
    """Tell whether a line goes on with the paragraph of the full line above.

    Where paragraphs are indented that says all; else a new one is known by its words.
    """
    if line.gap or line.indent >= INDENT - 1 or is_caption(above) or is_caption(line.text):
        return False
    return indented or not (SENTENCE_END.search(above) or begins_block(line))
