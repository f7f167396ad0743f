"""Every number that has a key is found by it, in order."""

from __future__ import annotations

from collections import defaultdict
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer import key_index
from indexer.key_index import KeyIndex, Keys

FEW = st.integers(0, 20)


def keys_of(few: tuple[int, int]) -> list[int]:
    """Return keys that stand in no other place."""
    return [(2 * one + at) * 0x9E3779B97F4A7C15 % (1 << 64) for at, one in enumerate(few)]


def found(index: KeyIndex, keys: Keys, most: int | None = None) -> list[list[int]]:
    return [some.tolist() for some in index.numbers(keys, most)]


@given(
    st.lists(st.tuples(FEW, FEW).map(keys_of), max_size=200), st.integers(1, 9), st.integers(1, 9)
)
def test_a_key_leads_to_the_first_numbers_that_have_it(
    added: list[list[int]], recent: int, most: int
) -> None:
    """Whether they were put in order or are looked through, and however often they were merged."""
    numbers: dict[int, list[int]] = defaultdict(list)
    with patch.object(key_index, "_RECENT", recent):
        index = KeyIndex(2)
        for number, keys in enumerate(added):
            mine = np.array(keys, dtype=np.uint64)
            assert found(index, mine, most) == [numbers[key][:most] for key in keys]
            every = {number for key in keys for number in numbers[key]}
            assert {*index.having(mine).tolist()} == every
            index.add(mine)
            for key in keys:
                numbers[key].append(number)


@given(st.dictionaries(st.integers(0, 99), st.tuples(FEW, FEW).map(keys_of)))
def test_numbers_that_are_known_at_once_are_found_as_those_that_come(
    known: dict[int, list[int]],
) -> None:
    numbers = sorted(known)
    keys = np.array([known[number] for number in numbers], dtype=np.uint64).reshape(-1, 2)
    index = KeyIndex.of(keys, np.array(numbers, dtype=np.int64))
    for few in [(one, 0) for one in range(21)] + [(0, one) for one in range(21)]:
        asked = keys_of(few)
        having = [[number for number in numbers if key in known[number]] for key in asked]
        assert found(index, np.array(asked, dtype=np.uint64)) == having
        every = {number for some in having for number in some}
        assert {*index.having(np.array(asked, dtype=np.uint64)).tolist()} == every
