"""What is written otherwise is found too, named and counted, and never in exact searches."""

from __future__ import annotations

import datetime
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from handmade import bulletin as understood
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Searcher, SearchRequest
from indexer.analysis import Segmenter, analyse
from indexer.analysis.numerals import to_chinese
from indexer.answer import SearchResult
from indexer.engines.memory import MemoryEngine
from indexer.errors import WrongUsage
from indexer.metadata import Authority
from indexer.metadata.authority import Body
from indexer.names import Names
from indexer.synonyms import read_synonyms

SEGMENTER = Segmenter()
TODAY = datetime.date(2020, 5, 20)


def searcher(
    *texts: str, authority: tuple[Body, ...] = (), synonyms: tuple[tuple[str, ...], ...] = ()
) -> Searcher:
    """An index of one bulletin for each text, numbered from 0 as ids."""
    bulletins = [replace(understood(text), id=f"b-{n}") for n, text in enumerate(texts)]
    engine = MemoryEngine(analyse(each, SEGMENTER) for each in bulletins)
    names = Names(engine, Authority(authority), synonyms)
    return Searcher("000001", engine, SEGMENTER, names, lambda: TODAY)


def found(where: Searcher, text: str, mode: str = "all", *without: str) -> set[str]:
    asked = SearchRequest(text, mode, size=100, without=without)
    return {hit.id for hit in where.search(asked).hits}


def kinds(result: SearchResult) -> set[str]:
    return {other.kind for other in result.expansions}


def issue_writings(number: int) -> list[str]:
    chinese = to_chinese(number)
    return [f"第{number}期", f"第{chinese}期", f"第{number:03}期", f"第 {number} 期"]


@given(st.integers(1, 999), st.data())
@settings(deadline=None)
def test_an_issue_is_found_in_whatever_writing(number: int, data: st.DataObject) -> None:
    other = data.draw(st.integers(1, 999).filter(lambda n: n != number))
    texts = [f"见{written}，另见{other}页" for written in issue_writings(number)]
    where = searcher(*texts, *(f"见{written}。" for written in issue_writings(other)))
    everywhere = {f"b-{n}" for n in range(len(texts))}
    for typed in issue_writings(number)[:3]:
        assert found(where, typed) == everywhere, typed
        assert found(where, typed, "all", "number") < everywhere
        assert found(where, typed, "exact") < everywhere


def date_writings(day: datetime.date) -> list[str]:
    year = "".join("〇" if digit == "0" else to_chinese(int(digit)) for digit in str(day.year))
    return [
        f"{day.year}年{day.month}月{day.day}日",
        f"{year}年{to_chinese(day.month)}月{to_chinese(day.day)}日",
        f"{day:%Y-%m-%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y/%m/%d}",
    ]


@settings(deadline=None)
@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2050, 12, 31)))
def test_a_day_is_found_in_whatever_writing(day: datetime.date) -> None:
    following = day + datetime.timedelta(days=1)
    where = searcher(
        *(f"{written}召开会议" for written in date_writings(day)),
        *(f"{written}召开会议" for written in date_writings(following)),
    )
    everywhere = {f"b-{n}" for n in range(5)}
    for typed in date_writings(day):
        assert found(where, typed) >= everywhere, typed
        result = where.search(SearchRequest(typed))
        assert all(other.total == 1 for other in result.expansions if other.total)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("第廿五期", "第25期"),
        ("第25期", "第廿五期"),
        ("第二五期", "第二十五期"),
        ("二十五家企业", "25家企业"),
        ("25家企业", "二十五家企业"),
        ("三月", "3月"),
        ("2020年3月", "二○二○年三月"),
        ("2020年3月", "二零二零年三月"),
        ("2020年3月", "2020-03"),
        ("3月18日", "三月十八日"),
        ("国发〔2020〕15号", "国发[2020]15号"),
        ("国发〔2020〕15号", "国发（2020）十五号"),
        ("第２７期", "第27期"),
        ("復工復產", "复工复产"),
        ("⼯作", "工作"),
    ],
)
def test_it_is_found_as_it_may_be_written(typed: str, written: str) -> None:
    assert found(searcher(f"见{written}的通知"), typed) == {"b-0"}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("第10期", "第一百一十期"),
        ("20家", "一百二十家"),
        ("二十", "二十七个单位"),
        ("20", "二十七个单位"),
        ("100", "一百零三"),
        ("2020年3月", "2020，3个月"),
        ("第27期", "第12.7期"),
    ],
)
def test_a_part_of_another_number_is_not_that_number(typed: str, written: str) -> None:
    result = searcher(f"见{written}的通知").search(SearchRequest(typed))
    assert not any(other.total for other in result.expansions)


@pytest.mark.parametrize("typed", ["十分重要", "万一", "一次性", "三农", "一带一路", "第一", "5"])
def test_what_only_looks_like_a_number_has_no_other_writing(typed: str) -> None:
    assert not searcher("无关").search(SearchRequest(typed)).expansions


def test_a_body_is_found_by_its_full_short_and_former_names() -> None:
    full, short, former = "云州省质量协会", "云州质协", "云州省质量管理协会"
    where = searcher(
        f"{full}（以下简称“{short}”）召开会议。",
        f"{short}走访会员。",
        f"{former}成立。",
        "云州省纺织协会召开会议。",
        authority=(Body(full, (short, former)),),
    )
    for typed in (full, short, former):
        result = where.search(SearchRequest(f"{typed}"))
        assert {hit.id for hit in result.hits} == {"b-0", "b-1", "b-2"}, typed
        assert kinds(result) == {"name"}
        assert found(where, typed, "exact") < {"b-0", "b-1", "b-2"}
    assert found(where, f"单位:{short}") == found(where, f"单位:{full}") != set()


def test_synonyms_go_all_ways_and_can_be_switched_off(tmp_path: Path) -> None:
    listed = tmp_path / "synonyms.txt"
    listed.write_text("# 同义词\n复工复产 = 复产复工、复工达产\n", "utf-8")
    where = searcher(
        "推进复工复产", "推进复产复工", "推进复工达产", synonyms=read_synonyms(str(listed))
    )
    assert found(where, "复工达产") == {"b-0", "b-1", "b-2"}
    assert found(where, "复工达产", "all", "synonym") == {"b-2"}
    result = where.search(SearchRequest("复工达产"))
    assert {(other.shown, other.total) for other in result.expansions} == {
        ("复工复产", 1),
        ("复产复工", 1),
    }
    marks = where.marks(where.bulletin("b-1"), SearchRequest("复工达产"))  # type: ignore[arg-type]
    assert marks == {0: ((2, 6),)}


@pytest.mark.parametrize("text", ["复工\n", "复工 = \n", f"复工 = {'产' * 101}\n"])
def test_a_table_of_synonyms_that_is_none_is_refused_with_the_line(
    tmp_path: Path, text: str
) -> None:
    listed = tmp_path / "synonyms.txt"
    listed.write_text("甲 = 乙\n" + text, "utf-8")
    with pytest.raises(WrongUsage, match="第 2 行"):
        read_synonyms(str(listed))


def test_a_range_finds_the_issues_and_days_it_means() -> None:
    texts = [
        understood("海棠质协工作简报", f"第{n}期", f"2020年{n}月5日", "工作正常。")
        for n in (1, 2, 3, 4)
    ]
    engine = MemoryEngine(
        analyse(replace(each, id=f"b-{n}"), SEGMENTER) for n, each in enumerate(texts, 1)
    )
    where = Searcher("000001", engine, SEGMENTER, today=lambda: TODAY)
    assert found(where, "期号:2-3") == {"b-2", "b-3"}
    assert found(where, "近两期") == found(where, "期号:近两期") == {"b-3", "b-4"}
    assert found(where, "2020年一季度") == found(where, "日期:2020-01..2020-03")
    assert found(where, "2020年一季度 工作") == {"b-1", "b-2", "b-3"}
    assert found(where, "上月") == {"b-4"}
    assert found(where, "近两期", "all", "range") == set()
    with pytest.raises(WrongUsage):
        where.search(SearchRequest("近两期", without=("nothing",)))


texts = st.lists(
    st.sampled_from(
        ["第27期", "第二十七期", "二〇二〇年三月", "2020-03-18", "复工", "复产", "，", "三十家"]
    ),
    max_size=6,
).map("".join)


@given(st.lists(texts, min_size=1, max_size=5), texts, st.sampled_from(["all", "any"]))
@settings(max_examples=60, deadline=None)
def test_other_writings_only_ever_add(texts: list[str], query: str, mode: str) -> None:
    where = searcher(*(text or "空" for text in texts))
    everything = ("number", "date", "name", "synonym", "range")
    steps = [found(where, query, mode, *everything[n:]) for n in range(len(everything) + 1)]
    if query:
        asked = SearchRequest(query, mode, without=everything)
        assert "most_terms" in {n.code for n in where.search(asked).notices} or all(
            fewer <= more for fewer, more in pairwise(steps)
        )


@given(st.lists(texts, min_size=1, max_size=5), texts.filter(bool))
@settings(max_examples=60, deadline=None)
def test_exact_is_within_all_and_all_within_any(texts: list[str], query: str) -> None:
    where = searcher(*(text or "空" for text in texts))
    assert found(where, query, "exact") <= found(where, query)
    strict = where.search(SearchRequest(query))
    if "most_terms" not in {notice.code for notice in strict.notices}:
        assert found(where, query) <= found(where, query, "any")


def test_the_dial_counts_what_each_mode_would_give() -> None:
    where = searcher("推进复工复产", "复产之后复工", "只有复工", "无关")
    result = where.search(SearchRequest("复工复产"))
    assert result.modes == {"exact": 1, "all": 2, "any": 3}
    for mode, total in result.modes.items():
        assert where.search(SearchRequest("复工复产", mode)).total == total
