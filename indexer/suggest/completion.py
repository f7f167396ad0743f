"""What is a reader about to type?  Names that begin as the last term does, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.analysis.fold import SPACE, fold
from indexer.suggest.matching import Match, has_pinyin, match, pattern
from indexer.suggest.names import Names

_ENDS: Final = r"\s()（）|｜\"“”„＂「」『』:："
"""What a term does not go beyond: white space and the signs of the query language."""
_TERM: Final = re.compile(rf"[-－−]?([^{_ENDS}]+)$")
_SYLLABLE: Final = "[A-Za-zü]{1,6}[1-5]?"
_SYLLABLES: Final = re.compile(rf"(?:^|(?<=[{_ENDS}]))((?:{_SYLLABLE} +)+{_SYLLABLE})$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name, and where in its text it is what was typed: `text[start:stop]`.

    `before` is what stands in the query before the term that the name completes.
    """

    text: str
    kind: str
    before: str
    start: int
    stop: int


def complete(names: Names, text: str) -> Iterator[Candidate]:
    """Yield the names that complete the last term of a query, each once, the likeliest first.

    Names with the very letters typed come before those with their pinyin; names that begin with
    the term before those where it stands within; frequent names before rare ones.
    """
    seen: set[int] = set()
    for before, term in _terms(text):
        typed = pattern(term)
        for pinyin in _readings(typed):
            for row, length in _in_order(match(names, typed, pinyin=pinyin)):
                name = int(names.owners[row])
                if name not in seen:
                    seen.add(name)
                    yield _completion(names, name, row, length, before)


def _readings(typed: str) -> tuple[bool, ...]:
    """Say which readings of a pattern come one after another, without pinyin or with it."""
    if not has_pinyin(typed):
        return (False,)
    return (False, True) if len(typed) > 1 else (True,)


def _terms(text: str) -> Iterator[tuple[str, str]]:
    """Yield what may be completed with what stands before it: several syllables, or one term."""
    several = _SYLLABLES.search(text)
    if several:
        yield text[: several.start(1)], several[1]
    term = _TERM.search(text)
    if term:
        yield text[: term.start(1)], term[1]


def _in_order(found: list[Match]) -> Iterator[tuple[int, int]]:
    """Yield the rows of all matches, ascending, with the length matched."""
    if len(found) == 1:
        for row in found[0].rows:
            yield int(row), found[0].length
        return
    rows = np.concatenate([np.zeros(0, dtype=np.int32), *(m.rows for m in found)])
    lengths = np.repeat([m.length for m in found], [len(m.rows) for m in found])
    for at in np.argsort(rows, kind="stable"):
        yield int(rows[at]), int(lengths[at])


def _completion(names: Names, name: int, row: int, length: int, before: str) -> Candidate:
    text = names.text(name)
    folded = fold(text)
    visible = folded.codes != ord(SPACE)
    at = int(names.rows[row] - names.begins[name])
    start = folded.starts[visible][at]
    stop = folded.stops[visible][at + length - 1]
    return Candidate(text, names.kind(name), before, int(start), int(stop))
