"""A concordance has every place of a search in its line, and a trend counts them all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import CORPUS
from plain import folded
from test_searcher import bulletin, everything, searcher_of

from indexer import Searcher, SearchRequest, Settings, open_searcher
from indexer.answer import Tally
from indexer.errors import WrongUsage

FOUR = searcher_of(
    bulletin(1, "甲报", "请复工后上报。已复工者免。", issue=1, date="2020-02-10", bodies=("甲会",)),
    bulletin(2, "乙报", "先复产，再复工！", issue=2, date="2020-02", bodies=("甲会", "乙会")),
    bulletin(3, "丙报", "不复工。", date="2021-05-01"),
    bulletin(4, "丁报", "某日复工。"),
)
PHRASES = ("复工复产", "质量", "协会", "企业", "复工 质量", "20", "“质量”")


@pytest.fixture(scope="module")
def corpus(built: Callable[[Path], Settings]) -> Iterator[Searcher]:
    searcher = open_searcher(built(CORPUS))
    yield searcher
    searcher.close()


def lines(text: str, order: str = "found", **options: object) -> list[str]:
    request = replace(SearchRequest(text), **options)  # type: ignore[arg-type]
    return [
        f"{each.left}|{each.match}|{each.right}" for each in FOUR.concordance(request, order).lines
    ]


def test_every_place_stands_in_its_line() -> None:
    assert sorted(lines("复工")) == [
        "不|复工|。",
        "先复产，再|复工|！",
        "某日|复工|。",
        "请|复工|后上报。已复工者免。",
        "请复工后上报。已|复工|者免。",
    ]


def test_a_line_says_where_it_stands() -> None:
    (line,) = FOUR.concordance(SearchRequest("再复工")).lines
    assert (line.id, line.title, line.date, line.issue, line.paragraph) == (
        *("b-002", "乙报", "2020-02", "第2期", 2),
    )


def test_lines_are_sorted_by_what_follows_or_by_what_comes_before_read_backwards() -> None:
    assert [line.split("|")[2] for line in lines("复工", "right")] == sorted(
        (line.split("|")[2] for line in lines("复工")), key=folded
    )
    before = [line.split("|")[0] for line in lines("复工", "left")]
    assert before == sorted(before, key=lambda left: folded(left)[::-1])


def test_filters_narrow_the_lines_too() -> None:
    assert len(lines("复工", since="2020", until="2020")) == 3
    assert lines("复工", chosen={"issue": ("2",)}) == ["先复产，再|复工|！"]
    assert lines("复工 -者免", mode="all", chosen={"org": ("甲会",)}) == ["先复产，再|复工|！"]


def test_pages_of_lines_are_disjoint_and_complete() -> None:
    request = SearchRequest("复工")
    pages = [FOUR.concordance(request, "right", page, 2) for page in (1, 2, 3, 4)]
    assert [len(page.lines) for page in pages] == [2, 2, 1, 0]
    assert [page.total for page in pages] == [5] * 4
    whole = FOUR.concordance(request, "right").lines
    assert whole == tuple(line for page in pages for line in page.lines)


def test_all_lines_are_those_of_the_pages() -> None:
    request = SearchRequest("复工", size=2)
    assert list(FOUR.lines(request, chunk=1)) == list(FOUR.concordance(request).lines)
    assert list(FOUR.lines(replace(request, text="没有"))) == []


@pytest.mark.parametrize("options", [("sideways",), ("left", 0), ("left", 1, 0)])
def test_what_cannot_be_is_refused(options: tuple[str | int, ...]) -> None:
    with pytest.raises(WrongUsage):
        FOUR.concordance(SearchRequest("复工"), *options)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", PHRASES)
def test_lines_are_cut_from_the_text_and_miss_no_place(text: str, corpus: Searcher) -> None:
    """Every place that plain search sees in a paragraph is within some line's match."""
    request = SearchRequest(text, "exact" if " " not in text else "all", size=100)
    found = corpus.concordance(request, size=100_000)
    answer = {hit.id for hit in corpus.search(request).hits}
    assert {line.id for line in found.lines} <= answer
    assert found.bulletins == found.read == len(answer)
    terms = [folded(term) for term in text.split()]
    for id in answer:
        whole = corpus.bulletin(id)
        assert whole is not None
        for number, block in enumerate(whole.blocks, 1):
            mine = [line for line in found.lines if (line.id, line.paragraph) == (id, number)]
            for line in mine:
                assert line.left + line.match + line.right in block.text
            matched = sum(
                len(re.findall(f"(?={re.escape(term)})", folded(line.match)))
                for term in terms
                for line in mine
            )
            if not text.isascii():
                plain = folded(block.text)
                assert matched == sum(
                    len(re.findall(f"(?={re.escape(term)})", plain)) for term in terms
                )


def test_a_trend_counts_places_and_bulletins_by_month_and_facet() -> None:
    (trend,) = FOUR.trends(SearchRequest("复工"))
    assert trend.phrase == "复工"
    assert trend.total == Tally(5, 4)
    assert trend.by["month"] == {"2020-02": Tally(3, 2), "2021-05": Tally(1, 1)}
    assert trend.by["year"] == {"2020": Tally(3, 2), "2021": Tally(1, 1), "none": Tally(1, 1)}
    assert trend.by["org"] == {"甲会": Tally(3, 2), "乙会": Tally(1, 1)}
    assert trend.by["issue"] == {"1": Tally(2, 1), "2": Tally(1, 1), "none": Tally(2, 2)}
    assert trend.first is not None
    assert trend.last is not None
    assert (trend.first.id, trend.first.date) == ("b-002", "2020-02")
    assert (trend.last.id, trend.last.date) == ("b-003", "2021-05-01")


def test_each_term_is_a_phrase_of_its_own_and_filters_hold() -> None:
    trends = FOUR.trends(SearchRequest("复工 “先复产，再” 没有 复工", chosen={"issue": ("2",)}))
    assert [(trend.phrase, trend.total) for trend in trends] == [
        ("复工", Tally(1, 1)),
        ("先复产，再", Tally(1, 1)),
        ("没有", Tally(0, 0)),
    ]
    assert trends[2].first is trends[2].last is None


def test_trends_agree_with_plain_counting_of_the_corpus(corpus: Searcher) -> None:
    for phrase in ("质量", "协会", "复工复产", "小组"):
        (trend,) = corpus.trends(SearchRequest(phrase))
        counts = {
            each.id: folded("".join(block.text for block in each.blocks)).count(phrase)
            for each in everything(corpus)
        }
        standing = [count for count in counts.values() if count]
        assert trend.total == Tally(sum(standing), len(standing)), phrase


def test_nothing_asked_has_no_trend_and_no_lines() -> None:
    assert FOUR.trends(SearchRequest("")) == ()
    assert FOUR.trends(SearchRequest("，")) == ()
    assert FOUR.concordance(SearchRequest("")).lines == ()
