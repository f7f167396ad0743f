"""Which names begin with what was typed: Han, Latin letters, pinyin, or a mixture?

What was typed is read from left to right, in every way at once: a letter is itself, or the
beginning of the pinyin of a character.  After each character only the names that still fit are
looked at again.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.analysis.fold import SPACE, fold
from indexer.suggest.names import Names, Places
from indexer.suggest.pinyin import LONGEST, Chars, beginnings, mask, plain, read_as, unfinished
from indexer.suggest.texts import END

_NOWHERE: Final[Places] = np.zeros(0, dtype=np.int32)
LONGEST_TERM: Final = 40
"""Characters of a term; for a longer one nothing is looked up."""


@dataclass(frozen=True, slots=True)
class Match:
    """Indexes of `Names.rows`, ascending, where `length` characters are what was typed."""

    rows: Places
    length: int


def pattern(text: str) -> str:
    """Return typed text as it is looked up: folded, pinyin plain, a space parting syllables."""
    return plain(fold(text.replace("'", " ").replace("’", " ")).text).strip(SPACE)


def has_pinyin(typed: str) -> bool:
    """Say whether a pattern has letters that may be pinyin."""
    return any("a" <= char <= "z" for char in typed)


def match(names: Names, typed: str, *, pinyin: bool, whole: bool = False) -> list[Match]:
    """Return where names begin with a pattern; with `whole`, where they are all of it.

    Without `pinyin` letters are only themselves.  The last syllable may be unfinished, unless
    `whole`.
    """
    states = {0: _NOWHERE} if typed and len(typed) <= LONGEST_TERM else {}
    found: list[Match] = []
    for length in range(len(typed)):
        reached: dict[int, list[Places]] = defaultdict(list)
        for at, rows in states.items():
            here = names.codes[names.rows[rows] + length]
            for width, chars in _options(typed, at, pinyin=pinyin, whole=whole):
                fitting = rows[chars[here]] if length else names.starting(chars, whole=whole)
                if len(fitting):
                    reached[_next(typed, at + width)].append(fitting)
        states = {at: _union(parts) for at, parts in reached.items()}
        if (done := states.pop(len(typed), None)) is not None:
            found.append(Match(done, length + 1))
    return _ended(names, found) if whole else found


def match_each(names: Names, sequences: Iterable[Sequence[Chars]]) -> Places:
    """Return the names whose characters are, one by one, of the sets of a sequence, ascending.

    Sequences that begin with the same sets are followed together.
    """
    found = [_NOWHERE]
    waiting = [(0, [*sequences], _NOWHERE)]
    while waiting:
        at, alike, rows = waiting.pop()
        here = names.codes[names.begins[rows] + at]
        branches: dict[int, list[Sequence[Chars]]] = defaultdict(list)
        for sequence in alike:
            if len(sequence) > at:
                branches[id(sequence[at])].append(sequence)
            else:
                found.append(rows[here == END])
        for branch in branches.values():
            chars = branch[0][at]
            fitting = rows[chars[here]] if at else names.starting(chars, whole=True)
            if len(fitting):
                waiting.append((at + 1, branch, fitting))
    return _union(found)


def match_beginnings(names: Names, characters: Sequence[Chars]) -> Iterator[tuple[int, Places]]:
    """Yield, for each length, the names of so many characters, each of its set in turn."""
    rows, here = _NOWHERE, names.codes[:0]
    for length, chars in enumerate(characters, 1):
        rows = rows[chars[here]] if length > 1 else names.starting(chars, whole=True)
        here = names.codes[names.begins[rows] + length]
        yield length, rows[here == END]


@functools.lru_cache(maxsize=256)
def only(char: str) -> Chars:
    """Return the set of one character."""
    return mask(char)


def _options(typed: str, at: int, *, pinyin: bool, whole: bool) -> Iterator[tuple[int, Chars]]:
    """Yield how many characters of the pattern may stand for which characters of a name."""
    yield 1, only(typed[at])
    for width in range(1, LONGEST + 1) if pinyin else ():
        letters = typed[at : at + width]
        if len(letters) < width or letters not in unfinished():
            return
        if letters in beginnings():
            yield width, read_as(letters, whole=beginnings()[letters])
        if not whole and at + width == len(typed):
            yield width, read_as(letters, whole=False)


def _next(typed: str, at: int) -> int:
    """Return where the next syllable begins."""
    return at + 1 if typed[at : at + 1] == SPACE else at


def _union(parts: list[Places]) -> Places:
    if len(parts) == 1:
        return parts[0]
    rows = np.sort(np.concatenate(parts))  # several times as fast as numpy's unique
    return rows[np.diff(rows, prepend=-1) > 0]


def _ended(names: Names, found: list[Match]) -> list[Match]:
    ended = (
        Match(m.rows[names.codes[names.rows[m.rows] + m.length] == END], m.length) for m in found
    )
    return [match for match in ended if len(match.rows)]
