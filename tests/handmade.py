"""Bulletins made by hand, line by line."""

from indexer.bulletin import Block, Bulletin, Reading, Source
from indexer.metadata import describe

TEXT = (
    "近日，协会组织专家走访了三家企业，听取意见，提出建议，并就下一步工作作了安排，"
    "大家一致认为，质量是干出来的。"
)
"""Running text that names nobody."""


def reading(*lines: str | Block, path: str = "简报.txt", title: str = "") -> Reading:
    blocks = (line if isinstance(line, Block) else Block(line) for line in lines)
    return Reading(Source(path, "text/plain", "utf-8", "0" * 64, 1), tuple(blocks), title)


def bulletin(*lines: str | Block, path: str = "简报.txt", title: str = "") -> Bulletin:
    return describe(reading(*lines, path=path, title=title), "b-1")
