"""What did we read?  From one file's bytes to its mended blocks."""

from __future__ import annotations

from pathlib import Path

from indexer.bulletin import Reading
from indexer.errors import UnreadableFile
from indexer.readers.container import Room
from indexer.readers.opening import Opener
from indexer.settings import Settings


def read(path: Path, relative: str, settings: Settings, encoding: str = "") -> Reading:
    """Return the text of one file, in this process and without limits on time and memory.

    `relative` names the file in the result; `encoding` overrides what the file seems to be.
    Raises `UnreadableFile` (`empty` for what only holds other files), and `LookupError` when
    `encoding` names no codec.
    """
    opened = Opener(settings).open(path, relative, encoding, room=Room.of(settings))
    reading = opened.text()
    if reading is None:
        raise UnreadableFile("empty")
    return reading
