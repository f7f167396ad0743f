"""Why a bulletin is in an answer, or not, is told term by term and with a way in that works."""

from __future__ import annotations

from dataclasses import replace

import pytest
from handmade import bulletin as understood
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Searcher, SearchRequest
from indexer.analysis import Segmenter, analyse
from indexer.answer import Explanation
from indexer.engines.memory import MemoryEngine

SEGMENTER = Segmenter()
TEXTS = (
    ("海棠质协工作简报", "第3期", "2020年3月5日", "各企业复工复产。", "复工复产之后再复工复产。"),
    ("海棠质协工作简报", "第4期", "2020年4月5日", "有的企业复工，有的复产。"),
    ("海棠质协工作简报", "第5期", "2020年5月5日", "换届工作第二十七期专刊。"),
)


def searcher(recency_days: int = 0) -> Searcher:
    bulletins = [replace(understood(*text), id=f"b-{n}") for n, text in enumerate(TEXTS)]
    engine = MemoryEngine(analyse(b, SEGMENTER) for b in bulletins)
    return Searcher("000001", engine, SEGMENTER, recency_days=recency_days)


WHERE = searcher()


def explain(id: str, text: str, **options: object) -> Explanation:
    request = replace(SearchRequest(text), **options)  # type: ignore[arg-type]
    found = WHERE.explain(request, id)
    assert found is not None
    return found


def ways(found: Explanation) -> list[str]:
    return [way.sentence.zh for way in found.ways_in]


def test_a_hit_tells_where_its_terms_stand_and_what_each_adds() -> None:
    found = explain("b-0", "复工复产")
    assert found.rank == 1
    assert [(term.text, term.holds) for term in found.terms] == [("复工", True), ("复产", True)]
    blocks = WHERE.bulletin("b-0").blocks  # type: ignore[union-attr]
    for term in found.terms:
        for place in term.places:
            assert blocks[place.paragraph - 1].text.count(term.text) == place.count
    assert {part.text for part in found.parts if part.text} == {"复工", "复产", "复工复产"}
    assert found.score == WHERE.search(SearchRequest("复工复产")).hits[0].score
    assert not found.ways_in


@pytest.mark.parametrize("days", [0, 30])
@pytest.mark.parametrize("mode", ["exact", "all", "any"])
@pytest.mark.parametrize(
    "text",
    ["复工复产", "复工 复产 消息", "“复工复产” 简报 2020年", "QC 小组 复工", "工作简报 -没有"],
)
def test_the_parts_add_up_to_the_score(text: str, mode: str, days: int) -> None:
    where = searcher(days)
    for hit in where.search(SearchRequest(text, mode)).hits:
        found = where.explain(SearchRequest(text, mode), hit.id)
        assert found is not None
        assert sum(part.adds for part in found.parts) == pytest.approx(found.score, abs=1e-4)


def test_what_age_takes_is_told_where_recency_counts() -> None:
    asked = SearchRequest("工作简报")
    for n, date in enumerate(("2020-03-05", "2020-04-05", "2020-05-05")):
        plain, aged = WHERE.explain(asked, f"b-{n}"), searcher(30).explain(asked, f"b-{n}")
        assert plain is not None
        assert aged is not None
        told = [(part.text, part.adds) for part in aged.parts if part.kind == "age"]
        taken = pytest.approx(aged.score - plain.score, abs=1e-5)
        assert told == ([(date, taken)] if n < 2 else [])
        assert aged.score < plain.score if n < 2 else aged.score == plain.score
        assert not any(part.kind == "age" for part in plain.parts)


@pytest.mark.parametrize(
    ("id", "request_", "said"),
    [
        ("b-1", SearchRequest("复工复产", "exact"), "没有连在一起"),
        ("b-2", SearchRequest("第27期", "exact"), "写法不同"),
        ("b-2", SearchRequest("第27期", without=("number",)), "另一种写法"),
        ("b-1", SearchRequest("复工 -复产"), "去掉 复产"),
        ("b-1", SearchRequest("企业 之后"), "去掉 之后"),
        ("b-1", SearchRequest("复工", chosen={"issue": ("3",)}), "期号不符"),
        ("b-1", SearchRequest("复工", since="2020-05"), "日期不符"),
        ("b-1", SearchRequest("", chosen={"year": ("1999",)}), "年份不符"),
    ],
)
def test_what_keeps_it_out_is_told_with_a_way_in_that_works(
    id: str, request_: SearchRequest, said: str
) -> None:
    assert id not in {hit.id for hit in WHERE.search(request_).hits}
    found = WHERE.explain(request_, id)
    assert found is not None
    assert found.rank == 0
    fitting = [way for way in found.ways_in if said in way.sentence.zh]
    assert fitting, ways(found)
    result = WHERE.search(fitting[0].request)
    assert result.total == fitting[0].total
    assert id in {hit.id for hit in result.hits}


def test_what_is_excluded_and_there_is_wrong_and_what_is_not_there_is_right() -> None:
    found = explain("b-1", "复工 -复产 -换届")
    fates = {term.text: (term.wanted, term.holds) for term in found.terms}
    assert fates == {"复工": (True, True), "复产": (False, True), "换届": (False, False)}


def test_there_is_nothing_to_tell_of_a_bulletin_that_is_not_there() -> None:
    assert WHERE.explain(SearchRequest("复工"), "b-9") is None


queries = st.lists(
    st.sampled_from(
        ["复工", "复产", "“复工复产”", "-换届", "企业", "第27期", "标题:简报", "期号:3-4"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(queries, st.sampled_from(["exact", "all", "any"]))
@settings(max_examples=60, deadline=None)
def test_rank_and_score_are_those_of_the_answer(query: str, mode: str) -> None:
    hits = WHERE.search(SearchRequest(query, mode)).hits
    ranks = {hit.id: (rank, hit.score) for rank, hit in enumerate(hits, 1)}
    for n in range(len(TEXTS)):
        found = explain(f"b-{n}", query, mode=mode)
        assert (found.rank, found.score) == ranks.get(f"b-{n}", (0, 0.0))
        if found.rank and mode == "all" and not WHERE.search(SearchRequest(query)).notices:
            assert any(term.holds for term in found.terms if term.wanted) or query.startswith("-")
