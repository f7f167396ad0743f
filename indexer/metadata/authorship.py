"""Who wrote it?  The byline under the headline, or who sent it in at the end: （办公室供稿）.

Of several articles with authors of their own none is the author of the whole.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.bulletin import Block, Kind
from indexer.metadata.surnames import SURNAMES
from indexer.metadata.wording import HAN, closed_up, is_running, plain

REACH: Final = 4
"""Lines behind the headline, or before the end, in which a byline stands."""
_LONGEST: Final = 60
"""Characters of a line with a byline."""

_REPORTER = r"(?:本[刊报社网台]|特约)*(?:记者|通讯员|撰稿人|评论员|特约作者)"
_WROTE = rf"(?:作\s?者|撰\s?稿人?|撰\s?文|执\s?笔人?|供\s?稿(?:单位|部门|人)?|文|{_REPORTER})"
_OTHER = (
    "(?:图|摄影|摄|编辑|审核|审稿|校对|责编|责任编辑|来源|编审"
    "|发布|时间|日期|浏览|阅读|点击|电话|单位)"
)
_LABEL: Final = re.compile(rf"(?<![{HAN}\w])(?:文\s?/\s?图|图\s?/\s?文|{_WROTE})\s?[:/|]\s?")
_REPORTED: Final = re.compile(rf"^\W{{0,8}}{_REPORTER}\s{{1,4}}(?=[{HAN}])")
_AND: Final = re.compile(rf"\s{_REPORTER}\s{{0,2}}[/:|]?\s{{0,2}}")
_STOP: Final = re.compile(rf"\s{{2,}}|[\t)）】\]]|\s{{0,4}}{_OTHER}\s{{0,2}}[:/|]|\s[/|]\s|$")
_SENT_IN: Final = re.compile(
    rf"^\W{{0,4}}[(（【\[]?(?P<who>[{HAN}A-Za-z0-9 、]{{2,40}}?)\s?(?:供稿|撰稿|撰文)"
    r"[)）】\]]?\W{0,4}$"
)
_AFTER: Final = re.compile(rf"^\W{{0,4}}(?P<who>[{HAN}A-Za-z ·、]{{2,20}}?)\s?/\s?文\W{{0,4}}$")
_PERSON: Final = rf"(?:[{SURNAMES}][{HAN}]{{1,2}})"
_PERSONS: Final = re.compile(
    rf"^\W{{0,4}}(?:[{HAN}]{{2,14}}\s)?(?P<who>{_PERSON}(?:[\s、,]{{1,2}}{_PERSON}){{0,4}})\s{{0,4}}$"
)


def is_byline(text: str) -> bool:
    """Say whether a line says who wrote what stands around it."""
    return len(text) <= _LONGEST and bool(_named(text))


def find(
    blocks: Sequence[Block], title: int | None, start: int, stop: int
) -> tuple[str, int | None]:
    """Return the author as the page says, or nothing, and the byline under the headline, if any.

    `title` is the headline; the text is `blocks[start:stop]`.
    """
    head = range(start, min(start + REACH, stop))
    if title is not None:
        head = range(title + 1, min(max(title + 1 + REACH, start), stop))
    for n in head:
        text = blocks[n].text
        if is_running(blocks[n]):
            break
        if found := _named(text) or (_persons(blocks, n) if n == head.start else ""):
            return found, n
    last = next(_signed(blocks[max(head.start, stop - REACH) : stop]), "")
    others = {*_signed(blocks[head.start : stop])} - {last} if last else set()
    return "" if others else last, None


def _signed(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        short = block.kind is not Kind.ROW and len(block.text) <= _LONGEST
        if short and (found := _named(block.text)):
            yield found


@functools.lru_cache(maxsize=512)
def _named(text: str) -> str:
    """Return whom a byline names: 作者：许某, 本刊记者 / 宋某 通讯员 / 石某, （办公室供稿）.

    Remembered, since headings and bylines are told apart more than once.
    """
    written = plain(text)
    if sent := _SENT_IN.match(written) or _AFTER.match(written):
        return "" if _LABEL.search(written) else _names(text[slice(*sent.span("who"))])
    labels = [*_LABEL.finditer(written)] or [*_REPORTED.finditer(written)]
    if labels:
        labels += _AND.finditer(written, labels[0].end())
    names: list[str] = []
    for n, label in enumerate(labels):
        end = labels[n + 1].start() if n + 1 < len(labels) else len(text)
        cut = _STOP.search(written, label.end())
        names.append(_names(text[label.end() : min(end, cut.start() if cut else end)]))
    return "、".join(dict.fromkeys(filter(None, names)))


def _names(text: str) -> str:
    parts = re.split(r"[\s、，,]+", text.strip(" 　。.：:/|"))
    persons = len(parts) > 1 and all(len(part) <= 4 for part in parts)
    return "、".join(parts) if persons else closed_up(text.strip(" 　。.：:/|"))


def _persons(blocks: Sequence[Block], n: int) -> str:
    """Return the persons in a line that holds nothing but them and their office, above the text."""
    match = _PERSONS.match(plain(blocks[n].text))
    above_text = n + 1 < len(blocks) and is_running(blocks[n + 1])
    return _names(blocks[n].text[slice(*match.span("who"))]) if match and above_text else ""
