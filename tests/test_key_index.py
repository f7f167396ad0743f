"""Every number that has a key is found by it, in order."""

from __future__ import annotations

from collections import defaultdict
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer import key_index
from indexer.key_index import KeyIndex

FEW = st.integers(0, 20)


def keys_of(few: tuple[int, int]) -> list[int]:
    """Return keys that stand in no other place."""
    return [(2 * one + at) * 0x9E3779B97F4A7C15 % (1 << 64) for at, one in enumerate(few)]


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
            found = index.numbers(np.array(keys, dtype=np.uint64), most)
            expected = [numbers[key][:most] for key in keys]
            assert found == expected
            index.add(np.array(keys, dtype=np.uint64))
            for key in keys:
                numbers[key].append(number)
