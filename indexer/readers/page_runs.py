"""Which characters of a page stand together?  Runs of characters, and rows of runs.

All measures are in the unit of the page, from its upper left corner, downward.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.readers.shapes import HAN

LEVEL: Final = 0.45  # ems by which base lines of one line may differ: raised and lowered characters
WIDE: Final = 1.2  # ems; a gap of that width parts two runs: cells, columns
BACK: Final = 0.6  # ems by which a character may reach back into the one before it
LATIN_SPACE: Final = 0.18  # ems between two Latin words
HAN_SPACE: Final = 0.5  # ems between two characters that are set apart


@dataclass(frozen=True, slots=True)
class Piece:
    """A character or a few: where it begins and ends, its base line, and the size of its type.

    `number` counts the runs of a page in the order of the file.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    number: int = 0


@dataclass(slots=True)
class Glyphs:
    """The characters of a page in the order of the file; what is turned is only text."""

    upright: list[Piece] = field(default_factory=list)
    turned: list[str] = field(default_factory=list)
    unknown: int = 0

    def count(self) -> int:
        """Return how many characters there are, without white space."""
        upright = sum(not piece.text.isspace() for piece in self.upright)
        return upright + sum(len("".join(text.split())) for text in self.turned)


Run = Piece
"""Characters of one line with no wide gap between them."""
Row = list[Run]
"""Runs on one line, from the left."""


def runs_of(pieces: Iterable[Piece]) -> list[Run]:
    """Join the pieces that follow each other in the file and on the page."""
    runs: list[Run] = []
    together: list[Piece] = []
    spaced = False
    for piece in pieces:
        if not piece.text.strip():
            spaced = True
            continue
        if together and not _goes_on(together[-1], piece):
            runs.append(_run(together, len(runs)))
            together = []
        elif together and (spaced or _is_apart(together[-1], piece)):
            together.append(Piece(" ", piece.left, piece.left, piece.base, piece.size))
        together.append(piece)
        spaced = False
    return [*runs, _run(together, len(runs))] if together else runs


def rows_of(runs: Iterable[Run]) -> list[Row]:
    """Return the rows from the top, each from the left."""
    rows: list[Row] = []
    for run in sorted(runs, key=lambda run: run.base):
        if rows and is_level(rows[-1][0], run):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.left) for row in rows]


def in_order(runs: Sequence[Run]) -> list[Row]:
    """Return the rows in the order of the file where that can be read, else from the top.

    The file knows which lines are of one cell; a column of cells goes on at its upper right.
    """
    ordered = sorted(runs, key=lambda run: run.number)
    if not all(map(_may_follow, ordered, ordered[1:])):
        return rows_of(runs)
    rows: list[Row] = []
    for run in ordered:
        if rows and is_level(rows[-1][-1], run):
            rows[-1].append(run)
        else:
            rows.append([run])
    return rows


def _may_follow(run: Run, after: Run) -> bool:
    """Tell whether one who has read `run` may go on with `after`: on its right, or below it."""
    if is_level(run, after) or after.base < run.base:
        return after.left >= run.right - BACK * run.size
    return True


def cells_of(row: Row) -> list[str]:
    """Return the texts of a row that wide gaps part."""
    return [run.text for run in runs_of(row)]


def is_level(one: Piece, other: Piece) -> bool:
    """Tell whether two pieces stand on one line."""
    return abs(one.base - other.base) < LEVEL * max(one.size, other.size)


def _goes_on(last: Piece, piece: Piece) -> bool:
    size = max(last.size, piece.size)
    gap = piece.left - last.right
    same = abs(piece.left - last.left) < LEVEL * size  # two letters of one ligature
    return is_level(last, piece) and (same or -BACK * size <= gap < WIDE * size)


def _is_apart(last: Piece, piece: Piece) -> bool:
    gap = piece.left - last.right
    han = HAN.match(last.text[-1]) or HAN.match(piece.text[0])
    latin = last.text[-1].isalnum() and piece.text[0].isalnum() and not han
    return gap > (LATIN_SPACE if latin else HAN_SPACE) * min(last.size, piece.size)


def _run(pieces: Sequence[Piece], number: int) -> Run:
    return Run(
        "".join(piece.text for piece in pieces),
        min(piece.left for piece in pieces),
        max(piece.right for piece in pieces),
        pieces[0].base,
        max(piece.size for piece in pieces),
        number,
    )


def stacks_of(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the runs that stand one below the other, each a single Han: vertical writing.

    Whatever follows each other in the file otherwise is yielded by itself.
    """
    stack: list[Run] = []
    for run in runs:
        if stack and not _stands_below(stack[-1], run):
            yield stack
            stack = []
        stack.append(run)
    if stack:
        yield stack


def _stands_below(last: Run, run: Run) -> bool:
    if len(last.text) > 1 or len(run.text) > 1:
        return False
    aside = abs(last.left + last.right - run.left - run.right) / 2
    return aside < LEVEL * run.size and 0.8 * run.size < run.base - last.base < 1.8 * run.size
