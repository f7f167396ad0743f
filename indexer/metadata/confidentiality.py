"""Who may read it?  秘密★1年, 内部资料 注意保存: the mark in the masthead that restricts it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from indexer.metadata.wording import closed_up, plain

_GRADE = r"(?:绝密|机密|秘密)(?:\s?[★☆*]\s?(?:[0-9一二三四五六七八九十]{1,3}\s?(?:年|个?月)|长期))?"
_INTERNAL = r"内部(?:资料|刊物|文件|参考|材料|情况|交流|使用|发行)"
_ADVICE = (
    r"(?:[\s·,、]{0,4}(?:(?:请)?(?:注意|妥善)(?:保存|保管)|(?:不得|请勿|严禁)(?:外传|外借|翻印|复制|转载)"
    r"|免费(?:交流|赠阅|发放)|阅后(?:收回|销毁)|仅供参考|严格保密))"
)
CONFIDENTIALITY: Final = re.compile(
    rf"(?<!\w){_GRADE}(?!\w)|{_INTERNAL}{_ADVICE}{{0,3}}|^\s{{0,8}}内部\s{{0,8}}$"
)
"""A mark of confidentiality in the plain writing of a line of the masthead."""

_LONGEST_LINE: Final = 120


def find(lines: Iterable[str]) -> str:
    """Return the mark as written, its wide spaces made one, or nothing."""
    for line in lines:
        if match := CONFIDENTIALITY.search(plain(line[:_LONGEST_LINE])):
            words = line[match.start() : match.end()].split()
            return " ".join(words) if len(words) > 1 else closed_up(words[0])
    return ""
