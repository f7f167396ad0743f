"""Which bodies does a heading, or the sentence that a paragraph leads with, name?

More is a name there than in running text, where only what is certain counts (`bodies`): a heading
names who did it, so what stands clear between its marks and verbs and ends like a name is one,
though no known place begins it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.metadata.bodies import (
    ENDING,
    ENUMERATION,
    FREE,
    LONGEST,
    SHORTEST,
    STOP,
    Name,
    begins_clause,
    is_common,
    left_of,
    place_start,
)
from indexer.metadata.body_words import DEPARTMENTS, UNITS
from indexer.metadata.wording import HAN, plain

REACH: Final = 80
"""Characters of a paragraph, at most, in which it leads with a body."""

_SENTENCE: Final = re.compile("[。！？!?]")
_UNIT: Final = re.compile(rf"(?!的)[{HAN}A-Za-z0-9]{{0,8}}?(?:{'|'.join(UNITS)})")
_PART: Final = re.compile(rf"(?!的)[{HAN}A-Za-z0-9]{{0,8}}?(?:{'|'.join(DEPARTMENTS)})(?=[:、])")
_JOURNAL: Final = re.compile(r"《[^《》]{2,12}》(?:编辑部|杂志社|报社)")
_JOINED: Final = re.compile(r"\s{0,2}[、与和及]?\s{0,2}")
_OPENING: Final = re.compile(r"[^,:]{0,9}(?:[日前来年月天]|[上下]午|期间|之际|单位有?)\s?[,:]?\s?")
"""What may stand before the body that a paragraph leads with: 近日， and 3月12日，."""
_BEFORE: Final = re.compile(
    r"(?:下,|由|据|受|经|向|对|在|从|给|到|是|有|来自|走访|走进|前往|携手|联合|会同|邀请|致敬|获悉|感谢|驰援"
    r"|支持|帮助|协助|收到|委托|单位|(?:主办|承办|协办)、?)$"
)
"""Words behind which a body is named."""


def names(text: str, *, heading: bool) -> Iterator[Name]:
    """Yield the names of bodies in a heading or lead, ascending, none inside another.

    Those that a known place begins are sure.
    A heading may name a body wherever a clause begins; a paragraph only leads with one.
    """
    written = plain(text[: 2 * REACH])
    written = written if heading else _lead(written)
    for journal in _JOURNAL.finditer(written):
        yield Name(*journal.span(), sure=True)
    before = accepted = 0
    for ending in ENDING.finditer(written):
        if ending.start() < before:
            continue
        before = ending.end()
        left = left_of(written, accepted, ending.start())
        place = place_start(written, left, ending.start())
        start = _start(written, accepted, left, ending, heading) if place is None else place
        if start is None:
            continue
        stop = _with_units(written, start, before)
        if SHORTEST <= stop - start <= LONGEST and not is_common(written[start:stop]):
            yield Name(start, stop, sure=place is not None)
            before = accepted = stop


def _lead(written: str) -> str:
    """Return the first sentence."""
    end = _SENTENCE.search(written)
    return written[: end.start() if end else REACH]


def _start(text: str, accepted: int, left: int, ending: re.Match[str], heading: bool) -> int | None:
    """Return where a name that no known place begins does, None where it is not clear.

    `accepted` is where the name before it ends, `left` where its run of letters begins.
    """
    start = max((stop.end() for stop in STOP.finditer(text, left, ending.start())), default=left)
    if ending.start() - start < 2:
        return None
    if text[ending.end() : ending.end() + 1] == ":" or _is_joined(text, accepted, start):
        return start
    if FREE.search(text, start, ending.end()):
        clear = heading and start == left and begins_clause(text, left, accepted)
        return start if clear or _opens(text, start) or _BEFORE.search(text, 0, start) else None
    # Other endings end common nouns too: believed only where a name is most to be expected.
    return start if _opens(text, start) else None


def _opens(text: str, start: int) -> bool:
    """Say whether nothing stands before a name but the number of an item, or when it was."""
    item = ENUMERATION.match(text)
    before = text[item.end() if item else 0 : start].strip()
    return not before or _OPENING.fullmatch(before) is not None


def _is_joined(text: str, accepted: int, start: int) -> bool:
    """Say whether a name stands beside the one before it: 、, a space or 和 between them."""
    return accepted > 0 and _JOINED.fullmatch(text, accepted, start) is not None


def _with_units(text: str, start: int, stop: int) -> int:
    """Return where the name ends when the units of the body are named with it."""
    while unit := _UNIT.match(text, stop) or _PART.match(text, stop):
        if STOP.search(text, stop, unit.end()) or unit.end() - start > LONGEST:
            break
        stop = unit.end()
    return stop
