"""Where is a style sheet, a script, a picture?  Its address changes with its contents."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from flask import url_for


def address(name: str) -> str:
    """Return the address of a file in `static/`; browsers may keep what it gives for good."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256(files("webui").joinpath("static", name).read_bytes()).hexdigest()[:12]
