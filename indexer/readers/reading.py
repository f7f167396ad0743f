"""What did we read?  From one file's bytes to its mended blocks."""

from __future__ import annotations

from pathlib import Path

from indexer.bulletin import Reading, Source
from indexer.errors import UnreadableFile
from indexer.readers.contents import contents
from indexer.readers.formats import extract
from indexer.readers.repair import mend
from indexer.settings import Settings


def read(path: Path, relative: str, settings: Settings, encoding: str = "") -> Reading:
    """Return the text of one file, in this process and without limits on time and memory.

    `relative` names the file in the result; `encoding` overrides what the file seems to be.
    Raises `UnreadableFile`, and `LookupError` when `encoding` names no codec.
    """
    held = contents(path, settings.max_file_mb << 20)
    found = extract(held.data, path.suffix.lower(), encoding)
    mended = mend(found.lines)
    if not mended.blocks:
        raise UnreadableFile("empty")
    return Reading(
        source=Source(relative, found.media_type, found.encoding, held.sha256, len(held.data)),
        blocks=mended.blocks,
        title=found.title,
        furniture=(*found.furniture, *mended.furniture),
        notices=(*found.notices, *mended.notices),
        front=found.front,
    )
