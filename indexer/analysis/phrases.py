"""Which phrases does a bulletin offer to whoever types?  Those it puts in headings or repeats.

Each bulletin decides for itself, whatever the others say: so what an index offers depends on its
bulletins alone, and not on the order in which they were read.  Which of the phrases are frequent
and cohere is seen only when all are together (`indexer.suggest`).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.analysis.numbering import NumberedWords, Numbers
from indexer.analysis.words import BREAK, in_words, lexicon, word_class
from indexer.document import PART, offer

Flags = npt.NDArray[np.bool_]

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
_REMEMBERED: Final = 200_000
"""Words after which only those of the dictionary are remembered: about 30 MB."""
_SAYS, _LONG, _BEGINS, _ALONE, _KNOWN = 1, 2, 4, 8, 16
"""A word says something; is longer than one character; may begin a phrase; may be one; is no guess
of the segmenter.
"""
_BY_ITSELF: Final = ("n", "vn", "an", "j", "l", "i", "s")
"""Classes of words that are a phrase by themselves; a plain verb needs company."""


def phrases(words: NumberedWords) -> list[str]:
    """Return the phrases that a bulletin offers, as `offer` writes them, words parted by `JOIN`.

    Those that fill most of the text come first.
    """
    found = _found(_runs(words))
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


@dataclass(frozen=True, slots=True)
class _Runs:
    """The different runs of so many words that may be phrases, or begin one.

    The i-th stands first at `starts[i]`, `times[i]` times in all, and has `lengths[i]` characters;
    `whole[i]` says that it may be a phrase, `known[i]` that it is more than one word that the
    segmenter has guessed.  `at[p]` is the number of the run that begins with the p-th word, -1 for
    none.
    """

    size: int
    starts: Numbers
    times: Numbers
    lengths: Numbers
    whole: Flags
    known: Flags
    at: Numbers


class _Found(NamedTuple):
    """Phrases: where each stands first, of how many words, and how much of the text it fills;
    `whole` says that it is known, and more than part of a longer one.
    """

    starts: Numbers
    sizes: Numbers
    weights: Numbers
    whole: Flags

    def only(self, chosen: Flags) -> _Found:
        """Return some of the phrases."""
        starts, sizes, weights, whole = self
        return _Found(starts[chosen], sizes[chosen], weights[chosen], whole[chosen])


def _runs(words: NumberedWords) -> list[_Runs]:
    """Return the runs of one word, of two and so on.

    Those that stand once and not in title or headings go no further, so most of a text is never
    put together.  A run is numbered by the number of what it is without its last word, and that
    word; a run of one word has the number of the word.
    """
    numbers = words.numbers
    flags_of, sizes_of, times_of = _facts(words)
    flags, sizes = flags_of[numbers], sizes_of[numbers]
    says, long = ((flags & bit).astype(bool) for bit in (_SAYS, _LONG))
    firsts = np.zeros(len(flags_of), dtype=np.int64)
    firsts[numbers[::-1]] = np.arange(len(numbers))[::-1]
    whole, known = ((flags_of & bit).astype(bool) for bit in (_ALONE, _KNOWN))
    runs = [_Runs(1, firsts, times_of, sizes_of, whole, known, numbers)]
    at = np.flatnonzero(flags & _BEGINS)
    lengths, keys = sizes[at], numbers[at]
    for size in range(2, _WORDS + 1):
        # The last word of all is a break, so there is a next one.
        added = at + (size - 1)
        lengths = lengths + sizes[added]
        kept = says[added] & (lengths <= _CHARACTERS)
        at, lengths, added = at[kept], lengths[kept], added[kept]
        first, keys, times = _different(keys[kept] * len(flags_of) + numbers[added])
        starts = at[first]
        wanted = (times > 1) | (starts < words.leading)
        whole, known = wanted & long[starts + size - 1], np.ones(len(starts), dtype=bool)
        places = np.full(len(numbers), -1)
        places[at] = keys
        runs.append(_Runs(size, starts, times, lengths[first], whole, known, places))
        kept = wanted[keys]
        at, lengths, keys = at[kept], lengths[kept], keys[kept]
    return runs


def _facts(words: NumberedWords) -> tuple[npt.NDArray[np.uint8], Numbers, Numbers]:
    """Return flags and length of each word of the vocabulary, zeros for one that stands once and
    not in title or headings (with it no run is repeated, and most words are like that); and how
    often each stands.
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
    return flags, sizes, times


def _different(keys: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return where each different key stands first, the number of each key, and how often each
    stands.
    """
    order = keys.argsort(kind="stable")
    ordered = keys[order]
    new = np.ones(len(keys), dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    begins = new.nonzero()[0]
    numbers = np.empty(len(keys), dtype=np.int64)
    numbers[order] = new.cumsum() - 1
    return order[begins], numbers, np.bincount(numbers, minlength=len(begins))


def _found(runs: Sequence[_Runs]) -> _Found:
    """Return the runs that are phrases: repeated, or in title or headings, once, and without
    anything that is repeated.
    """
    # A -1 in `at` leads to the last item, which is there for it.
    repeated = [np.zeros(len(run.times) + 1, dtype=bool) for run in runs]
    for run, again in zip(runs, repeated, strict=True):
        np.logical_and(run.whole, run.times > 1, out=again[:-1])
    found: list[_Found] = []
    starts = times = np.zeros(0, dtype=np.int64)
    for run, again in reversed([*zip(runs, repeated, strict=True)]):
        once = (run.whole & (run.times == 1)).nonzero()[0]
        for size, offset in _inner(run.size):
            once = once[~repeated[size - 1][runs[size - 1].at[run.starts[once] + offset]]]
        chosen = again[:-1].copy()
        chosen[once] = True
        longer = np.zeros(len(chosen) + 1, dtype=np.int64)
        for offset in (0, 1):  # of those of one word more, without the last and without the first
            np.maximum.at(longer, run.at[starts + offset], times)
        whole = run.known & (run.times > longer[:-1])
        starts, times = run.starts[chosen], run.times[chosen]
        weights = times * (run.lengths[chosen] + run.size - 1)
        sizes = np.full(len(starts), run.size)
        found.append(_Found(starts, sizes, weights, whole[chosen]))
    return _Found(*map(np.concatenate, zip(*found, strict=True)))


def _inner(size: int) -> Iterator[tuple[int, int]]:
    """Yield size and place of the runs of several words within one of `size` words."""
    return ((inner, at) for inner in range(2, size) for at in range(size - inner + 1))


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
        alone = begins and by_itself and len(word) <= _CHARACTERS
        known = name is not None or word in _lexicon()
        flags = says * _SAYS | long * _LONG | begins * _BEGINS | alone * _ALONE | known * _KNOWN
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
