"""Every error is one sentence in one shape, and says nothing about our inside."""

from __future__ import annotations

import logging
import re

import pytest
from fake_searcher import FakeSearcher
from web_client import FAILING, browser_of, client, page

from indexer.errors import EnvironmentFault, IndexDamaged, IndexMissing
from indexer.settings import Settings
from webui import create_app


def without_index(error):
    def refuse(_):
        raise error

    return browser_of(create_app(Settings(), refuse, lambda _: None, refuse))


MISSING = IndexMissing("/srv/secret/index 里没有索引。", "No index in /srv/secret/index.")
DAMAGED = IndexDamaged(
    "/srv/secret/index/7/x.bin 已损坏。", "/srv/secret/index/7/x.bin is damaged."
)


@pytest.mark.parametrize("address", [a for a in FAILING if a.startswith("/api/")])
def test_programs_get_the_one_shape(address):
    answer = client().get(address).json
    assert set(answer) == {"error"}
    assert set(answer["error"]) == {"code", "message"}


@pytest.mark.parametrize(
    ("headers", "query", "message"),
    [
        ({}, "", "page 应为 1 到 1,000 的整数。"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "", "page must be a whole number from 1 to 1,000."),
        ({"Accept-Language": "zh-TW,zh;q=0.9,en;q=0.8"}, "", "page 应为 1 到 1,000 的整数。"),
        ({"Accept-Language": "fr"}, "", "page 应为 1 到 1,000 的整数。"),
        ({"Accept-Language": "zh"}, "&lang=en", "page must be a whole number from 1 to 1,000."),
        ({"Accept-Language": "en"}, "&lang=zh", "page 应为 1 到 1,000 的整数。"),
        ({}, "&lang=xx", "page 应为 1 到 1,000 的整数。"),
    ],
)
def test_the_message_is_in_the_readers_language(headers, query, message):
    answer = client().get(f"/api/v1/search?page=0{query}", headers=headers)
    assert answer.json["error"] == {"code": "wrong_usage", "message": message}
    assert "Accept-Language" in answer.headers["Vary"]
    assert message in page(client().get(f"/?page=0{query}", headers=headers)).text_content()


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/?q=复工", "/b/b-000000000027", "/embed", "/api/v1/search", "/healthz"),
        *("/report", "/api/v1/report", "/api/v1/suggest?q=复"),
    ],
)
@pytest.mark.parametrize("error", [MISSING, DAMAGED], ids=["missing", "damaged"])
def test_without_an_index_searching_is_503_with_the_cure(address, error):
    response = without_index(error).get(address)
    assert response.status_code == 503
    text = response.get_data(as_text=True)
    assert ("jianbao rebuild" if error is MISSING else "jianbao verify") in text
    assert "secret" not in text


@pytest.mark.parametrize("address", ["/help", "/static/style.css", "/embed.js", "/robots.txt"])
def test_without_an_index_everything_else_works(address):
    assert without_index(MISSING).get(address).status_code == 200


def test_health_says_why_in_a_code():
    assert without_index(MISSING).get("/healthz").json["error"]["code"] == "index_missing"
    assert without_index(DAMAGED).get("/healthz").json["error"]["code"] == "index_damaged"
    assert client().get("/healthz").json == {"generation": "000012", "bulletins": 5}


class Failing(FakeSearcher):
    def search(self, request):
        raise RuntimeError("/srv/secret/jianbao.py, line 7")


@pytest.mark.parametrize("address", ["/?q=x", "/embed?q=x", "/api/v1/search?q=x"])
def test_the_unforeseen_is_logged_and_not_shown(address, caplog):
    response = client(Failing()).get(address)
    assert response.status_code == 500
    assert not re.search("secret|Traceback|RuntimeError|werkzeug|flask", response.text, re.I)
    assert "secret" in caplog.text


def test_an_address_cannot_write_its_own_line_in_the_log(caplog):
    class Lost(FakeSearcher):
        def bulletin(self, id):
            raise RuntimeError("lost")

    with caplog.at_level(logging.ERROR):
        client(Lost()).get("/b/x%0d%0aERROR all is lost%1b[31m" + "y" * 5_000)
    (record,) = caplog.records
    assert not set(record.getMessage()) & set("\r\n\x1b")
    assert len(record.getMessage()) < 600


def test_an_error_of_the_machine_is_503():
    class Full(FakeSearcher):
        def search(self, request):
            raise EnvironmentFault("/srv/secret 打不开。", "/srv/secret cannot be opened.")

    response = client(Full()).get("/api/v1/search")
    assert (response.status_code, response.json["error"]["code"]) == (503, "environment")
    assert "secret" not in response.text


@pytest.mark.parametrize("address", ["/NOWHERE-7f3a", "/api/v1/NOWHERE-7f3a", "/b/NOWHERE-7f3a"])
def test_an_error_does_not_repeat_the_address(address):
    body = page(client().get(address)) if "api" not in address else None
    text = body.text_content() if body is not None else client().get(address).text
    assert "7f3a" not in text
