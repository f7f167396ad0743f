"""Every text has a meaning; what was not understood is said, with its place."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import Segmenter
from indexer.errors import WrongUsage
from indexer.query import (
    All,
    Any,
    Between,
    Gap,
    Having,
    InTitle,
    Knowledge,
    Latest,
    Most,
    Near,
    Node,
    Not,
    Quotation,
    Widened,
    Width,
    Word,
    leaves,
    read,
)
from indexer.query.parser import DEEPEST
from indexer.query.query import LONGEST_QUERY, MOST_TERMS
from indexer.query.terms import FEW
from indexer.schema import WRITINGS

SEGMENTER = Segmenter()

TABLE = [
    # query, mode, how it was understood
    ("复工复产", "all", "复工 复产"),
    ("复工复产", "any", "复工 | 复产"),
    ("复工复产", "exact", '"复工复产"'),
    ("“复工复产”", "all", '"复工复产"'),
    ('"复工 复产"', "all", '"复工 复产"'),
    ("「复工复产」 协会", "all", '"复工复产" 协会'),
    ("新疆 复工复产", "all", "新疆 复工 复产"),
    ("复工 复工", "all", "复工"),
    ("复工 -合肥", "all", "复工 -合肥"),
    ("复工 －“合肥市”", "all", '复工 -"合肥市"'),
    ("复工 -合肥", "any", "复工 -合肥"),
    ("-合肥", "all", "-合肥"),
    ("- -合肥", "all", '"-" -合肥'),
    ("--合肥", "all", "合肥"),
    ("复工 OR 复产", "all", "复工 | 复产"),
    ("复工|复产｜协会", "all", "复工 | 复产 | 协会"),
    ("ORANGE", "all", "ORANGE"),
    ("甲 (复工 | 复产)", "all", "甲 (复工 | 复产)"),
    ("（复工 | 复产）甲", "all", "(复工 | 复产) 甲"),
    ("复工 复产 | 协会", "all", "(复工 复产) | 协会"),
    ("第27期", "all", "第27期"),
    ("第 27 期", "all", "第 27 期"),
    ("2020年3月18日", "all", "2020年3月18日"),
    ("QC小组", "all", "QC 小组"),
    ("质量4.0", "all", "质量 4.0"),
    ("30%，部分", "all", '30 "%" 部分'),
    ("发挥行业协会、商会", "all", "发挥 行业协会 商会"),
    ("QC-小组", "all", 'QC "-" 小组'),
]


@pytest.mark.parametrize(("text", "mode", "understood"), TABLE)
def test_how_a_query_is_understood(text: str, mode: str, understood: str) -> None:
    query = read(text, mode, SEGMENTER)
    assert str(query.tree) == understood
    assert not query.notices


KNOWLEDGE = Knowledge(
    datetime.date(2020, 5, 20),
    lambda facet, name: ("云州省质量协会",) if (facet, name) == ("org", "云州质协") else (),
)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("复?复产", Gap((("复",), ("复", "产")), (Width(1, 1, False),), "")),
        ("复？？产", Gap((("复",), ("产",)), (Width(2, 2, False),), "")),
        ("复产？复工？", All((Word(("复", "产"), ""), Word(("复", "工"), "")))),
        ("疫情*复产？", Gap((("疫", "情"), ("复", "产", ",")), (Width(0, FEW, True),), "")),
        ("疫情*复产", Gap((("疫", "情"), ("复", "产")), (Width(0, FEW, True),), "")),
        ('"疫情 复产"~5', Near((("疫", "情"), ("复", "产")), 5, "")),
        ("“复工复产”～１２", Near((("复", "工"), ("复", "产")), 12, "")),
        ('"复工"~3', Quotation(("复", "工"), "")),
        ("标题:复工", InTitle(Word(("复", "工"), ""))),
        ("title：“复工 复产”", InTitle(Quotation(("复", "工", "复", "产"), ""))),
        ("标题:复?产", InTitle(Gap((("复",), ("产",)), (Width(1, 1, False),), ""))),
        (
            "标题:(复工 | 复产)",
            Any((InTitle(Word(("复", "工"), "")), InTitle(Word(("复", "产"), "")))),
        ),
        ("单位:云州质协", Having("org", ("云州省质量协会",), "")),
        ("-org:云州质协", Not(Having("org", ("云州省质量协会",), ""))),
        ("期号:27", Between("issue", 27, 27, "")),
        ("期号：第三期至第七期", Between("issue", 3, 7, "")),
        ("期号:3-7", Between("issue", 3, 7, "")),
        ("issue:3..7", Between("issue", 3, 7, "")),
        ("期号:3、5", Any((Between("issue", 3, 3, ""), Between("issue", 5, 5, "")))),
        ("期号:总第120期以后", Between("cumulative", 120, 99_999, "")),
        ("期号:近三期", Latest(3, "")),
        ("期号:无", Having("issue", ("none",), "")),
        ("日期:2020-02..2020-03", Between("date", 20200200, 20200399, "")),
        ("日期:2020年2月至3月", Between("date", 20200200, 20200399, "")),
        ("日期:二〇二〇年三月十八日", Between("date", 20200318, 20200318, "")),
        ("date:2020", Between("date", 20200000, 20209999, "")),
        ("日期:2020年一季度", Between("date", 20200100, 20200399, "")),
        ("日期:2020年下半年", Between("date", 20200700, 20201299, "")),
        ("日期:今年上半年", Between("date", 20200100, 20200699, "")),
        ("日期:去年", Between("date", 20190000, 20199999, "")),
        ("日期:上月", Between("date", 20200400, 20200499, "")),
        ("日期:本季度", Between("date", 20200400, 20200699, "")),
        ("日期:近三天", Between("date", 20200517, 20200520, "")),
        ("日期:2020-03-18以来", Between("date", 20200318, 99_999_999, "")),
        ("日期:..2020-03", Between("date", 1, 20200399, "")),
    ],
)
def test_what_fields_gaps_and_nearness_ask_for(text: str, tree: Node) -> None:
    query = read(text, "all", SEGMENTER, KNOWLEDGE)
    assert query.tree == tree
    assert not query.notices
    assert read(str(query.tree), "all", SEGMENTER, KNOWLEDGE).tree == tree


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("单位:没有这家 复工", "没有 这家 复工"),
        ("期号:3-x", '3 "-" x'),
        ("日期:2020年13月", "2020年 13月"),
        ("期号:7-3", '7 "-" 3'),
    ],
)
def test_a_field_without_such_a_value_is_text_and_that_is_said(text: str, understood: str) -> None:
    query = read(text, "all", SEGMENTER, KNOWLEDGE)
    assert str(query.tree) == understood
    assert [(notice.code, notice.position) for notice in query.notices] == [("no_such_value", 3)]


@pytest.mark.parametrize("text", ["总第120期以后", "近三期", "2020-02..2020-03", "今年上半年"])
def test_a_range_in_plain_text_is_another_writing_that_can_be_done_without(text: str) -> None:
    query = read(text, "all", SEGMENTER, KNOWLEDGE)
    typed = read(text, "all", SEGMENTER, KNOWLEDGE, without=("range",))
    [other] = query.expansions
    assert (other.kind, other.typed) == ("range", text)
    assert isinstance(query.tree, Widened)
    assert query.tree.others == (other.node,)
    assert typed.tree == query.tree.typed
    assert read(text, "exact", SEGMENTER, KNOWLEDGE).expansions == ()


@pytest.mark.parametrize(
    ("text", "understood", "codes", "positions"),
    [
        ("(复工", "复工", ["unclosed"], [0]),
        ("复工)", "复工", ["ignored"], [2]),
        ("复工 |", "复工", ["ignored"], [3]),
        ("OR 复工", "复工", ["ignored"], [0]),
        ("“复工", "复工", ["ignored"], [0]),
        ("复工 -()", "复工", ["ignored"], [3]),
        ("复工 () 复产", "复工 复产", [], []),
        ("(" * (DEEPEST + 1) + "复工", "复工", ["too_deep"], [None]),
        ("-" * (DEEPEST + 1) + "复工", "复工", ["too_deep"], [None]),
    ],
)
def test_what_does_not_parse_is_said_and_the_rest_is_searched(
    text: str, understood: str, codes: list[str], positions: list[int | None]
) -> None:
    query = read(text, "all", SEGMENTER)
    assert str(query.tree) == understood
    assert [notice.code for notice in query.notices] == codes
    assert [notice.position for notice in query.notices] == positions


@pytest.mark.parametrize("text", ["   ", "，。！", "“”", "()", "\u200b", "“，”"])
@pytest.mark.parametrize("mode", ["exact", "all", "any"])
def test_a_query_without_anything_to_find_finds_nothing_and_says_so(text: str, mode: str) -> None:
    query = read(text, mode, SEGMENTER)
    assert query.tree == Any()
    assert query.notices[-1].code == "nothing_to_search"


def test_the_empty_query_is_everything() -> None:
    assert read("", "all", SEGMENTER).tree == All()


def test_numbers_take_along_what_says_nothing_alone() -> None:
    query = read("总第128期", "all", SEGMENTER, without=("number",))
    assert [leaf.units for leaf in leaves(query.tree)] == [("总", "第", "128", "期")]


def test_runs_rank_as_they_were_typed_and_what_is_excluded_does_not() -> None:
    query = read("发挥行业协会、商会 -“复工复产” 协会", "all", SEGMENTER)
    assert ["".join(run) for run in query.runs] == ["发挥行业协会,商会", "协会"]
    assert query.words == ("发挥", "行业协会", "商会", "协会")


def test_the_relaxed_query_wants_most_of_the_terms_and_still_excludes() -> None:
    relaxed = read("复工 复产 -合肥", "all", SEGMENTER).relaxed()
    assert relaxed is not None
    assert isinstance(relaxed.tree, All)
    most, excluded = relaxed.tree.children
    assert isinstance(most, Most)
    assert len(most.children) == 2
    assert isinstance(excluded, Not)
    assert read("复工", "all", SEGMENTER).relaxed() is None


def test_limits_are_sentences() -> None:
    with pytest.raises(WrongUsage, match=str(LONGEST_QUERY)):
        read("复" * (LONGEST_QUERY + 1), "all", SEGMENTER)
    with pytest.raises(WrongUsage, match="500"):
        read("复" * 501, "exact", SEGMENTER)


def test_terms_beyond_the_limit_are_left_out_with_a_notice() -> None:
    text = " ".join(f"a{n}b" for n in range(300))
    query = read(text, "all", SEGMENTER)
    assert len(list(leaves(query.tree))) == MOST_TERMS
    assert query.notices[-1].code == "too_many_terms"


queries = st.text(
    '复工产 协会27期QC-－|｜OR()（）"“”「」，。%?？*＊~5标题：单位:', max_size=60
) | st.text(max_size=60)


@given(queries, st.sampled_from(["exact", "all", "any"]))
def test_every_text_is_understood_and_what_was_understood_reads_the_same(
    text: str, mode: str
) -> None:
    query = read(text, mode, SEGMENTER, without=WRITINGS)
    again = read(str(query.tree), "all", SEGMENTER, without=WRITINGS)
    if query.tree not in (Any(), All()):
        assert _units(again.tree) == _units(query.tree)


def _units(tree: Node) -> object:
    """Return the tree with nothing but its structure and units."""
    if isinstance(tree, Quotation | Word):
        return tree.units
    if isinstance(tree, Not):
        return ("not", _units(tree.child))
    if isinstance(tree, All | Any | Most):
        return (type(tree).__name__, *map(_units, tree.children))
    return tree


@given(queries)
def test_exact_is_within_all_and_all_within_any(text: str) -> None:
    """Each word of a query is a piece of the quotation; so what quotes it has all its words."""
    exact = read(text, "exact", SEGMENTER).tree
    if not isinstance(exact, Quotation) or set(text) & set('-－|｜()（）"“”「」OR?？*＊：:'):
        return
    spelled = "\x1f".join(("", *exact.units, ""))
    for leaf in leaves(read(text, "all", SEGMENTER, without=WRITINGS).tree):
        assert "\x1f".join(("", *leaf.units, "")) in spelled
