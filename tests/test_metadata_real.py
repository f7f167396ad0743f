"""Real bulletins are understood as their readers do; the folders come from the environment."""

import csv
import os
import re
from pathlib import Path

import pytest

from indexer.analysis.numerals import to_int
from indexer.bulletin import Bulletin, Kind
from indexer.metadata import describe
from indexer.readers.reading import read
from indexer.settings import Settings

BULLETINS = os.environ.get("JIANBAO_BULLETINS", "")
DATA = os.environ.get("JIANBAO_DATA", "")
needs_bulletins = pytest.mark.skipif(not BULLETINS, reason="JIANBAO_BULLETINS is not set")
needs_data = pytest.mark.skipif(not DATA, reason="JIANBAO_DATA is not set")

PUBLISHER = "中国质量协会宣传部"
SERIES = "全国质协系统抗击疫情防控工作简报"
TITLE = "齐心协力抗疫情，质协系统勇担当"
FACTS = {
    "000": (27, "2020-03-18", PUBLISHER, "全国质协系统抗击疫情工作简报", f"{TITLE}（八）"),
    "001": (None, "2020-03-20", PUBLISHER, "", "积极作为，助力复工复产"),
    "002": (25, "2020-03-12", PUBLISHER, SERIES, f"{TITLE}（七）"),
    "003": (8, "2020-02-14", PUBLISHER, SERIES, f"{TITLE}（一）"),
    "004": (None, "", "", "", "在常态化疫情防控中 高质量推进复工复产"),
}
MEMBERS = {
    "000": ["新疆维吾尔自治区质量协会", "广东省质量协会", "南京质量协会"],
    "001": [],
    "002": ["徐州供电公司", "南京化学工业园热电公司", "江苏宁沪高速公路无锡管理处"],
    "003": ["新疆维吾尔自治区质量协会", "安徽省质量管理协会", "合肥市质量管理协会"],
    "004": ["上海市质协"],
}
SHORT_NAMES = {
    "000": {"新疆质协": "新疆维吾尔自治区质量协会", "广东质协": "广东省质量协会"},
    "001": {"中国质协": "中国质量协会"},
    "002": {"江苏质协": "江苏省质量管理协会"},
    "003": {"新疆质协": "新疆维吾尔自治区质量协会"},
    "004": {"市质协": "上海市质协"},
}
LEVELS = {"000": 3, "001": 0, "002": 3, "003": 3, "004": 0}


def bulletin(path: Path) -> Bulletin:
    return describe(read(path, path.name, Settings()), "b")


@pytest.fixture(params=FACTS)
def named(request):
    (path,) = Path(BULLETINS).glob(f"{request.param}_*")
    return request.param, bulletin(path)


@needs_bulletins
def test_the_masthead_says_what_its_readers_answer(named):
    name, described = named
    issue = described.issue.number if described.issue else None
    found = (issue, described.date, described.publisher, described.series, described.title)
    assert found == FACTS[name]


@needs_bulletins
def test_what_the_masthead_does_not_say_has_a_notice(named):
    name, described = named
    codes = {notice.code for notice in described.notices}
    absent = {
        code
        for code, value in zip(
            ("no_issue", "no_date", "no_publisher", "no_series"), FACTS[name], strict=False
        )
        if not value
    }
    assert {code for code in codes if code.startswith("no_")} == absent


@needs_bulletins
def test_sections_are_about_the_member_organizations(named):
    name, described = named
    about = [body for section in described.sections for body in section.organizations]
    assert list(dict.fromkeys(about)) == MEMBERS[name]


@needs_bulletins
def test_short_names_are_the_same_organization(named):
    name, described = named
    meant = {alias: body.name for body in described.organizations for alias in body.aliases}
    assert SHORT_NAMES[name].items() <= meant.items()


@needs_bulletins
def test_the_distribution_block_is_data(named):
    name, described = named
    blocks = [block for block in described.blocks if block.kind is Kind.DISTRIBUTION]
    assert len(blocks) == len(described.distribution) == LEVELS[name]
    if blocks:
        assert [len(names) for names in described.distribution.values()] == [3, 1, 3]


@needs_bulletins
def test_both_articles_of_the_magazine_pages_are_sections():
    (path,) = Path(BULLETINS).glob("004_*")
    headings = [section.heading for section in bulletin(path).sections]
    assert headings[0] == FACTS["004"][4]
    assert "质量：“追求善、制止恶”" in headings


def closed(text: str) -> str:
    return re.sub(r"\s", "", text)


def issue_number(label: str) -> int | None:
    match = re.search(r"(?:第|#)(\w+?)(?:期|号|周|$)", closed(label))
    return to_int(match[1]) if match else None


FLOORS = {"issue": 22, "date": 22, "title": 22, "publisher": 17}
"""Of 22.  Five publishers are not on the page: readers know them from elsewhere."""


@needs_data
@pytest.mark.slow
def test_other_bulletins_are_understood_as_their_readers_do():
    folder = Path(DATA) / "more-bulletins"
    right = dict.fromkeys(FLOORS, 0)
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            described = bulletin(folder / row["file"])
            number = described.issue.number if described.issue else None
            right["issue"] += number == issue_number(row["issue"])
            right["date"] += described.date == row["date"]
            right["title"] += closed(described.title) == closed(row["title"])
            right["publisher"] += closed(described.publisher) == closed(row["publisher"])
    print(", ".join(f"{name} {count}/22" for name, count in right.items()))
    assert all(right[name] >= floor for name, floor in FLOORS.items()), right
