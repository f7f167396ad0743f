"""What is the application made of?"""

from __future__ import annotations

from typing import Final

from flask import Flask
from jinja2 import StrictUndefined

import indexer
from indexer.language import LANGUAGES
from indexer.schema import MODES
from indexer.settings import Settings
from webui import (
    addresses,
    api,
    assets,
    embed,
    errors,
    explaining,
    i18n,
    lines,
    pages,
    params,
    security,
    trends,
)
from webui.current import (
    CurrentReport,
    CurrentSearcher,
    Opener,
    Pointer,
    Reporter,
    serve_from,
)
from webui.quick_json import QuickJson

ONE_YEAR: Final = 31_536_000
LARGEST_BODY: Final = 1_000_000


def create_app(
    settings: Settings,
    open_searcher: Opener = indexer.open_searcher,
    current_generation: Pointer = indexer.current_generation,
    read_report: Reporter = indexer.report,
) -> Flask:
    """Return the application.  The index is opened with the first request that needs it.

    Raises `WrongUsage` for a setting that cannot be.
    """
    app = Flask("webui")
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, SEND_FILE_MAX_AGE_DEFAULT=ONE_YEAR)
    app.config.update(QUERY_SECONDS=settings.query_seconds)
    app.url_map.merge_slashes = False  # no answer is ever a redirect
    app.json = QuickJson(app)
    security.protect(app, settings)
    errors.handle(app)
    serve_from(
        app,
        CurrentSearcher(settings, open_searcher, current_generation),
        CurrentReport(settings, read_report, current_generation),
    )
    for room in (pages, api, embed, explaining, lines, trends):
        app.register_blueprint(room.blueprint)
    _furnish(app, settings)
    return app


def _furnish(app: Flask, settings: Settings) -> None:
    """Give the templates what they may use; a name they misspell is an error, not a blank."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        t=i18n.text,
        language=i18n.current,
        languages=LANGUAGES,
        shown_date=i18n.shown_date,
        asset=assets.address,
        modes=MODES,
        pairs=params.pairs,
        longest_query=params.MOST_CHARACTERS,
        address_of=addresses.of_plain,
        search_url=addresses.of_search,
        explanation_url=addresses.of_explanation,
        lines_url=addresses.of_lines,
        trends_url=addresses.of_trends,
        in_language=addresses.of_language,
        explicit_language=i18n.chosen,
        site_name=lambda: settings.site_name or i18n.text("site"),
    )
