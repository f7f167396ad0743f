"""Which lines are headings that the format does not mark?

A heading is known by standing alone: a short line without a final mark before running text or,
when it is numbered, before a table.  Nothing above the end of the masthead is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.bulletin import Block, Kind
from indexer.metadata import authorship
from indexer.metadata.bodies import ENUMERATION
from indexer.metadata.masthead import is_contents
from indexer.metadata.wording import (
    HAN,
    RUNNING_LENGTH,
    has_words,
    is_running,
    opens_text,
    plain,
)

LONGEST: Final = 45
"""Characters of a heading that the format does not mark."""
_CHAIN: Final = 3
"""Headings that may follow one another before the text begins; more of them are a list."""

_CAPTION = re.compile(r"^\s{0,8}[图表]\s?[0-9一二三四五六七八九十]{1,3}")
_NO_HEADING = re.compile(
    r"^\W{0,8}(?:——|◆|\||\[?字[体号]|点击|扫码|扫描|长按|https?:|www\.|[(].{0,60}[)]$|文/|作者|来源|编辑|审核|校对|供稿|摄影|单位\s?:|日期\s?:|[0-9.,%\s]{1,40}$)"
    r"|[,、:;]$|/\s?文|供稿\)?$|版权所有|^推荐给|^[0-9]{1,2}月[0-9]{1,2}日|…$|\.{3}$"
)
_LABELLED = re.compile(r"^[^:]{1,5}:.{0,7}(?:$|[0-9])")
_FACT: Final = re.compile(
    r"^\W{0,8}(?:时\s?间|地\s?点|主\s?持人?|出\s?席|列\s?席|缺\s?席|参加(?:人员|单位)?|参会(?:人员|单位)?|记\s?录人?|议\s?题|附\s?件"
    r"|联系(?:人|电话|方式)|电\s?话|邮\s?箱|传\s?真)\s?:"
)
"""What minutes and notices state in a line each."""
_DATED = re.compile(
    r"[0-9〇一二三四五六七八九]{4}\s?年\s?[0-9一二三四五六七八九十]{1,3}\s?月.{0,6}$"
)
_HAN = re.compile(f"[{HAN}]")
BYLINE = re.compile(r"◆|/\s?文\s{0,8}$|^\W{0,8}文\s?/|^\W{0,8}作者\s?:|本[刊报]记者")
_LEADER = re.compile(r"[….·\s]{2}[0-9]{1,3}\s{0,8}$")
_LEVELS = (
    (re.compile(r"\s{0,8}[一二三四五六七八九十]{1,3}\s?[、.]"), 3),
    (re.compile(r"\s{0,8}\([一二三四五六七八九十]{1,3}\)"), 4),
    (re.compile(r"\s{0,8}[0-9]{1,2}\s?[.、]"), 5),
    (re.compile(r"\s{0,8}\([0-9]{1,2}\)"), 6),
)
UNNUMBERED: Final = 2


def mark(blocks: Sequence[Block], start: int) -> tuple[Block, ...]:
    """Return the blocks, headings marked that the format left as paragraphs, from `start` on."""
    marked = list(blocks)
    listed = _listed(blocks)
    ahead, signed = 0, False
    for n in reversed(range(start, len(blocks))):
        block = blocks[n]
        if n in listed:
            continue
        if block.kind is Kind.PARAGRAPH and _is_skipped(block):
            signed = has_words(block.text)
            continue
        table = n + 1 < len(blocks) and blocks[n + 1].kind is Kind.ROW
        may_head = (0 < ahead <= _CHAIN or table) and _may_head(block, signed)
        if may_head and (ahead or ENUMERATION.match(plain(block.text))):
            marked[n] = block._replace(kind=Kind.HEADING, level=level_of(block.text))
            ahead += 1
        elif block.kind is Kind.HEADING:
            ahead = 1
        else:
            ahead = 1 if block.kind is Kind.PARAGRAPH and opens_text(block) else 0
        signed = False
    return tuple(marked)


def _listed(blocks: Sequence[Block]) -> set[int]:
    """Return the lines of a table of contents, its own heading among them."""
    head = next((n for n, block in enumerate(blocks) if is_contents(block.text)), None)
    if head is None:
        return set()
    stop = head + 1
    while stop < len(blocks) and _is_entry(blocks, stop, head):
        stop += 1
    return set(range(head, stop)) if stop > head + 1 else set()


def _is_entry(blocks: Sequence[Block], n: int, head: int) -> bool:
    text = plain(blocks[n].text)
    item = ENUMERATION.match(text)
    first = plain(blocks[head + 1].text)
    if is_running(blocks[n]) or blocks[n].kind is not Kind.PARAGRAPH:
        return False
    return bool(item) == bool(ENUMERATION.match(first)) and (
        bool(item) or _LEADER.search(text) is not None
    )


def _is_skipped(block: Block) -> bool:
    """Say whether a line may stand between a heading and its text."""
    if len(block.text) > RUNNING_LENGTH:
        return False
    text = plain(block.text).strip()
    if not has_words(text) or text.startswith("——") or BYLINE.search(text):
        return True
    return authorship.is_byline(text)


def _may_head(block: Block, signed: bool) -> bool:
    """Say whether a line has the form of a heading; `signed` ones have a byline below them."""
    if block.kind is not Kind.PARAGRAPH or len(block.text) > RUNNING_LENGTH or is_running(block):
        return False
    text = plain(block.text).strip()
    return (
        len(text) <= LONGEST
        and len(_HAN.findall(text)) >= 2
        and not any(form.search(text) for form in (_NO_HEADING, _CAPTION, _DATED))
        and not is_none(text)
        and (signed or not _LABELLED.search(text))
    )


def is_none(text: str) -> bool:
    """Say whether a line is no heading whatever it looks like: a byline, a line of minutes."""
    return _FACT.match(plain(text)) is not None or authorship.is_byline(text)


def level_of(text: str) -> int:
    """Return the level of a heading by its numbering: 一、 above （一） above 1. above （1）."""
    written = plain(text)
    return next((level for form, level in _LEVELS if form.match(written)), UNNUMBERED)
