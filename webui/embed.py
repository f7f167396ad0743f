"""How do results stand in another page?  A small page for a frame, and the script that puts it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue

from webui import addresses, i18n, navigation, params, present
from webui.current import borrow

blueprint = Blueprint("embed", __name__)

THEMES: Final = ("auto", "light", "dark")
SCRIPT_SECONDS: Final = 3_600
"""How long other sites' readers keep the script: its address never changes, its text may."""


@blueprint.app_context_processor
def look() -> dict[str, str]:
    """Give every template the theme: only a frame may ask for one, from a closed set."""
    asked = request.args.get("theme", "") if request.path == "/embed" else ""
    return {"theme": asked if asked in THEMES else THEMES[0]}


@blueprint.get("/embed")
def frame() -> ResponseReturnValue:
    """Show results, or a search box and its results, compactly."""
    search = params.read(request.args)
    box = request.args.get("box") == "1"
    kept = ([("theme", look()["theme"])] if "theme" in request.args else []) + (
        [("box", "1")] if box else []
    )
    if box and not search.text:
        return render_template("embed.html", answer=None, search=search, box=box, kept=kept)
    with borrow() as searcher:
        answer = present.answer(searcher.search(search), i18n.current())
    return render_template(
        "embed.html",
        answer=answer,
        search=search,
        box=box,
        kept=kept,
        pager=navigation.pager(answer, search, *kept),
        all_url=addresses.of_search(search),
    )


@blueprint.get("/embed.js")
def script() -> Response:
    """Send the script that puts the frame at its own place in another page."""
    assert current_app.static_folder is not None
    return send_from_directory(current_app.static_folder, "embed.js", max_age=SCRIPT_SECONDS)
