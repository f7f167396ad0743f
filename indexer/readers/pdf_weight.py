"""Would a page of this PDF unpack to too much?  Told before anything tries to lay it out.

Both libraries make an object of every few bytes that paint a page, so that a file of some kilobytes
takes gigabytes.  Pictures, fonts and attachments may be large, since nobody takes them apart.
What is packed in more ways than one is left to the limits of the process.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

MOST_BYTES: Final = 16 << 20  # of one stream, unpacked; a page full of text has some 10 kB
BEGIN: Final = re.compile(rb">>\s*stream\r?\n")
LARGE: Final = (b"/Subtype", b"/Length1", b"/EmbeddedFile")
"""What is said of pictures, fonts and attachments, and not of what paints a page."""
FORM: Final = b"/Form"  # paints a part of a page, though it has a `/Subtype`


def is_too_heavy(data: bytes) -> bool:
    """Tell whether anything that paints a page unpacks to more than `MOST_BYTES`."""
    return any(_unpacks_beyond(packed) for packed in _painting(data))


def _painting(data: bytes) -> Iterator[bytes]:
    """Yield the packed streams that may paint a page."""
    for piece in data.split(b"endstream"):
        begin = BEGIN.search(piece)
        if begin is None:
            continue
        said = piece[: begin.start()]
        said = said[said.rfind(b" obj") + 1 :]
        if b"/Fl" in said and (FORM in said or not any(name in said for name in LARGE)):
            yield piece[begin.end() :]


def _unpacks_beyond(packed: bytes) -> bool:
    try:
        return len(zlib.decompressobj().decompress(packed, MOST_BYTES + 1)) > MOST_BYTES
    except zlib.error:
        return False
