"""Which lines are one paragraph?  Hard-wrapped lines, with or without blank lines between.

A line was broken by its width when the next one's first piece would not have fitted on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.bulletin import Kind
from indexer.readers.extract import Line
from indexer.readers.shapes import HAN, SENTENCE_END, begins_block, is_caption, width

NARROWEST, WIDEST = 20, 200  # columns between which a text can be wrapped
NEAR = 10  # columns by which wrapped lines fall short: an indent, a word, a mark kept with its word
FIRST_INDENT = 4  # columns: two Han characters, often lost from the file
WRAPPED = 0.3  # share of full lines in a text that was wrapped
LAID_OUT = 0.1  # the same where pages prove that it was: tables and headlines may outnumber them
SLACK = 2  # columns that justified type gains or loses
LONGEST_NUMBER = 20  # digits
NUMBER_ENDS = re.compile(f"{HAN.pattern}[0-9]+$")
NUMBER_BEGINS = re.compile(f"[0-9]{{1,{LONGEST_NUMBER}}}{HAN.pattern}")
FIRST_PIECE = re.compile(
    "[“‘「『（《〈【〔(\\[]*(?:[A-Za-z0-9.%]+|.)[，。、；：！？”’」』）》〉】〕,.;:!?)\\]%]*"
)


@dataclass(frozen=True, slots=True)
class _Page:
    """How a text is set: its width, the blank lines inside paragraphs, what parts paragraphs."""

    width: int
    gap: int
    indented: bool
    spaced: bool


def unwrap(lines: Sequence[Line]) -> list[Line]:
    """Return paragraphs instead of hard-wrapped lines.  Other texts come back as they are."""
    pages = _pages(lines)
    paragraphs: list[list[Line]] = []
    for line in lines:
        growing = paragraphs[-1] if paragraphs else []
        page = pages[line.columns] if growing and growing[-1].columns == line.columns else None
        if page and _continues(growing[-1], line, page, first=len(growing) == 1):
            growing.append(line)
        else:
            paragraphs.append([line])
    return [replace(pieces[0], text=_joined(pieces)) for pieces in paragraphs]


def join(before: str, after: str) -> str:
    """Return two pieces of one paragraph as one; a space parts Latin words, nothing parts Han.

    Digits on both sides are one number where a Han stands next to it: `9月1` and `2日`.
    """
    return f"{before}{_between(before, after)}{after}"


def _pages(lines: Sequence[Line]) -> dict[int, _Page | None]:
    """Return how the text is set, in each number of columns; nothing where it is not wrapped."""
    pages: dict[int, _Page | None] = {}
    for beside in {line.columns for line in lines}:
        alike = [line for line in lines if line.columns == beside]
        columns = _columns(alike)
        pages[beside] = _measure(alike, columns) if columns else None
    return pages


def _joined(lines: Sequence[Line]) -> str:
    texts = [line.text for line in lines]
    rest = (_between(before, after) + after for before, after in pairwise(texts))
    return "".join([texts[0], *rest])


def _between(before: str, after: str) -> str:
    latin = before[-1].isascii() and after[0].isascii() and before[-1] not in "-/"
    number = NUMBER_ENDS.search(before[-LONGEST_NUMBER - 1 :]) or NUMBER_BEGINS.match(after)
    return " " if latin and not (number and before[-1].isdigit() and after[0].isdigit()) else ""


def _columns(lines: Sequence[Line]) -> int:
    """Return the width at which the lines were wrapped, or 0 if they were not."""
    texts = [n.text for n in lines if n.kind is Kind.PARAGRAPH and not is_caption(n.text)]
    widths = sorted(map(width, texts))
    if len(widths) < 3:
        return 0
    longest = widths[int(len(widths) * 0.97)]
    near = [t for t in texts if longest - NEAR <= width(t) <= longest + SLACK]
    broken = [t for t in near if not SENTENCE_END.search(t)]
    least = LAID_OUT if lines[0].page else WRAPPED
    enough = len(near) >= max(3, least * len(texts)) and len(broken) >= 0.5 * len(near)
    if not (NARROWEST <= longest <= WIDEST and enough):
        return 0
    return max(Counter(map(width, near)).items(), key=lambda item: (item[1], item[0]))[0]


def _measure(lines: Sequence[Line], columns: int) -> _Page:
    pairs = list(pairwise(lines))
    plain = _Page(columns, 0, indented=False, spaced=False)
    inside = Counter(
        b.gap for a, b in pairs if _is_full(a, b, plain, False) and not SENTENCE_END.search(a.text)
    )
    gap = inside.most_common(1)[0][0] if inside else 0
    indents = Counter(line.indent >= 2 for line in lines if width(line.text) > columns - NEAR)
    return _Page(
        columns,
        gap,
        indented=min(indents[True], indents[False]) >= 1,
        spaced=any(b.gap > gap for _, b in pairs),
    )


def _continues(last: Line, line: Line, page: _Page, first: bool) -> bool:
    """Tell whether `line` goes on with the paragraph whose last line is `last`."""
    if begins_block(line) or is_caption(line.text) or is_caption(last.text):
        return False
    if last.kind is not Kind.PARAGRAPH or last.solid or line.gap > page.gap:
        return False
    if page.indented and line.indent >= 2:
        return False
    if not _is_full(last, line, page, first):
        return False
    if SENTENCE_END.search(last.text):
        if width(line.text) < page.width - NEAR and not SENTENCE_END.search(line.text):
            return False  # A headline below a last line that happens to be full.
        return page.indented or (page.spaced and page.gap == 0)
    return True


def _is_full(last: Line, line: Line, page: _Page, first: bool) -> bool:
    """Tell whether the first piece of `line` would not have fitted on `last`."""
    piece = FIRST_PIECE.match(line.text)
    indent = last.indent if page.indented else FIRST_INDENT if first else 0
    taken = width(last.text) + indent + width(piece[0] if piece else "")
    return taken > page.width - SLACK
