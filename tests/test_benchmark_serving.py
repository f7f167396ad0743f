"""The benchmark of the server runs, and its ratio and its order are what they should be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS

from benchmarks import serving
from benchmarks.serving import Row, lines, measured, questions
from indexer import Settings, rebuild

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    index = tmp_path_factory.mktemp("index")
    rebuild(Settings(folders=(str(CORPUS),), index=str(index)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "SLOW_ONES", (0, 1))
        return list(measured(index, questions(index, 2), (1, 2), clients=4, seconds=1.0))


def rows_of(rows: list[Row], **wanted: Any) -> list[Row]:
    return [row for row in rows if all(getattr(row, name) == wanted[name] for name in wanted)]


def test_every_question_of_the_log_is_answered(rows: list[Row]):
    for row in rows:
        assert row.a_second > 0, row
        assert row.refused == 0, row


def test_the_bare_page_is_the_limit(rows: list[Row]):
    for workers in (1, 2):
        (bare,) = rows_of(rows, what="bare page", workers=workers)
        for what in ("JSON", "page"):
            (ours,) = rows_of(rows, what=what, workers=workers)
            assert 0.005 < ours.a_second / bare.a_second < 1


def test_quick_ones_are_answered_while_a_slow_one_runs(rows: list[Row]):
    (beside,) = rows_of(rows, what="quick ones", workers=2, slow=1)
    assert beside.p99_ms < 1_000


def test_the_report_has_every_row(rows: list[Row]):
    said = list(lines(rows))
    assert len([line for line in said if line.strip()]) == len(rows) + 3


def test_an_index_is_made_where_there_is_none(tmp_path: Path):
    found = questions(serving._built(30, tmp_path), 1)
    assert found.json
    assert len(found.json) == len(found.page)
    assert found.slow[0].count("%2A") > 50
