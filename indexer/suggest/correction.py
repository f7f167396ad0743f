"""What was meant by a term that is found hardly anywhere?  Names that sound or look nearly so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from indexer.suggest.matching import (
    has_pinyin,
    match,
    match_beginnings,
    match_each,
    only,
    pattern,
)
from indexer.suggest.names import Names, Places
from indexer.suggest.pinyin import CODES, Chars, sounding, sounding_alike
from indexer.suggest.texts import END

_LATIN: Final = re.compile("[a-z ]+")
_SHORTEST: Final = 3
"""Characters of a term that may have a wrong one: of two, one wrong leaves nothing to go by."""
_LONGEST: Final = 12
_LONGEST_INNER: Final = 20

_ANY: Final[Chars] = np.ones(CODES, dtype=bool)
_ANY[END] = False


def by_sound(names: Names, term: str) -> Iterator[str]:
    """Yield the names that are read as a term (pinyin, or other characters), the likeliest first.

    Characters that are often mixed up (zh and z, n and l, ang and an) come after the others.
    """
    typed = pattern(term)
    if _LATIN.fullmatch(typed):
        yield from _in_pinyin(names, typed)
    elif 2 <= len(typed) <= _LONGEST and not has_pinyin(typed):
        for sounds in (sounding, sounding_alike):
            yield from _others(names, typed, match_each(names, [[sounds(char) for char in typed]]))


def by_look(names: Names, term: str) -> Iterator[str]:
    """Yield the names of which one character is another, missing, too many or out of place."""
    typed = pattern(term)
    if _SHORTEST <= len(typed) <= _LONGEST and not has_pinyin(typed):
        mistakes = _mistakes([only(char) for char in typed])
        yield from _others(names, typed, match_each(names, mistakes))


def inner_by_sound(names: Names, term: str) -> Iterator[tuple[str, str]]:
    """Yield parts of a long term, longest first, each with a name that is read so."""
    typed = pattern(term)
    if len(typed) != len(term) or has_pinyin(typed) or not _SHORTEST < len(typed) <= _LONGEST_INNER:
        return
    sounds = [sounding(char) for char in typed]
    parts = [
        (start, length, name)
        for start in range(len(typed) - _SHORTEST + 1)
        for length, found in match_beginnings(names, sounds[start : start + _LONGEST])
        for name in found.tolist()
        if _SHORTEST <= length < len(typed)
    ]
    for start, length, name in sorted(parts, key=lambda part: (-part[1], part[0], part[2])):
        if pattern(names.text(name)) != typed[start : start + length]:
            yield term[start : start + length], names.text(name)


def _in_pinyin(names: Names, typed: str) -> Iterator[str]:
    found = [m.rows for m in match(names, typed, pinyin=True, whole=True) if m.length > 1]
    yield from _others(names, typed, np.unique(np.concatenate([_NONE, *found])))


_NONE: Final[Places] = np.zeros(0, dtype=np.int32)


def _others(names: Names, typed: str, found: Places) -> Iterator[str]:
    """Yield the names found that are not the term itself."""
    return (text for name in found if pattern(text := names.text(name)) != typed)


def _mistakes(typed: Sequence[Chars]) -> Iterator[list[Chars]]:
    """Yield the names that one mistake could have made into what was typed."""
    for at in range(len(typed)):
        yield [*typed[:at], _ANY, *typed[at + 1 :]]
        if len(typed) > _SHORTEST:
            yield [*typed[:at], *typed[at + 1 :]]
    for at in range(len(typed) + 1):
        yield [*typed[:at], _ANY, *typed[at:]]
    for at in range(len(typed) - 1):
        yield [*typed[:at], typed[at + 1], typed[at], *typed[at + 2 :]]
