"""How does an answer become JSON?  By orjson, which needs a tenth of the time that Python does."""

from __future__ import annotations

from typing import Any

import orjson
from flask.json.provider import DefaultJSONProvider


class QuickJson(DefaultJSONProvider):
    """Writes JSON for Flask, in UTF-8 and in the order that things are given in."""

    ensure_ascii = False
    sort_keys = False

    def dumps(self, obj: Any, **options: Any) -> str:
        """Return `obj` as JSON; what orjson cannot have, a number beyond 64 bits, Python has."""
        try:
            return orjson.dumps(obj).decode()
        except orjson.JSONEncodeError:
            return super().dumps(obj, **options)
