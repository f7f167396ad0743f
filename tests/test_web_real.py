"""The pages over a real searcher: whatever a search can answer, the page can show."""

from __future__ import annotations

import pytest
from test_searcher import bulletin, searcher_of
from web_client import client, page, words

from indexer.schema import MODES, WRITINGS

WHERE = searcher_of(
    bulletin(
        1, "甲报", "第27期刊登复工复产消息。", issue=27, date="2020-03-18", bodies=("甲市质量协会",)
    ),
    bulletin(2, "乙报", "第二十七期：二〇二〇年三月，甲市质协复工。", issue=3, date="2020-02-01"),
    bulletin(3, "丙报", "复产，再复工。", issue=28, date="2021"),
)
BROWSER = client(WHERE, "000001")
QUERIES = (
    *(
        "第27期",
        "第二十七期 复工",
        "2020年3月",
        "近两期",
        "期号:3-27",
        "甲市质量协会",
        "复工复产 没有",
    ),
    *(
        "复工付产",
        "fugongfuchan",
        '"复工 复产"~5',
        "复?复产",
        "标题:甲",
        "-复工",
        "(((",
        "-",
        "“",
        "a OR",
    ),
    *("单位:没有", "日期:2020-99", "复" * 400, "OR", "*", "?", "，"),
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("query", QUERIES)
def test_every_query_has_its_page_in_every_view(query: str, mode: str, language: str) -> None:
    asked = {"q": query, "mode": mode, "lang": language}
    for path in ("/", "/concordance", "/trends", "/explain", "/embed", "/b/b-001"):
        answer = BROWSER.get(path, query_string=asked)
        assert answer.status_code == 200, (path, words(page(answer)))
    total = BROWSER.get("/api/v1/search", query_string=asked).json["total"]
    shown = page(BROWSER.get("/", query_string=asked)).cssselect(".hit")
    assert len(shown) == total


def test_other_writings_stand_above_the_results_with_counts_and_can_be_left_out() -> None:
    (group,) = page(BROWSER.get("/", query_string={"q": "第27期"})).cssselect(".writings li")
    assert "数字写法" in words(group)
    assert "第二十七期 1" in words(group)
    (switch,) = group.cssselect("a")
    assert words(switch) == "不找这些"
    without = page(BROWSER.get(switch.get("href")))
    assert len(without.cssselect(".hit")) == 1
    (group,) = without.cssselect(".writings li")
    assert "没有找" in words(group)
    (switch,) = group.cssselect("a")
    assert len(page(BROWSER.get(switch.get("href"))).cssselect(".hit")) == 2


@pytest.mark.parametrize("kind", WRITINGS)
def test_every_kind_of_writing_can_be_switched(kind: str) -> None:
    for query in QUERIES:
        answer = BROWSER.get("/", query_string={"q": query, "without": kind})
        assert answer.status_code == 200
