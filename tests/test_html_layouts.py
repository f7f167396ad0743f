"""Of a page the text is kept, all of it, and the site around it is left out."""

import pytest
from html_layouts import BODY, FOOT, LAYOUTS, MENU, Layout, each, links, whole

from indexer.readers import html

every_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)


def told(page: str) -> list[str]:
    return [line.text for line in html.extract(page.encode()).lines]


@every_layout
def test_no_line_of_the_text_is_lost(layout: Layout) -> None:
    found = told(layout.page)
    assert [line for line in layout.body if line not in found] == []


@every_layout
def test_no_line_of_the_site_is_left(layout: Layout) -> None:
    found = told(layout.page)
    assert [line for line in layout.site if line in found] == []


def test_what_is_left_out_tells_nothing_of_the_bulletin() -> None:
    page = whole(f"<div>{links(MENU)}</div>{each(BODY)}<div>{each(FOOT)}</div>")
    assert html.extract(page.encode()).furniture == ()


@pytest.mark.parametrize("line", ["搜索", "登录", "大 中 小", *BODY])
def test_a_line_within_the_text_stays_when_it_could_be_the_texts(line: str) -> None:
    page = whole(f"{each(BODY)}<p>{line}</p>{each(BODY)}")
    assert told(page).count(line) == 2 * (line in BODY) + (line != "大 中 小")


def test_very_many_boxes_within_one_another_are_read_at_once() -> None:
    page = whole("<div>" * 50_000 + f"{links(MENU)}{each(BODY)}{each(FOOT)}")
    assert told(page)[0] == BODY[0]
