"""How does what was read cross the border between processes?  As plain JSON, checked on arrival.

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
from indexer.readers.container import Member, Opened

READY = (0).to_bytes(8)
"""What a child says before it is asked anything."""


def dump(opened: Opened) -> bytes:
    """Return as JSON what a file holds."""
    refusal = opened.refusal
    said = {
        "media_type": opened.media_type,
        "reading": asdict(opened.reading) if opened.reading else None,
        "members": [asdict(member) for member in opened.members],
        "refusal": {"reason": refusal.reason, "detail": refusal.detail} if refusal else None,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def load(message: bytes) -> Opened:
    """Return what was sent; for anything that `dump` does not say, a refusal (`crashed`)."""
    try:
        said = json.loads(message)
        return Opened(
            media_type=_text(said["media_type"]),
            reading=_reading(said["reading"]) if said["reading"] else None,
            members=tuple(map(_member, said["members"])),
            refusal=_refusal(said["refusal"]) if said["refusal"] else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Opened(refusal=UnreadableFile("crashed"))


def _refusal(said: dict[str, Any]) -> UnreadableFile:
    return UnreadableFile(_text(said["reason"]), _text(said["detail"]))


def _member(said: dict[str, Any]) -> Member:
    return Member(_text(said["name"]), _number(said["size"]))


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


def _block(said: list[Any]) -> Block:
    text, kind, page, level = said
    known = None if page is None else _number(page)
    return Block(_text(text), Kind(kind), known, _number(level))


def _notice(said: dict[str, Any]) -> Notice:
    sentence = said["sentence"]
    return Notice(_text(said["code"]), Sentence(_text(sentence["zh"]), _text(sentence["en"])))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()  # what is no valid Unicode is a ValueError here, and would be one later
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value
