"""The server keeps its limits, and slow or greedy clients keep nobody else waiting."""

from __future__ import annotations

import http.client
import socket
import time
from contextlib import ExitStack
from urllib.parse import quote, urlsplit

import pytest
from fake_searcher import FakeSearcher
from web_client import serving

from indexer.errors import EnvironmentFault, WrongUsage
from indexer.settings import Settings
from webui import create_app, server


@pytest.fixture(scope="module")
def address():
    app = create_app(Settings(), lambda _: FakeSearcher(), lambda _: "000012")
    with serving(app, Settings(port=0)) as address:
        yield urlsplit(address)


def ask(address, path="/healthz", method="GET", body=None, headers=None, timeout=5):
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


def test_the_server_says_nothing_of_itself(address):
    answer = ask(address)
    assert answer.status == 200
    assert answer.getheader("Server") is None


def test_the_longest_query_passes_in_every_script(address):
    for character in "长", "𠀀":
        path = f"/api/v1/search?q={quote(character * 2_000)}"
        assert ask(address, path).status == 200


def test_the_server_refuses_what_is_too_large(address):
    assert ask(address, f"/?q={'a' * 100_000}").status == 431
    assert ask(address, headers={f"X-{n}": "y" * 40 for n in range(1_000)}).status == 431
    assert ask(address, method="POST", headers={"Content-Length": "10000000"}).status == 413
    assert ask(address, headers={"Content-Length": "nonsense"}).status == 400
    assert ask(address).status == 200


@pytest.mark.parametrize("path", ["//evil.com", "/\\evil.com", "/%5cevil.com", "/%2f%2fevil.com"])
def test_the_server_redirects_nowhere(address, path):
    answer = ask(address, path)
    assert answer.status in (200, 404)
    assert answer.getheader("Location") is None


def test_half_open_clients_keep_nobody_waiting(address):
    """With the library's own limit of 100 connections, 120 of these shut everybody out."""
    with ExitStack() as stack:
        for _ in range(120):
            slow = stack.enter_context(socket.create_connection((address.hostname, address.port)))
            slow.sendall(b"GET / HTTP/1.1\r\nX-")
        time.sleep(0.3)
        started = time.monotonic()
        assert ask(address).status == 200
        assert time.monotonic() - started < 1


def test_a_port_that_is_taken_is_named(address):
    with pytest.raises(EnvironmentFault, match=f"127.0.0.1:{address.port}"):
        server.listen(lambda *_: [], Settings(port=address.port))


def test_a_host_that_is_none_is_named():
    with pytest.raises(EnvironmentFault, match=r"nowhere\.invalid:0"):
        server.listen(lambda *_: [], Settings(host="nowhere.invalid", port=0))


@pytest.mark.parametrize("port", [-1, 65_536, 99_999])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(WrongUsage, match="port"):
        server.listen(lambda *_: [], Settings(port=port))
