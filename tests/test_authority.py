"""The operator's list of bodies says which names there are, and what each of them means."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade import reading
from hypothesis import given
from hypothesis import strategies as st

from indexer.bulletin import Bulletin, Organization
from indexer.errors import WrongUsage
from indexer.metadata import describe
from indexer.metadata.authority import Authority, Body, read_authority
from indexer.metadata.name_index import NameIndex

WORKSHOP = Body("云岭手作工坊", ("云岭", "旧窑坊"))
LISTED = Authority([WORKSHOP, Body("云州省质量协会", ("云质", "云州省质量管理协会"))])
CSV = (
    "全称,简称,曾用名\n云岭手作工坊,云岭,旧窑坊\n云州省质量协会,云质;云州质协,云州省质量管理协会\n"
)
TOML = """
["云岭手作工坊"]
简称 = "云岭"
former = ["旧窑坊"]
["云州省质量协会"]
short = "云质、云州质协"
曾用名 = "云州省质量管理协会"
"""


def understood(*lines: str, authority: Authority = LISTED) -> Bulletin:
    return describe(reading(*lines), "b", authority)


def test_a_listed_name_is_recognised_though_no_rule_knows_it() -> None:
    text = "上周，云岭手作工坊开门迎客，来访的市民很多。"
    assert understood(text).organizations == (Organization("云岭手作工坊", (), 1),)
    assert understood(text, authority=Authority()).organizations == ()


def test_all_names_of_a_body_are_one_organization_and_their_mentions_add_up() -> None:
    bulletin = understood("旧窑坊迎客。云岭展出新作。云岭手作工坊感谢各界，云岭还将再来。")
    assert bulletin.organizations == (Organization("云岭手作工坊", ("旧窑坊", "云岭"), 4),)


def test_a_former_name_that_the_rules_know_becomes_the_full_name() -> None:
    bulletin = understood("云州省质量管理协会开展培训。", "云质再次开班，云州省质量管理协会授课。")
    assert bulletin.organizations == (
        Organization("云州省质量协会", ("云州省质量管理协会", "云质"), 3),
    )


def test_the_longest_name_counts() -> None:
    authority = Authority([Body("云岭"), Body("云岭手作工坊")])
    bulletin = understood("云岭手作工坊与云岭合办。", authority=authority)
    assert {o.name: o.count for o in bulletin.organizations} == {"云岭手作工坊": 1, "云岭": 1}


def test_what_the_text_itself_explains_stays() -> None:
    text = "东湾市质量协会（以下简称“云质”）成立，云质举办讲座。"
    assert [o.name for o in understood(text).organizations] == ["东湾市质量协会"]


def test_a_latin_name_is_a_whole() -> None:
    authority = Authority([Body("云岭手作工坊", ("YL",))])
    assert understood("STYLE 和 XYL 都不是。", authority=authority).organizations == ()
    assert understood("与YL合办，（ＹＬ）", authority=authority).organizations[0].count == 2


def test_traditional_and_spaced_out_writings_of_the_list_are_understood() -> None:
    authority = Authority([Body("雲嶺手作工坊", ("云 岭",))])
    assert understood("云岭展出新作。", authority=authority).organizations == (
        Organization("雲嶺手作工坊", ("云岭",), 1),
    )


def test_a_paragraph_may_lead_with_a_listed_name() -> None:
    bulletin = understood("简报", "一、各地动态", "云岭：开门迎客，来访的市民络绎不绝，展品很多。")
    assert "云岭手作工坊" in {name for s in bulletin.sections for name in s.organizations}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_spreadsheet_and_a_toml_say_the_same(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_text(CSV, encoding)
    (tmp_path / "a.toml").write_text(TOML, "utf-8")
    one, other = (read_authority(str(tmp_path / name)) for name in ("a.csv", "a.toml"))
    assert (
        one.full
        == other.full
        == {
            **dict.fromkeys(("云岭手作工坊", "云岭", "旧窑坊"), "云岭手作工坊"),
            **dict.fromkeys(
                ("云州省质量协会", "云质", "云州质协", "云州省质量管理协会"), "云州省质量协会"
            ),
        }
    )
    assert one.fingerprint == other.fingerprint != LISTED.fingerprint
    assert not one.notices


def test_a_name_that_two_bodies_claim_means_the_first_and_is_told() -> None:
    authority = Authority([WORKSHOP, Body("云岭旅行社", ("云岭",)), Body("旧窑坊")], "a.csv")
    assert authority.resolved("云岭") == "云岭手作工坊"
    assert authority.resolved("旧窑坊") == "旧窑坊"
    assert [notice.code for notice in authority.notices] == ["override_invalid"] * 2
    assert "a.csv" in authority.notices[0].sentence.zh
    assert "云岭手作工坊" in authority.notices[1].sentence.en


def test_a_name_of_one_character_would_stand_everywhere() -> None:
    authority = Authority(
        [Body("云", ("云岭",)), Body("", ("东湾",)), Body("云岭手作工坊", ("坊",))]
    )
    assert authority.full == {"云岭手作工坊": "云岭手作工坊"}
    assert len(authority.notices) == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"\xff\xff\xff"),
        ("a.csv", "简称\n云岭\n".encode()),
        ("a.csv", "全称,电话\n云岭,1\n".encode()),
        ("a.csv", b""),
        ("a.toml", b"x ="),
        ("a.toml", b"x = 1"),
        ("a.toml", b"[x]\nshort = 1.5"),
        ("a.toml", b"x = " + b"[" * 100_000),
    ],
)
def test_a_list_that_is_none_is_wrong_usage(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WrongUsage, match=name):
        read_authority(str(tmp_path / name))


def test_a_list_that_is_not_there_is_wrong_usage_and_none_is_none(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"nowhere\.csv"):
        read_authority(str(tmp_path / "nowhere.csv"))
    assert read_authority("").full == {}


@given(st.sets(st.text("甲乙丙aB1", min_size=2, max_size=4)), st.text("甲乙丙aB1 ", max_size=30))
def test_the_index_finds_what_stands_in_the_text(names: set[str], text: str) -> None:
    latin = "aB1"
    expected = {
        (at, name)
        for name in names
        for at in range(len(text))
        if text.startswith(name, at)
        and not (at and text[at - 1] in latin and name[0] in latin)
        and not (text[at + len(name) : at + len(name) + 1] in [*latin] and name[-1] in latin)
    }
    found = list(NameIndex(names).find(text))
    assert set(found) == expected
    assert found == sorted(found, key=lambda each: (each[0], -len(each[1])))
