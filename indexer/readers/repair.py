"""What did the page break apart?  Lines mended to paragraphs, cuts and jumps joined again.

Nothing a reader can see is lost or altered: every character stands in exactly one block or piece
of furniture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.bulletin import Block, Kind
from indexer.language import Notice
from indexer.readers.cuts import join_cuts
from indexer.readers.extract import Line
from indexer.readers.furniture import set_aside
from indexer.readers.headlines import name
from indexer.readers.jumps import follow_jumps, jump_notice, split_jumps
from indexer.readers.wrapping import unwrap


@dataclass(frozen=True, slots=True)
class Mended:
    """The blocks of a text, what was set aside, and what a reader should know about it."""

    blocks: tuple[Block, ...]
    furniture: tuple[str, ...]
    notices: tuple[Notice, ...]


def mend(lines: Sequence[Line]) -> Mended:
    """Return the blocks of a text in reading order."""
    text, aside = set_aside(lines)
    marked = any(line.kind is Kind.HEADING for line in text)
    whole = join_cuts(unwrap(split_jumps(text)), marked)
    ordered, jumps = follow_jumps(whole)
    named = name(ordered, marked)
    return Mended(
        tuple(Block(line.text, line.kind, line.page, line.level) for line in named),
        (*aside, *jumps),
        tuple(jump_notice(jump) for jump in jumps),
    )
