"""What did the page break apart?  Lines mended to paragraphs, cuts and jumps joined again.

Nothing a reader can see is lost or altered: every character stands in exactly one block or piece
of furniture.  A wrong join is as bad as a missing one, so only what is plainly cut is joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.bulletin import Block, Kind
from indexer.language import Notice, Sentence
from indexer.readers import furniture
from indexer.readers.extract import Line
from indexer.readers.shapes import (
    BOUND,
    BRACKETED,
    CLAUSE_MARK,
    DATE,
    HAN,
    ISSUE,
    JUMP,
    LABEL,
    OPENER,
    SENTENCE_END,
    SUBTITLE,
    begins_block,
    is_caption,
    is_open,
    is_running_text,
    is_short,
)
from indexer.readers.wrapping import join, unwrap

LONG = 40  # characters: no headline is as long, so an open end is a cut
FRAGMENT = 15  # characters: shorter open lines are taken for headlines
CAPTIONS_BETWEEN = 3  # pictures that may stand in the middle of a paragraph
LEAD = 20  # characters; a shorter line that ends with a colon is a label
SECTION = 2  # the level of a headline without a number; 1 is the title
LEVELS = (
    (re.compile("[一二三四五六七八九十⼀⼆⼋⼗]+、"), 3),
    (re.compile("[（(]"), 4),
    (OPENER, 5),
)


@dataclass(frozen=True, slots=True)
class Mended:
    """The blocks of a text, what was set aside, and what a reader should know about it."""

    blocks: tuple[Block, ...]
    furniture: tuple[str, ...]
    notices: tuple[Notice, ...]


def mend(lines: Sequence[Line]) -> Mended:
    """Return the blocks of a text in reading order."""
    text, aside = furniture.set_aside(lines)
    marked = any(line.kind is Kind.HEADING for line in text)
    whole = _join_cuts(unwrap(_split_jumps(text)), marked)
    ordered, jumps = _follow_jumps(whole)
    named = _name(ordered, marked)
    return Mended(
        tuple(Block(line.text, line.kind, line.page, line.level) for line in named),
        (*aside, *jumps),
        tuple(_jump_notice(jump) for jump in jumps),
    )


# Cuts: a page break inside a paragraph.


def _join_cuts(lines: Sequence[Line], marked: bool) -> list[Line]:
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
    if _is_cut(before) and _fits(before.text, line.text):
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


def _is_cut(line: Line) -> bool:
    """Tell whether a paragraph stops where none can end."""
    text = line.text
    if line.kind is not Kind.PARAGRAPH or line.solid or LABEL.match(text) or is_caption(text):
        return False
    if text[-1] in "，、" and len(text) > 8:
        return True
    return is_open(text) and (len(text) >= LONG or "。" in text) and bool(CLAUSE_MARK.search(text))


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


# Jumps: an article that goes on elsewhere (下转第3版, 上接p21).


def _split_jumps(lines: Iterable[Line]) -> list[Line]:
    """Give jump marks a line of their own where they stand at the end or head of another."""
    out: list[Line] = []
    for line in lines:
        found = JUMP.search(line.text)
        if found and line.kind is Kind.PARAGRAPH and found[1]:
            pieces = (line.text[: found.start()], found[0], line.text[found.end() :])
            if not (pieces[0].strip() and pieces[2].strip()):
                out += [replace(line, text=p.strip()) for p in pieces if p.strip()]
                continue
        out.append(line)
    return out


def _follow_jumps(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Bring the rest of an article back to where it was cut, and set the jump lines aside."""
    jumps = []
    cuts: list[int] = []
    place = 0
    while place < len(lines):
        jump = _jump(lines[place])
        if jump is None:
            place += 1
            continue
        jumps.append(lines.pop(place).text)
        if "转" in jump:
            cuts.append(place - 1)
            continue
        cut = cuts.pop(0) if cuts else _open_article(lines, place)
        stop = _article_end(lines, place)
        if cut is not None and 0 <= cut < place < stop:
            rest = lines[place:stop]
            del lines[place:stop]
            before = len(lines)
            lines[cut + 1 : place] = _as_article(lines[cut + 1 : place])
            lines[cut : cut + 1] = _continued(lines[cut], rest)
            shift = len(lines) - before
            cuts = [c + shift if c > cut else c for c in cuts]
        place = stop
    return lines, jumps


def _jump(line: Line) -> str | None:
    found = JUMP.fullmatch(line.text) if line.kind is Kind.PARAGRAPH else None
    return (found[1] or found[2]) if found else None


def _open_article(lines: Sequence[Line], stop: int) -> int | None:
    """Return the last paragraph that was cut by another article's headline, else the last one."""
    for place in range(stop - 2, -1, -1):
        if _is_cut(lines[place]) and is_short(lines[place + 1].text):
            return place
    return stop - 1 if stop and _is_cut(lines[stop - 1]) else None


def _article_end(lines: Sequence[Line], start: int) -> int:
    """Return where an article ends: after its signature, or before the next jump."""
    for place in range(start, len(lines)):
        if _jump(lines[place]):
            return place
        if BRACKETED.fullmatch(lines[place].text):
            return place + 1
    return len(lines)


def _as_article(lines: list[Line]) -> list[Line]:
    """Name the headline of the article that had stood in the middle of another one."""
    if lines and lines[0].kind is Kind.PARAGRAPH and is_short(lines[0].text):
        return [replace(lines[0], kind=Kind.HEADING, level=SECTION), *lines[1:]]
    return lines


def _continued(cut: Line, rest: list[Line]) -> list[Line]:
    if begins_block(rest[0]) or not is_open(cut.text):
        return [cut, *rest]
    return [replace(cut, text=join(cut.text, rest[0].text)), *rest[1:]]


def _jump_notice(jump: str) -> Notice:
    return Notice(
        "jump_line",
        Sentence(f"跳转提示“{jump}”已移出正文。", f"The jump line “{jump}” was set aside."),
    )


# Names: what is a caption, what a headline.


def _name(lines: Sequence[Line], marked: bool) -> list[Line]:
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
    return (before is not None and _is_cut(before)) or _stands_over(text, after)


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
