"""Where does the name of a body stand in a text?  Names by their endings, without a list of them.

A name is known by its ending (…协会, …有限公司).  Where it begins is sure when a place name or the
like begins it, or when it begins a clause; what is not sure is left out: a wrong name in a facet is
worse than a missing one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.metadata.body_words import CORE_WORDS, ENDINGS, FREE_ENDINGS, STOPS, STRONG_ENDINGS
from indexer.metadata.places import AUTONOMOUS, CITIES, NATIONAL, PROVINCES, RANKS, VAGUE
from indexer.metadata.wording import HAN, openings, plain

LONGEST: Final = 30
"""Characters of a name."""
SHORTEST: Final = 4

_WORD = re.compile(rf"[{HAN}A-Za-z0-9·()]")
_ENDINGS = "|".join(sorted(ENDINGS, key=len, reverse=True))
ENDING: Final = re.compile(f"(?=[{openings(_ENDINGS)}])(?:{_ENDINGS})")
"""Looks first for a character that opens an ending, which takes a third of the time."""
FREE: Final = re.compile(rf"(?:{'|'.join(sorted(FREE_ENDINGS, key=len, reverse=True))})$")
_STRONG: Final = re.compile(rf"(?:{'|'.join(STRONG_ENDINGS)})$")
_VAGUE: Final = re.compile(
    rf"(?:{'|'.join(VAGUE)})[{HAN}]*(?:中心|学校|小学|中学|学院|大学|银行|委员会|研究院|医院|法院|公司|厅)$"
)
_ODD: Final = re.compile(r"^\(|^[省市县区州镇乡村)·]|[(][省市县区居][)]|直辖市|^自治")
STOP: Final = re.compile("|".join(STOPS))
_RANK = "|".join(RANKS)
_PLACE: Final = re.compile(
    rf"(?:{'|'.join((*NATIONAL, *PROVINCES, *CITIES))})(?:{'|'.join(AUTONOMOUS)})?(?:{_RANK})?"
)
_RANKED: Final = re.compile(
    rf"(?P<place>[{HAN}]{{2,3}}?)(?:特别行政区|自治[区州县]|[省市县](?!场|级|属))"
)
_CORE: Final = re.compile(rf"(?:{'|'.join(sorted(CORE_WORDS, key=len, reverse=True))})*+")
_LEAD = re.compile(rf"(?P<name>[{HAN}A-Za-z0-9·()]{{{SHORTEST},{LONGEST}}})\s?:")
_UNIT = re.compile(
    r"\s{0,8}[^:\s]{0,2}单位\s?:\s?"
    rf"(?P<name>[{HAN}A-Za-z0-9·()]{{{SHORTEST},{LONGEST}}})\s{{0,8}}$"
)
_LEAD_ENDING = re.compile(
    r"(?:公司|集团|[协学商总分]会|委员会|联合会|研究会|促进会|基金会|理事会|局|厅|委|[总分支]?[处院所站厂店]"
    r"|[报旅合]社|电视台|电台|博物馆|图书馆|校|小学|中学|大学|幼儿园|产业园|港|矿|车间|[支分银]行|中心"
    r"|质协|科协)$"
)
_TOO_LITTLE: Final = re.compile(
    r"(?:[分总]?公司|集团|协会|学会|中心|厂|局|分局|管理局|监督局|厅|委员会|学校|小学|中学|实验室|管理处|办事处)"
)
"""What makes no name behind a place alone: 江苏公司, while 江苏质协 is one."""
ENUMERATION: Final = re.compile(
    r"\s{0,8}(?:[一二三四五六七八九十]{1,3}\s?[、.]|[(][一二三四五六七八九十0-9]{1,3}[)]|[0-9]{1,2}\s?[.、](?![0-9])"
    r"|第[一二三四五六七八九十]{1,3}[,、\s]|[△▲●◆■★※·•]\s?)\s{0,8}"
)
"""What numbers an item: 一、 （二） 3. △; to be matched at the start of plain text."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that stands in `text[start:stop]`.

    `sure` is False where it only begins a clause and ends like a name: 贷款银行 does so too.
    """

    start: int
    stop: int
    sure: bool


def names(text: str) -> Iterator[Name]:
    """Yield the names of bodies in `text`, ascending, none inside another."""
    written = plain(text)
    lead = lead_of(text)
    before = lead[1] if lead else 0
    if lead:
        yield Name(*lead, sure=True)
    for ending in ENDING.finditer(written):
        if ending.start() < before:
            continue
        name = _name(written, before, ending.start(), ending.end())
        if name and not is_common(written[name.start : name.stop]):
            yield name
        before = ending.end()


def lead_of(text: str) -> tuple[int, int] | None:
    """Return the range of the body that a block leads with: 徐州供电公司：… or 单位：甲公司."""
    written = plain(text[: 2 * LONGEST])
    if unit := _UNIT.match(written):
        return unit.span("name") if not is_common(unit["name"]) else None
    item = ENUMERATION.match(written)
    match = _LEAD.match(written, item.end() if item else len(written) - len(written.lstrip()))
    if not match or not _LEAD_ENDING.search(match["name"]):
        return None
    name = match["name"]
    return match.span("name") if not STOP.search(name) and not is_common(name) else None


def name_before(text: str, stop: int) -> tuple[int, int] | None:
    """Return the range of the name that ends at `stop` for certain, as before （以下简称…）."""
    written = plain(text[max(0, stop - 2 * LONGEST) : stop])
    offset = stop - len(written)
    left = left_of(written, 0, len(written))
    start = place_start(written, left, len(written))
    if start is None:
        core = written[left:]
        start = left if SHORTEST <= len(core) <= LONGEST and not STOP.search(core) else None
    return None if start is None else (offset + start, stop)


def _name(text: str, before: int, ending: int, stop: int) -> Name | None:
    """Return the name with the ending `text[ending:stop]`, or None when its start is not clear."""
    left = left_of(text, before, ending)
    start = place_start(text, left, ending)
    sure = start is not None and not _VAGUE.match(text, start, stop)
    if start is None and begins_clause(text, left, before):
        sure = _STRONG.search(text, left, stop) is not None
        free = sure or FREE.search(text, left, stop)
        start = left if free and not STOP.search(text, left, ending) else None
    if start is None or not SHORTEST <= stop - start <= LONGEST:
        return None
    return Name(start, stop, sure)


def begins_clause(text: str, left: int, before: int) -> bool:
    """Say whether nothing is cut off on the left, and nothing is counted: 16 家协会."""
    if left == 0:
        return True
    if left == before or (_WORD.match(text[left - 1]) and text[left - 1] != "("):
        return False
    return not (text[left - 1] == " " and text[left - 2 : left - 1].isdigit())


def left_of(text: str, before: int, ending: int) -> int:
    """Return where the run of letters begins in which the name ends, brackets in pairs."""
    left, floor, depth = ending, max(before, ending - LONGEST), 0
    while left > floor and _WORD.match(text[left - 1]):
        depth += (text[left - 1] == ")") - (text[left - 1] == "(")
        if depth < 0:
            break
        left -= 1
    item = ENUMERATION.match(text, left)
    return item.end() if item and item.end() < ending else left


def place_start(text: str, left: int, ending: int) -> int | None:
    """Return the first place name behind which nothing breaks the name off."""
    barred = left
    for stop in STOP.finditer(text, left, ending):
        barred = stop.end()
    known = _PLACE.search(text, barred, ending)
    # Of an unknown place the rank alone shows the end; its start must be clear.  国际 and the like
    # may stand inside a name (冀中能源国际物流集团).
    ranked = _RANKED.match(text, barred, ending)
    if known and known[0] in VAGUE and known.start() > barred:
        known = None
    if ranked and (not known or known.start() >= ranked.end()):
        return ranked.start()
    return known.start() if known else None


def is_common(name: str) -> bool:
    """Say whether a name is only a common noun: 行业协会, 网络安全公司, 江苏公司."""
    if _ODD.search(name) or name.count("(") != name.count(")"):
        return True
    ending = ENDING.search(name)
    core = name[: ending.start()] if ending else name
    place = place_of(core)
    rest = core[place:]
    if place and not rest:
        return core in VAGUE or _TOO_LITTLE.fullmatch(name, place) is not None
    if core.startswith("中华人民共和国") and _CORE.fullmatch(rest):
        return True  # The head of a law: 中华人民共和国人民法院组织法.
    # One character between place and ending is a slip (新疆致质协) or half a word.
    return len(rest) == 1 if place else _CORE.fullmatch(rest) is not None or len(rest) < 2


def place_of(name: str) -> int:
    """Return where the place name ends with which a name begins, or 0."""
    match = _PLACE.match(name) or _RANKED.match(name)
    return match.end() if match else 0
