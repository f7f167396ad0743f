"""A reader asks why a bulletin is there, or why not, and gets in by one click."""

from __future__ import annotations

import pytest
from test_explanation import TEXTS, WHERE
from web_client import client, page, words

from indexer import BuildReport, FileReport

FILES = (
    *(
        FileReport(f"2020/{n}.txt", "read", id=f"b-{n}", title=WHERE.bulletin(f"b-{n}").title)
        for n in range(len(TEXTS))
    ),
    FileReport("2020/<i>扫描.pdf", "refused", "needs_ocr"),
    FileReport("2019/旧.pdf", "refused", "written_by_another_release"),
)
BROWSER = client(WHERE, "000001", report=BuildReport("000001", FILES))


def get(**asked):
    return page(BROWSER.get("/explain", query_string=asked))


def answer(**asked):
    return BROWSER.get("/api/v1/explain", query_string=asked).get_json()


def test_every_hit_says_why_and_every_page_asks_what_is_missing():
    tree = page(BROWSER.get("/?q=复工复产"))
    [why, *_] = tree.cssselect(".hit .why a")
    explained = page(BROWSER.get(why.get("href")))
    assert "排第 1" in words(explained.cssselect("[role=status]")[0])
    [missing] = tree.cssselect(".missing a")
    assert page(BROWSER.get(missing.get("href"))).cssselect("form.which input[name=bulletin]")


def test_each_term_leads_to_its_paragraphs():
    tree = get(q="复工复产", bulletin="b-0")
    rows = {words(row.cssselect("th")[0]): row for row in tree.cssselect(".fates tbody tr")}
    assert set(rows) == {"复工", "复产"}
    for row in rows.values():
        for link in row.cssselect("td a"):
            assert BROWSER.get(link.get("href").partition("#")[0]).status_code == 200
            assert link.get("href").endswith(f"#p{words(link).split()[1]}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_way_in_leads_to_results_with_the_bulletin(language):
    tree = get(q="复工复产", mode="exact", bulletin="2020/1.txt", lang=language)
    [link, *_] = tree.cssselect(".ways a")
    hits = page(BROWSER.get(link.get("href"))).cssselect(".hit h3 a")
    assert any("/b/b-1" in hit.get("href") for hit in hits)


def test_a_file_that_was_not_read_says_so():
    tree = get(q="复工", bulletin="扫描")
    [line] = tree.cssselect(".files li")
    assert "没有读进来" in words(line)
    assert "<i>扫描.pdf" in words(line)
    [file] = answer(q="复工", bulletin="扫描")["files"]
    assert (file["outcome"], file["reason"], file["url"]) == ("refused", "needs_ocr", None)


def test_a_reason_that_only_another_release_knows_is_shown_as_it_is():
    assert "written_by_another_release" in words(get(q="复工", bulletin="旧.pdf"))
    assert "written_by_another_release" in words(page(BROWSER.get("/report")))


def test_several_files_are_offered_and_nothing_is_said_of_what_is_not_there():
    links = get(q="复工", bulletin="2020/").cssselect(".files li a")
    assert [f"bulletin=b-{n}" in link.get("href") for n, link in enumerate(links)] == [True] * 3
    assert "都没有" in words(get(q="复工", bulletin="不存在").cssselect("[role=status]")[0])
    assert answer(q="复工", bulletin="不存在")["explanation"] is None


def test_the_json_has_what_the_page_has():
    found = answer(q="复工复产", bulletin="b-0")["explanation"]
    assert (found["id"], found["rank"], found["ways_in"]) == ("b-0", 1, [])
    assert [term["text"] for term in found["terms"]] == ["复工", "复产"]
    assert sum(part["adds"] for part in found["parts"]) > 0
    assert BROWSER.get("/api/v1/explain?bulletin=" + "长" * 201).status_code == 400
