"""Which lines of a page are the site's and not the text's?  Menus, lists of links, feet.

For pages that do not mark their main text.  To lose a line of the text is worse than to keep a
menu, so being short or standing at the edge is never enough: a line goes only because it is a link,
or says what only sites say, and only a box of nothing else goes as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from indexer.bulletin import Kind
from indexer.readers.extract import Line
from indexer.readers.shapes import DATE, ISSUE, SENTENCE_END, is_running_text

_NAVIGATION = """
首页 网站首页 返回首页 设为首页 加入收藏 收藏本站 收藏本页 网站地图 站点地图 联系我们 关于我们
关于本站 网站声明 隐私声明 隐私政策 法律声明 友情链接 站内搜索 搜索 搜一搜 登录 注册 退出
English 英文版 中文版 无障碍 无障碍浏览 长者模式 适老化 繁体 简体 繁體 打印 打印本页 关闭
关闭窗口 关闭本页 返回 返回顶部 返回列表 回到顶部 字体 字号 大 中 小 分享 分享到 微信 微博
新浪微博 QQ空间 扫一扫 上一篇 下一篇 上一页 下一页 末页 尾页 更多 查看更多 推荐给朋友 确定 收藏
RSS订阅 手机版 移动版 电脑版 留言板 Top TOP 我要纠错
"""
NAVIGATION: Final = frozenset(_NAVIGATION.split())
_LISTS = """
相关新闻 相关文章 相关阅读 相关链接 相关信息 相关报道 相关内容 推荐阅读 推荐文章 热点新闻
热点推荐 热门文章 热门推荐 最新文章 最新动态 最新消息 猜你喜欢 延伸阅读 点击排行 阅读排行
"""
LISTS: Final = frozenset(_LISTS.split())
SEPARATORS = re.compile(r"[\s|｜·•>＞»›/／\\、，,:：\[\]【】()（）<＜«‹\-—]+")
TRAIL = re.compile(r"(?:[您你]?(?:现在|当前|目前)?所?在?的?位置\s*[：:]|首页\s*[>＞»›→/])")
NEIGHBOUR = re.compile("[上下]一[篇条页][：:]")
FOOT = re.compile(
    r"版权所有|Copyright|©|ICP[备证]|公网安备|网站标识码|技术支持|All Rights Reserved"
    r"|建议使用.{0,20}(?:浏览器|分辨率)|您是第.{0,12}[位个].{0,4}(?:访客|访问)|访问(?:量|人数)[：:]"
    r"|(?:信息|网络)(?:中心|部)\s*(?:维护|制作)|(?:网站|网页)(?:维护|制作|管理)",
    re.IGNORECASE,
)
RECEIVERS = re.compile(
    r"(?:呈?报送?|抄[报送]|[主呈发分]?送|发|印发|签发|主题词|编[辑审]|责任编辑|共印)\s*[：:]"
)
CONTENTS = re.compile("目录|目錄|导读|要目|本期")
DOCUMENT_NUMBER = re.compile(r"〔\d{4}〕|[（(]?总第")
MENU: Final = 4  # short links one below the other
MENU_WIDTH: Final = 20  # characters; the longest link that may stand in a menu
LINKS: Final = 3  # in a list that is left out
LINKED: Final = 0.6  # share of a line that is a link, in a line of links
LARGEST_FOOT: Final = 400  # characters
WORD: Final = 6  # characters; the longest item of a menu without links
WORDS: Final = (5, 2)  # lines of such a menu, and how many of them only sites say


@dataclass(frozen=True, slots=True)
class Found:
    """A line, whether it is part of the marked main text, the box it stands in, how many links it
    has, and how many of its characters are link.
    """

    line: Line
    main: bool
    box: int
    links: int
    linked: int

    @property
    def is_link(self) -> bool:
        """Tell whether all of the line is link."""
        return self.linked >= len(bare(self.line.text)) > 0

    @property
    def is_linked(self) -> bool:
        """Tell whether most of the line is link; a date may stand beside it."""
        return self.linked >= LINKED * len(bare(self.line.text)) > 0


@dataclass(slots=True)
class _Box:
    """What stands in an element and all below it."""

    first: int = -1
    last: int = -1
    links: int = 0
    size: int = 0
    lines: int = 1
    words: int = 0
    text: bool = False
    other: bool = False
    long: bool = False
    foot: bool = False
    list: bool = False


def bare(text: str) -> str:
    """Return a text without white space and what parts the items of a menu."""
    return SEPARATORS.sub("", text)


def without_menus(found: Sequence[Found], parents: Sequence[int]) -> list[Line]:
    """Return the lines of the text.  The others are no running heads: they tell of the site.

    `parents` gives for each box the one that it stands in; a box comes after its parent.
    """
    text = [n for n in range(len(found)) if _is_text(found, n)]
    aside = set(_menus(found)) if text else set()
    if text:
        boxes = _boxes(found, parents, set(text))
        left_out = _left_out(boxes, parents, text[0], text[-1])
        contents = _of_contents(found)
        for n, piece in enumerate(found):
            own = _line_box(found, n)
            own.other |= contents[n]
            if left_out[piece.box] or _goes(own, text[0], text[-1]) or _is_navigation(piece, own):
                aside.add(n)
    return [piece.line for n, piece in enumerate(found) if n not in aside]


def _menus(found: Sequence[Found]) -> Iterator[int]:
    """Yield the places of short links one below the other."""

    contents = _of_contents(found)

    def is_item(place: int) -> bool:
        line = found[place].line
        short = line.kind is not Kind.HEADING and len(line.text) <= MENU_WIDTH
        return found[place].is_link and short and not contents[place]

    for item, group in groupby(range(len(found)), key=is_item):
        places = list(group)
        if item and len(places) >= MENU:
            yield from places


def _is_text(found: Sequence[Found], place: int) -> bool:
    """Tell whether a line is plainly the text's: prose, masthead, receivers, a headline of such."""
    piece, line = found[place], found[place].line
    if piece.is_linked or _is_known(line.text):
        return False
    if line.kind is Kind.HEADING:
        return not (place + 1 < len(found) and found[place + 1].is_linked)
    shapes = (RECEIVERS.match, ISSUE.search, DATE.search, DOCUMENT_NUMBER.search)
    return is_running_text(line.text) or any(shape(line.text) for shape in shapes)


def _of_contents(found: Sequence[Found]) -> list[bool]:
    """Tell of each line whether it is a link below the word that opens a table of contents."""
    listed, below = [], False
    for piece in found:
        if not piece.is_linked:
            below = len(piece.line.text) <= MENU_WIDTH and bool(CONTENTS.search(piece.line.text))
        listed.append(below and piece.is_linked)
    return listed


def _is_known(text: str) -> bool:
    """Tell whether a line says what only sites say."""
    return _is_foot(text) or bool(TRAIL.match(text) or NEIGHBOUR.match(text)) or _all_words(text)


def _is_foot(text: str) -> bool:
    return FOOT.search(text) is not None and not SENTENCE_END.search(text)


def _all_words(text: str) -> bool:
    words = [word for word in SEPARATORS.split(text) if word]
    return bool(words) and all(word in NAVIGATION or word in LISTS for word in words)


def _is_navigation(piece: Found, own: _Box) -> bool:
    """Tell whether a line within the text is navigation all the same: several words of it."""
    text = piece.line.text
    words = [word for word in SEPARATORS.split(text) if word]
    return NEIGHBOUR.match(text) is not None or (own.list and len(set(words)) > 1)


def _line_box(found: Sequence[Found], place: int) -> _Box:
    """Return what there is to know of one line, as if it stood in a box of its own."""
    piece, text = found[place], found[place].line.text
    known = _is_known(text)
    return _Box(
        *(place, place, piece.links, len(text)),
        words=_all_words(text),
        text=_is_text(found, place),
        other=not (piece.is_linked or known),
        long=not known and len(text) > WORD,
        foot=_is_foot(text),
        list=known and not _is_foot(text),
    )


def _boxes(found: Sequence[Found], parents: Sequence[int], text: set[int]) -> list[_Box]:
    """Return for each box what stands in it, its boxes included."""
    boxes = [_Box(lines=0) for _ in parents]
    for place, (piece, listed) in enumerate(zip(found, _of_contents(found), strict=True)):
        own = _line_box(found, place)
        own.other |= listed
        _add(boxes[piece.box], own)
    for number in range(len(boxes) - 1, 0, -1):
        if boxes[number].first >= 0:
            _add(boxes[parents[number]], boxes[number])
    return boxes


def _add(box: _Box, inside: _Box) -> None:
    box.first = inside.first if box.first < 0 else min(box.first, inside.first)
    box.last = max(box.last, inside.last)
    box.links += inside.links
    box.size += inside.size
    box.lines += inside.lines
    box.words += inside.words
    box.text |= inside.text
    box.other |= inside.other
    box.long |= inside.long
    box.foot |= inside.foot
    box.list |= inside.list


def _left_out(boxes: Sequence[_Box], parents: Sequence[int], first: int, last: int) -> list[bool]:
    """Tell of each box whether it, or one around it, is left out."""
    out = [_goes(boxes[0], first, last)]
    for box, parent in zip(boxes[1:], parents[1:], strict=True):
        out.append(out[parent] or _goes(box, first, last))
    return out


def _goes(box: _Box, first: int, last: int) -> bool:
    """Tell whether a box is the site's, given where the text begins and ends."""
    if box.first < 0 or box.text:
        return False
    outside = box.last < first or box.first > last
    if outside and box.foot and box.first > last and box.size <= LARGEST_FOOT:
        return True
    if outside and not box.long and box.lines >= WORDS[0] and box.words >= WORDS[1]:
        return True
    if box.other:
        return False
    if box.links >= LINKS:
        return outside or box.list
    return outside and (box.list or box.foot)
