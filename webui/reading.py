"""How does a bulletin stand on the page?  Its blocks in order, grouped as they are printed.

Every block is shown, once, in its own place: what was indexed is what is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Final, Literal

from markupsafe import Markup, escape

from indexer.bulletin import Block, Bulletin, Kind

Mark = tuple[int, int, int]
"""Start, stop and number of a hit; hits are numbered through the whole bulletin, from 1."""

Role = Literal["series", "issue", "imprint"]

_DATE: Final = re.compile(r"[0-9〇○零一二三四五六七八九]{4}\s*年")


@dataclass(frozen=True, slots=True)
class Line:
    """One block as HTML.  `number` is its paragraph number; `parts` are the cells of a row.

    `role` says what a line of the masthead is.
    """

    number: int
    kind: Kind
    parts: tuple[Markup, ...]
    level: int = 0
    role: Role | None = None

    @property
    def html(self) -> Markup:
        """The whole line."""
        return Markup("").join(self.parts)


@dataclass(frozen=True, slots=True)
class Reading:
    """A bulletin ready to be shown.

    Rows of one table stand together within `body`, and lines of one role within `masthead`.

    `contents` are the headings with their paragraph numbers; `hits` is the number of marks.
    """

    masthead: tuple[tuple[Line, ...], ...]
    body: tuple[tuple[Line, ...], ...]
    distribution: tuple[Line, ...]
    contents: tuple[tuple[int, str], ...]
    hits: int

    @property
    def has_title(self) -> bool:
        """Whether the title stands in the text itself, rather than in the file's properties."""
        return any(line.kind is Kind.TITLE for run in self.body for line in run)


def arrange(bulletin: Bulletin, marks: Mapping[int, tuple[tuple[int, int], ...]]) -> Reading:
    """Return `bulletin` as it stands on the page, with `marks` (block index to ranges) in it."""
    numbered = _numbered(marks)
    lines = [
        _line(bulletin, n, block, numbered.get(n, ())) for n, block in enumerate(bulletin.blocks)
    ]
    head = _length(lines, Kind.MASTHEAD)
    foot = len(lines) - _length(lines[head:][::-1], Kind.DISTRIBUTION)
    return Reading(
        masthead=tuple(tuple(run) for _, run in groupby(lines[:head], lambda line: line.role)),
        body=tuple(_runs(lines[head:foot])),
        distribution=tuple(lines[foot:]),
        contents=tuple(_contents(bulletin)),
        hits=sum(len(ranges) for ranges in marks.values()),
    )


def _numbered(marks: Mapping[int, tuple[tuple[int, int], ...]]) -> dict[int, tuple[Mark, ...]]:
    every = [(block, start, stop) for block in sorted(marks) for start, stop in marks[block]]
    found: dict[int, tuple[Mark, ...]] = {}
    for number, (block, start, stop) in enumerate(every, 1):
        found[block] = (*found.get(block, ()), (start, stop, number))
    return found


def _line(bulletin: Bulletin, index: int, block: Block, marks: tuple[Mark, ...]) -> Line:
    role = _role(bulletin, block) if block.kind is Kind.MASTHEAD else None
    parts = tuple(_piece(block.text, marks, *cut) for cut in _cuts(block, role))
    return Line(index + 1, block.kind, parts, block.level, role)


def _cuts(block: Block, role: Role | None) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the parts: cells of a row; publisher and date of an imprint."""
    text = block.text
    if block.kind is Kind.ROW:
        start = 0
        for cell in text.split("\t"):
            yield start, start + len(cell)
            start += len(cell) + 1
        return
    found = _DATE.search(text) if role == "imprint" else None
    if found and text[: found.start()].strip():
        yield 0, found.start()
        yield found.start(), len(text)
    else:
        yield 0, len(text)


def _piece(text: str, marks: Iterable[Mark], start: int, stop: int) -> Markup:
    """Return `text[start:stop]` as HTML with what of the marks falls into it."""
    pieces: list[Markup] = []
    done = start
    for begin, end, number in marks:
        if end <= start or begin >= stop:
            continue
        pieces.append(escape(text[done : max(begin, start)]))
        # A hit that goes on in the next cell is one hit: only its beginning bears the id.
        anchor = Markup(' id="m{}"').format(number) if begin >= start else ""
        done = min(end, stop)
        pieces.append(Markup("<mark{}>{}</mark>").format(anchor, text[max(begin, start) : done]))
    return Markup("").join([*pieces, escape(text[done:stop])])


def _role(bulletin: Bulletin, block: Block) -> Role:
    text, series = _squeezed(block.text), _squeezed(bulletin.series)
    label = _squeezed(bulletin.issue.label) if bulletin.issue else ""
    if label and label in text and len(text) < len(label) + 12:
        return "issue"
    if series and (series in text or text in series):
        return "series"
    return "imprint"


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _length(lines: Iterable[Line], kind: Kind) -> int:
    """Return how many lines of `kind` stand at the beginning of `lines`."""
    return sum(1 for _ in takewhile(lambda line: line.kind is kind, lines))


def _runs(lines: Iterable[Line]) -> Iterator[tuple[Line, ...]]:
    """Yield rows of one table together and everything else alone."""
    for is_row, run in groupby(lines, lambda line: line.kind is Kind.ROW):
        if is_row:
            yield tuple(run)
        else:
            yield from ((line,) for line in run)


def _contents(bulletin: Bulletin) -> Iterator[tuple[int, str]]:
    for section in bulletin.sections:
        if section.heading and bulletin.blocks[section.start].kind is not Kind.TITLE:
            yield section.start + 1, section.heading
