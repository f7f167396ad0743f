"""What the operator states of a bulletin holds, and is checked and reported."""

from __future__ import annotations

import dataclasses
import unicodedata

import pytest
from handmade import bulletin as understood
from hypothesis import given
from hypothesis import strategies as st

from indexer.bulletin import Bulletin, IssueNumber, Organization
from indexer.language import Notice, Sentence
from indexer.metadata import NONE, Authority
from indexer.metadata.authority import Body
from indexer.metadata.overrides import (
    FRONT,
    Invalid,
    Statement,
    folder_table,
    put_right,
    resolve,
    side_file,
)
from indexer.metadata.overrides.values import checked

TEXT = (
    "海棠质协工作简报\n第3期\n海棠市质量协会秘书处编　2021年5月5日\n\n试点推进\n\n"
    "海棠市质量协会召开会议，通报试点的进展，云岭手作工坊介绍了做法。\n"
)
SIDE = Sentence("a.toml", "a.toml")


def stated(**pairs: str) -> Statement:
    return Statement(SIDE, tuple(pairs.items()))


def right(*pairs: tuple[str, str], authority: Authority = NONE) -> Bulletin:
    lines = [line for line in TEXT.split("\n") if line]
    return put_right(understood(*lines), [Statement(SIDE, pairs)], authority)


def codes(notices: tuple[Notice, ...] | list[Notice]) -> list[str]:
    return [notice.code for notice in notices]


# Values.


@pytest.mark.parametrize(
    ("key", "written", "expected"),
    [
        ("issue", "增刊", IssueNumber(None, "增刊")),
        ("author", "林晚照、石磊", "林晚照、石磊"),
        ("confidentiality", "秘密★1年", "秘密★1年"),
        ("issue", "27", IssueNumber(27, "第27期")),
        ("issue", "二十七", IssueNumber(27, "第二十七期")),
        ("issue", "第２７期", IssueNumber(27, "第２７期")),
        ("issue", "2020年第3期（总第128期）", IssueNumber(3, "第3期", 128)),
        ("issue", "无", None),
        ("cumulative", "128", 128),
        ("cumulative", "总第一百二十八期", 128),
        ("date", "2020-03-18", "2020-03-18"),
        ("date", "2020/3/8", "2020-03-08"),
        ("date", "2020年3月", "2020-03"),
        ("date", "二〇二〇年三月十八日", "2020-03-18"),
        ("date", "2020", "2020"),
        ("organizations", "甲协会、乙协会；丙协会;甲协会", ("甲协会", "乙协会", "丙协会")),
        ("organizations", "none", ()),
        ("title", "无", "无"),
        ("series", "工 作　简 报", "工作简报"),
        ("encoding", "GBK", "gbk"),
    ],
)
def test_a_value_is_read_as_people_write_it(key: str, written: str, expected: object) -> None:
    value = checked(key, written)
    assert value == expected or (isinstance(value, IssueNumber) and value.label in written)


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("issue", "春季号"),
        ("issue", "第期"),
        ("cumulative", "很多"),
        ("date", "去年"),
        ("date", "2021-02-30"),
        ("date", "2021-13"),
        ("date", "2021-05-05 至 2021-05-06"),
        ("encoding", "klingon"),
        ("encoding", "rot13"),
        ("encoding", "a\0b"),
        ("title", "长" * 201),
        ("organizations", "长" * 201),
    ],
)
def test_what_is_none_is_not_used_and_told_with_its_place_and_reason(
    key: str, written: str
) -> None:
    with pytest.raises(Invalid):
        checked(key, written)
    before = right()
    after = right((key, written))
    assert dataclasses.replace(after, notices=before.notices) == before
    (told,) = (n for n in after.notices if n.code == "override_invalid")
    for sentence in (told.sentence.zh, told.sentence.en):
        assert "a.toml" in sentence
        assert key in sentence


@given(st.sampled_from(["issue", "cumulative", "date", "organizations", "title"]), st.text())
def test_no_value_does_harm(key: str, written: str) -> None:
    found = resolve([stated(**{key: written})])
    assert codes(found.notices) == ["override_invalid"] * len(found.notices)
    if written.strip():
        assert (key in found.values) != bool(found.notices)


# What holds.


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["series", "期号", "Issue", "x"]), st.text("12 ", max_size=5)
        ),
        max_size=4,
    )
)
def test_the_last_place_that_says_something_counts(said: list[dict[str, str]]) -> None:
    statements = [Statement(Sentence(str(n), str(n)), tuple(s.items())) for n, s in enumerate(said)]
    found = resolve(statements)
    pairs = [pair for each in said for pair in each.items() if pair[1].strip()]
    issues = [
        int(value) for key, value in pairs if key in ("期号", "Issue") and value.strip().isdigit()
    ]
    issue = found.values.get("issue")
    assert (issue.number if isinstance(issue, IssueNumber) else None) == (issues or [None])[-1]


def test_a_contradiction_is_told_and_another_writing_of_the_same_is_none() -> None:
    one, other = stated(issue="第3期"), Statement(FRONT, (("期号", "第三期"),))
    assert codes(resolve([one, other]).notices) == []
    clash = resolve([Statement(FRONT, (("期号", "4"),)), one])
    (told,) = clash.notices
    assert told.code == "override_invalid"
    assert FRONT.zh in told.sentence.zh
    assert clash.values["issue"] == IssueNumber(3, "第3期")


def test_encoding_inside_the_file_itself_comes_too_late() -> None:
    found = resolve([Statement(FRONT, (("编码", "gbk"),))])
    assert (found.values, codes(found.notices)) == ({}, ["override_invalid"])


# The bulletin.


def test_every_value_can_be_put_right_and_the_text_stays() -> None:
    before = right()
    after = right(
        ("标题", "另一标题"),
        ("系列", "海棠通讯"),
        ("期号", "4"),
        ("总期号", "128"),
        ("文号", "海质〔2021〕4号"),
        ("日期", "2021-06-05"),
        ("编发单位", "海棠市质量协会"),
        ("作者", "林晚照"),
        ("密级", "内部资料"),
        ("单位", "云岭手作工坊、海棠市质量协会"),
    )
    assert after == dataclasses.replace(
        before,
        title="另一标题",
        series="海棠通讯",
        issue=IssueNumber(4, "第4期", 128),
        document_number="海质〔2021〕4号",
        date="2021-06-05",
        publisher="海棠市质量协会",
        author="林晚照",
        confidentiality="内部资料",
        organizations=(
            Organization("云岭手作工坊", (), 1),
            next(o for o in before.organizations if o.name == "海棠市质量协会"),
        ),
        sections=after.sections,
        notices=after.notices,
    )
    assert codes(after.notices).count("override_used") == 10
    issue = next(n for n in after.notices if "第4期" in n.sentence.zh)
    assert "第3期" in issue.sentence.zh, "what the text seems to say is told too"


def test_nothing_stated_changes_nothing() -> None:
    assert right() == right(("期号", " ")) == understood(*filter(None, TEXT.split("\n")))


def test_what_is_no_such_thing_can_be_taken_away() -> None:
    after = right(("期号", "无"), ("日期", "无"), ("单位", "无"))
    assert (after.issue, after.date, after.organizations) == (None, "", ())
    assert {name for section in after.sections for name in section.organizations} == set()


def test_a_doubt_that_is_settled_is_a_doubt_no_more() -> None:
    plain = understood("近日，协会走访了三家企业，听取意见，并就下一步工作作了安排。")
    assert {"no_issue", "no_date", "no_series", "no_title"} <= set(codes(plain.notices))
    after = put_right(plain, [stated(issue="3", date="2021", series="海棠通讯", title="走访")])
    assert {"no_issue", "no_date", "no_series", "no_title"}.isdisjoint(codes(after.notices))
    titled = put_right(plain, [stated(issue="3", series="海棠通讯")])
    assert titled.title == "海棠通讯 第3期"


def test_an_organization_becomes_the_full_name_of_the_authority() -> None:
    authority = Authority([Body("云岭手作工坊", ("云岭",))])
    assert right(("单位", "云岭"), authority=authority).organizations[0].name == "云岭手作工坊"


# Side files and tables.


def test_a_side_file_states_in_both_languages_with_or_without_quotation_marks() -> None:
    written = (
        '期号 = 27\n"日期" = 2020-03-18\norganizations = ["甲协会", "乙协会"]\nseries = "简报"\n'
    )
    statement, notices = side_file(written.encode(), "a.toml")
    assert statement.pairs == (
        ("期号", "27"),
        ("日期", "2020-03-18"),
        ("organizations", "甲协会;乙协会"),
        ("series", "简报"),
    )
    assert notices == ()


@pytest.mark.parametrize(
    "written",
    [b"\xff", b"issue =", b"issue = true", b"issue = 1.5", b"[issue]\nx = 1", b"x=" + b"[" * 9**5],
)
def test_a_side_file_that_is_none_is_told(written: bytes) -> None:
    statement, notices = side_file(written, "a.toml")
    assert (statement.pairs, codes(notices)) == ((), ["override_invalid"])
    assert "a.toml" in notices[0].sentence.en


CELL = st.text(
    st.characters(codec="gb18030", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"),
    max_size=9,
).map(str.strip)


@given(
    st.dictionaries(
        CELL.filter(lambda name: name and "\\" not in name and not name.startswith("./")), CELL
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)
def test_a_spreadsheet_states_what_is_in_its_cells(rows: dict[str, str], encoding: str) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = ["文件,期号", *(f"{quoted(name)},{quoted(value)}" for name, value in rows.items())]
    table = folder_table("\r\n".join(lines).encode(encoding), "bulletins.csv")
    said = {name: dict(s.pairs).get("期号") for name, s in table.statements}
    if encoding != "gb18030" or not _is_utf8("\r\n".join(lines).encode(encoding)):
        assert said == {unicodedata.normalize("NFC", name): value for name, value in rows.items()}
        assert table.notices == ()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_a_table_names_what_is_wrong_with_it() -> None:
    for data, count in (
        (b"", 1),
        ("期号,文件\n3,a.txt".encode(), 1),
        ("文件,期号,颜色\na.txt,3,red".encode(), 1),
        ("文件,期号\n,3\na.txt,3,多出".encode(), 2),
        (b'file,issue\n"a', 1),
        (b"\xff\xff", 1),
    ):
        table = folder_table(data, "x/bulletins.csv")
        assert codes(table.notices) == ["override_invalid"] * count
        assert all("x/bulletins.csv" in notice.sentence.zh for notice in table.notices)
    toml = folder_table('["a.txt"]\n期号 = 3\n[第3期.txt]\n期号 = 4\nx.y = 1\n'.encode(), "b.toml")
    assert [name for name, _ in toml.statements] == ["a.txt", "第3期.txt"]
