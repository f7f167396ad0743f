"""Who signed it, and when?  The last lines of a notice, and the imprint below the receivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.bulletin import Block, Kind
from indexer.metadata import dates, distribution, issuer
from indexer.metadata.distribution import Distribution

REACH: Final = 4
"""Blocks before the end of the text in which a signature stands."""
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Closing:
    """The date and the body at the end, each empty where there is none."""

    date: str = ""
    publisher: str = ""


def find(blocks: Sequence[Block], start: int, foot: Distribution) -> Closing:
    """Return what the end of the text says, `start` being the first block after the masthead.

    A date counts only in a line that holds nothing else but a body.
    """
    lines = [
        block.text
        for block in blocks[max(start, foot.start - REACH) : foot.start]
        if block.kind is Kind.PARAGRAPH and len(block.text) < _LONGEST
    ]
    imprint = distribution.imprint(blocks[foot.start : foot.stop])
    dated = [line for line in lines if not issuer.left_over([line]) or issuer.publisher_in(line)]
    for found in (dated, imprint):
        if date := dates.find(found):
            return Closing(date, issuer.find_publisher(found))
    return Closing()
