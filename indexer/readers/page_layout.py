"""In which order is a page read?  Characters with their places become lines, column by column.

For formats that say where each character stands and not what it belongs to.  Only horizontal
writing is put in order; a page of vertical writing stays in the order of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Final

from indexer.bulletin import Kind
from indexer.language import Notice, Sentence
from indexer.readers.extract import Line
from indexer.readers.furniture import BARE_NUMBER, PAGE_NUMBER
from indexer.readers.gutters import parted
from indexer.readers.page_runs import (
    Piece,
    Row,
    Run,
    cells_of,
    in_order,
    rows_of,
    runs_of,
    stacks_of,
)
from indexer.readers.shapes import HAN
from indexer.readers.wrapping import join

MOST_RUNS: Final = 3_000  # on one page; beyond them it is read in the order of the file
DEEPEST: Final = 4  # gutters within one another
ISOLATED: Final = 2.2  # ems between the lines of a running head or foot and the text
EDGE: Final = 2  # rows of a head or foot
STACK: Final = 4  # characters one below the other that are vertical writing
LARGE: Final = 1.15  # of the usual size of type, from which on a line is a headline
GAP: Final = 0.6  # of a line's height beyond the usual one, from which on lines stand apart
FEWEST_ROWS, FEWEST_CELLS = 3, 3  # of a table; fewer are taken for text
NUMERIC = re.compile(r"(?:^|\s)[0-9.,%-]+(?:\s|$)")
PROSE = re.compile("[。，；！？]|[：:]$")


@dataclass(frozen=True, slots=True)
class Laid:
    """The lines of a page in reading order, and whether it is written from top to bottom."""

    lines: list[Line]
    vertical: bool = False


@dataclass(frozen=True, slots=True)
class _Column:
    """Rows one below the other, and how many columns of their width the page has room for."""

    rows: list[Row]
    beside: int = 1


def lay_out(pieces: Sequence[Piece], page: int) -> Laid:
    """Return the lines of a page whose pieces come in the order of the file."""
    runs = runs_of(pieces)
    stacks = list(stacks_of(runs))
    if _is_vertical(stacks):
        texts = ("".join(run.text for run in stack) for stack in stacks)
        return Laid([Line(text, page=page) for text in texts], vertical=True)
    if len(runs) > MOST_RUNS:
        return Laid([Line(run.text, page=page) for run in runs])
    lines = [line for column in _page(runs) for line in _lines(column)]
    return Laid([replace(line, page=page) for line in lines])


def vertical_notice(pages: Sequence[int]) -> Notice:
    """Say of pages that their order is that of the file."""
    return Notice(
        "vertical_text",
        Sentence(
            f"第 {'、'.join(map(str, pages))} 页为竖排，按文件中的先后读取，次序可能不对。",
            f"Vertical writing on page {', '.join(map(str, pages))} is read in the order of the"
            " file, which may be wrong.",
        ),
    )


def unmapped_notice(counts: Mapping[int, int]) -> Notice:
    """Say on which pages how many characters are not told by their fonts."""
    count = sum(counts.values())
    return Notice(
        "unmapped_font",
        Sentence(
            f"第 {'、'.join(map(str, counts))} 页有 {count} 个字，字体里没写是什么字，未读出。",
            f"{count} characters on page {', '.join(map(str, counts))} are in fonts that do not"
            " tell which they are, and were not read.",
        ),
    )


def _is_vertical(stacks: Sequence[Sequence[Run]]) -> bool:
    """Tell whether most characters of a page stand one below the other."""
    characters = sum(len(run.text) for stack in stacks for run in stack)
    below = sum(len(s) for s in stacks if len(s) >= STACK and all(HAN.match(r.text) for r in s))
    return 2 * below > characters


def _page(runs: Sequence[Run]) -> Iterator[_Column]:
    """Yield the columns of a page; heads and feet are none of a column."""
    rows = rows_of(runs)
    head = _edge(rows)
    foot = len(rows) - _edge(rows[head:][::-1])
    inside = [run for row in rows[head:foot] for run in row]
    columns = list(_columns(inside)) if inside else []
    if len(columns) == 1:
        yield _Column([*rows[:head], *columns[0].rows, *rows[foot:]])
    else:
        yield from (_Column(rows[:head]), *columns, _Column(rows[foot:]))


def _edge(rows: Sequence[Row]) -> int:
    """Return how many of the first rows are a page number, or stand apart from the text."""
    count = 0
    for number, (row, after) in enumerate(pairwise(rows[: EDGE + 1]), start=1):
        apart = abs(after[0].base - row[0].base) >= ISOLATED * max(run.size for run in row)
        text = " ".join(cells_of(row))
        if apart or PAGE_NUMBER.fullmatch(text) or BARE_NUMBER.fullmatch(text):
            count = number
    return count


def _columns(runs: Sequence[Run], depth: int = 0, page: float = 0.0) -> Iterator[_Column]:
    """Yield the columns below `runs` in reading order; `page` is the width that they share."""
    bands = parted(runs) if depth < DEEPEST else None
    if bands is None:
        yield _Column(in_order(runs), max(1, round(page / _width(runs))))
        return
    for band in bands:
        if band.right:
            for side in (band.left, band.right):
                yield from _columns(side, depth + 1, page or _width(runs))
        else:
            yield from _columns(band.left, depth + 1, page)


def _width(runs: Sequence[Run]) -> float:
    return max(run.right for run in runs) - min(run.left for run in runs) or 1.0


def _lines(column: _Column) -> list[Line]:
    """Return the rows of a column as lines, with indents and gaps as a text file has them."""
    if not column.rows:
        return []
    left = min(row[0].left for row in column.rows)
    steps = [after[0].base - row[0].base for row, after in pairwise(column.rows)]
    pitch = median([step for step in steps if step > 0] or [0])
    lines = []
    for row, step in zip(column.rows, [0.0, *steps], strict=True):
        indent = round(2 * (row[0].left - left) / row[0].size)
        gap = int(max(0.0, step / pitch - GAP)) if pitch else 0
        lines.append(Line(" ".join(cells_of(row)), gap=gap, indent=indent, columns=column.beside))
    return _with_headlines(column.rows, with_tables(lines, [_words(row) for row in column.rows]))


def _with_headlines(rows: Sequence[Row], lines: Sequence[Line]) -> list[Line]:
    """Join the lines of a headline in large type that its column was too narrow for."""
    edge = max(row[-1].right for row in rows)
    usual = median(row[0].size for row in rows)
    out = [lines[0]]
    for (row, after), line in zip(pairwise(rows), lines[1:], strict=True):
        size = row[0].size
        large = size >= LARGE * usual and abs(after[0].size - size) < 0.1
        close = after[0].base - row[0].base < ISOLATED * size
        if large and close and edge - row[-1].right < 2 * size:
            out[-1] = replace(out[-1], text=join(out[-1].text, line.text))
        else:
            out.append(line)
    return out


def with_tables(lines: Sequence[Line], words: Sequence[list[str]]) -> list[Line]:
    """Mark the rows of tables: lines of several words one below the other, numbers among them."""
    out: list[Line] = []
    both = zip(lines, words, strict=True)
    for tabular, group in groupby(both, key=lambda pair: _is_tabular(*pair)):
        found = list(group)
        numbers = sum(NUMERIC.search(line.text) is not None for line, _ in found)
        if tabular and len(found) >= FEWEST_ROWS and numbers >= len(found) - 1:
            out += [replace(line, text="\t".join(each), kind=Kind.ROW) for line, each in found]
        else:
            out += [line for line, _ in found]
    return out


def _words(row: Row) -> list[str]:
    """Return the cells that gaps part, or the words where gaps do not tell."""
    cells = cells_of(row)
    return cells if len(cells) >= FEWEST_CELLS else " ".join(cells).split()


def _is_tabular(line: Line, words: Sequence[str]) -> bool:
    return len(words) >= FEWEST_CELLS and not PROSE.search(line.text)
