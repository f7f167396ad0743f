"""What is it called?  The headline, else what stands in for one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from indexer.bulletin import Block, IssueNumber, Reading
from indexer.metadata import issuer
from indexer.metadata.masthead import Masthead
from indexer.metadata.wording import unspaced


def find(
    reading: Reading, masthead: Masthead, series: str, issue: IssueNumber | None
) -> tuple[str, str]:
    """Return the title and the code of the notice that it deserves, if any."""
    blocks: Sequence[Block] = reading.blocks
    if masthead.title is not None:
        return unspaced(blocks[masthead.title].text), ""
    if series and issue:
        return f"{series} {issue.label}", "title_from_series"
    declared = unspaced(issuer.headline_of(reading.title))
    if declared:
        return declared, "title_from_format"
    return (series, "title_from_series") if series else (stem(reading), "no_title")


def stem(reading: Reading) -> str:
    """Return the file's name without folders and ending."""
    return PurePosixPath(reading.source.path).stem
