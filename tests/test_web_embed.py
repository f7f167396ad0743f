"""Results stand in another page, and nothing in an address gets further than it may."""

from __future__ import annotations

import pytest
from fake_searcher import FakeSearcher
from web_client import client, page, words


def get(address, **settings):
    return page(client(**settings).get(address))


def test_the_frame_takes_the_parameters_of_the_search():
    tree = get("/embed?q=复工&issue=27&size=5")
    assert [words(a) for a in tree.cssselect(".hit h3 a")] == ["齐心协力，助力复工复产"]
    assert not tree.cssselect(".facets, form, .chips")


def test_links_of_the_frame_open_outside_of_it():
    tree = get("/embed?q=复工")
    links = [a for a in tree.iter("a") if not {"next", "prev"} & set((a.get("rel") or "").split())]
    assert links
    for a in links:
        assert (a.get("target"), a.get("rel")) == ("_blank", "noopener")


def test_paging_stays_inside_the_frame_with_its_look():
    tree = get("/embed?q=复工&size=1&theme=dark&lang=en")
    (following,) = tree.cssselect("a[rel~=next]")
    assert following.get("target") is None
    assert following.get("href").startswith("/embed?q=复工&page=2&size=1&")
    assert "theme=dark" in following.get("href")
    assert "lang=en" in following.get("href")


@pytest.mark.parametrize(
    ("asked", "given"),
    [("light", "light"), ("dark", "dark"), ("auto", "auto"), ("", "auto"), ("blue", "auto")],
)
def test_the_theme_is_one_of_three(asked, given):
    tree = get(f"/embed?theme={asked}&size=1")
    assert tree.get("data-theme") == given
    assert "blue" not in client().get(f"/embed?theme={asked}&size=1").text


def test_only_a_frame_takes_a_theme():
    assert get("/?theme=dark").get("data-theme") == "auto"


@pytest.mark.parametrize("name", ["height", "placeholder", "target", "callback", "css", "style"])
def test_other_parameters_do_nothing(name):
    plain = client().get("/embed?q=复工").get_data()
    assert client().get(f"/embed?q=复工&{name}=https://evil.example/x").get_data() == plain


def test_a_box_asks_before_it_searches():
    searcher = FakeSearcher()
    browser = client(searcher)
    form = page(browser.get("/embed?box=1&issue=27&theme=light&size=5")).forms[0]
    assert searcher.searches == []
    assert form.get("action") == "/embed"
    fields = dict(form.form_values()) | {"q": "复工"}
    assert fields == {"q": "复工", "issue": "27", "size": "5", "theme": "light", "box": "1"}
    tree = page(browser.get("/embed", query_string=fields))
    assert len(tree.cssselect(".hit")) == 1
    assert len(tree.forms) == 1


def test_the_script_may_be_loaded_by_other_sites():
    response = client().get("/embed.js")
    assert response.mimetype == "text/javascript"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert client().get("/").headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_an_error_in_the_frame_is_small_and_may_be_framed():
    response = client(embed_origins=("https://friend.example",)).get("/embed?page=0")
    assert response.status_code == 400
    assert "https://friend.example" in response.headers["Content-Security-Policy"]
    assert "page 应为" in words(page(response))
    assert not page(response).cssselect("header")
