"""A run is made of few pairs, and sought by its rarest."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.engines.whoosh.pairs import FEW, PairIndex

COMMON = 100_000


def index_of(lengths: list[int]) -> PairIndex:
    """Return the pairs of units 1, 2, 3 and so on, each followed by the next, so many times."""
    count = len(lengths)
    begins = np.append(np.arange(count + 1), count)
    arrays = {
        "begins": begins,
        "followers": np.arange(2, count + 2),
        "starts": np.cumsum([0, *lengths]),
        "lists": np.arange(count) * 10,
        "frequencies": np.ones(count),
        "pair_rows": np.zeros(0),
        "pair_bits": np.zeros(0),
    }
    return PairIndex({name: array.astype(np.uint32) for name, array in arrays.items()})


def run_of(lengths: list[int]) -> list[tuple[int, int]]:
    """Return how long the lists are of the pairs that all units make, and how far from the begin
    they stand.
    """
    found = index_of(lengths).pairs(range(1, len(lengths) + 2))
    return [(length, offset) for _, length, offset in found]


@pytest.mark.parametrize(
    ("lengths", "made_of"),
    [
        ([7], [(7, 0)]),
        ([9, 7], [(7, 1), (9, 0)]),
        ([9, 1, 7], [(7, 2), (9, 0)]),
        ([9, 1, 8, 7], [(7, 3), (8, 2), (9, 0)]),
        ([9, 1, 8, 1, 7], [(7, 4), (8, 2), (9, 0)]),
    ],
)
def test_every_second_pair_is_enough_the_rarest_first(
    lengths: list[int], made_of: list[tuple[int, int]]
):
    assert run_of(lengths) == made_of


def test_where_they_are_common_a_rare_one_between_them_goes_first():
    rare = COMMON // FEW - 1
    assert run_of([COMMON, rare, COMMON + 1]) == [(rare, 1), (COMMON, 0), (COMMON + 1, 2)]
    assert run_of([COMMON, rare, COMMON, rare - 1, COMMON])[0] == (rare - 1, 3)


def test_one_that_is_hardly_rarer_is_left_out():
    assert run_of([COMMON, COMMON // FEW, COMMON + 1]) == [(COMMON, 0), (COMMON + 1, 2)]


@pytest.mark.parametrize("lengths", [[9, 5, 0], [COMMON, 0, COMMON]])
def test_a_pair_that_nowhere_stands_is_all_there_is_to_say(lengths: list[int]):
    assert run_of(lengths) == [(0, 0)]
