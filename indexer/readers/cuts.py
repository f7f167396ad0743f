"""Which paragraphs did a page break cut in two?

A wrong join is as bad as a missing one, so only what is plainly cut is joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexer.bulletin import Kind
from indexer.readers.extract import Line
from indexer.readers.shapes import (
    BOUND,
    BRACKETED,
    CLAUSE_MARK,
    DATE,
    HAN,
    LABEL,
    OPENER,
    SENTENCE_END,
    begins_block,
    is_caption,
    is_open,
    is_running_text,
)
from indexer.readers.wrapping import join

LONG = 35  # characters: hardly a headline is as long, so an open end is a cut
LONG_NUMBERED = 50  # characters; headlines with a number (六、…) are the longest ones
FRAGMENT = 15  # characters: shorter open lines are taken for headlines
CAPTIONS_BETWEEN = 3  # pictures that may stand in the middle of a paragraph


def join_cuts(lines: Sequence[Line], marked: bool) -> list[Line]:
    """Join what a page break cut, over captions that stand between."""
    out: list[Line] = []
    for line in lines:
        place = _cut_before(out, line, marked)
        if place is None:
            out.append(line)
        else:
            out[place] = replace(out[place], text=join(out[place].text, line.text))
    return out


def _cut_before(out: Sequence[Line], line: Line, marked: bool) -> int | None:
    """Return the place of the cut paragraph that `line` goes on with."""
    place = len(out) - 1
    while place >= 0 and is_caption(out[place].text) and len(out) - place <= CAPTIONS_BETWEEN:
        place -= 1
    if place < 0 or not _may_continue(line):
        return None
    before = out[place]
    if is_cut(before) and _fits(before.text, line.text):
        return place
    adjacent = place == len(out) - 1
    fragment = adjacent and is_running_text(line.text) and _is_fragment(before, line, marked)
    return place if fragment else None


def _may_continue(line: Line) -> bool:
    """Tell whether a line can be the rest of a paragraph."""
    return (
        not begins_block(line)
        and not is_caption(line.text)
        and not BRACKETED.fullmatch(line.text)
        and (is_running_text(line.text) or bool(SENTENCE_END.search(line.text)))
    )


def is_cut(line: Line) -> bool:
    """Tell whether a paragraph stops where none can end."""
    text = line.text
    if line.kind is not Kind.PARAGRAPH or line.solid or LABEL.match(text) or is_caption(text):
        return False
    if text[-1] in "，、" and len(text) > 8:
        return True
    long = LONG_NUMBERED if OPENER.match(text) else LONG
    return is_open(text) and (len(text) >= long or "。" in text) and bool(CLAUSE_MARK.search(text))


def _fits(before: str, after: str) -> bool:
    """Tell whether the characters at the cut can stand next to each other in one sentence."""
    if not HAN.match(before[-1]) and before[-1] not in "，、":
        return after[0].isalnum() and (before[-1].isascii() == after[0].isascii())
    return True


def _is_fragment(before: Line, after: Line, marked: bool) -> bool:
    """Tell whether a short open line is the beginning of a paragraph and no headline."""
    text = before.text
    if before.kind is not Kind.PARAGRAPH or before.solid or not is_open(text):
        return False
    if len(text) < FRAGMENT or not CLAUSE_MARK.search(text) or begins_block(before):
        return False
    if is_caption(text) or text[:2] == after.text[:2] or DATE.search(text):
        return False
    return marked or bool(BOUND.match(after.text))
