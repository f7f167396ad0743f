"""How is it divided?  Sections under headings, each with the bodies it is about.

Sections cover all blocks in order; what stands above the first heading is a section without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.bulletin import Block, Kind, Section
from indexer.metadata.headings import BYLINE, UNNUMBERED
from indexer.metadata.organizations import Directory
from indexer.metadata.wording import plain, unspaced

_JUMP = re.compile(r"[上下]接|[上下]转")


def starts(blocks: Sequence[Block], start: int, jumped: bool) -> list[int]:
    """Return the blocks that begin a section, the headings from `start` on.

    The headline begins one only where it heads one article of several; else it heads the whole.
    """
    headings = [n for n in range(start, len(blocks)) if blocks[n].kind is Kind.HEADING]
    title = next((n for n, block in enumerate(blocks) if block.kind is Kind.TITLE), None)
    several = jumped or any(_is_signed(blocks, n) for n in headings)
    return sorted([*headings, title]) if title is not None and several else headings


def _is_signed(blocks: Sequence[Block], heading: int) -> bool:
    """Say whether an article of its own begins: a heading with a byline under it."""
    below = (plain(block.text[:60]) for block in blocks[heading + 1 : heading + 3])
    return any(BYLINE.search(text) for text in below)


def divide(
    blocks: Sequence[Block], begins: Sequence[int], directory: Directory
) -> tuple[Section, ...]:
    """Return the sections that begin where `starts` says."""
    if not blocks:
        return ()
    stops = [*begins, len(blocks)]
    found = [Section("", 0, stops[0], _about(blocks[: stops[0]], directory))] if stops[0] else []
    above: list[tuple[int, tuple[str, ...]]] = []
    for start, stop in pairwise(stops):
        level = blocks[start].level or UNNUMBERED
        above = [(higher, names) for higher, names in above if higher < level]
        about = _about(blocks[start:stop], directory)
        about = about or next((names for _, names in reversed(above) if names), ())
        above.append((level, about))
        found.append(Section(unspaced(blocks[start].text), start, stop, about))
    return tuple(found)


def _about(blocks: Sequence[Block], directory: Directory) -> tuple[str, ...]:
    """Return the bodies that the heading names and those that paragraphs lead with."""
    return tuple(dict.fromkeys(_bodies(blocks, directory)))


def _bodies(blocks: Sequence[Block], directory: Directory) -> Iterator[str]:
    for n, block in enumerate(blocks):
        if n == 0 and block.kind in (Kind.HEADING, Kind.TITLE):
            yield from directory.named(block.text)
        elif block.kind is Kind.PARAGRAPH:
            yield from directory.leading(block.text)


def has_jump(furniture: Sequence[str]) -> bool:
    """Say whether pages of a magazine were joined at a jump line: several articles."""
    return any(_JUMP.search(plain(line)) for line in furniture)
