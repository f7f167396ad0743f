"""Which phrases does a bulletin offer to whoever types?  Those it puts in headings or repeats.

Each bulletin decides for itself, whatever the others say: so what an index offers depends on its
bulletins alone, and not on the order in which they were read.  Which of the phrases are frequent
and cohere is seen only when all are together (`indexer.suggest`).
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from importlib.resources import files
from itertools import combinations
from typing import Final

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
_BY_ITSELF: Final = ("n", "vn", "an", "j", "l", "i", "s")
"""Classes of words that are a phrase by themselves; a plain verb needs company."""


def phrases(words: Sequence[Sequence[str]]) -> list[str]:
    """Return the phrases that a bulletin offers, as `offer` writes them, words parted by `JOIN`.

    `words` are those of the title, of the headings and of the rest, with breaks.  Those that
    fill most of the text come first.
    """
    title, headings, body = words
    prominent = Counter(_candidates([*title, BREAK, *headings]))
    counts = Counter(_candidates(body)) + prominent
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


def _candidates(words: Iterable[str]) -> Iterator[str]:
    run: list[str] = []
    for word in words:
        if _says_something(word):
            run.append(word)
        else:
            yield from _phrases_of(run)
            run = []
    yield from _phrases_of(run)


def _phrases_of(run: Sequence[str]) -> Iterator[str]:
    """Yield the phrases of a run of words; what begins or ends with a single Han is a fragment."""
    for start, first in enumerate(run):
        if len(first) < 2 or first in _listed(_ENDING):
            continue
        if _stands_by_itself(first):
            yield first
        length = len(first)
        for stop in range(start + 1, min(start + _WORDS, len(run))):
            length += len(run[stop])
            if length > _CHARACTERS:
                break
            if len(run[stop]) > 1:
                yield JOIN.join(run[start : stop + 1])


@functools.lru_cache(maxsize=65536)
def _says_something(word: str) -> bool:
    return (
        in_words(word[0]) and word not in _listed(_EMPTY) and _class_of(word).startswith(_CONTENT)
    )


@functools.lru_cache(maxsize=65536)
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
