"""Under which number is it filed?  国发〔2020〕3号."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from indexer.metadata.wording import HAN, plain, without_space

DOCUMENT_NUMBER: Final = re.compile(
    rf"[{HAN}]{{0,15}}\s?[〔\[【(「]\s?(?P<year>(?:19|20)[0-9]{{2}})\s?[〕\]】)」]\s?"
    r"第?\s?[0-9]{1,5}\s?号"
)

_LABELLED: Final = re.compile(
    r"^\W{0,4}(?:编号|文号|发文字号|文件编号)\s?:\s?(?P<number>[A-Za-z0-9][A-Za-z0-9/._-]{3,24})\s{0,8}$"
)
"""The number that a company files it under: 编号：QZ-2022-07."""


def find(lines: Iterable[str]) -> str:
    """Return the document number of the masthead as written, without its spaces, or nothing."""
    for line in lines:
        if match := DOCUMENT_NUMBER.search(plain(line)):
            return without_space(line[match.start() : match.end()])
        if match := _LABELLED.match(plain(line)):
            return line[match.start("number") : match.end("number")]
    return ""


def year(number: str) -> str:
    """Return the year in a document number, or nothing."""
    match = DOCUMENT_NUMBER.fullmatch(plain(number))
    return match["year"] if match else ""
