"""No text from a document or an address runs, and no page of others gets more than it may."""

from __future__ import annotations

import json

import pytest
from fake_searcher import HOSTILE
from web_client import FAILING, ROUTES, client, page

from indexer.errors import WrongUsage

EVERY = (*ROUTES, *FAILING)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
FRIEND = "https://friend.example"


@pytest.mark.parametrize("address", EVERY)
def test_every_answer_has_the_headers(address):
    headers = client(embed_origins=(FRIEND,)).get(address).headers
    framed = address.split("?")[0] == "/embed"
    ancestors = f"'self' {FRIEND}" if framed else "'self'"
    assert headers["Content-Security-Policy"] == POLICY + ancestors
    assert headers.get("X-Frame-Options") == (None if framed else "SAMEORIGIN")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers
    assert "Server" not in headers
    if address in FAILING:
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", EVERY)
def test_a_known_address_answers_with_the_status_that_it_should(address):
    assert client().get(address).status_code == FAILING.get(address, 200)


@pytest.mark.parametrize("address", [a for a in EVERY if "static" not in a and "js" not in a])
def test_pages_have_no_inline_script_style_or_handler(address):
    response = client().get(address)
    if response.mimetype != "text/html":
        return
    for element in page(response).iter():
        assert element.tag != "style"
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
        if element.tag == "script":
            assert element.get("src", "").startswith("/static/")
            assert not (element.text or "").strip()
        for name in ("href", "src", "action"):
            assert element.get(name, "/")[0] in "/#", "every link is relative"
            assert not element.get(name, "/").startswith("//")


HOSTILE_PAGES = (
    "/",
    "/?q=alert",
    "/b/b-0000000000ff?q=alert",
    "/b/b-0000000000ff?q=script>",
    "/embed?q=alert",
    "/report",
    "/report?show=refused",
    "/report?show={}&page={}&part={}",
    "/?q={}",
    "/embed?q={}&box=1&theme={}",
    "/?series={}&publisher={}&org={}",
    "/b/b-0000000000ff?q={}&series={}",
    "/b/{}",
    "/{}",
    "/?mode={}",
)


@pytest.mark.parametrize("address", HOSTILE_PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_text_is_shown_as_text(address, language):
    parts = address.partition("?")
    query = parts[2].replace("{}", HOSTILE.replace("&", "%26").replace(";", "%3B"))
    response = client().get(
        f"{parts[0].replace('{}', HOSTILE.replace('?', ''))}?{query}&lang={language}"
    )
    tree = page(response)
    assert not tree.xpath("//img"), "no element comes from text"
    assert not tree.xpath("//mark[*]"), "a mark holds text only"
    assert all(script.get("src") for script in tree.iter("script"))
    assert "49" not in tree.text_content().replace(HOSTILE, ""), "nothing is evaluated"
    assert not tree.xpath("//@onerror | //@onload")


@pytest.mark.parametrize(
    "address", ["/?q=alert", "/b/b-0000000000ff?q=alert", "/embed?q=alert", "/report"]
)
def test_hostile_text_is_still_readable(address):
    assert HOSTILE in page(client().get(address)).text_content()


def test_hostile_text_in_json_is_data_and_its_html_is_escaped():
    response = client().get("/api/v1/search?q=alert")
    (hit,) = json.loads(response.get_data())["hits"]
    assert hit["title"] == HOSTILE
    for rich in (hit["title_html"], *(snippet["html"] for snippet in hit["snippets"])):
        bare = rich.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare
        assert '"' not in bare
    assert response.mimetype == "application/json"


@pytest.mark.parametrize(
    ("listed", "asking", "answer"),
    [
        ((), FRIEND, None),
        ((FRIEND,), FRIEND, FRIEND),
        ((FRIEND,), "https://friend.example.evil.com", None),
        ((FRIEND,), "https://evilfriend.example", None),
        ((FRIEND,), "http://friend.example", None),
        ((FRIEND,), "null", None),
        ((FRIEND,), "*", None),
        (("*",), "https://anyone.example", "*"),
        (("*",), "null", "*"),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v1/search?page=0"])
def test_only_listed_origins_may_read_the_api(listed, asking, answer, path):
    headers = client(embed_origins=listed).get(path, headers={"Origin": asking}).headers
    assert headers.get("Access-Control-Allow-Origin") == answer
    assert "Access-Control-Allow-Credentials" not in headers
    assert ("Origin" in headers["Vary"]) == ("*" not in listed)


def test_pages_are_never_shared_with_other_origins():
    headers = client(embed_origins=(FRIEND,)).get("/", headers={"Origin": FRIEND}).headers
    assert "Access-Control-Allow-Origin" not in headers


def test_everybody_may_frame_only_when_that_is_listed():
    policy = client(embed_origins=("*",)).get("/embed").headers["Content-Security-Policy"]
    assert policy == POLICY + "*"
    policy = client().get("/embed").headers["Content-Security-Policy"]
    assert policy == POLICY + "'self'"


@pytest.mark.parametrize(
    "bad", ["friend.example", "https://a.example/", "https://a; script-src *", "null", "", "'self'"]
)
def test_an_origin_that_is_none_is_refused_at_start(bad):
    with pytest.raises(WrongUsage, match="embed_origins"):
        client(embed_origins=(bad,))


@pytest.mark.parametrize(
    "host", ["evil.example", "good.example.evil.example", "good.example,x", ""]
)
def test_a_strange_host_is_refused(host):
    strict = client(trusted_hosts=("good.example",))
    response = strict.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert host == "" or host not in response.get_data(as_text=True)
    assert "Content-Security-Policy" in response.headers


def test_trusted_hosts_answer_on_every_port_and_without_a_list_all_do():
    strict = client(trusted_hosts=("good.example",))
    assert strict.get("/", headers={"Host": "good.example:8000"}).status_code == 200
    assert client().get("/", headers={"Host": "evil.example"}).status_code == 200


@pytest.mark.parametrize("address", EVERY)
def test_what_is_not_in_vary_never_changes_the_answer(address):
    odd = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
        "X-Original-URL": "/evil",
        "X-Rewrite-URL": "/evil",
        "X-HTTP-Method-Override": "POST",
        "Forwarded": "host=evil.example",
        "Accept": "application/xml",
        "Accept-Charset": "gbk",
        "Cookie": "lang=en; theme=dark",
        "Origin": "https://evil.example",
        "Referer": "https://evil.example/",
        "User-Agent": "odd",
        "Host": "evil.example",
    }
    plain, strange = client().get(address), client().get(address, headers=odd)
    assert plain.get_data() == strange.get_data()
    assert plain.status_code == strange.status_code


def test_there_is_no_jsonp():
    plain = client().get("/api/v1/search?q=复工").get_data()
    assert client().get("/api/v1/search?q=复工&callback=steal").get_data() == plain


@pytest.mark.parametrize("path", ["//evil.com", "/\\evil.com", "/https:evil.com", "/help//"])
def test_nothing_redirects(path):
    response = client().get("/", environ_overrides={"PATH_INFO": path})
    assert response.status_code == 404
    assert "Location" not in response.headers


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["/", "/api/v1/search", "/embed", "/b/b-000000000027", "/report"])
def test_everything_can_only_be_read(method, path):
    response = getattr(client(), method)(path)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/static/../params.py", "/static/%2e%2e/params.py", "/static//etc/passwd"]
)
def test_static_files_are_only_those(path):
    assert client().get(path).status_code == 404
