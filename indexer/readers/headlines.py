"""Which lines are headlines and captions, where the format does not say so?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.bulletin import Kind
from indexer.readers.cuts import is_cut
from indexer.readers.extract import Line
from indexer.readers.shapes import (
    BRACKETED,
    DATE,
    HAN,
    ISSUE,
    JUMP,
    LABEL,
    OPENER,
    SENTENCE_END,
    SUBTITLE,
    is_caption,
    is_running_text,
    is_short,
)

LEAD = 20  # characters; a shorter line that ends with a colon is a label
SECTION = 2  # the level of a headline without a number; 1 is the title
LEVELS = (
    (re.compile("[一二三四五六七八九十⼀⼆⼋⼗]+、"), 3),
    (re.compile("[（(]"), 4),
    (OPENER, 5),
)


def name(lines: Sequence[Line], marked: bool) -> list[Line]:
    """Tell captions and, where the format marks none, headlines from paragraphs.

    From the end, because what stands below a line tells whether it is a headline.
    """
    named: list[Line] = []
    for place in range(len(lines) - 1, -1, -1):
        line, before = lines[place], lines[place - 1] if place else None
        if line.kind is Kind.PARAGRAPH and is_caption(line.text):
            line = replace(line, kind=Kind.CAPTION)
        elif not marked and named and _is_headline(line, before, named[-1]):
            line = replace(line, kind=Kind.HEADING, level=_level(line.text))
        named.append(line)
    return named[::-1]


def _is_headline(line: Line, before: Line | None, after: Line) -> bool:
    text = line.text
    if line.kind is not Kind.PARAGRAPH or line.solid or not is_short(text):
        return False
    if SENTENCE_END.search(text) or _is_apart(text):
        return False
    return (before is not None and is_cut(before)) or _stands_over(text, after)


def _stands_over(text: str, after: Line) -> bool:
    """Tell whether what follows is what stands below a headline: text, or a smaller headline."""
    if after.kind is Kind.PARAGRAPH and (_introduces(after.text) or SUBTITLE.match(after.text)):
        return True
    if after.kind is Kind.HEADING:
        return after.level > max(SECTION, _level(text))
    numbered = LEVELS[0][0].match(text) is not None
    return numbered and (after.kind is not Kind.PARAGRAPH or _level(after.text) > _level(text))


def _introduces(text: str) -> bool:
    return is_running_text(text) or (len(text) >= LEAD and text[-1] in "：:")


def _is_apart(text: str) -> bool:
    """Tell whether a short line is something else than a headline."""
    shapes = (LABEL.match, DATE.search, ISSUE.match, BRACKETED.fullmatch, JUMP.fullmatch)
    return any(shape(text) for shape in shapes) or not (HAN.match(text) or text[0].isalnum())


def _level(text: str) -> int:
    return next((level for shape, level in LEVELS if shape.match(text)), SECTION)
