"""What may a browser do with our answers?  The same headers on every route, errors included."""

from __future__ import annotations

import re
from typing import Final

from flask import Flask, Response, request
from werkzeug.wsgi import get_host

from indexer.errors import WrongUsage
from indexer.settings import Settings

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
EMBEDDED: Final = frozenset({"/embed", "/embed.js"})
"""What pages of other sites may load."""

_ORIGIN: Final = re.compile(r"\*|https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


def protect(app: Flask, settings: Settings) -> None:
    """Put the host check before every request of `app`, and the headers after it."""
    origins = _checked(settings.embed_origins)

    @app.before_request
    def refuse_strange_hosts() -> None:
        get_host(request.environ, settings.trusted_hosts)  # raises SecurityError, a 400

    @app.after_request
    def add_headers(response: Response) -> Response:
        _add_everywhere(response)
        _add_framing(response, origins)
        if request.path.startswith("/api/"):
            _add_sharing(response, origins)
        return response


def _checked(origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise WrongUsage(
                f"设置 embed_origins 里的“{origin}”应写成 https://example.org 的样子，或 *。",
                f"embed_origins: {origin!r} should look like https://example.org, or be *.",
            )
    return origins


def _add_everywhere(response: Response) -> None:
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers["Cross-Origin-Resource-Policy"] = (
        "cross-origin" if request.path in EMBEDDED else "same-origin"
    )
    if response.status_code >= 400:
        headers["Cache-Control"] = "no-store"
    elif "Cache-Control" not in headers:
        headers["Cache-Control"] = "private, no-cache"
    if request.endpoint != "static" and request.path != "/embed.js":
        response.vary.add("Accept-Language")


def _add_framing(response: Response, origins: tuple[str, ...]) -> None:
    """Let only /embed stand in frames of others.

    X-Frame-Options is left out there because it knows no list of origins.
    """
    ancestors = "'self'"
    if request.path == "/embed":
        ancestors = "*" if "*" in origins else " ".join(("'self'", *origins))
    else:
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Content-Security-Policy"] = POLICY + ancestors


def _add_sharing(response: Response, origins: tuple[str, ...]) -> None:
    """Let scripts of the listed origins read the API: without cookies, there are none."""
    origin = request.headers.get("Origin", "")
    if "*" in origins:
        response.headers["Access-Control-Allow-Origin"] = "*"
        return
    response.vary.add("Origin")
    if origin in origins:
        response.headers["Access-Control-Allow-Origin"] = origin
