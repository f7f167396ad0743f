"""Rows that are sorted as one number each stand as rows would that are sorted as they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engines.whoosh import inversion


@pytest.mark.parametrize("bits", [3, 10, 11, 20, 22, 32])
@given(st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_rows_of_any_width_are_sorted(
    monkeypatch: pytest.MonkeyPatch, bits: int, data: st.DataObject
) -> None:
    monkeypatch.setattr(inversion, "_PIECE", 7)
    number = st.integers(0, (1 << bits) - 1)
    rows = data.draw(st.lists(st.tuples(number, number, number), max_size=30))
    columns = np.array(rows, dtype=np.uint32).reshape(-1, 3).T
    ordered = inversion._sorted_rows(*columns)
    assert [each.dtype for each in ordered] == [np.uint32] * 3
    assert [*zip(*(each.tolist() for each in ordered), strict=True)] == sorted(rows)
