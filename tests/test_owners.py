"""A place of the stream is led to the document in which it lies, however many are asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engines.whoosh.owners import Owners


@pytest.mark.parametrize("kind", [np.uint32, np.int64])
@given(
    st.lists(st.sampled_from([1, 2, 3, 50, 900, 40_000]), min_size=1, max_size=300),
    st.sampled_from([0, 1, 10, 4_095, 4_096, 9_000]),
    st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_every_place_lies_in_the_last_document_that_begins_at_it_or_before(
    kind: type, lengths: list[int], count: int, seed: int
):
    begins = np.concatenate(([0], np.cumsum(lengths)))
    places = np.random.default_rng(seed).integers(0, begins[-1], count).astype(kind)
    owners = np.repeat(np.arange(len(lengths)), lengths)
    assert (Owners(begins).at(places) == owners[places]).all()


def test_an_index_without_documents_has_no_places():
    assert len(Owners(np.zeros(1, dtype=np.int64)).at(np.zeros(0, dtype=np.uint32))) == 0
