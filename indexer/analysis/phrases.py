"""Which phrases does a bulletin offer to whoever types?  Those it puts in headings or repeats.

Each bulletin decides for itself, whatever the others say: so what an index offers depends on its
bulletins alone, and not on the order in which they were read.  Which of the phrases are frequent
and cohere is seen only when all are together (`indexer.suggest`).
"""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Final

import numpy as np

from indexer.analysis import loops
from indexer.analysis.by_arrays import ALONE, BEGINS, KNOWN, LONG, MOST_CHARACTERS, SAYS, Facts
from indexer.analysis.numbering import NumberedWords
from indexer.analysis.words import BREAK, in_words, lexicon, word_class
from indexer.document import PART, offer

JOIN: Final = BREAK
"""Stands between the words of a phrase."""

_EMPTY, _ENDING = range(2)
"""The lists of `empty_words.txt`."""
_MOST: Final = 64
"""Phrases of one bulletin; of a longer list those that fill most of its text."""
_CONTENT: Final = ("n", "v", "a", "j", "l", "i", "b", "z", "s", "m")
"""Classes of words that say something: nouns, verbs, adjectives, abbreviations, idioms, places,
and numbers (一带一路, 十四五规划)."""
_REMEMBERED: Final = 200_000
"""Words after which only those of the dictionary are remembered: about 30 MB."""
_BY_ITSELF: Final = ("n", "vn", "an", "j", "l", "i", "s")
"""Classes of words that are a phrase by themselves; a plain verb needs company."""


def phrases(words: NumberedWords) -> list[str]:
    """Return the phrases that a bulletin offers, as `offer` writes them, words parted by `JOIN`.

    Those that fill most of the text come first.
    """
    found = loops.found(words.numbers, _facts(words), words.leading)
    if len(found.weights) > _MOST:
        least = np.partition(found.weights, -_MOST)[-_MOST]
        found = found.only(found.weights >= least)
    spelled = [
        JOIN.join(words.words[start : start + size])
        for start, size in zip(found.starts.tolist(), found.sizes.tolist(), strict=True)
    ]
    ordered = sorted(zip((-found.weights).tolist(), spelled, found.whole.tolist(), strict=True))
    return [offer("phrase" if whole else PART, phrase) for _, phrase, whole in ordered[:_MOST]]


def without_an_end(phrase: str) -> tuple[str, ...]:
    """Return a phrase of several words without its first, and without its last."""
    if JOIN not in phrase:
        return ()
    return phrase.split(JOIN, 1)[1], phrase.rsplit(JOIN, 1)[0]


def _facts(words: NumberedWords) -> Facts:
    """Return what is known of each word of the vocabulary; neither flags nor length of one that
    stands once and not in title or headings (no run with it is repeated, and most words are such).
    """
    flags = np.zeros(len(words.vocabulary), dtype=np.uint8)
    sizes = np.zeros(len(flags), dtype=np.int64)
    times = np.bincount(words.numbers, minlength=len(flags))
    again = times > 1
    again[words.numbers[: words.leading]] = True
    at = again.nonzero()[0]
    chosen = [words.vocabulary[number] for number in at.tolist()]
    flags[at] = np.fromiter(map(_FLAGS.__getitem__, chosen), np.uint8, len(chosen))
    sizes[at] = np.fromiter(map(len, chosen), np.int64, len(chosen))
    return Facts(flags, sizes, times)


class _Flags(dict[str, int]):
    """What each word may be in a phrase.  It remembers the words of the dictionary, and some names.

    What begins or ends with a single Han is a fragment.
    """

    def __missing__(self, word: str) -> int:
        name = word_class(word)
        # What the dictionary does not have is a name, a noun.
        says, by_itself = _of_class(name or "n")
        says = says and in_words(word[0]) and word not in _listed(_EMPTY)
        long = says and len(word) > 1
        begins = long and word not in _listed(_ENDING)
        alone = begins and by_itself and len(word) <= MOST_CHARACTERS
        known = name is not None or word in _lexicon()
        flags = says * SAYS | long * LONG | begins * BEGINS | alone * ALONE | known * KNOWN
        if name or len(self) < _REMEMBERED:
            self[word] = flags
        return flags


_FLAGS: Final = _Flags()


@functools.cache
def _lexicon() -> frozenset[str]:
    return frozenset(lexicon())


@functools.cache
def _of_class(name: str) -> tuple[bool, bool]:
    """Say whether words of a class say something, and whether one is a phrase by itself."""
    return name.startswith(_CONTENT), name.startswith(_BY_ITSELF)


@functools.cache
def _listed(part: int) -> frozenset[str]:
    """Return one of the lists of `empty_words.txt`."""
    text = files("indexer.analysis").joinpath("empty_words.txt").read_text("utf-8")
    lines = text.split("\n\n")[part].splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
