"""Ascending numbers come back from their words as they were."""

from __future__ import annotations

from itertools import chain
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh import by_numpy, lists, loops, packing
from indexer.engines.whoosh.packing import SKIP_BITS
from tests.packed import packed

limits = st.sampled_from([1, 2, 64, 1000, 1 << 20, (1 << 31) + 9, (1 << 32) - 1])
NO_LISTS = np.zeros(packing.SPARE, dtype=np.uint64)


def lists_below(limit: int) -> st.SearchStrategy[list[list[int]]]:
    numbers = st.integers(0, limit - 1)
    close = numbers.map(lambda low: {*range(low, min(low + 300, limit))})
    some = st.lists(numbers, min_size=1, max_size=99).map(set) | close
    return st.lists(some.map(sorted), min_size=1, max_size=5)


@pytest.fixture(params=[by_numpy, loops], ids=["by_numpy", "loops"], scope="module")
def here(request: pytest.FixtureRequest) -> ModuleType:
    return request.param


drawn_lists = limits.flatmap(lambda limit: st.tuples(st.just(limit), lists_below(limit)))


@given(drawn_lists)
def test_lists_come_back(here: ModuleType, drawn: tuple[int, list[list[int]]]):
    limit, some = drawn
    words, begins = packed(some, limit)
    places = here.PackedLists(words, limit)
    for begin, each in zip(begins, some, strict=True):
        assert places.intersection([(begin, len(each), 0)]).tolist() == each
    counts = np.array([*map(len, some)])
    assert places.all_of(np.array(begins), counts).tolist() == [*chain.from_iterable(some)]


@given(drawn_lists, st.data())
def test_of_lists_there_is_what_lies_within_bounds(
    here: ModuleType, drawn: tuple[int, list[list[int]]], data: st.DataObject
):
    limit, some = drawn
    start, stop = sorted(data.draw(st.tuples(*[st.integers(0, limit)] * 2)))
    words, begins = packed(some, limit)
    places, counts = here.PackedLists(words, limit), np.array([*map(len, some)])
    together = {*chain.from_iterable(some)}
    within = [[number for number in each if start <= number < stop] for each in some]
    if len(together) == sum(counts):  # as those of a unit, which cannot stand where another does
        found = places.all_within(np.array(begins), counts, start, stop)
        assert found.tolist() == [*chain.from_iterable(within)]
    for begin, each, found in zip(begins, some, within, strict=True):
        assert places.within([(begin, len(each), 0)], start, stop).tolist() == found


@given(drawn_lists)
def test_words_are_the_same_whoever_packs_them(drawn: tuple[int, list[list[int]]]):
    limit, some = drawn
    several = [each for each in some if len(each) > 1]
    numbers = np.array([*chain.from_iterable(several)], dtype=np.uint32)
    counts = np.array([*map(len, several)], dtype=np.int64)
    both = [pack(numbers, counts, limit).tolist() for pack in (packing.packed, loops.packed)]
    assert both[0] == both[1]


@pytest.mark.parametrize("limit", [5_000, 1 << 20, (1 << 32) - 1])
@pytest.mark.parametrize("count", [2_000, 100_000])
def test_each_number_is_found_from_wherever_one_is(here: ModuleType, limit: int, count: int):
    rng = np.random.default_rng(count)
    numbers = np.unique(rng.integers(0, limit, count)).tolist()
    every = {*numbers}
    for some in (1, 9, 100, 1000):
        wanted = np.unique(rng.integers(0, limit, some)).astype(np.uint32)
        wanted = np.union1d(wanted, rng.choice(np.array(numbers, np.uint32), some)).tolist()
        both, begins = packed([wanted, numbers], limit)
        pairs = [(begins[0], len(wanted), 0), (begins[1], len(numbers), 0)]
        found = here.PackedLists(both, limit).intersection(pairs).tolist()
        assert found == [number for number in wanted if number in every]


def test_pointers_are_as_many_as_said():
    """One for each so many zeros, of which there are as many as different upper parts."""
    count, limit = 1000, 1 << 20
    low, upper, pointers, words = packing.shape(count, limit)
    assert (low, upper) == (10, count + (limit >> 10) + 1)
    assert pointers == (limit >> 10 >> SKIP_BITS) // 2
    assert words == pointers + -(-(upper + count * low) // 64)


def test_lists_take_what_elias_and_fano_say():
    rng = np.random.default_rng(7)
    limit = 1 << 28
    for count in (1, 10, 1000, 100_000):
        numbers = np.sort(rng.choice(limit, count, replace=False)).tolist()
        words, _ = packed([numbers], limit)
        assert 64 * (len(words) - packing.SPARE) <= count * (2.25 + np.log2(limit / count)) + 3 + 64


def test_lists_are_packed_the_same_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch):
    rng = np.random.default_rng(5)
    sizes = rng.integers(1, 9, 500).tolist()
    some = [sorted(rng.choice(1000, size, replace=False).tolist()) for size in sizes]
    words, begins = packed(some, 1000)
    monkeypatch.setattr(packing, "_CHUNK", 7)
    monkeypatch.setattr(lists, "_PIECE", 7)
    monkeypatch.setattr(lists, "packed", packing.packed)
    again, anew = packed(some, 1000)
    assert (again.tolist(), anew) == (words.tolist(), begins)


def test_a_list_that_is_not_packed_takes_nothing():
    numbers, starts = np.arange(9, dtype=np.uint32), np.array([0, 3, 6, 9], dtype=np.uint32)
    (found,) = lists.begins(numbers, starts, 9, np.array([1]))
    _, (_, second) = packed([[0, 1, 2], [6, 7, 8]], 9)
    assert found.tolist() == [0, second, second]


def test_an_empty_list_is_empty_wherever_it_begins(here: ModuleType):
    places = here.PackedLists(NO_LISTS, 1)
    assert places.list(99, 0).tolist() == []
    assert places.all_of(np.array([99, 0]), np.array([0, 1])).tolist() == [0]
    assert places.intersection([(0, 1, 0), (99, 0, 1)]).tolist() == []


def test_more_numbers_than_bits_are_not_made_room_for(here: ModuleType):
    places = here.PackedLists(NO_LISTS, (1 << 32) - 1)
    with pytest.raises(IndexError):
        places.all_of(np.zeros(9, dtype=np.int64), np.full(9, 1 << 31))


@pytest.mark.parametrize(("pointer", "damage"), [(0, 1 << 31), (7, 0), (7, 1 << 31), (30, 0)])
def test_pointers_that_go_backwards_are_an_error(here: ModuleType, pointer: int, damage: int):
    numbers = np.unique(np.random.default_rng(2).integers(0, 1 << 24, 20_000)).tolist()
    words, _ = packed([numbers], 1 << 24)
    words.view("<u4")[pointer] = damage
    holds = here.PackedLists(words, 1 << 24).holds
    with pytest.raises(IndexError):
        holds(np.array([1 << 9, (pointer + 1) << 17, (1 << 24) - 1]) + 5, 0, len(numbers))
