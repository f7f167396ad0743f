"""The bulletins that are about a thing come before those that mention it.

`python -m benchmarks.relevance` prints the figures that are asked for here, and more;
docs/ranking.md tells where each constant comes from.
"""

import datetime
import re
from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import judged, measures, relevance
from indexer.analysis import Segmenter, analyse, spell
from indexer.bulletin import Block, Bulletin, Kind, Source
from indexer.engines import ranking
from indexer.engines.base import EngineQuery
from indexer.engines.memory import MemoryEngine
from indexer.engines.whoosh import WhooshEngine
from indexer.query import MARK, All, Quotation, read

DOCS = Path(__file__).parent.parent / "docs" / "ranking.md"
SEGMENTER = Segmenter()


@pytest.fixture(scope="module")
def mean() -> Mapping[str, float]:
    """The mean nDCG@10 of ours and of each baseline on our own queries."""
    collection = judged.ours()
    found = {relevance.OURS: relevance.in_memory(collection), **relevance.baselines(collection)}
    return {name: float(values[:, 0].mean()) for name, values in found.items()}


def test_our_own_queries_are_short_many_and_judged_whole():
    collection = judged.ours()
    assert len(collection.questions) >= 60
    assert len({question.text for question in collection.questions}) == len(collection.questions)
    for question in collection.questions:
        assert 2 <= len(question.text) <= 9
        assert judged.ABOUT in question.grades.values()


def test_on_our_own_queries_ours_is_as_good_as_stated(mean: Mapping[str, float]):
    assert mean[relevance.OURS] >= 0.95


def test_on_our_own_queries_ours_is_ahead_of_every_baseline(mean: Mapping[str, float]):
    assert len(mean) == 6
    assert all(mean[relevance.OURS] >= figure for figure in mean.values()), mean


def answers(query: str, texts: dict[str, list[Block]], mode: str = "any") -> list[str]:
    source = Source("a.txt", "text/plain", "utf-8", "", 0)
    engine = MemoryEngine(
        analyse(Bulletin(id, source, "", tuple(blocks)), SEGMENTER) for id, blocks in texts.items()
    )
    understood = read(query, mode, SEGMENTER)
    asked = EngineQuery(understood.tree, understood.words, understood.runs, limit=100)
    return [hit.id for hit in engine.search(asked).hits]


FILLER = {f"z-{n}": [Block("闲话一段，与题无关。")] for n in range(20)}


def test_two_questions_in_one_are_answered():
    texts = {"b-1": [Block("驰名商标由主管机关认定。")], **FILLER}
    assert answers("什么是驰名商标？怎么认定驰名商标？", texts) == ["b-1"]


def test_a_word_in_brackets_does_not_outweigh_the_question_around_it():
    texts = {
        "b-1": [Block("质权。")],
        "b-2": [Block("抵押权设定之后，可以变更债权的期间和范围。")],
        **FILLER,
    }
    assert answers("抵押权（质权）设定后，可以变更债权的期间吗？", texts)[0] == "b-2"


def test_what_the_segmenter_cuts_otherwise_still_ranks():
    """骗取 and 骗保 share a unit and no word; 保险 alone stands in both."""
    texts = {
        "b-1": [Block("以欺诈手段骗取保险金的，责令退回。")],
        "b-2": [Block("保险合同应当采用书面形式，并由双方保存。")],
        **FILLER,
    }
    assert answers("骗保险", texts)[0] == "b-1"


def test_a_bulletin_with_the_thing_in_a_heading_comes_before_one_that_mentions_it():
    texts = {
        "b-1": [Block("工作动态"), Block("质量月", Kind.HEADING), Block("各厂开放返修间。")],
        "b-2": [Block("工作动态"), Block("安全", Kind.HEADING), Block("质量月照常，开放返修间。")],
        **FILLER,
    }
    assert answers("质量月", texts)[:2] == ["b-1", "b-2"]


runs = st.lists(st.text("复工产质协，12", min_size=1, max_size=8).map(spell), max_size=3)


of = partial(ranking.parts_of, weighed=lambda part, factor: factor)


@given(runs)
def test_the_parts_of_runs_are_their_pairs_and_units_without_marks(found: list[tuple[str, ...]]):
    parts = ranking.parts(All(()), found, of)
    for part, factor in parts.items():
        assert MARK not in part
        assert factor == {1: ranking.UNITS, 2: ranking.PAIRS}[len(part)]
        assert any(part == run[at : at + len(part)] for run in found for at in range(len(run)))
    assert {(unit,) for run in found for unit in run if unit != MARK} <= parts.keys()


@given(runs)
def test_the_first_parts_of_runs_are_weighed(found: list[tuple[str, ...]]):
    pairs = [pair for run in found for pair in pairwise(run) if MARK not in pair]
    units = [(unit,) for run in found for unit in run if unit != MARK]
    wanted = [*dict.fromkeys(pairs)][:3] + [*dict.fromkeys(units)][:3]
    with patch.object(ranking, "MOST_PARTS", 3):
        assert [*ranking.parts(All(()), found, of)] == wanted


@given(runs)
def test_what_stands_too_often_leaves_its_place_to_a_part_of_the_next_run(
    found: list[tuple[str, ...]],
):
    rare = partial(ranking.parts_of, weighed=lambda part, factor: None if "复" in part else factor)
    with patch.object(ranking, "MOST_PARTS", 3):
        parts = ranking.parts(All(()), found, rare)
        each = [ranking.parts(All(()), [run], rare) for run in found]
    wanted = dict.fromkeys(part for some in each for part in some)
    for length in (1, 2):
        first = [part for part in wanted if len(part) == length][:3]
        assert [part for part in parts if len(part) == length] == first
    assert not any("复" in part for part in parts)


def test_a_long_quotation_is_weighed_by_a_bounded_number_of_parts():
    run = tuple(map(chr, range(0x4E00, 0x4E00 + 400)))
    assert len(ranking.parts(All(()), [run], of)) == 2 * ranking.MOST_PARTS


def test_the_parts_of_a_quotation_are_not_weighed():
    run = ("复", "工")
    assert not ranking.parts(Quotation(run, "复工"), [run], of)


@given(
    st.lists(st.floats(0, 20), max_size=6),
    st.lists(st.integers(1, 5).map(lambda n: ("字",) * n), min_size=1, max_size=4),
)
def test_the_bonuses_of_all_runs_exceed_what_terms_can_gain(
    weights: list[float], found: list[tuple[str, ...]]
):
    most = sum(ranking.gain(weight, 1e9, 0.25) for weight in weights)
    assert sum(ranking.bonuses(sum(weights), found)) > most


dates = st.dates(datetime.date(1980, 1, 1), datetime.date(2099, 12, 31))


def key(date: datetime.date) -> float:
    return float(f"{date:%Y%m%d}")


@given(dates, dates, st.integers(1, 10_000))
def test_what_age_leaves_halves_its_extra_with_each_half_life(
    one: datetime.date, other: datetime.date, days: int
):
    newest, date = max(one, other), min(one, other)
    plain = 1 - ranking.FADE + ranking.FADE * 0.5 ** ((newest - date).days / days)
    left = ranking.fading(key(date), key(newest), days)
    assert left == pytest.approx(plain, abs=ranking.FADE * (1 - 0.5 ** (3 / days)) + 1e-9)
    assert ranking.fading(key(newest), key(newest), days) == 1.0


@given(st.lists(dates, min_size=2), st.integers(1, 10_000))
def test_the_newer_loses_no_more_than_the_older_and_nobody_more_than_without_a_date(
    found: list[datetime.date], days: int
):
    ordered = np.array([0.0, *map(key, sorted(found))])
    left = ranking.fading(ordered, ordered[-1], days)
    assert left[0] == 1 - ranking.FADE
    assert (np.diff(left) >= 0).all()
    assert left[-1] == 1.0


def test_an_incomplete_date_counts_from_its_beginning():
    found = [ranking.fading(date, 20200401.0, 30) for date in (20200229.0, 20200300.0, 20200302.0)]
    assert found == sorted(found)


def test_a_bulletin_twice_as_good_stays_ahead_of_any_newer_one():
    assert 2 * ranking.fading(19800101.0, 20991231.0, 1) >= 1.0


def test_measures_are_those_of_the_literature():
    grades = {"a": 2, "b": 1}
    assert measures.figures(["a", "b", "c"], grades) == (1.0, 1.0, 1.0)
    ndcg, reciprocal, recall = measures.figures(["c", "a"], grades)
    assert ndcg == pytest.approx((3 / np.log2(3)) / (3 + 1 / np.log2(3)))
    assert (reciprocal, recall) == (0.5, 0.5)
    assert measures.figures([], grades) == (0.0, 0.0, 0.0)


def test_chance_explains_no_difference_and_not_a_constant_one():
    assert measures.chance(np.zeros(50)) == 1.0
    assert measures.chance(np.full(50, 0.1)) < 0.001


@pytest.mark.parametrize(
    "name", ["K1", "B", "WEIGHTS", "PAIRS", "UNITS", "COMMON", "MOST_PARTS", "FADE"]
)
def test_every_constant_has_its_value_and_its_reason_in_the_docs(name: str):
    value = getattr(ranking, name)
    shown = "、".join(f"{each:g}" for each in value) if isinstance(value, tuple) else f"{value:g}"
    row = re.search(
        rf"^\| `{name}` \| {re.escape(shown)} \| .{{10,}}\|$", DOCS.read_text("utf-8"), re.M
    )
    assert row, f"no row for {name} = {shown}"


@given(st.integers(0, 300), st.sampled_from([0, 1, 2]))
def test_a_count_is_taken_for_the_largest_level_that_it_reaches(count: int, place: int):
    level = ranking.level(count, place)
    assert level in ranking.LEVELS[place]
    assert level <= count
    assert not any(level < other <= count for other in ranking.LEVELS[place])


def test_what_is_taken_for_a_count_changes_what_it_adds_by_less_than_a_tenth():
    for count in range(1, 100):
        taken = ranking.gain(1.0, float(ranking.level(count, 2)), 1.0)
        assert taken > 0.9 * ranking.gain(1.0, float(count), 1.0), count


CHANGED = [(name, values[-1]) for name, values in relevance.TRIED.items()]


@pytest.mark.parametrize(("name", "value"), CHANGED, ids=[name for name, _ in CHANGED])
def test_an_engine_that_is_opened_and_asked_with_another_constant_ranks_by_it(
    tmp_path: Path, name: str, value: Any
):
    """So does `--ablate`, and measures each of them in the engine that people use."""
    documents = [analyse(bulletin, SEGMENTER) for bulletin in judged.ours().bulletins]
    query = read("石门坎驻村帮扶 复工复产", "any", SEGMENTER)
    asked = EngineQuery(query.tree, query.words, query.runs)
    relevance.whoosh(documents, tmp_path).close()
    with patch.object(ranking, name, value):
        changed = WhooshEngine(tmp_path).search(asked).hits
        assert changed == MemoryEngine(documents).search(asked).hits
    assert changed != WhooshEngine(tmp_path).search(asked).hits
