"""How does a reading cross the border between processes?  As plain JSON, checked on arrival.

What read an untrusted file may have been taken over by it, so nothing it says is executed or
unpickled.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from indexer.bulletin import Block, Kind, Reading, Source
from indexer.errors import UnreadableFile
from indexer.language import Notice, Sentence


def dump(reading: Reading) -> bytes:
    """Return a reading as JSON."""
    return _bytes({"reading": asdict(reading)})


def dump_refusal(refusal: UnreadableFile) -> bytes:
    """Return a refusal as JSON."""
    return _bytes({"reason": refusal.reason, "detail": refusal.detail})


def load(message: bytes) -> Reading:
    """Return the reading, or raise the `UnreadableFile` that was sent instead of it.

    Raises `UnreadableFile` (`crashed`) for anything that is neither.
    """
    try:
        said = json.loads(message)
        if "reading" in said:
            return _reading(said["reading"])
        refusal = UnreadableFile(_text(said["reason"]), _text(said["detail"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnreadableFile("crashed") from None
    raise refusal


def _bytes(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _reading(said: dict[str, Any]) -> Reading:
    source = said["source"]
    return Reading(
        source=Source(
            path=_text(source["path"]),
            media_type=_text(source["media_type"]),
            encoding=_text(source["encoding"]),
            sha256=_text(source["sha256"]),
            size=_number(source["size"]),
        ),
        blocks=tuple(map(_block, said["blocks"])),
        title=_text(said["title"]),
        furniture=tuple(map(_text, said["furniture"])),
        notices=tuple(map(_notice, said["notices"])),
        front=tuple((_text(key), _text(value)) for key, value in said["front"]),
    )


def _block(said: dict[str, Any]) -> Block:
    page = None if said["page"] is None else _number(said["page"])
    return Block(_text(said["text"]), Kind(said["kind"]), page, _number(said["level"]))


def _notice(said: dict[str, Any]) -> Notice:
    sentence = said["sentence"]
    return Notice(_text(said["code"]), Sentence(_text(sentence["zh"]), _text(sentence["en"])))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value
