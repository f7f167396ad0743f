"""A reader sees every place in its line and how often over time, and goes on from there."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import pytest
from fake_searcher import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from test_concordance import FOUR
from web_client import client, page, words
from werkzeug.datastructures import MultiDict

from indexer.answer import SearchRequest
from webui import charting, params
from webui.spreadsheet import BYTE_ORDER_MARK, csv_lines

BROWSER = client(FOUR, "000001")


def get(address: str):
    return page(BROWSER.get(address))


def followed(url: str) -> int:
    """Return how many bulletins the search has to which an address leads."""
    asked = parse_qsl(urlsplit(url).query)
    assert urlsplit(url).path == "/"
    return FOUR.search(params.read(MultiDict(asked))).total


def test_each_line_shows_the_place_and_leads_to_its_paragraph():
    rows = get("/concordance?q=复工").cssselect(".kwic tbody tr")
    shown = [[words(cell) for cell in row.cssselect("td")] for row in rows]
    assert ["先复产，再", "复工", "！", "第2期 2020年2月"] in shown
    assert ["某日", "复工", "。", "丁报"] in [[*cells[:3], cells[3].strip()] for cells in shown]
    assert len(rows) == 5
    assert rows[0].cssselect("a")[0].get("href").startswith("/b/b-00")
    assert "#p" in rows[0].cssselect("a")[0].get("href")


def test_orders_and_pages_keep_the_search():
    tree = get("/concordance?q=复工&mode=exact&size=2&order=right")
    orders = {words(link): link.get("href") for link in tree.cssselect(".sorts a")}
    assert orders["按左边的字"] == "/concordance?q=复工&mode=exact&order=left"
    assert tree.cssselect(".sorts a[aria-current]")[0].get("href").endswith("order=right")
    assert "5 处" in words(tree)
    assert "没有这么多页" in words(get("/concordance?q=复工&page=9"))
    assert "没有可以逐处列出的" in words(get("/concordance?q=没有"))


def test_a_program_gets_the_same_lines():
    answer = BROWSER.get("/api/v1/concordance?q=复产&order=right").json
    assert answer["total"] == 1
    assert answer["bulletins"] == {"read": 1, "total": 1}
    assert answer["lines"] == [
        {
            "left": "先",
            "match": "复产",
            "right": "，再复工！",
            "id": "b-002",
            "title": "乙报",
            "issue": "第2期",
            "date": "2020-02",
            "paragraph": 2,
            "url": "/b/b-002?q=复产#p2",
        }
    ]


def test_the_file_has_every_line_and_a_head_in_the_language_of_the_reader():
    answer = BROWSER.get("/concordance.csv?q=复工&lang=en")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.get_data(as_text=True)
    assert text.startswith(BYTE_ORDER_MARK)
    head, *rows = csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK)))
    assert head[:3] == ["Left", "Match", "Right"]
    assert sorted(row[:3] for row in rows) == sorted(
        [line.left, line.match, line.right] for line in FOUR.lines(SearchRequest("复工"))
    )


FORMULAS = ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "\0=1")


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula(cell: str):
    _, line = csv_lines([[cell]])
    assert line == f'"\'{cell.replace(chr(0), "")}"\r\n'


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1))
def test_a_file_is_read_back_as_it_was_written(cells: list[str]):
    text = "".join(csv_lines([cells])).removeprefix(BYTE_ORDER_MARK)
    (row,) = csv.reader(io.StringIO(text, newline=""))
    assert [cell.removeprefix("'") for cell in row] == [
        cell.replace("\0", "").removeprefix("'") for cell in cells
    ]


def test_bars_are_as_tall_as_what_they_count_and_lead_to_it():
    tree = get("/trends?q=复工&by=month")
    bars = [(a.get("href"), a.cssselect("rect")[0]) for a in tree.cssselect(".chart a")]
    assert [words(rect.cssselect("title")[0]) for _, rect in bars] == [
        "2020年2月：复工 3 处，2 篇",
        "2021年5月：复工 1 处，1 篇",
    ]
    heights = [float(rect.get("height")) for _, rect in bars]
    assert heights[0] == pytest.approx(3 * heights[1], rel=0.01)
    assert [followed(url) for url, _ in bars] == [2, 1]
    # The months between have their place.
    assert len(tree.cssselect(".trend tbody tr")) == 16


@pytest.mark.parametrize("unit", params.UNITS)
@pytest.mark.parametrize("narrowed", ["", "&org=甲会", "&from=2020-02&to=2020-02-20"])
def test_every_number_leads_to_as_many_bulletins_as_it_says(unit: str, narrowed: str):
    answer = BROWSER.get(f"/api/v1/trends?q=复工 “先复产，再” 没有{narrowed}").json
    names = {"org": "organization"}
    for trend in answer["trends"]:
        for cell in trend["by"][names.get(unit, unit)]:
            assert followed(cell["url"]) == cell["bulletins"], cell
    shown = get(f"/trends?q=复工 “先复产，再”&by={unit}{narrowed}")
    for link in shown.cssselect(".trend td a"):
        assert f"{followed(link.get('href'))} 篇" in link.get("title")


def test_the_first_and_the_last_bulletin_are_named():
    tree = get("/trends?q=复工 没有")
    first, none = tree.cssselect(".phrases li")
    links = [(words(link), link.get("title")) for link in first.cssselect("a")]
    assert links == [("2020年2月", "乙报"), ("2021年5月1日", "丙报")]
    assert "没有哪一期有这样的字句" in words(none)
    assert "First: 2020-02" in words(get("/trends?q=复工&lang=en"))


def test_the_three_views_lead_to_one_another():
    for address in ("/?q=复工&org=甲会", "/concordance?q=复工&org=甲会", "/trends?q=复工&org=甲会"):
        links = [link.get("href") for link in get(address).cssselect(".views a")]
        assert links == [f"{path}?q=复工&org=甲会" for path in ("/", "/concordance", "/trends")]
    assert not get("/").cssselect(".views")


def test_hostile_text_is_text():
    for address in ("/concordance?q=危险", "/trends?q=危险&by=series"):
        tree = page(client().get(address))
        assert not tree.xpath("//script[not(@src)] | //img")
    shown = words(page(client().get("/concordance?q=危险")))
    assert HOSTILE.replace("\u2028", " ")[:30] in shown.replace("\u2028", " ")


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=2, max_size=2), min_size=1, max_size=90))
def test_bars_keep_proportions_stand_within_the_picture_and_never_overlap(groups):
    chart = charting.columns(groups)
    top = chart.scale[-1][1]
    assert top >= max(max(group) for group in groups)
    for bar in chart.columns:
        assert bar.height == pytest.approx(
            charting.PLOT_HEIGHT * groups[bar.group][bar.series] / top, abs=0.01
        )
        assert bar.y + bar.height == pytest.approx(chart.bottom)
        assert 0 <= bar.x < bar.x + bar.width <= chart.width
    for one, other in pairwise(chart.columns):
        assert one.x + one.width <= other.x + 0.02
    middles = [x for x, _ in chart.labels]
    assert all(b - a >= charting.LABEL_WIDTH * 0.9 for a, b in pairwise(middles))


@pytest.mark.parametrize(
    ("largest", "expected"),
    [(0, (0, 1)), (1, (0, 1)), (4, (0, 1, 2, 3, 4)), (5, (0, 2, 4, 6)), (97, (0, 50, 100))],
)
def test_a_scale_has_round_steps(largest: int, expected: tuple[int, ...]):
    assert charting.scale(largest) == expected
