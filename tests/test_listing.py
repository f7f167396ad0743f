"""A list of documents, packed or not, and a bit for each of them say the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.listing import Listed, Marked, Packed, Posting
from indexer.engines.whoosh.loops import PackedLists
from indexer.engines.whoosh.pairs import mark
from tests.packed import packed

counted = st.dictionaries(st.integers(0, 200), st.integers(1, 255), max_size=60)


def each(counts: dict[int, int], count: int) -> tuple[Posting, ...]:
    documents = np.array(sorted(counts), dtype=np.intp)
    numbers = np.array([counts[at] for at in sorted(counts)], dtype=np.uint8)
    words, (_, begin) = packed([[0, 7], sorted(counts)], count)
    return (
        Listed(documents, numbers),
        Packed(PackedLists(words, count), begin, numbers),
        Marked(mark([documents], count), numbers),
    )


@given(counted, st.integers(201, 300))
def test_all_give_the_same_documents_with_the_same_counts(counts: dict[int, int], count: int):
    for posting in each(counts, count):
        assert posting.documents.tolist() == sorted(counts)
        assert posting.counts.tolist() == [counts[at] for at in sorted(counts)]
        assert len(posting) == len(counts)


@given(counted, st.sets(st.integers(0, 200)))
def test_all_find_the_same_among_a_few_documents(counts: dict[int, int], wanted: set[int]):
    for posting in each(counts, 201):
        found = posting.holds(np.array(sorted(wanted), dtype=np.intp))
        assert found.tolist() == [at in counts for at in sorted(wanted)]


@given(counted)
def test_of_what_is_not_counted_the_documents_are_known(counts: dict[int, int]):
    documents = np.array(sorted(counts), dtype=np.uint32)
    posting = Marked(mark([documents], 201), np.zeros(0, dtype=np.uint8))
    assert len(posting) == len(counts)
    assert posting.documents.tolist() == sorted(counts)
    assert np.flatnonzero(posting.holds(np.arange(201))).tolist() == sorted(counts)


@pytest.mark.parametrize(("count", "length"), [(1, 1), (64, 1), (65, 2), (100_000, 1_563)])
def test_a_row_of_bits_is_whole_numbers_of_64(count: int, length: int):
    assert len(mark([np.array([count - 1])], count)) == length
