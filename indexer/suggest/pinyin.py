"""How are Han read?  Sets of characters by their pinyin, without tones.

A set of characters is a mask over 16-bit code points, so that many characters are asked at once.
`pinyin.txt` has a line for each syllable with the characters that are commonly read so (ü is
written v); a character of several readings stands in several lines.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

Chars = npt.NDArray[np.bool_]

CODES: Final = 0x10000
LONGEST: Final = 6
"""Letters of the longest syllable: zhuang."""

_DOUBLE_INITIALS: Final = ("zh", "ch", "sh")
# What people mix up, each way: retroflex and flat, n and l, front and back nasals.
_ALIKE: Final = (
    *(("zh", "z"), ("ch", "c"), ("sh", "s")),
    *(("ang", "an"), ("eng", "en"), ("ing", "in")),
)
_TONE: Final = re.compile("(?<=[a-z])[1-5](?![0-9])")


@functools.cache
def syllables() -> Mapping[str, str]:
    """Map each syllable to the characters read so."""
    lines = files("indexer.suggest").joinpath("pinyin.txt").read_text("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)


@functools.cache
def readings() -> Mapping[str, tuple[str, ...]]:
    """Map each character to its syllables."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in syllables().items():
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found


def plain(text: str) -> str:
    """Return folded text with pinyin as it stands in the table: no tones, ü and u: as v."""
    spelled = unicodedata.normalize("NFD", text).replace("u\u0308", "v").replace("u:", "v")
    bare = "".join(char for char in spelled if not unicodedata.combining(char))
    return _TONE.sub("", unicodedata.normalize("NFC", bare))


@functools.lru_cache(maxsize=1024)
def read_as(letters: str, *, whole: bool) -> Chars:
    """Return the characters read as `letters`, which begin the syllable or are the `whole` of it.

    lue and nue are also what lve and nve are typed as.
    """
    typed = letters.replace("ue", "ve") if letters in ("lue", "nue") else letters
    fitting = (
        characters
        for syllable, characters in syllables().items()
        if (syllable == typed if whole else syllable.startswith(typed))
    )
    return mask("".join(fitting))


@functools.cache
def beginnings() -> Mapping[str, bool]:
    """Map whatever may stand for a character in the middle of pinyin to whether it is whole.

    A single letter, zh, ch and sh stand for every syllable that begins so.
    """
    initials = {*(syllable[0] for syllable in syllables()), *_DOUBLE_INITIALS}
    whole = dict.fromkeys(syllables(), True) | {"lue": True, "nue": True}
    return whole | dict.fromkeys(initials, False)


@functools.cache
def unfinished() -> frozenset[str]:
    """Return whatever a syllable may be while it is being typed."""
    return frozenset(
        syllable[:length] for syllable in syllables() for length in range(1, len(syllable) + 1)
    )


def sounding(character: str) -> Chars:
    """Return the characters that share a reading with `character`; itself when it has none."""
    return mask(character, *(syllables()[reading] for reading in readings().get(character, ())))


def sounding_alike(character: str) -> Chars:
    """Return the characters whose reading is mixed up with one of `character`, or equal to it."""
    alike = {other for reading in readings().get(character, ()) for other in _mixed_up(reading)}
    return mask(character, *(syllables()[reading] for reading in alike))


def mask(*characters: str) -> Chars:
    """Return the set of the given characters."""
    found = np.zeros(CODES, dtype=bool)
    found[[ord(char) for chars in characters for char in chars if ord(char) < CODES]] = True
    return found


def _mixed_up(reading: str) -> set[str]:
    """Return the syllables that one or two usual mistakes lead to from `reading`."""
    variants = {reading}
    for one, other in _ALIKE[:3]:
        variants |= {_begun(v, one, other) for v in variants}
    for one, other in _ALIKE[3:]:
        variants |= {_ended(v, one, other) for v in variants}
    variants |= {"nl"["ln".index(v[0])] + v[1:] for v in variants if v[0] in "ln"}
    return variants & syllables().keys()


def _begun(reading: str, one: str, other: str) -> str:
    if reading.startswith(one):
        return other + reading.removeprefix(one)
    return one + reading.removeprefix(other) if reading.startswith(other) else reading


def _ended(reading: str, one: str, other: str) -> str:
    if reading.endswith(one):
        return reading.removesuffix(one) + other
    return reading.removesuffix(other) + one if reading.endswith(other) else reading
