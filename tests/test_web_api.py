"""Programs get what the contract says; page and frame show the same."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from fake_searcher import LONG, FakeSearcher
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup
from web_client import client, page, words

from webui.present import marked


def get(address):
    return client().get(address).json


def test_an_answer_has_the_shape_of_the_contract():
    answer = get("/api/v1/search?q=公益课程")
    assert answer["query"] == {
        "text": "公益课程",
        "mode": "all",
        "understood": "公益课程",
        "notices": [],
    }
    assert {k: answer[k] for k in ("generation", "total", "page", "size", "took_ms")} == {
        "generation": "000012",
        "total": 1,
        "page": 1,
        "size": 10,
        "took_ms": 1.9,
    }
    (hit,) = answer["hits"]
    (snippet,) = hit.pop("snippets")
    assert hit == {
        "id": "b-000000000027",
        "title": "齐心协力，助力复工复产",
        "title_marks": [],
        "title_html": "齐心协力，助力复工复产",
        "series": "云岭质量简报",
        "issue": {"number": 27, "label": "第27期"},
        "date": "2020-03-18",
        "publisher": "云岭省质量促进会办公室",
        "organizations": ["青屿市质量协会", "白鹭钢铁公司"],
        "score": 7.31,
        "unbroken": True,
        "copies": [],
        "url": "/b/b-000000000027?q=公益课程#p9",
    }
    assert snippet["section"] == "青屿市质量协会：培训不停步"
    assert snippet["paragraph"] == 9
    (start, stop) = snippet["marks"][0]
    assert snippet["text"][start:stop] == "公益课程"
    assert snippet["html"] == snippet["text"].replace("公益课程", "<mark>公益课程</mark>")


def test_json_is_utf_8_in_the_order_of_the_contract():
    answer = client().get("/api/v1/search?q=公益课程")
    plain = json.dumps(answer.json, ensure_ascii=False, separators=(",", ":"))
    assert answer.text == plain + "\n"
    assert [*answer.json][:3] == ["query", "generation", "total"]


@given(
    st.dictionaries(
        st.text(), st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False)
    )
)
@example({"number": 1 << 64})
def test_json_says_what_python_says(said: dict[str, object]) -> None:
    assert json.loads(client().application.json.dumps(said)) == said


def test_facets_have_the_names_of_the_contract_and_the_absent_its_label():
    facets = get("/api/v1/search?issue=27")["facets"]
    assert list(facets) == ["issue", "organization", "year", "series", "publisher"]
    assert {"value": "27", "label": "第27期", "count": 1, "selected": True} in facets["issue"]
    assert {"value": "none", "label": "未标期号", "count": 1, "selected": False} in facets["issue"]


def test_a_bulletin_without_number_says_so():
    hits = get("/api/v1/search?issue=none")["hits"]
    assert [hit["issue"] for hit in hits] == [{"number": None, "label": "未标期号"}]


def test_notices_have_code_message_and_position():
    notices = get("/api/v1/search?q=(&lang=en")["query"]["notices"]
    assert notices == [{"code": "note", "message": "Taken as it is.", "position": 0}]


def test_a_whole_bulletin_has_the_shape_of_the_contract():
    found = get("/api/v1/bulletins/b-000000000027")
    assert list(found) == [
        *("id", "title", "series", "issue", "document_number", "date", "publisher"),
        *("author", "confidentiality", "organizations", "mentioned"),
        *("url", "sections", "distribution", "source", "notices"),
    ]
    assert found["url"] == "/b/b-000000000027"
    assert [section["heading"] for section in found["sections"]] == [
        "",
        "青屿市质量协会：培训不停步",
        "白鹭钢铁公司：质量提升与复工两不误",
    ]
    assert found["sections"][1]["paragraphs"][0] == {
        "number": 7,
        "kind": "paragraph",
        "text": LONG,
        "page": None,
    }
    assert found["organizations"][0] == {
        "name": "青屿市质量协会",
        "aliases": ["青屿质协"],
        "count": 2,
    }
    assert found["mentioned"][0]["name"] == "恒江仪表厂"
    assert found["mentioned"][0]["count"] == 3
    assert unquote(found["mentioned"][0]["url"]) == '/?q="恒江仪表厂"'
    assert found["distribution"]["抄送"] == ["各市质量促进会", "各会员单位"]
    assert found["source"]["encoding"] == "gb18030"
    assert found["notices"] == []


@pytest.mark.parametrize(
    "query", ["q=复工", "q=复工&issue=27", "", "q=没有的词", "q=(复工", "sort=oldest"]
)
def test_page_json_and_frame_show_the_same(query):
    answer = get(f"/api/v1/search?{query}")
    for path in ("/", "/embed"):
        tree = page(client().get(f"{path}?{query}"))
        assert [words(a) for a in tree.cssselect(".hit h3 a")] == [
            " ".join(hit["title"].split()) for hit in answer["hits"]
        ]
        shown = [mark.text for mark in tree.cssselect(".passage mark")]
        assert shown == [
            snippet["text"][start:stop]
            for hit in answer["hits"]
            for snippet in hit["snippets"]
            for start, stop in snippet["marks"]
        ]
        for notice in answer["query"]["notices"]:
            assert notice["message"] in words(tree)
    counts = [int(words(c)) for c in page(client().get(f"/?{query}")).cssselect(".facets .count")]
    assert counts == [v["count"] for values in answer["facets"].values() for v in values]


ranges = st.lists(st.integers(0, 40), unique=True, max_size=8).map(
    lambda ends: [*zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False)]
)


@given(st.text(st.sampled_from("复工<>&\"'/mark ;\u2028"), min_size=41, max_size=41), ranges)
def test_marking_adds_mark_elements_and_changes_no_character(text, marks):
    html = marked(text, marks)
    assert Markup(html.replace("<mark>", "").replace("</mark>", "")).unescape() == text
    pieces = html.split("<mark>")[1:]
    assert [Markup(piece.split("</mark>")[0]).unescape() for piece in pieces] == [
        text[start:stop] for start, stop in marks
    ]


def test_asking_for_a_page_searches_once():
    searcher = FakeSearcher()
    client(searcher).get("/?q=复工")
    assert len(searcher.searches) == 1


def test_what_is_being_typed_is_completed():
    assert get("/api/v1/suggest?q=口罩 fugong") == [
        {"text": text, "kind": "phrase", "count": n, "query": f"口罩 {text}", "marks": [[0, 6]]}
        for text, n in (("复工复产", 3), ("复工指南", 1))
    ]
    assert len(get("/api/v1/suggest?q=f&limit=1")) == 1
    assert get("/api/v1/suggest") == []


@pytest.mark.parametrize(
    "query", ["limit=51", "limit=x", "limit=1&limit=2", "q=a&q=b", "q=" + "复" * 2001]
)
def test_a_wrong_completion_is_refused_as_a_wrong_search_is(query):
    response = client().get(f"/api/v1/suggest?{query}")
    assert response.status_code == 400
    assert response.json["error"]["code"] == "wrong_usage"


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_correction_is_a_link_above_the_results_with_its_count(path):
    (correction,) = get("/api/v1/search?q=复工付产&issue=27")["corrections"]
    assert correction == {
        "message": "您要找的是不是：复工复产",
        "query": "复工复产",
        "total": 3,
        "url": "/?q=复工复产&issue=27",
    }
    tree = page(client().get(f"{path}?q=复工付产&issue=27"))
    (meant,) = tree.cssselect(".meant")
    assert words(meant) == "您要找的是不是：复工复产 3 篇"
    assert meant.find("a").get("href") == correction["url"]
    assert not page(client().get(f"{path}?q=复工复产")).cssselect(".meant")
