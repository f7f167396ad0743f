"""No search holds a worker longer than it may; the next one is as if nothing had been."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest
from conftest import CORPUS
from fake_searcher import FakeSearcher
from web_client import client, page, words

from indexer import Searcher, SearchRequest, Settings, open_searcher, rebuild
from indexer.deadline import check, within
from indexer.engines.whoosh import windows
from indexer.errors import OutOfTime
from indexer.turns import TURN

SLOW = " ".join(f"{a}*{b}" for a in "质量协会工作" for b in "全国企业")


class SlowSearcher(FakeSearcher):
    """Takes its time over 慢, and looks at the clock as a searcher should."""

    def search(self, request):
        until = time.monotonic() + (5 if request.text == "慢" else 0)
        while time.monotonic() < until:
            check()
            time.sleep(0.01)
        return super().search(request)

    def lines(self, request):
        for line in super().lines(request):
            time.sleep(0.4)
            check()
            yield line


def busy(seconds: float) -> None:
    """Take so much time of the processor."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory):
    settings = Settings(folders=(str(CORPUS),), index=str(tmp_path_factory.mktemp("index")))
    rebuild(settings)
    searcher = open_searcher(settings)
    yield searcher
    searcher.close()


def test_the_shorter_of_two_limits_holds_and_each_ends_with_its_block():
    check()
    with within(60):
        check()
        with within(0), pytest.raises(OutOfTime):
            check()
        check()
    with within(0), within(60), pytest.raises(OutOfTime):
        check()
    check()


def test_a_limit_binds_its_own_thread_alone():
    failed: list[OutOfTime] = []

    def other() -> None:
        try:
            check()
        except OutOfTime as error:
            failed.append(error)

    with within(0):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert not failed


@pytest.mark.parametrize(
    "ask",
    [
        lambda searcher, request: searcher.search(request),
        lambda searcher, request: searcher.concordance(request),
        lambda searcher, request: searcher.lines(request),
        lambda searcher, request: searcher.trends(request),
        lambda searcher, request: searcher.explain(request, searcher.search(request).hits[0].id),
    ],
    ids=["search", "concordance", "lines", "trends", "explain"],
)
def test_whatever_is_asked_looks_at_the_clock(searcher: Searcher, ask):
    request = SearchRequest(text="质量")
    ask(searcher, request)
    with within(0), pytest.raises(OutOfTime):
        ask(searcher, request)


def test_the_slowest_terms_look_at_the_clock_one_by_one(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
):
    """A hundred wildcards are one question to the engine: it must not be the only step."""
    looks: list[None] = []
    monkeypatch.setattr(import_module("indexer.query.spans"), "check", lambda: looks.append(None))
    searcher.search(SearchRequest(text=SLOW))
    assert len(looks) > 24


@pytest.mark.parametrize("text", ["质*量", '"质 量 协 会 工 作 企 业"~20'])
def test_a_single_slow_term_looks_at_the_clock_on_its_way(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch, text: str
):
    """It is looked for in one window of the text after another."""
    looks: list[None] = []
    monkeypatch.setattr(import_module("indexer.query.spans"), "check", lambda: looks.append(None))
    monkeypatch.setattr(windows, "PLACES", 1)
    searcher._total(SearchRequest(text=text))
    assert len(looks) > 20


@pytest.mark.parametrize("path", ["/?q=慢", "/embed?q=慢", "/api/v1/search?q=慢"])
def test_a_search_that_takes_too_long_is_answered_so_and_the_next_is_unharmed(path: str):
    browser = client(SlowSearcher(), query_seconds=1)
    started = time.monotonic()
    answer = browser.get(path)
    assert 0.9 < time.monotonic() - started < 2
    assert answer.status_code == 503
    assert answer.headers["Cache-Control"] == "no-store"
    if path.startswith("/api"):
        assert answer.json["error"]["code"] == "out_of_time"
        assert "太费时" in answer.json["error"]["message"]
    else:
        assert "太费时" in words(page(answer))
    assert browser.get("/api/v1/search?q=复工").status_code == 200


def test_a_file_of_all_lines_may_take_longer_than_a_search():
    browser = client(SlowSearcher(), query_seconds=1)
    started = time.monotonic()
    lines = browser.get("/concordance.csv?q=复工").get_data(as_text=True).splitlines()
    assert time.monotonic() - started > 1
    whole = client(FakeSearcher()).get("/concordance.csv?q=复工").get_data(as_text=True)
    assert lines == whole.splitlines()


def test_a_file_of_all_lines_waits_for_its_turns():
    class Busy(FakeSearcher):
        def lines(self, request):
            for line in super().lines(request):
                busy(TURN)
                yield line

    browser = client(Busy())
    with ThreadPoolExecutor(1) as pool:
        with within(60):
            busy(TURN)
            check()
            file = pool.submit(browser.get, "/concordance.csv?q=复工")
            time.sleep(0.5)
            assert not file.done()
        assert file.result(60).status_code == 200


def test_the_searcher_goes_back_when_the_file_was_sent(tmp_path: Path):
    """Or a file that nobody reads to its end would keep an old index for ever."""
    closed: list[str] = []

    class Closing(FakeSearcher):
        def close(self):
            closed.append(self.generation)

    browser = client(Closing(), query_seconds=1)
    current = browser.application.extensions["searcher"]
    browser.get("/concordance.csv?q=复工")
    assert current._loan.users == 0
    unread = browser.get("/concordance.csv?q=复工", buffered=False)
    assert current._loan.users == 1
    unread.close()
    assert current._loan.users == 0


def test_of_a_frequent_character_not_every_bulletin_is_looked_into(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
):
    whole = searcher.concordance(SearchRequest(text="质"), size=100_000)
    monkeypatch.setattr("indexer.searcher.MOST_LINES", 50)
    some = searcher.concordance(SearchRequest(text="质"), size=100_000)
    assert some.read < whole.read
    assert some.lines == whole.lines[: some.total]
    assert some.bulletins == whole.bulletins
    assert 50 <= some.total < whole.total
