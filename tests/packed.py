"""Lists of places, packed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from indexer.engines.whoosh.lists import begins, pack
from indexer.engines.whoosh.packing import Words
from indexer.engines.whoosh.pairs import Pair


def packed(lists: Sequence[Sequence[int]], limit: int) -> tuple[Words, list[int]]:
    """Return the words of lists of places below a limit, and where each list begins in them."""
    starts = np.cumsum([0, *map(len, lists)]).astype(np.uint32)
    numbers = np.array([place for each in lists for place in each], dtype=np.uint32)
    words = np.concatenate([*pack(numbers, starts, limit)])
    return words, [*map(int, chain.from_iterable(begins(numbers, starts, limit)))]


def run_of(lists: Sequence[Sequence[int]], limit: int) -> tuple[Words, list[Pair]]:
    """Return the words of pairs, each two places behind the one before, and these, the rarest
    first.
    """
    words, firsts = packed(lists, limit)
    pairs = [(firsts[at], len(each), 2 * at) for at, each in enumerate(lists)]
    return words, sorted(pairs, key=lambda pair: pair[1])
