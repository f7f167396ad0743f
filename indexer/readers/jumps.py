"""Where does an article go on that the page makes jump (下转第3版, 上接p21)?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from indexer.bulletin import Kind
from indexer.language import Notice, Sentence
from indexer.readers.cuts import is_cut
from indexer.readers.extract import Line
from indexer.readers.headlines import SECTION
from indexer.readers.shapes import BRACKETED, JUMP, LABEL, begins_block, is_open, is_short
from indexer.readers.wrapping import join

MOST_JUMPS = 100


def split_jumps(lines: Iterable[Line]) -> list[Line]:
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


def follow_jumps(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Bring the rest of an article back to where it was cut.

    Returns the lines without the jump lines, and the jump lines.  A file with more jumps than any
    newspaper is left as it is, because each one costs a walk through the text.
    """
    if sum(bool(_direction(line)) for line in lines) > MOST_JUMPS:
        return lines, []
    out = list(lines)
    jumps: list[str] = []
    cuts: list[int] = []  # where articles were left that have not been taken up yet
    place = 0
    while place < len(out):
        direction = _direction(out[place])
        if not direction:
            place += 1
            continue
        jumps.append(out.pop(place).text)
        if "转" in direction:
            cuts.append(place - 1)
            continue
        cut = cuts.pop(0) if cuts else _open_article(out, place)
        stop = _article_end(out, place)
        if cut is not None and 0 <= cut < place < stop:
            moved = stop - place
            joined = _move(out, cut, place, stop)
            cuts = [c + moved - joined if c > cut else c for c in cuts]
            stop -= joined
        place = stop
    return out, jumps


def _move(lines: list[Line], cut: int, start: int, stop: int) -> int:
    """Put `lines[start:stop]` behind the cut, and return how many lines became one with another."""
    rest = lines[start:stop]
    whole = _continued(lines[cut], rest)
    lines[cut:stop] = [*whole, *_as_article(lines[cut + 1 : start])]
    return 1 + len(rest) - len(whole)


def _direction(line: Line) -> str:
    """Return 上接, 下转 … for a line that is a jump, else nothing."""
    found = JUMP.fullmatch(line.text) if line.kind is Kind.PARAGRAPH else None
    return str(found[1] or found[2]) if found else ""


def _open_article(lines: Sequence[Line], stop: int) -> int | None:
    """Return the last paragraph that was cut by another article's headline, else the last one."""
    for place in range(stop - 2, -1, -1):
        if is_cut(lines[place]) and is_short(lines[place + 1].text):
            return place
    return stop - 1 if stop and is_cut(lines[stop - 1]) else None


def _article_end(lines: Sequence[Line], start: int) -> int:
    """Return where an article ends: after its signature, before a jump or the receivers."""
    for place in range(start, len(lines)):
        if _direction(lines[place]) or LABEL.match(lines[place].text):
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


def jump_notice(jump: str) -> Notice:
    """Say that a line was left out of the text."""
    return Notice(
        "jump_line",
        Sentence(f"跳转提示“{jump}”已移出正文。", f"The jump line “{jump}” was set aside."),
    )
