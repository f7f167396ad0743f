"""What is like a bulletin, and what of it stands elsewhere, can be seen, followed and fetched."""

from __future__ import annotations

import pytest
from fake_searcher import HOSTILE, LONG, SAMPLES, FakeSearcher, make
from web_client import client, page, words

from indexer.bulletin import Block

SOURCE = make("b-0000000000aa", 30, "2020-02-01", "先登的一期", Block("导语。"), Block(LONG))
EVIL = make("b-0000000000bb", 31, "2020-04-01", HOSTILE, Block(HOSTILE), Block(LONG), series="x")
SEARCHER = FakeSearcher(bulletins=(*SAMPLES, SOURCE, EVIL))
ID = SAMPLES[0].id


def link(tree, text: str) -> str:
    """Return where the link with this text leads."""
    return next(a.get("href") for a in tree.iter("a") if text in words(a))


def get(address: str):
    return page(client(SEARCHER).get(address))


def test_the_page_shows_bulletins_alike_and_passages_with_their_places():
    tree = get(f"/b/{ID}/similar")
    alike, elsewhere = tree.cssselect(".related section")
    assert link(alike, "质量月活动筹备情况") == "/b/b-000000000026"
    first = elsewhere.cssselect("ul > li")[0]
    assert link(first, "先登的一期") == "/b/b-0000000000aa"
    assert "第30期" in words(first)
    assert "2020年2月1日" in words(first)
    assert "日期在前，可能是出处" in words(first)
    assert words(first.cssselect("blockquote")[0]) == LONG[:80] + "……"
    assert link(first, "本篇第 7 段") == f"/b/{ID}?with=b-0000000000aa#p7"
    assert link(first, "那篇第 6 段") == f"/b/b-0000000000aa?with={ID}#p6"
    english = get(f"/b/{ID}/similar?lang=en")
    assert "earlier, the likely source" in words(english)


def test_the_links_lead_to_the_passage_marked():
    for address, other in (
        (f"/b/{ID}?with=b-0000000000aa", "先登的一期"),
        (f"/b/b-0000000000aa?with={ID}", SAMPLES[0].title),
    ):
        tree = get(address)
        (mark,) = tree.cssselect(".bulletin mark")
        assert words(mark) == LONG
        assert mark.getparent().get("id") == ("p7" if ID in address.split("?")[0] else "p6")
        bar = tree.cssselect(".hits")[0]
        assert f"标出的段落也见于{other}" in words(bar)
        assert "共 1 处" in words(bar)


def test_one_that_has_nothing_in_common_or_is_not_there_marks_nothing():
    assert not get(f"/b/{ID}?with=b-000000000008").cssselect("mark")
    nobody = get(f"/b/{ID}?with=b-nobody&q=复工复产")
    assert {words(mark) for mark in nobody.cssselect("mark")} == {"复工复产"}


def test_what_stands_alone_says_so():
    tree = page(client(FakeSearcher(bulletins=SAMPLES[3:4])).get("/b/b-00000000none/similar"))
    assert "没有相近的简报" in words(tree)
    assert "没有与别处相同的长段落" in words(tree)


def test_the_reading_room_leads_there():
    section = get(f"/b/{ID}").cssselect("section.relatives")[0]
    assert section.get("data-from") == f"/b/{ID}/similar"
    assert link(section, "看看有没有") == f"/b/{ID}/similar"
    assert (
        get(f"/b/{ID}?lang=en")
        .cssselect("section.relatives")[0]
        .get("data-from")
        .endswith("?lang=en")
    )


def test_programs_get_the_same():
    answer = client(SEARCHER).get(f"/api/v1/bulletins/{ID}/similar").json
    assert answer["id"] == ID
    assert answer["similar"][0] == {
        "id": "b-000000000026",
        "title": "质量月活动筹备情况",
        "series": "云岭质量简报",
        "issue": {"number": 26, "label": "第26期"},
        "date": "2020-03-12",
        "publisher": "云岭省质量促进会办公室",
        "url": "/b/b-000000000026",
        "likeness": 0.5,
    }
    source = answer["reprints"][0]
    assert (source["id"], source["order"]) == ("b-0000000000aa", "earlier")
    assert source["passages"] == [
        {
            "text": LONG,
            "paragraph": 7,
            "url": f"/b/{ID}?with=b-0000000000aa#p7",
            "there": {"paragraph": 6, "url": f"/b/b-0000000000aa?with={ID}#p6"},
        }
    ]


@pytest.mark.parametrize("address", ["/b/b-nobody/similar", "/api/v1/bulletins/b-nobody/similar"])
def test_a_bulletin_that_is_not_there_is_not_found(address: str):
    assert client(SEARCHER).get(address).status_code == 404


def test_hostile_titles_are_text():
    tree = get("/b/b-0000000000aa/similar")
    assert HOSTILE.replace("\u2028", " ") in words(tree).replace("\u2028", " ")
    assert not tree.xpath("//script[not(@src)] | //img")
