"""Where does the masthead end, and which line is the headline?

Everything a bulletin says of itself (series, issue, date, publisher) stands in lines of its own
before the running text.  Only they are asked for it: 第三届, 第2期 and the dates of the text are
not this bulletin's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.bulletin import Block, Kind
from indexer.metadata import issuer
from indexer.metadata.dates import DATE
from indexer.metadata.document_number import DOCUMENT_NUMBER
from indexer.metadata.issue import ISSUE
from indexer.metadata.wording import ends_sentence, has_words, is_running, plain

_FARTHEST: Final = 100
"""Short lines of navigation that may stand above the masthead of a web page."""
_LINE: Final = 60
REACH: Final = 20
"""Blocks from the start in which the masthead is looked for."""

_NOTE = re.compile(
    r"内部(?:资料|刊物|文件|交流|使用)|注意保存|妥善保存|免费交流|不得外传|^\W{0,8}(?:秘密|机密|绝密|特急|加急|急件)"
    r"|^\W{0,8}(?:签发|主编|责任编辑|责编|编辑|审核|校对|编号|签发人|联系电话|投稿邮箱|网址)\s?:|准印证|^\W{0,8}[增专特]刊\W{0,8}$"
    r"|^\W{0,8}\w{2,10}(?:专刊|专辑|特刊|增刊|专号)\W{0,8}$"
)
_CONTENTS = re.compile(
    r"^\W{0,8}(?:本期|内容)?\s?(?:目录|目次|导读|要目|提要|内容提要|看点|要点|摘要)\W{0,8}$"
)
_NO_HEADLINE = re.compile(
    r"^\W{0,8}(?:点击|扫码|扫一扫|关注|长按|来源|[\[(]?字[体号]|打印|您当前|您的位置|热点|分享|原创|作者|首页|当前位置|编者按|编者的话|编者语|致读者|卷首语|前言|导语"
    r"|https?:|www\.|文/|图\s?[0-9]|表\s?[0-9]|◆|——|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]"
    r"|[0-9]{1,2}[.、)])"
)
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Masthead:
    """The blocks of the masthead, and that of the headline if there is one."""

    lines: tuple[int, ...] = ()
    title: int | None = None

    @property
    def stop(self) -> int:
        """The first block behind the masthead and the headline."""
        return max((n + 1 for n in (*self.lines, self.title) if n is not None), default=0)


def find(blocks: Sequence[Block], declared: str = "") -> Masthead:
    """Return the masthead of a bulletin; `declared` is the headline that the format declares."""
    anchor = _anchor(blocks, declared)
    start = _start(blocks, anchor)
    if anchor is not None and is_masthead_line(blocks[anchor].text):
        anchor = None  # The format declares the series; the headline is still to be found.
    window = _window(blocks, start, anchor)
    cues = [n for n in window if n != anchor and is_masthead_line(blocks[n].text)]
    if anchor is not None:
        return Masthead(_span(start, cues, anchor), anchor)
    cues = _with_split_series(blocks, _leading(blocks, window, cues))
    title = _headline(blocks, window, cues)
    if title is None:
        title = next((n for n in cues if _is_whole(blocks[n].text)), None)
    elif title < min(cues, default=title):
        return Masthead(tuple(n for n in cues if n < title + _SHORTEST), title)
    return Masthead(_span(start, cues, title), title)


def _start(blocks: Sequence[Block], anchor: int | None) -> int:
    """Return where to begin: the top, or below the navigation of a web page."""
    if anchor is not None:
        return anchor if anchor > REACH // 2 else 0
    for n, block in enumerate(blocks[:_FARTHEST]):
        if n >= _SHORTEST and issuer.series_of(block.text) and _is_stated(blocks[n : n + 6]):
            return n
        if is_running(block) or _is_stated(blocks[n : n + 1]):
            return 0
    return 0


def _is_stated(blocks: Sequence[Block]) -> bool:
    """Say whether one of some lines states an issue and nothing else."""
    return any(
        ISSUE.search(plain(block.text[:_LINE])) and not issuer.left_over([block.text[:_LINE]])
        for block in blocks
    )


def _anchor(blocks: Sequence[Block], declared: str) -> int | None:
    """Return the block that is the declared title, word for word."""
    wanted = {_bare(declared), _bare(issuer.before_site(declared))} - {""}
    candidates = (n for n, block in enumerate(blocks) if len(block.text) <= 2 * len(declared) + 8)
    return (
        next((n for n in candidates if _bare(blocks[n].text) in wanted), None) if wanted else None
    )


def _bare(text: str) -> str:
    return re.sub(r"\s", "", plain(text))


def _window(blocks: Sequence[Block], start: int, anchor: int | None) -> range:
    """Return the lines before the running text, the headline included."""
    stop = start
    end = min(len(blocks), start + REACH)
    while stop < end and (not is_running(blocks[stop]) or stop == anchor or _is_note(blocks[stop])):
        stop += 1
    return range(start, stop)


def _is_note(block: Block) -> bool:
    """Say whether a long line belongs to the masthead all the same."""
    if block.kind in (Kind.ROW, Kind.CAPTION) or ends_sentence(block.text):
        return False
    return is_masthead_line(block.text)


def _leading(blocks: Sequence[Block], window: range, cues: list[int]) -> list[int]:
    """Drop what looks like a masthead only further down, behind headings of the text."""
    kept: list[int] = []
    others = 0
    for n in window:
        if n in cues:
            if others > 3:
                break
            kept.append(n)
        elif has_words(blocks[n].text):
            others += 1
    return kept


def _with_split_series(blocks: Sequence[Block], cues: list[int]) -> list[int]:
    """Add the line above a bare 简报 that opens the masthead: the first half of the name."""
    bare = next((n for n in cues if issuer.is_bare_series(blocks[n].text)), None)
    if bare is None or bare == 0 or bare != cues[0] or len(blocks[bare - 1].text) > issuer.LONGEST:
        return cues
    return [bare - 1, *cues]


def is_contents(text: str) -> bool:
    """Say whether a line heads a table of contents: 本期目录."""
    return len(text) < 30 and _CONTENTS.search(plain(text)) is not None


def is_masthead_line(text: str) -> bool:
    """Say whether a line says nothing but which bulletin this is."""
    if len(text) > 120 or not has_words(text):
        return False
    written = plain(text)
    if _NOTE.search(written):
        return len(text) < 60
    if issuer.series_of(text) or issuer.publisher_in(text):
        return True
    numbered = any(form.search(written) for form in (ISSUE, DATE, DOCUMENT_NUMBER))
    return numbered and (
        not issuer.left_over([text]) or _is_whole(text) or bool(issuer.series_before_issue(text))
    )


def _is_whole(text: str) -> bool:
    """Say whether a line names series and issue (or date) at once: 漏洞周报（2023年第39期）."""
    written = plain(text)
    if DATE.search(written) and issuer.publisher_in(text):
        return False
    stated = ISSUE.search(written) or DATE.search(written)
    if not stated:
        return False
    return bool(issuer.series_of(text) or issuer.series_before_issue(text))


def _headline(blocks: Sequence[Block], window: range, cues: Sequence[int]) -> int | None:
    """Return the first line that is neither masthead nor ornament, when it is fit to be one.

    A collection that opens with a table of contents has none.
    """
    if any(is_contents(blocks[n].text) for n in window):
        return None
    whole = next((n for n in cues if _is_whole(blocks[n].text)), None)
    online = any(re.search(r"[0-9]:[0-5][0-9]", plain(blocks[n].text)) for n in cues)
    for n in window:
        if n in cues or not _is_fit(blocks[n].text):
            continue
        if whole is None or n < whole:
            return n
        return None if online or _is_one_of_many(blocks, n) else n
    return None


def _is_fit(text: str) -> bool:
    letters = sum(character.isalnum() for character in text)
    return letters >= _SHORTEST and not _NO_HEADLINE.search(plain(text).strip())


def _is_one_of_many(blocks: Sequence[Block], n: int) -> bool:
    """Say whether a line is only the first of several headings of the same level."""
    level = blocks[n].level
    if level:
        return any(block.level == level for block in blocks[n + 1 :])
    return len(blocks[n].text.strip()) < 2 * _SHORTEST


def _span(start: int, cues: Sequence[int], title: int | None) -> tuple[int, ...]:
    """Return the masthead without gaps: ornaments between its lines belong to it."""
    if not cues:
        return ()
    last = max(cues)
    first = start if start == 0 and min(cues) < _SHORTEST else min(cues)
    return tuple(n for n in range(first, last + 1) if n != title)
