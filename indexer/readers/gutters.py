"""Where is a page parted into columns?

A gutter is white from line to line, and on both sides lines are filled as running text is.  What
stands across it (headlines, tables, captions) parts the page into bands, and each band is judged by
itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from indexer.readers.page_runs import Row, Run, rows_of

NARROWEST_GUTTER: Final = 0.8  # ems
NARROWEST_COLUMN: Final = 7.0  # ems
MOST_GUTTERS: Final = 8  # that are tried, those beside most lines first
FULL: Final = 0.75  # of a column's width, which most lines of running text take
FILLED: Final = 0.4  # share of full lines in running text
FEWEST_LINES: Final = (2, 3)  # in the shorter and in the longer one of two columns
TABLE: Final = 3  # rows one below the other
MOST_ABOVE: Final = 8  # rows of a masthead above columns
MOST_LEFT: Final = 3  # of them that may fill the left column, with nothing beside them
APART: Final = 1.5  # of the usual step from row to row
EDGE: Final = 3.0  # ems within which something stands at the edge of a column


@dataclass(frozen=True, slots=True)
class Band:
    """What stands left and right of a gutter between two things across it, or across it."""

    left: list[Run]
    right: list[Run]


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where two columns begin and end, and the gutter between them."""

    left: float
    gutter: float
    right: float


def parted(runs: Sequence[Run]) -> list[Band] | None:
    """Return the bands of a page by its best gutter, or nothing for a page of one column.

    A band without anything on its right is not parted.
    """
    for place in _gutters(runs):
        bands = list(_bands(runs, place))
        if any(band.right for band in bands):
            return bands
    return None


def _gutters(runs: Sequence[Run]) -> list[float]:
    """Return where a gutter may be: within most of the gaps between runs side by side."""
    edges = sorted(edge for left, right in _gaps(runs) for edge in ((left, 0, 1), (right, 1, -1)))
    found: list[tuple[int, float]] = []
    beside = 0
    for (place, _, step), (after, _, following) in pairwise(edges):
        beside += step
        if step > 0 > following:
            found.append((-beside, (place + after) / 2))
    return [place for votes, place in sorted(found)[:MOST_GUTTERS] if -votes >= FEWEST_LINES[0]]


def _gaps(runs: Sequence[Run]) -> Iterator[tuple[float, float]]:
    """Yield the white between each run and the next one on its right."""
    ordered = sorted(runs, key=lambda run: run.base)
    bases = [run.base for run in ordered]
    for run in ordered:
        first = bisect_left(bases, run.base - run.size)
        last = bisect_right(bases, run.base + run.size)
        lefts = (other.left for other in ordered[first:last] if other.left >= run.right)
        right = min(lefts, default=run.right)
        if right - run.right >= NARROWEST_GUTTER * run.size:
            yield run.right, right


def _bands(runs: Sequence[Run], place: float) -> Iterator[Band]:
    """Yield the bands from the top; what stands across has one of its own."""
    rows = rows_of(runs)
    edges = _Edges(min(run.left for run in runs), place, max(run.right for run in runs))
    for across, group in groupby(zip(rows, _across(rows, edges), strict=True), lambda row: row[1]):
        inside = [run for row, _ in group for run in row]
        left = [run for run in inside if _is_left(run, place)]
        right = [run for run in inside if not _is_left(run, place)]
        if across or not _are_columns(left, right):
            yield Band(inside, [])
        else:
            yield Band(left, right)


def _across(rows: Sequence[Row], edges: _Edges) -> list[bool]:
    """Tell of each row whether it stands across the gutter: a line, the row of a table."""
    place = edges.gutter
    across = [any(_crosses(run, place) for run in row) for row in rows]
    above = _above(rows, edges)
    across[:above] = [True] * above
    first = 0
    for loose, group in groupby(_is_loose(row, edges) for row in rows):
        count = len(list(group))
        if loose and count >= TABLE:
            across[first : first + count] = [True] * count
        first += count
    for edge, row in enumerate(rows):
        beside = edge == 0 or across[edge - 1] or edge + 1 == len(rows) or across[edge + 1]
        if beside and _is_spread(row, edges):
            across[edge] = True
    return across


def _crosses(run: Run, place: float) -> bool:
    """Tell whether a run stands across; a mark that hangs over the edge does not."""
    return run.left < place - run.size and run.right > place + run.size


def _is_left(run: Run, place: float) -> bool:
    return run.left + run.right < 2 * place


def _above(rows: Sequence[Row], edges: _Edges) -> int:
    """Return how many of the first rows stand apart above both columns: a masthead."""
    steps = sorted(after[0].base - row[0].base for row, after in pairwise(rows))
    for above in range(min(MOST_ABOVE, len(rows) - 1), 0, -1):
        step = rows[above][0].base - rows[above - 1][0].base
        apart = step >= APART * max(steps[len(steps) // 2], rows[above - 1][0].size)
        first = rows[:above]
        left = above <= MOST_LEFT and all(
            _is_left(run, edges.gutter) for row in first for run in row
        )
        if apart and (left or not any(_begins_columns(row, edges) for row in first)):
            return above
    return 0


def _begins_columns(row: Row, edges: _Edges) -> bool:
    """Tell whether a row fills a column, or has something at the edge of both."""
    place = edges.gutter
    beside = [run for run in row if not _is_left(run, place)]
    both = len(beside) < len(row) and any(run.left - place < EDGE * run.size for run in beside)
    return both or any(share >= FULL for share in _sides(row, edges))


def _is_loose(row: Row, edges: _Edges) -> bool:
    """Tell whether a row has something on both sides and fills neither."""
    sides = _sides(row, edges)
    return all(0 < share < FULL for share in sides)


def _sides(row: Row, edges: _Edges) -> tuple[float, float]:
    """Return how much of the column on either side a row takes."""
    left, place, right = edges.left, edges.gutter, edges.right
    taken = sum(run.right - run.left for run in row if _is_left(run, place))
    rest = sum(run.right - run.left for run in row if not _is_left(run, place))
    return taken / (place - left), rest / (right - place)


def _is_spread(row: Row, edges: _Edges) -> bool:
    """Tell whether a row is one line pushed to both margins: an issuer and a date."""
    left, place, right = edges.left, edges.gutter, edges.right
    if len(row) != 2 or not row[0].right < place < row[1].left:
        return False
    size = max(run.size for run in row)
    touching = row[0].left - left < size and right - row[1].right < size
    return touching and row[1].left - place > 3 * size and _is_loose(row, edges)


def _are_columns(left: Sequence[Run], right: Sequence[Run]) -> bool:
    """Tell whether both sides are running text, side by side; a short one may be anything."""
    short, long = sorted((rows_of(side) for side in (left, right)), key=len)
    fewest, enough = FEWEST_LINES
    if len(short) < fewest or len(long) < enough or not _is_filled(long):
        return False
    bases = [row[0].base for row in long]
    beside = sum(_is_beside(row[0], bases) for row in short)
    return beside >= max(fewest, len(short) / 2) and (len(short) < enough or _is_filled(short))


def _is_beside(run: Run, bases: Sequence[float]) -> bool:
    """Tell whether any of the base lines (in order) is as high as the run."""
    place = bisect_left(bases, run.base - run.size)
    return place < len(bases) and bases[place] < run.base + run.size


def _is_filled(rows: Sequence[Row]) -> bool:
    """Tell whether most runs are about as long as the longest ones, and those long enough."""
    runs = [run for row in rows for run in row]
    widths = sorted(run.right - run.left for run in runs)
    usual = widths[len(widths) * 9 // 10]
    if usual < NARROWEST_COLUMN * sorted(run.size for run in runs)[len(runs) // 2]:
        return False
    return sum(width >= FULL * usual for width in widths) >= FILLED * len(widths)
