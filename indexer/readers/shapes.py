"""What does this line look like?  The shapes of bulletins that mending must know."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from indexer.bulletin import Kind
from indexer.readers.extract import Line

NUMBER = "[0-9０-９〇零一二三四五六七八九十百⼀⼆⼋⼗]"  # PDFs have radicals

CAPTION = re.compile(
    rf"(?:附?[图表圖]|照片|插[图圖])\s?{NUMBER}{{1,4}}(?:[-－—.．]{NUMBER}{{1,3}})?(?:[\s：:、.．]|(?=\S)).*"
)
OPENER = re.compile(
    rf"[（(]{NUMBER}{{1,4}}[）)]|{NUMBER}{{1,4}}[、）)]|[0-9]{{1,2}}[.．](?![0-9])"
    rf"|第{NUMBER}{{1,5}}[章节条款部篇]|[①-⑳⑴-⒇㈠-㈩Ⅰ-Ⅻ]|[•●◆■□▲△★☆※◇○►▶❖]"
)
LABEL = re.compile(
    r"(?:主题词|呈?报送?|抄[报送]|[主呈发分]?送|发|印发|编[辑审]|审[核阅]|签发|责任?编辑?|校对|主编"
    r"|联系[人⼈]|联系电话|电话|地址|邮编|网址|[日⽇]期|[收付]款人|监督人)[：:]"
    r"|[^\s，。；：:]{2,8}: "
)
DATE = re.compile(
    rf"{NUMBER}{{2,4}}\s?年\s?{NUMBER}{{1,3}}\s?[月⽉](?:\s?{NUMBER}{{1,3}}\s?[日⽇])?$"
)
ISSUE = re.compile(rf"第\s?{NUMBER}{{1,5}}\s?[期号]")
BRACKETED = re.compile(r"[（(【〔\[][^（()）]*[）)】〕\]]")
JUMP = re.compile(
    rf"[（(【〔\[]\s?(上接|下转|接|转)\s?第?\s?[pP]?\s?{NUMBER}{{1,4}}[^（()）]{{0,20}}[）)】〕\]]"
    rf"|(上接|下转)\s?第?\s?[pP]?\s?{NUMBER}{{1,4}}\s?[版页]?"
)

SENTENCE_END = re.compile(r"[。！？!?…][”’」』）)》\]]*[①-⑳]?$")
CLOSED = re.compile(r"[。！？!?；;：:…”’」』）)》〉】〕\]—~～①-⑳.]$")
SUBTITLE = re.compile("[—―–-]{2}|—")
CLAUSE_MARK = re.compile("[，、；：。！？“（《]")
HAN = re.compile("[\u2e80-\u2fdf\u3400-\u9fff〇]")
BOUND = re.compile("[者的们了着等之性化度率，。、；：！？”’）》】]")
"""What cannot begin a paragraph: suffixes, particles, closing marks."""


class _Widths(dict[str, int]):
    """Columns of each character, found when first asked for."""

    def __missing__(self, character: str) -> int:
        self[character] = 2 if unicodedata.east_asian_width(character) in "WFA" else 1
        return self[character]


_WIDTHS: Final = _Widths()


def width(text: str) -> int:
    """Return the columns that `text` takes: two for a wide character, one for the others."""
    return sum(map(_WIDTHS.__getitem__, text))


def is_caption(text: str) -> bool:
    """Tell whether this is the line below a picture or above a table (图1 …, 表 2：…)."""
    return len(text) <= 60 and bool(CAPTION.fullmatch(text)) and not re.search("[，、。；]$", text)


def is_open(text: str) -> bool:
    """Tell whether the text stops without any closing mark."""
    return not CLOSED.search(text)


def begins_block(line: Line) -> bool:
    """Tell whether the line plainly begins something of its own."""
    return (
        line.kind is not Kind.PARAGRAPH
        or line.solid
        or bool(OPENER.match(line.text) or LABEL.match(line.text) or JUMP.fullmatch(line.text))
    )


def is_short(text: str) -> bool:
    """Tell whether this could be a headline: short, and nowhere the end of a sentence."""
    return len(text) <= 100 and width(text) <= 100 and not re.search("[。；;]|[，、：:]$", text)


def is_running_text(text: str) -> bool:
    """Tell whether this is plainly a piece of running text rather than a line set apart."""
    return len(text) >= (8 if SENTENCE_END.search(text) else 50)
