"""Loops over the words of a bulletin by arrays, where nothing was compiled; and what `compiled` has
to give.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

VERSION: Final = 2
"""Goes up, here and in `compiled.pyx`, with what is compiled: no other is taken."""

MOST_WORDS: Final = 4
MOST_CHARACTERS: Final = 10
"""Longest phrase."""
SAYS, LONG, BEGINS, ALONE, KNOWN = 1, 2, 4, 8, 16
"""A word says something; is longer than one character; may begin a phrase; may be one; is no guess
of the segmenter.
"""

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Found(NamedTuple):
    """Phrases: where each stands first, of how many words, and how much of the text it fills;
    `whole` says that it is known, and more than part of a longer one.
    """

    starts: Numbers
    sizes: Numbers
    weights: Numbers
    whole: Flags

    def only(self, chosen: Flags) -> Found:
        """Return some of the phrases."""
        starts, sizes, weights, whole = self
        return Found(starts[chosen], sizes[chosen], weights[chosen], whole[chosen])


class Facts(NamedTuple):
    """What is known of each word of a bulletin: its flags, how many characters it has, and how
    often it stands.
    """

    flags: npt.NDArray[np.uint8]
    sizes: Numbers
    times: Numbers


def numbered(words: Sequence[str], first: str) -> tuple[Numbers, tuple[str, ...]]:
    """Return words as numbers in a vocabulary, in the order in which they come, after `first`."""
    known: defaultdict[str, int] = defaultdict(itertools.count(1).__next__, {first: 0})
    numbers = np.fromiter(map(known.__getitem__, words), dtype=np.int64, count=len(words))
    return numbers, tuple(known)


def found(numbers: Numbers, facts: Facts, leading: int) -> Found:
    """Return the phrases in the words with these numbers, of which so many lead, in some order."""
    return _found(_runs(numbers, facts, leading))


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


def _runs(numbers: Numbers, facts: Facts, leading: int) -> list[_Runs]:
    """Return the runs of one word, of two and so on.

    Those that stand once and not in title or headings go no further, so most of a text is never
    put together.  A run is numbered by the number of what it is without its last word, and that
    word; a run of one word has the number of the word.
    """
    flags_of, sizes_of, times_of = facts
    flags, sizes = flags_of[numbers], sizes_of[numbers]
    says, long = ((flags & bit).astype(bool) for bit in (SAYS, LONG))
    firsts = np.zeros(len(flags_of), dtype=np.int64)
    firsts[numbers[::-1]] = np.arange(len(numbers))[::-1]
    whole, known = ((flags_of & bit).astype(bool) for bit in (ALONE, KNOWN))
    runs = [_Runs(1, firsts, times_of, sizes_of, whole, known, numbers)]
    at = np.flatnonzero(flags & BEGINS)
    lengths, keys = sizes[at], numbers[at]
    for size in range(2, MOST_WORDS + 1):
        # The last word of all is a break, so there is a next one.
        added = at + (size - 1)
        lengths = lengths + sizes[added]
        kept = says[added] & (lengths <= MOST_CHARACTERS)
        at, lengths, added = at[kept], lengths[kept], added[kept]
        first, keys, times = _different(keys[kept] * len(flags_of) + numbers[added])
        starts = at[first]
        wanted = (times > 1) | (starts < leading)
        whole, known = wanted & long[starts + size - 1], np.ones(len(starts), dtype=bool)
        places = np.full(len(numbers), -1)
        places[at] = keys
        runs.append(_Runs(size, starts, times, lengths[first], whole, known, places))
        kept = wanted[keys]
        at, lengths, keys = at[kept], lengths[kept], keys[kept]
    return runs


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


def _found(runs: Sequence[_Runs]) -> Found:
    """Return the runs that are phrases: repeated, or in title or headings, once, and without
    anything that is repeated.
    """
    # A -1 in `at` leads to the last item, which is there for it.
    repeated = [np.zeros(len(run.times) + 1, dtype=bool) for run in runs]
    for run, again in zip(runs, repeated, strict=True):
        np.logical_and(run.whole, run.times > 1, out=again[:-1])
    found: list[Found] = []
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
        found.append(Found(starts, sizes, weights, whole[chosen]))
    return Found(*map(np.concatenate, zip(*found, strict=True)))


def _inner(size: int) -> Iterator[tuple[int, int]]:
    """Yield size and place of the runs of several words within one of `size` words."""
    return ((inner, at) for inner in range(2, size) for at in range(size - inner + 1))
