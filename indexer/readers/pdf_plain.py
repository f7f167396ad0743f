"""What does a page of a PDF say whose type cannot be measured?  Its text in the file's order.

PDFium passes over single characters and turned lines of a font that is neither in the file nor on
the machine, because they have no extent there.  pypdf does not ask for it, and gives no columns.
"""

from __future__ import annotations

import io
import logging
from functools import cached_property
from itertools import islice
from typing import Final

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError
from pypdfium2 import PdfPage, raw

from indexer.errors import UnreadableFile
from indexer.readers.extract import Line, clean, split_lines
from indexer.readers.page_layout import with_tables
from indexer.readers.pdf_pictures import has_picture, is_drawn

MOST_OBJECTS: Final = 50_000  # on one page, that are looked at
DEEPEST: Final = 5  # forms within one another
THINNEST: Final = 0.01  # points; what is thinner is passed over

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its complaints are not ours to print


def is_measured(page: PdfPage) -> bool:
    """Tell whether all text of a page has an extent."""
    found = page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,), max_depth=DEEPEST)
    for each in islice(found, MOST_OBJECTS):
        left, bottom, right, top = each.get_bounds()
        if min(right - left, top - bottom) < THINNEST:
            return False
    return True


class Reopened:
    """A file that is opened by pypdf, and only when one of its pages asks for it."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _reader(self) -> PdfReader:
        reader = PdfReader(io.BytesIO(self._data))
        if reader.is_encrypted:
            reader.decrypt("")
        return reader

    def lines(self, number: int) -> list[Line]:
        """Return the lines of a page, none where they cannot be had.

        Raises `UnreadableFile` (`too_complex`).
        """
        page = self._page(number)
        if page is None:
            return []
        try:
            text = page.extract_text()
        except LimitReachedError:
            raise UnreadableFile("too_complex") from None
        except (MemoryError, RecursionError):
            raise
        except Exception:  # Damage shows in any way; what PDFium read stands.
            return []
        lines = split_lines(clean(text.replace("\f", "\n")))
        return with_tables(lines, [line.text.split() for line in lines])

    def shows_more(self, number: int, is_empty: bool) -> bool:
        """Tell whether a page of little text, or of none, shows a scan or is drawn full."""
        page = self._page(number)
        if page is None:
            return is_empty
        try:
            return has_picture(page) or (is_empty and is_drawn(page))
        except LimitReachedError:
            raise UnreadableFile("too_complex") from None

    def _page(self, number: int) -> PageObject | None:
        try:
            return self._reader.pages[number - 1]
        except (MemoryError, RecursionError):
            raise
        except Exception:
            return None
