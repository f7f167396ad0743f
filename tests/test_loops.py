"""Loops over postings say what one would say by hand, by numpy and compiled."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import timeit
from bisect import bisect_right
from contextlib import suppress
from functools import partial
from itertools import accumulate, chain
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engines import ranking
from indexer.engines.whoosh import by_numpy, loops
from indexer.engines.whoosh.inversion import BLOCK_BITS
from indexer.engines.whoosh.owners import Owners
from indexer.engines.whoosh.pairs import mark
from tests.packed import packed, run_of

COMPILED = importlib.util.find_spec("indexer.engines.whoosh.compiled") is not None
if COMPILED:
    from indexer.engines.whoosh import compiled
else:
    compiled = None

BITS = 3
COUNT = 70
"""Documents of one to three blocks each."""
LIMIT = 3 * COUNT << BITS
NO_WORDS = np.zeros(1, dtype=np.uint64)
sizes = st.lists(st.integers(1, 3), min_size=COUNT, max_size=COUNT)
documents = st.lists(st.integers(0, COUNT - 1), unique=True).map(sorted)
places = st.lists(st.integers(0, LIMIT - 1), unique=True, max_size=200).map(sorted)
widths = st.sampled_from([np.uint8, np.uint16, np.uint32, np.intp])
kinds = st.sampled_from(["list", "packed", "bits", "places"])
postings = st.dictionaries(st.integers(0, COUNT - 1), st.integers(1, 255))


@pytest.fixture(params=["by_numpy", "compiled"], scope="module")
def here(request: pytest.FixtureRequest) -> ModuleType:
    if request.param == "by_numpy":
        return by_numpy
    if compiled is None:
        pytest.skip("nothing was compiled: no C compiler was there when jianbao was installed")
    return compiled


def stream(here: ModuleType, blocks: list[int], words: Any = NO_WORDS) -> tuple[Any, list[int]]:
    """Return the stream of documents of so many blocks, and where each begins."""
    begins = [block << BITS for block in accumulate(blocks, initial=0)][:-1]
    return stream_of(here, np.array(begins, dtype=np.uint32), BITS, words), begins


def stream_of(
    here: ModuleType,
    begins: Any,
    bits: int = BLOCK_BITS,
    words: Any = NO_WORDS,
    limit: int = LIMIT,
) -> Any:
    bounds = np.append(begins, np.uint32(0xFFFF0000))
    return here.Stream(bounds, Owners(begins, bits), here.PackedLists(words, limit))


def owner(begins: list[int], place: int) -> int:
    return bisect_right(begins, place) - 1


def ints(numbers: list[int], kind: type = np.intp) -> np.ndarray:
    return np.array(numbers, dtype=kind)


def begins_of(lists: list[list[int]]) -> list[int]:
    """Return where a run of such pairs begins."""
    return [p for p in range(LIMIT) if all(p + 2 * at in x for at, x in enumerate(lists))]


runs = st.lists(st.integers(0, 400), max_size=60).flatmap(
    lambda seen: st.lists(
        st.tuples(st.sets(st.integers(0, 400), max_size=120), st.booleans()), min_size=1, max_size=4
    ).map(
        lambda drawn: [
            sorted({*own, *(place + 2 * at for place in seen)} if shared else own)
            for at, (own, shared) in enumerate(drawn)
        ]
    )
)


@given(runs)
def test_a_run_stands_where_all_its_pairs_do(here: ModuleType, lists: list[list[int]]):
    words, run = run_of(lists, LIMIT)
    assert here.PackedLists(words, LIMIT).intersection(run).tolist() == begins_of(lists)


@given(runs, st.integers(0, 420), st.integers(0, 420))
def test_within_bounds_a_run_stands_where_it_does(
    here: ModuleType, lists: list[list[int]], start: int, stop: int
):
    words, run = run_of(lists, LIMIT)
    found = here.PackedLists(words, LIMIT).within(run, start, stop).tolist()
    assert found == [place for place in begins_of(lists) if start <= place < stop]


@given(sizes, runs, documents)
def test_in_a_few_documents_a_run_stands_where_it_does(
    here: ModuleType, blocks: list[int], lists: list[list[int]], few: list[int]
):
    words, run = run_of(lists, LIMIT)
    where, begins = stream(here, blocks, words)
    found = where.between(ints(few), run).tolist()
    assert found == [place for place in begins_of(lists) if owner(begins, place) in few]
    owners = {owner(begins, place) for place in found}
    assert where.holding(ints(few), run).tolist() == [document in owners for document in few]


@given(sizes, places)
def test_places_lie_in_their_documents(here: ModuleType, blocks: list[int], at: list[int]):
    where, begins = stream(here, blocks)
    owners = [owner(begins, place) for place in at]
    found, counts = where.posting_at(ints(at, np.uint32))
    assert found.tolist() == sorted({*owners})
    assert counts.tolist() == [owners.count(document) for document in found]


@given(sizes, places, st.sampled_from([np.uint32, np.int64]))
def test_a_place_is_of_the_last_document_that_begins_before_it(
    blocks: list[int], at: list[int], width: type
):
    begins = [block << BITS for block in accumulate(blocks, initial=0)][:-1]
    found = Owners(ints(begins, np.uint32), BITS).documents_at(ints(at, width))
    assert found.tolist() == [owner(begins, place) for place in at]


def test_many_documents_in_a_long_stream(here: ModuleType):
    drawn = np.random.default_rng(1).choice(200_000, 50_000, replace=False)
    begins = np.unique(np.append(0, drawn)).astype(np.uint32) << BITS
    at = np.arange(0, begins[-1] + 99, 7, dtype=np.uint32)
    owners = Owners(begins, BITS)
    expected = begins.searchsorted(at, side="right") - 1
    assert (owners.documents_at(at) == expected).all()
    nowhere = here.PackedLists(NO_WORDS, 1)
    found, counts = here.Stream(np.append(begins, at[-1:] + 1), owners, nowhere).posting_at(at)
    assert (found == np.unique(expected)).all()
    assert (counts == np.bincount(expected)[found].clip(max=ranking.MOST_TIMES)).all()


@pytest.mark.parametrize("begins", [[0, 256, 256], [0, 512, 256], [256, 512]])
def test_documents_ascend_from_the_beginning(begins: list[int]):
    with pytest.raises(ValueError, match="ascend"):
        Owners(ints(begins, np.uint32))


@pytest.mark.skipif(compiled is None, reason="nothing was compiled")
@pytest.mark.parametrize("last", [64, 10**6, -1, -64, 1 << 62])
def test_no_block_is_behind_the_last(last: int):
    begins = ints([0], np.uint32)
    owners = Owners(begins)
    owners.last = last
    with pytest.raises(IndexError):
        compiled.Stream(begins, owners, compiled.PackedLists(NO_WORDS, 1))


def test_more_places_than_count_are_not_counted(here: ModuleType):
    begins = ints([0], np.uint32)
    where = stream_of(here, begins)
    found, counts = where.posting_at(np.arange(1000, dtype=np.uint32))
    assert (found.tolist(), counts.tolist()) == ([0], [ranking.MOST_TIMES])


@given(sizes, places, documents)
def test_places_are_counted_in_a_few_documents(
    here: ModuleType, blocks: list[int], at: list[int], few: list[int]
):
    where, begins = stream(here, blocks)
    times = [sum(owner(begins, place) == document for place in at) for document in few]
    assert where.times_in(ints(few), ints(at, np.uint32)).tolist() == times
    assert where.any_in(ints(few), ints(at, np.uint32)).tolist() == [n > 0 for n in times]
    gains = here.Gains(ints(few), np.ones(COUNT), where, 8, 64)
    total = gains.total()
    total += 1.0
    gains.add_where(0.5, ints(at, np.uint32))
    assert total.tolist() == [1.5 if n else 1.0 for n in times]


@given(documents, documents)
def test_what_is_in_a_list_is_found_there(here: ModuleType, wanted: list[int], among: list[int]):
    held = [document in among for document in wanted]
    assert here.in_list(ints(wanted), ints(among)).tolist() == held
    words, (_, begin) = packed([[5], among], COUNT)
    assert here.PackedLists(words, COUNT).holds(ints(wanted), begin, len(among)).tolist() == held
    bits = mark([ints(among)], COUNT)
    assert here.in_bits(ints(wanted), bits).tolist() == held
    assert here.documents_of(bits).tolist() == among


@settings(deadline=None)
@given(
    sizes,
    documents,
    st.lists(st.tuples(kinds, postings), max_size=5),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0, 8]),
    st.sampled_from([1, 64]),
)
def test_terms_add_what_the_formula_says(
    here: ModuleType,
    blocks: list[int],
    hits: list[int],
    terms: list[tuple[str, dict[int, int]]],
    seed: int,
    few: int,
    sparse: int,
):
    begins = stream(here, blocks)[1]
    lists = [[begins[document] for document in sorted(posting)] for _, posting in terms]
    words, firsts = packed(lists, LIMIT)
    where, _ = stream(here, blocks, words)
    rng = np.random.default_rng(seed)
    norms, worth = rng.random(COUNT) + 0.25, rng.random(256)
    expected = np.zeros(len(hits))
    gains = here.Gains(ints(hits), norms, where, few, sparse)
    for (kind, posting), first in zip(terms, firsts, strict=True):
        weight = rng.random()
        held = sorted(posting)
        counts = np.array([posting[document] for document in held], dtype=np.uint8)
        times = {document: worth[posting[document]] for document in held}
        if kind == "list":
            gains.add_list(weight, worth, ints(held), counts)
        elif kind == "packed":
            packs, (_, begin) = packed([[3], held], COUNT)
            gains.add_packed(weight, worth, here.PackedLists(packs, COUNT), begin, counts)
        elif kind == "bits":
            gains.add_bits(weight, worth, mark([ints(held)], COUNT), counts)
        else:
            gains.add_places(weight, (first, len(held), 0))
            times = dict.fromkeys(held, 1.0)
        gained = [ranking.gain(weight, times.get(hit, 0.0), norms[hit]) for hit in hits]
        expected += np.array(gained, dtype=float)
    assert gains.total() == pytest.approx(expected)


@given(documents, widths.filter(lambda width: width is not np.intp), st.data())
def test_codes_are_counted(here: ModuleType, hits: list[int], width: type, data: st.DataObject):
    codes = data.draw(st.lists(st.integers(0, 9), min_size=COUNT, max_size=COUNT))
    some = data.draw(st.lists(st.lists(st.integers(0, 9)), min_size=COUNT, max_size=COUNT))
    found = here.count(ints(codes, width), None, ints(hits), 12).tolist()
    assert found == [sum(codes[hit] == code for hit in hits) for code in range(12)]
    assert here.count_few(ints(codes, width), None, ints(hits), VALUES) == named(found)
    starts = ints([*accumulate(map(len, some), initial=0)], np.int32)
    together = ints([*chain.from_iterable(some)], width)
    found = here.count(together, starts, ints(hits), 12).tolist()
    assert found == [sum(some[hit].count(code) for hit in hits) for code in range(12)]
    few = here.count_few(together, starts, ints(hits), VALUES)
    assert (few, [*few]) == (named(found), [*named(found)])


VALUES = [f"v{code}" for code in range(12)]


def named(counts: list[int]) -> dict[str, int]:
    return {VALUES[code]: count for code, count in enumerate(counts) if count}


@given(
    st.lists(st.integers(0, 3), min_size=12, max_size=12),
    st.integers(0, 13),
    st.sets(st.integers(0, 11)),
)
def test_the_most_frequent_values_are_named(
    here: ModuleType, counts: list[int], most: int, chosen: set[int]
):
    first = sorted(range(12), key=lambda code: (-counts[code], code))[:most]
    left = {code for code in (*first, *chosen) if counts[code]}
    found = here.frequent(ints(counts), VALUES, most, [*chosen])
    assert [*found.items()] == [(VALUES[code], counts[code]) for code in sorted(left)]


def test_to_name_chosen_values_takes_no_longer_for_many(here: ModuleType):
    """Each chosen one is looked for once, and not among all that are."""
    counts = np.arange(1, 100_001)
    values = [str(code) for code in range(len(counts))]

    def seconds(chosen: list[int]) -> float:
        name = partial(here.frequent, counts, values, 100, chosen)
        return min(timeit.repeat(name, number=1, repeat=9))

    assert seconds([*range(0, 50_000, 500)]) < 4 * seconds([])


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(-2, 2)), max_size=COUNT),
    st.permutations(range(COUNT)),
    st.integers(0, COUNT),
    st.integers(0, COUNT + 9),
)
def test_the_best_hits_come_first(
    here: ModuleType, known: list[tuple[int, int]], ranks: list[int], offset: int, limit: int
):
    """By scores of six digits, however they were made: by tenths, and parts of a digit."""
    hits = sorted(ranks[: len(known)], key=str)
    scores = [tenth / 10 + part * ranking.DIGIT / 5 for tenth, part in known]
    rounded = dict(zip(hits, (round(tenth / 10, 6) for tenth, _ in known), strict=True))
    wanted = sorted(hits, key=lambda hit: (-rounded[hit], ranks[hit]))[offset : offset + limit]
    found = here.best(ints(hits), np.array(scores), ints(ranks), offset, offset + limit)
    assert found == (wanted, [rounded[hit] for hit in wanted])


@given(
    st.integers(0, 2**32),
    st.integers(0, 700),
    st.sampled_from(["rising", "falling", "alike", "tied", "random"]),
    st.sampled_from([0, 1, 60, 118, 125, 300]),
)
def test_the_best_of_many_hits_come_first(
    here: ModuleType, seed: int, count: int, order: str, offset: int
):
    """Of more than are looked at first, and in windows that are deep."""
    drawn = np.random.default_rng(seed)
    ranks = drawn.permutation(1000)
    hits = np.sort(drawn.choice(1000, count, replace=False))
    scores = {
        "rising": np.arange(count) / 4,
        "falling": np.arange(count)[::-1] / 4,
        "alike": np.ones(count),
        "tied": drawn.integers(0, 4, count) / 2,
        "random": drawn.integers(0, 10**9, count) / 10**6,
    }[order]
    wanted = sorted(zip(-scores, ranks[hits], hits, strict=True))[offset : offset + 10]
    found = here.best(hits, scores.astype(float), ranks, offset, offset + 10)
    assert found == ([hit for _, _, hit in wanted], [-score for score, _, _ in wanted])


COUNTED = np.arange(100_000.0)
IN_ORDER = {"rising": COUNTED, "falling": COUNTED[::-1].copy(), "alike": np.ones(len(COUNTED))}


@pytest.mark.skipif(compiled is None, reason="nothing was compiled")
@pytest.mark.parametrize("order", IN_ORDER)
@pytest.mark.parametrize("offset", [0, 90, 9_990])
def test_a_window_takes_hardly_longer_than_by_numpy(order: str, offset: int):
    """Whichever way hits are, and if of those alike the last comes first."""
    hits = np.arange(len(COUNTED))

    def seconds(here: ModuleType) -> float:
        window = partial(here.best, hits, IN_ORDER[order], hits[::-1].copy(), offset, offset + 10)
        return min(timeit.repeat(window, number=1, repeat=15))

    assert seconds(compiled) < 3 * seconds(by_numpy) + 0.0005


@pytest.mark.parametrize("kind", [np.uint8, np.uint32])
def test_slices_go_where_they_begin(here: ModuleType, kind: type):
    among = np.zeros(9, dtype=np.uint32)
    here.put(ints([1, 2, 3, 4], kind), ints([5, 0, 9, 2]), ints([2, 1, 0, 1]), among)
    assert among.tolist() == [3, 0, 4, 0, 0, 1, 2, 0, 0]


def gains(here: ModuleType, where: Any, few: int) -> Any:
    return here.Gains(np.arange(COUNT), np.ones(COUNT), where, few, 1)


def with_sums(here: ModuleType, where: Any, hits: list[int]) -> Any:
    gained = here.Gains(ints(hits), np.ones(COUNT), where, 8, 999)
    gained.add_list(1.0, np.ones(256), ints([3]), ints([1], np.uint8))
    return gained


def counted(here: ModuleType, starts: list[int], documents: list[int], most: int = 9) -> Any:
    return here.count(ints([1], np.uint8), ints(starts, np.int32), ints(documents), most)


def list_of(here: ModuleType, documents: list[int]) -> tuple[Any, int]:
    return here.PackedLists(packed([documents], 999)[0], 999), 0


def put(
    here: ModuleType, numbers: list[int], begins: list[int], lengths: list[int], room: int
) -> list[int]:
    among = np.zeros(room, dtype=np.uint32)
    here.put(ints(numbers, np.uint32), ints(begins), ints(lengths), among)
    return among.tolist()


OUTSIDE = {
    "a document": lambda here, where: here.count(ints([1], np.uint8), None, ints([5]), 9),
    "before the first": lambda here, where: here.count(ints([1], np.uint8), None, ints([-5]), 9),
    "a code": lambda here, where: here.count(ints([200], np.uint8), None, ints([0]), 9),
    "a document of few": lambda here, where: here.count_few(
        ints([1], np.uint8), None, ints([5]), VALUES
    ),
    "a value": lambda here, where: here.count_few(ints([99], np.uint8), None, ints([0]), VALUES),
    "a chosen value": lambda here, where: here.frequent(ints([0, 1]), VALUES[:2], 0, [2]),
    "a chosen value before the first": lambda here, where: here.frequent(
        ints([0, 1]), VALUES[:2], 0, [-1]
    ),
    "a value of many": lambda here, where: here.frequent(ints([0] * 99 + [1]), VALUES, 9, []),
    "a start": lambda here, where: counted(here, [0, 7], [0]),
    "a start before the first": lambda here, where: counted(here, [-3, 1], [0]),
    "a document without a start": lambda here, where: counted(here, [0, 1], [5]),
    "a document before the first start": lambda here, where: counted(here, [0, 1], [-1]),
    "a code of a start": lambda here, where: counted(here, [0, 1], [0], 1),
    "a start of few": lambda here, where: here.count_few(
        ints([1], np.uint8), ints([0, 7], np.int32), ints([0]), VALUES
    ),
    "a window": lambda here, where: here.best(ints([0]), np.ones(1), ints([0]), -1, 1),
    "a rank": lambda here, where: here.best(ints([9]), np.ones(1), ints([0]), 0, 1),
    "a score": lambda here, where: here.best(ints([0, 1]), np.ones(1), ints([0, 1]), 0, 1),
    "a bit": lambda here, where: here.in_bits(ints([999]), mark([ints([3])], COUNT)),
    "a hit": lambda here, where: where.any_in(ints([999]), ints([3, 4], np.uint32)),
    "an owner": lambda here, where: where.posting_at(ints([1000], np.uint32)),
    "a posting": lambda here, where: gains(here, where, 8).add_list(
        1.0, np.ones(256), ints([COUNT + 9]), ints([1], np.uint8)
    ),
    "a count": lambda here, where: gains(here, where, 8).add_list(
        1.0, np.ones(256), ints([3, 4]), ints([1], np.uint8)
    ),
    "a worth of a list": lambda here, where: gains(here, where, 8).add_list(
        1.0, np.ones(255), ints([3]), ints([255], np.uint8)
    ),
    "a worth of bits": lambda here, where: gains(here, where, 8).add_bits(
        1.0, np.ones(255), mark([ints([3])], COUNT), ints([255], np.uint8)
    ),
    "a hit in bits": lambda here, where: here.Gains(
        ints([999]), np.ones(999), where, 0, 1
    ).add_bits(1.0, np.ones(256), mark([ints([3])], COUNT), ints([1], np.uint8)),
    "a document of bits": lambda here, where: here.Gains(
        np.arange(COUNT), np.ones(1), where, 8, 1
    ).add_bits(1.0, np.ones(256), mark([ints([3])], COUNT), ints([1], np.uint8)),
    "a hit without a sum": lambda here, where: with_sums(here, where, [0, 999]).total(),
    "places in no order": lambda here, where: where.posting_at(ints([0, 900] * COUNT, np.uint32)),
    "a document whose times are asked": lambda here, where: where.times_in(
        ints([COUNT]), ints([3], np.uint32)
    ),
    "a document of a list": lambda here, where: gains(here, where, 8).add_packed(
        1.0, np.ones(256), *list_of(here, [3, COUNT + 9]), ints([1, 1], np.uint8)
    ),
    "a worth": lambda here, where: gains(here, where, 0).add_packed(
        1.0, np.ones(9), *list_of(here, [3, 4]), ints([1, 99], np.uint8)
    ),
    "a count of bits": lambda here, where: gains(here, where, 0).add_bits(
        1.0, np.ones(256), mark([ints([3, 4])], COUNT), ints([1], np.uint8)
    ),
    "a norm": lambda here, where: here.Gains(np.arange(COUNT), np.ones(1), where, 0, 1).add_places(
        1.0, (0, 2, 0)
    ),
    "a hit in places": lambda here, where: where.holding(ints([999]), [(0, 2, 0)]),
    "a document of places": lambda here, where: where.between(ints([999]), [(0, 2, 0)]),
    "a list": lambda here, where: where.between(ints([1]), [(9, 2, 0)]),
    "a list before the first": lambda here, where: where.between(ints([1]), [(-1, 1, 0)]),
    "the end of a list": lambda here, where: where.holding(ints([1]), [(0, 9, 0)]),
    "more places than there are": lambda here, where: where.holding(ints([1]), [(0, 1 << 40, 0)]),
    "fewer than none": lambda here, where: where.holding(ints([1]), [(0, -1, 0)]),
    "a list of many": lambda here, where: where.places.all_of(ints([0, 0]), ints([2, 9])),
    "a list of some": lambda here, where: where.places.all_within(ints([0]), ints([9]), 0, LIMIT),
    "a list of some that is not there": lambda here, where: where.places.all_within(
        ints([0]), ints([2, 2]), 0, LIMIT
    ),
    "less of lists than none": lambda here, where: where.places.all_within(
        ints([0, 0]), ints([2, -1]), 0, LIMIT
    ),
    "the same place in two lists": lambda here, where: where.places.all_within(
        ints([0, 0]), ints([2, 2]), 3, 4
    ),
    "a list within bounds": lambda here, where: where.places.within([(0, 9, 0)], 0, LIMIT),
    "a place alone": lambda here, where: where.holding(ints([1]), [(LIMIT, 1, 0)]),
    "a number to pack": lambda here, where: here.packed(ints([3, 9], np.uint32), ints([2]), 9),
    "fewer numbers to pack": lambda here, where: here.packed(ints([3], np.uint32), ints([2]), 9),
    "more numbers than below the limit": lambda here, where: here.packed(
        np.full(100_000, 4, np.uint32), ints([100_000]), 5
    ),
    "a limit beyond 32 bits": lambda here, where: here.packed(
        ints([3, 9], np.uint32), ints([2]), 1 << 32
    ),
    "more of a slice": lambda here, where: put(here, [1], [0], [2], 9),
    "less than a slice": lambda here, where: put(here, [1], [0], [-1], 9),
    "behind the last": lambda here, where: put(here, [1, 2], [8], [2], 9),
    "a slice before the first": lambda here, where: put(here, [1, 2], [-1], [2], 9),
    "a list that is not there": lambda here, where: where.places.all_of(ints([0]), ints([2, 2])),
}


@settings(max_examples=300)
@given(st.data())
def test_lists_that_are_damaged_end_in_an_error_or_in_other_places(
    here: ModuleType, data: st.DataObject
):
    limit = data.draw(st.sampled_from([LIMIT, 1 << 20, (1 << 32) - 1]))
    lists = data.draw(st.lists(st.sets(st.integers(0, limit - 1), min_size=1), min_size=1))
    lists += [set(range(0, limit, -(-limit // 3000)))]
    flips = st.tuples(st.integers(0, 1 << 20), st.integers(0, 63))
    words, begins = packed([sorted(each) for each in lists], limit)
    for at, bit in data.draw(st.lists(flips, min_size=1, max_size=99)):
        words[at % len(words)] ^= np.uint64(1 << bit)
    for first, each in zip(begins, lists, strict=True):
        where = stream_of(here, ints([*range(COUNT)], np.uint32) << BITS, BITS, words, limit)
        pairs = [(first, len(each), 0)] * 2
        for ask in (
            where.places.intersection,
            partial(where.between, ints([*range(COUNT)])),
            partial(where.holding, ints([3, 60])),
            partial(where.places.within, start=9, stop=limit),
        ):
            with suppress(IndexError):
                assert len(ask(pairs)) <= 2 * len(each) + COUNT


@pytest.mark.skipif(compiled is None, reason="nothing was compiled")
@pytest.mark.parametrize("what", OUTSIDE)
def test_nothing_is_read_or_written_outside_an_array(what: str):
    begins = ints([*range(0 if what == "an owner" else COUNT)], np.uint32) << BITS
    places = compiled.PackedLists(packed([[3, 9]], LIMIT)[0], LIMIT)
    bounds = np.append(begins, np.uint32(COUNT << BITS))
    where = compiled.Stream(bounds, Owners(begins, BITS), places)
    with pytest.raises(IndexError):
        OUTSIDE[what](compiled, where)


@pytest.mark.skipif(compiled is None, reason="nothing was compiled")
@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [1],
        ints([1], np.int32),
        ints([1], np.uint64),
        np.ones(1),
        ints([1]).astype(">i8"),
        ints([1, 2, 3, 4])[::2],
        ints([1, 2]).reshape(1, 2),
        np.int64(1),
    ],
    ids=repr,
)
def test_what_is_no_row_of_documents_is_refused(wrong: Any):
    with pytest.raises((TypeError, ValueError)):
        compiled.in_list(wrong, ints([1]))


@pytest.mark.skipif(compiled is None, reason="nothing was compiled")
def test_what_is_pointed_to_is_not_replaced():
    where, _ = stream(compiled, [1] * COUNT)
    gained = gains(compiled, where, 8)
    gained.__init__(np.arange(999), np.ones(1), where, 8, 1)
    gained.add_to_all(1.0)
    assert gained.total().tolist() == [1.0] * COUNT
    with pytest.raises(TypeError):
        compiled.Gains(np.arange(9), np.ones(9), None, 8, 1)


def test_what_was_compiled_is_used():
    assert loops.Gains is (compiled or by_numpy).Gains


@pytest.mark.parametrize("version", ["None", "-1"])
def test_what_was_not_compiled_of_this_version_is_not_used(version: str):
    program = (
        "import sys, types; module = types.ModuleType('compiled');"
        f"module.VERSION = {version}; sys.modules['indexer.engines.whoosh.compiled'] = module;"
        "from indexer.engines.whoosh import loops; print(loops.Gains.__module__)"
    )
    said = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert said.strip() == by_numpy.__name__


@pytest.mark.slow
@pytest.mark.skipif(compiled is None, reason="nothing was compiled: all tests are without it")
def test_engines_agree_without_a_compiler_too():
    """The conformance cases and the random comparison with the plain engine, by numpy."""
    program = (
        "import sys, pytest;"
        "sys.modules['indexer.analysis.compiled'] = sys.modules['indexer.engines.whoosh.compiled']"
        " = None;"
        "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', *sys.argv[1:]]))"
    )
    named = ("conformance", "engines", "counting", "units")
    tests = [f"tests/test_{name}.py" for name in named]
    done = subprocess.run(
        [sys.executable, "-c", program, *tests], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
