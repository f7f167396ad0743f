"""Which lines stand under a figure or above a table?  图1 …, 图为…, 附表 …, （图片由…提供）."""

from __future__ import annotations

import re
from typing import Final

from indexer.bulletin import Block, Kind
from indexer.metadata.wording import HAN, plain

_LONGEST: Final = 80
_NUMBER = r"[0-9一二三四五六七八九十①②③④⑤⑥⑦⑧⑨⑩]{1,3}(?:[-.][0-9]{1,2})?"
_CAPTION: Final = re.compile(
    rf"^\W{{0,4}}(?:附?[图表]\s?{_NUMBER}\s?[:.、]?\s?(?![-—~至到中所及和、的])[{HAN}A-Za-z0-9《“]"
    rf"|附[图表]\s?[: ]\s?[{HAN}]|[左右上下中]?图为?\s?:|图为"
    r"|(?:图片|照片)\s?(?:由|来源|提供|说明|/|:)|(?:摄影|图)\s?[:/]|图\s?/\s?文|文\s?/\s?图"
    r")"
)
_LISTED: Final = re.compile(r"[….·]{2}\s?[0-9]{1,3}\s{0,8}$")
_CREDIT: Final = re.compile(r"^\W{0,4}[(（].{1,30}(?:摄|摄影|供图|提供图片)[)）]\W{0,4}$")


def is_caption(block: Block) -> bool:
    """Say whether a line is a caption or the credit of a picture."""
    if block.kind not in (Kind.PARAGRAPH, Kind.HEADING) or len(block.text) > _LONGEST:
        return False
    text = plain(block.text)
    sentence = text.rstrip().endswith("。") and not text.lstrip().startswith("图为")
    found = _CAPTION.match(text) or _CREDIT.match(text)
    return bool(found) and not sentence and not _LISTED.search(text)
