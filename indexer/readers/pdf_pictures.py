"""Does a page of a PDF show more than its text says?  Then it is to be recognized."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

PICTURE: Final = 500_000  # pixels; a page at 75 dpi has more
DEEPEST: Final = 3  # forms within one another
DAMAGE: Final = (
    *(KeyError, ValueError, TypeError, AttributeError, NotImplementedError, PyPdfError),
)
DRAWN: Final = (
    2_000  # bytes that draw a page; letters drawn as curves take more, an empty page less
)


def has_picture(page: PageObject) -> bool:
    """Tell whether a page shows a picture that may be a scan of it."""
    return any(width * height >= PICTURE for width, height in _pictures(page, 0))


def _pictures(holder: DictionaryObject, depth: int) -> Iterator[tuple[int, int]]:
    """Yield the width and height in pixels of what is shown on a page, or in a form on it."""
    try:
        resources: Any = holder["/Resources"].get_object()
        shown = [o.get_object() for o in resources["/XObject"].get_object().values()]
    except DAMAGE:
        return  # Most pages have none.
    for item in shown:
        kind = item.get("/Subtype") if isinstance(item, DictionaryObject) else None
        if kind == "/Image":
            yield int(item.get("/Width", 0)), int(item.get("/Height", 0))
        elif kind == "/Form" and depth < DEEPEST:
            yield from _pictures(item, depth + 1)


def is_drawn(page: PageObject) -> bool:
    """Tell whether much is drawn on a page, or a picture stands among it."""
    try:
        contents = page.get_contents()
        drawn = contents.get_data() if contents is not None else b""
    except DAMAGE:
        return True
    return len(drawn) > DRAWN or b"BI" in drawn.split()
