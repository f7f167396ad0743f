"""A browser without a network: the application over the fake searcher, its pages parsed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fake_report import REPORT
from fake_searcher import FakeSearcher
from flask.testing import FlaskClient
from lxml import html

from indexer.settings import Settings
from webui import create_app, server

ROUTES = (
    "/",
    "/?q=复工复产&issue=27",
    "/b/b-000000000027?q=复工复产",
    "/report",
    "/report?show=refused",
    "/explain?q=复工",
    "/explain?q=复工&bulletin=没有",
    "/api/v1/explain?q=复工",
    "/help",
    "/concordance?q=复工",
    "/concordance?q=没有&order=left",
    "/concordance.csv?q=复工",
    "/api/v1/concordance?q=复工",
    "/trends?q=复工",
    "/trends?q=复工 没有&by=org",
    "/trends",
    "/api/v1/trends?q=复工",
    "/b/b-000000000027/similar",
    "/b/b-000000000027?with=b-000000000026",
    "/api/v1/bulletins/b-000000000027/similar",
    "/embed?q=复工",
    "/embed?box=1",
    "/embed.js",
    "/static/style.css",
    "/healthz",
    "/robots.txt",
    "/api/v1/search?q=复工",
    "/api/v1/bulletins/b-000000000027",
    "/api/v1/report",
    "/api/v1/suggest?q=复",
)
FAILING = {
    "/nowhere": 404,
    "/api/v1/nowhere": 404,
    "/b/b-nowhere": 404,
    "/api/v1/bulletins/b-nowhere": 404,
    "/?page=0": 400,
    "/api/v1/search?size=101": 400,
    "/embed?sort=random": 400,
    "/concordance?order=random": 400,
    "/trends?by=random": 400,
    "/report?show=some": 400,
    "/api/v1/report?page=0": 400,
    "/api/v1/suggest?limit=0": 400,
    "/static/nowhere.css": 404,
}


class Buffered(FlaskClient):
    """Reads every answer to its end, so that no file of `static/` stays open."""

    def open(self, *args, **kwargs):
        return super().open(*args, **({"buffered": True} | kwargs))


def client(searcher=None, generation="000012", report=REPORT, **settings) -> FlaskClient:
    """Return a client of an application whose index is `searcher`."""
    searcher = searcher or FakeSearcher()
    app = create_app(
        Settings(**settings), lambda _: searcher, lambda _: generation, lambda _: report
    )
    return browser_of(app)


def browser_of(app) -> FlaskClient:
    app.test_client_class = Buffered
    return app.test_client()


def page(response) -> html.HtmlElement:
    return html.document_fromstring(response.get_data(as_text=True))


def words(element) -> str:
    """Return the text of an element, white space made one space."""
    return " ".join(element.text_content().split())


@contextmanager
def serving(app, settings) -> Iterator[str]:
    """Run the production server with `app` and give its address."""
    listening = server.listen(app, settings)
    done = threading.Event()

    def run():
        while not done.is_set():
            listening.asyncore.loop(timeout=0.05, map=listening._map, count=1)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server.address(listening.socket).rstrip("/")
    finally:
        done.set()
        thread.join(10)
        listening.task_dispatcher.shutdown(timeout=5)
        for channel in list(listening.active_channels.values()):
            channel.handle_close()
        listening.close()
