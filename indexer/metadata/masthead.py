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
from indexer.metadata import authorship, issue, issuer
from indexer.metadata.confidentiality import CONFIDENTIALITY
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
    r"注意保存|妥善保存|免费交流|不得外传|^\W{0,8}(?:秘密|机密|绝密|特急|加急|急件)"
    r"|^\W{0,8}(?:签发|主编|责任编辑|责编|(?:本期)?编辑|审核|校对|编号|签发人|联系电话|投稿邮箱|网址)\s?:|准印证|^\W{0,8}[增专特]刊\W{0,8}$"
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
_PAGE = re.compile(r"第\s?[0-9一二三四五六七八]{1,2}\s?版")
_RUBRIC = re.compile(
    r"\W{0,4}(?:封面故事|人物|专题|特稿|专栏|头条|要闻|动态|工作动态|专题报道|本期关注|特别策划|特别报道|来稿选登)\W{0,4}"
)
_ASKS = re.compile(r"[^。！？!?]{4,30}[！？!?]")
"""A headline may ask or exclaim: 病毒最怕什么？"""
_SHORTEST = 4
_LONGEST_NAME = 12
_LONG_TITLE = 12


@dataclass(frozen=True, slots=True)
class Masthead:
    """The blocks of the masthead, and that of the headline if there is one.

    `name` is the line that names the series by its place alone: 质量之友 above 第4期.
    """

    lines: tuple[int, ...] = ()
    title: int | None = None
    name: int | None = None

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
    name = _name(blocks, window, cues)
    cues = cues if name is None else sorted((*cues, name))
    title = _headline(blocks, window, cues)
    if title is None:
        title = _second_series(blocks, cues)
        cues = [n for n in cues if n != title]
    if title is None:
        title = next((n for n in cues if _is_whole(blocks[n].text)), None)
    elif title < min(cues, default=title):
        return Masthead(tuple(n for n in cues if n < title + _SHORTEST), title)
    return Masthead(_span(start, cues, title), title, name)


def _name(blocks: Sequence[Block], window: range, cues: list[int]) -> int | None:
    """Return the short line beside the issue that names a series, when a headline follows.

    Where a line of the masthead is the name of a series by its ending there is no other.
    """
    if any(issuer.series_of(blocks[n].text) for n in cues[:_SHORTEST]):
        return None
    n = next((n for n in window if n not in cues and _is_fit(blocks[n].text)), None)
    if (
        n is None
        or len(blocks[n].text.strip()) > _LONGEST_NAME
        or not issuer.is_name(blocks[n].text)
    ):
        return None
    beside = [
        m for m in (n - 1, *range(n + 1, n + 3)) if m in cues and _is_numbered(blocks[m].text)
    ]
    beside += [n] if DATE.search(plain(blocks[n].text)) else []
    further = any(_is_fit(blocks[m].text) for m in window if m > n + 1 and m not in cues)
    return n if beside and further else None


def _is_numbered(text: str) -> bool:
    """Say whether a line states issue, page or volume, which no line under a headline does."""
    written = plain(text)
    found = ISSUE.search(written) or _PAGE.search(written) or issue.find_unnumbered([text], "")
    return bool(found) and not issuer.left_over([text])


def _second_series(blocks: Sequence[Block], cues: Sequence[int]) -> int | None:
    """Return the last line when it is called like a series below one: the minutes of a meeting."""
    called = [n for n in cues if issuer.series_of(blocks[n].text) and not _is_whole(blocks[n].text)]
    last = cues[-1] if cues else None
    if (
        last is None
        or len(called) < 2
        or called[-1] != last
        or len(blocks[last].text) < _LONG_TITLE
    ):
        return None
    return last


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
    if (
        stop + 1 < end
        and _ASKS.fullmatch(blocks[stop].text.strip())
        and is_running(blocks[stop + 1])
    ):
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
    if _NOTE.search(written) or (CONFIDENTIALITY.search(written) and not issuer.left_over([text])):
        return len(text) < 60
    if issuer.series_of(text) or issuer.publisher_in(text) or not issuer.left_over([text]):
        return True
    numbered = any(form.search(written) for form in (ISSUE, DATE, DOCUMENT_NUMBER, _PAGE))
    numbered = numbered or issue.find_unnumbered([text], "") is not None
    return numbered and (_is_whole(text) or bool(issuer.series_before_issue(text)))


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
    if _RUBRIC.fullmatch(plain(text).strip()) or authorship.is_byline(text):
        return False
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
