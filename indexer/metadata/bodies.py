"""Where does the name of a body stand in a text?  Names by their endings, without a list of them.

A name is known by its ending (…协会, …有限公司).  Where it begins is sure when a place name or the
like begins it, or when it begins a clause; what is not sure is left out: a wrong name in a facet is
worse than a missing one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.metadata.body_words import CORE_WORDS, ENDINGS, FREE_ENDINGS, STOPS
from indexer.metadata.places import AUTONOMOUS, CITIES, NATIONAL, PROVINCES, RANKS
from indexer.metadata.wording import HAN, plain

LONGEST: Final = 30
"""Characters of a name."""
SHORTEST: Final = 4

_WORD = re.compile(rf"[{HAN}A-Za-z0-9·()]")
_ENDING: Final = re.compile("|".join(sorted(ENDINGS, key=len, reverse=True)))
_FREE: Final = re.compile(rf"(?:{'|'.join(sorted(FREE_ENDINGS, key=len, reverse=True))})$")
_STOP: Final = re.compile("|".join(STOPS))
_RANK = "|".join(RANKS)
_PLACE: Final = re.compile(
    rf"(?:{'|'.join((*NATIONAL, *PROVINCES, *CITIES))})(?:{'|'.join(AUTONOMOUS)})?(?:{_RANK})?"
)
_RANKED: Final = re.compile(
    rf"(?P<place>[{HAN}]{{2,3}}?)(?:特别行政区|自治[区州县]|[省市县](?!场|级|属))"
)
_CORE: Final = re.compile(rf"(?:{'|'.join(sorted(CORE_WORDS, key=len, reverse=True))})*")
_LEAD = re.compile(rf"(?P<name>[{HAN}A-Za-z0-9·()]{{{SHORTEST},{LONGEST}}})\s?:")
_LEAD_ENDING = re.compile(
    r"(?:公司|集团|协会|学会|商会|会|局|厅|委|[总分支]?[处院所站厂店社台馆校园港矿队段行]|中心|大学|小学|中学|质协|科协)$"
)
ENUMERATION: Final = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s?[、.]|[(][一二三四五六七八九十0-9]{1,3}[)]|[0-9]{1,2}\s?[.、](?![0-9])"
    r"|第[一二三四五六七八九十]{1,3}[,、\s]|[△▲●◆■★※·•]\s?)\s*"
)
"""What numbers an item: 一、 （二） 3. △; to be matched at the start of plain text."""


def names(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the names of bodies in `text`, ascending, none inside another."""
    written = plain(text)
    lead = lead_of(text)
    before = lead[1] if lead else 0
    if lead:
        yield lead
    for ending in _ENDING.finditer(written):
        if ending.start() < before:
            continue
        start = _start(written, before, ending.start(), ending.end())
        if start is not None:
            yield start, ending.end()
        before = ending.end()


def lead_of(text: str) -> tuple[int, int] | None:
    """Return the range of the body that a block leads with: 徐州供电公司：为进一步…."""
    written = plain(text[: 2 * LONGEST])
    item = ENUMERATION.match(written)
    match = _LEAD.match(written, item.end() if item else len(written) - len(written.lstrip()))
    if not match or not _LEAD_ENDING.search(match["name"]):
        return None
    name = match["name"]
    return match.span("name") if not _STOP.search(name) and not _is_common(name) else None


def name_before(text: str, stop: int) -> tuple[int, int] | None:
    """Return the range of the name that ends at `stop` for certain, as before （以下简称…）."""
    written = plain(text[max(0, stop - 2 * LONGEST) : stop])
    offset = stop - len(written)
    left = _left(written, 0, len(written))
    start = _place_start(written, left, len(written))
    if start is None:
        core = written[left:]
        start = left if SHORTEST <= len(core) <= LONGEST and not _STOP.search(core) else None
    return None if start is None else (offset + start, stop)


def _start(text: str, before: int, ending: int, stop: int) -> int | None:
    """Return where the name that ends at `stop` begins, or None when that is not sure."""
    left = _left(text, before, ending)
    start = _place_start(text, left, ending)
    if start is None and (left > before or left == 0) and _is_free(text, left, ending, stop):
        start = left
    if start is None or not SHORTEST <= stop - start <= LONGEST:
        return None
    return None if _is_common(text[start:stop]) else start


def _is_free(text: str, left: int, ending: int, stop: int) -> bool:
    """Say whether what begins a clause is a name as it stands, with nothing that breaks it off."""
    whole = left == 0 or not _WORD.match(text[left - 1])
    counted = re.search(r"[0-9]\s$", text[max(0, left - 2) : left])
    return (
        whole
        and not counted
        and _FREE.search(text[left:stop]) is not None
        and _STOP.search(text, left, ending) is None
    )


def _left(text: str, before: int, ending: int) -> int:
    """Return where the run of letters begins in which the name ends."""
    left, floor = ending, max(before, ending - LONGEST)
    while left > floor and _WORD.match(text[left - 1]):
        left -= 1
    item = ENUMERATION.match(text, left)
    return item.end() if item and item.end() < ending else left


def _place_start(text: str, left: int, ending: int) -> int | None:
    """Return the first place name behind which nothing breaks the name off."""
    barred = left
    for stop in _STOP.finditer(text, left, ending):
        barred = stop.end()
    known = _PLACE.search(text, barred, ending)
    ranked = _RANKED.search(text, barred, ending)
    if known and (not ranked or known.start() < ranked.end()):
        return known.start()
    return ranked.start() if ranked else None


def _is_common(name: str) -> bool:
    """Say whether a name is only a common noun: 行业协会, 网络安全公司, 江苏公司."""
    ending = _ENDING.search(name)
    core = name[: ending.start()] if ending else name
    place = _PLACE.match(core) or _RANKED.match(core)
    rest = core[place.end() :] if place else core
    if _CORE.fullmatch(rest) is None:
        return False
    return not (place and (rest or name.endswith(("大学", "银行", "学院", "人民政府"))))
