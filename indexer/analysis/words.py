"""Which words does a reader see in a run of Han?  jieba's, and the operator's own.

Words only rank; what is found is decided by units alone.  `rjieba` gives the same words as
`jieba` on runs of Han, and is used when it is installed; jieba is not loaded then, which takes a
tenth of a second.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.document import FIRST_NAME, UnitSequence
from indexer.errors import WrongUsage

if importlib.util.find_spec("rjieba"):
    from indexer.analysis.rjieba_words import cutter as cutter_here
else:
    from indexer.analysis.jieba_words import cutter as cutter_here

MakeCutter = Callable[[Iterable[str]], Callable[[str], Iterable[str]]]
"""Makes what cuts runs of Han into words, for an operator's own words."""

BREAK: Final = " "
"""Stands between words that are no neighbours."""

_LONGEST_RUN: Final = 10_000
"""jieba needs memory for every character of a run: 1 million Han take 462 MB, cut they take 5."""

_FIRST_HAN: Final = "\u4e00"
_LAST_HAN: Final = "\u9fd5"
"""What jieba cuts into words.  Rarer Han are in no dictionary, and the two segmenters differ on
them: they are found as units, and do not rank."""


class Segmenter:
    """Cuts text into words.  The same words and `fingerprint` for the same `user_words`."""

    def __init__(self, user_words: Iterable[str] = (), *, cutter: MakeCutter = cutter_here) -> None:
        self._words = sorted({*lexicon(), *user_words})
        self._cutter = cutter
        self._cut = cutter(self._words)
        self.fingerprint = hashlib.sha256("\n".join(self._words).encode()).hexdigest()[:16]

    def __reduce__(self) -> tuple[Any, ...]:
        """Send the words to another process; it makes a segmenter of its own."""
        return functools.partial(Segmenter, cutter=self._cutter), (self._words,)

    def words(self, units: UnitSequence) -> Iterator[str]:
        """Yield the words of a text in order: words of Han, Latin words, numbers."""
        (words,) = self.parts(units, (len(units),))
        return (word for word in words if word != BREAK)

    def parts(self, units: UnitSequence, ends: Sequence[int]) -> Iterator[list[str]]:
        """Yield the words of each part of a text, with `BREAK` wherever a run of Han ends.

        Parts end at these units, and no run of Han reaches from one into the next.
        """
        runs = _han_runs(units.codes, ends)
        named = (units.codes >= FIRST_NAME).nonzero()[0]
        numbers = (units.codes.take(named) - np.uint32(FIRST_NAME)).tolist()
        names = [units.names[number] for number in numbers]
        bounds = (0, *named.searchsorted(ends).tolist())
        for text, (start, stop) in zip(runs, pairwise(bounds), strict=True):
            yield [*self._cut(text), BREAK, *names[start:stop]]

    def cut(self, runs: str) -> Iterator[str]:
        """Yield the words of runs of Han that are parted by spaces."""
        return (word for word in self._cut(runs) if word != BREAK)


def in_words(unit: str) -> bool:
    """Say whether a unit is Han that the segmenter cuts into words."""
    return len(unit) == 1 and _FIRST_HAN <= unit <= _LAST_HAN


@functools.lru_cache(maxsize=1 << 17)
def word_class(word: str) -> str | None:
    """Return the class of a word of the general dictionary, None for any other word: n is a noun,
    v a verb, ns a place, nr a person.
    """
    entries = general_dictionary()
    begin = f"{word} ".encode(errors="surrogatepass")
    at = bisect_left(entries, begin)
    if at == len(entries) or not entries[at].startswith(begin):
        return None
    frequency_and_class = entries[at].removeprefix(begin).split(b" ")
    return frequency_and_class[1].decode() if len(frequency_and_class) == 2 else None


@functools.cache
def general_dictionary() -> list[bytes]:
    """Return the entries of jieba's dictionary in order: word, frequency, class, in UTF-8.

    They are looked into as they are: that takes a sixth of the time, and a third of the memory, of
    a dictionary of strings, and builds are asked for the same words again and again.
    """
    found = importlib.util.find_spec("jieba")
    place = found and found.origin
    assert place, "jieba is a package on disk"
    entries = Path(place).with_name("dict.txt").read_bytes().split(b"\n")
    entries.sort()
    return entries


def lexicon() -> list[str]:
    """Return the compounds of this genre that a general dictionary takes apart."""
    lines = files("indexer.analysis").joinpath("lexicon.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def read_user_words(path: str) -> list[str]:
    """Return the words of the operator's file, one a line; none for an empty path."""
    if not path:
        return []
    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise WrongUsage(
            f"打不开自定义词典 {path}（须为 UTF-8 文本）。",
            f"Cannot read the word list {path} (it must be UTF-8 text).",
        ) from None
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _han_runs(codes: npt.NDArray[np.uint32], ends: Sequence[int]) -> list[str]:
    """Return the runs of Han of each part, parted by spaces and nowhere too long."""
    han = (codes >= ord(_FIRST_HAN)) & (codes <= ord(_LAST_HAN))
    # Of what stands between two runs one becomes the space.
    kept = han.copy()
    kept[1:] |= han[:-1]
    at = kept.nonzero()[0]
    runs = np.where(han, codes, np.uint32(ord(BREAK))).take(at)
    text = runs.tobytes().decode("utf-32-le")
    bounds = (0, *at.searchsorted(ends).tolist())
    parts = (text[start:stop].strip(BREAK) for start, stop in pairwise(bounds))
    return [part if len(part) <= _LONGEST_RUN else _in_pieces(part) for part in parts]


def _in_pieces(text: str) -> str:
    starts = ((run, at) for run in text.split() for at in range(0, len(run), _LONGEST_RUN))
    return BREAK.join(run[at : at + _LONGEST_RUN] for run, at in starts)
