"""Which phrases does a bulletin offer to whoever types?  Those it puts in headings or repeats.

Each bulletin decides for itself, whatever the others say: so what an index offers depends on its
bulletins alone, and not on the order in which they were read.  Which of the phrases are frequent
and cohere is seen only when all are together (`indexer.suggest`).
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Sequence, Set
from importlib.resources import files
from itertools import combinations
from typing import Final

import numpy as np

from indexer.analysis.words import BREAK, in_words, lexicon, word_classes
from indexer.document import PART, offer

JOIN: Final = BREAK
"""Stands between the words of a phrase."""

_EMPTY, _ENDING = range(2)
"""The lists of `empty_words.txt`."""
_MOST: Final = 64
"""Phrases of one bulletin; of a longer list those that fill most of its text."""
_WORDS: Final = 4
_CHARACTERS: Final = 10
"""Longest phrase."""
_CONTENT: Final = ("n", "v", "a", "j", "l", "i", "b", "z", "s", "m")
"""Classes of words that say something: nouns, verbs, adjectives, abbreviations, idioms, places,
and numbers (一带一路, 十四五规划)."""
_SAYS, _LONG, _BEGINS, _ALONE = 1, 2, 4, 8
"""A word says something; is longer than one character; may begin a phrase; may be one."""
_BY_ITSELF: Final = ("n", "vn", "an", "j", "l", "i", "s")
"""Classes of words that are a phrase by themselves; a plain verb needs company."""


def phrases(words: Sequence[Sequence[str]]) -> list[str]:
    """Return the phrases that a bulletin offers, as `offer` writes them, words parted by `JOIN`.

    `words` are those of the title, of the headings and of the rest, with breaks.  Those that
    fill most of the text come first.
    """
    title, headings, body = words
    leading = [*title, BREAK, *headings, BREAK]
    counts, prominent = _counted([*leading, *body], len(leading))
    repeated = {phrase for phrase, count in counts.items() if count > 1}
    once = {phrase for phrase in prominent if not _has_any(phrase, repeated)}
    found = sorted(repeated | once, key=lambda phrase: (-counts[phrase] * len(phrase), phrase))
    longer: dict[str, int] = defaultdict(int)
    for phrase in found:
        for inner in without_an_end(phrase):
            longer[inner] = max(longer[inner], counts[phrase])
    return [
        offer("phrase" if counts[phrase] > longer[phrase] and _is_known(phrase) else PART, phrase)
        for phrase in found[:_MOST]
    ]


def without_an_end(phrase: str) -> tuple[str, ...]:
    """Return a phrase of several words without its first, and without its last."""
    if JOIN not in phrase:
        return ()
    return phrase.split(JOIN, 1)[1], phrase.rsplit(JOIN, 1)[0]


def _has_any(phrase: str, repeated: Set[str]) -> bool:
    """Say whether some words of a phrase that stands once are repeated together elsewhere."""
    words = phrase.split(JOIN)
    spans = combinations(range(len(words) + 1), 2)
    return any(JOIN.join(words[at:to]) in repeated for at, to in spans if 1 < to - at < len(words))


def _is_known(phrase: str) -> bool:
    """Say whether a phrase is more than one word that the segmenter has guessed."""
    return JOIN in phrase or phrase in word_classes() or phrase in _lexicon()


@functools.cache
def _lexicon() -> frozenset[str]:
    return frozenset(lexicon())


def _counted(words: Sequence[str], leading: int) -> tuple[dict[str, int], set[str]]:
    """Return how often phrases stand in `words`, and which stand in the first `leading` of them.

    Those that stand once and not among the first are left out, so most of a text is never put
    together.  A phrase is numbered by the number of what it is without its last word, and that
    word.
    """
    vocabulary = list(dict.fromkeys(words))
    number = {word: at for at, word in enumerate(vocabulary)}
    ids = np.fromiter(map(number.__getitem__, words), dtype=np.int64, count=len(words))
    flags = np.array([*map(_flags, vocabulary)], dtype=np.uint8)[ids]
    lengths = np.array([*map(len, vocabulary)], dtype=np.int64)[ids]
    says, begins, long = ((flags & bit) > 0 for bit in (_SAYS, _BEGINS, _LONG))
    counts: dict[str, int] = {}
    prominent: set[str] = set()
    at, length = np.flatnonzero(begins), lengths[begins]
    key, ends = ids[at], (flags & _ALONE) > 0
    for size in range(1, _WORDS + 1):
        _, first, key, times = np.unique(
            key, return_index=True, return_inverse=True, return_counts=True
        )
        starts = at[first]
        wanted = (times > 1) | (starts < leading)
        whole = wanted & ends[starts + size - 1]
        for start, count in zip(starts[whole].tolist(), times[whole].tolist(), strict=True):
            phrase = JOIN.join(words[start : start + size])
            counts[phrase] = count
            if start < leading:
                prominent.add(phrase)
        # One that is wanted is wanted without its last word too.
        kept = wanted[key.ravel()] & (at + size < len(words))
        at, length, key = at[kept], length[kept], key.ravel()[kept]
        length = length + lengths[at + size]
        kept = says[at + size] & (length <= _CHARACTERS)
        at, length, key = at[kept], length[kept], key[kept]
        key, ends = key * len(vocabulary) + ids[at + size], long
    return counts, prominent


@functools.lru_cache(maxsize=65536)
def _flags(word: str) -> int:
    """Return what a word may be in a phrase.

    What begins or ends with a single Han is a fragment.
    """
    if not _says_something(word):
        return 0
    long = len(word) > 1
    begins = long and word not in _listed(_ENDING)
    alone = begins and _stands_by_itself(word)
    return _SAYS | long * _LONG | begins * _BEGINS | alone * _ALONE


def _says_something(word: str) -> bool:
    return (
        in_words(word[0]) and word not in _listed(_EMPTY) and _class_of(word).startswith(_CONTENT)
    )


def _stands_by_itself(word: str) -> bool:
    return len(word) <= _CHARACTERS and _class_of(word).startswith(_BY_ITSELF)


def _class_of(word: str) -> str:
    """Return the class of a word; what the dictionary does not have is a name, a noun."""
    return word_classes().get(word, "n")


@functools.cache
def _listed(part: int) -> frozenset[str]:
    """Return one of the lists of `empty_words.txt`."""
    text = files("indexer.analysis").joinpath("empty_words.txt").read_text("utf-8")
    lines = text.split("\n\n")[part].splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
