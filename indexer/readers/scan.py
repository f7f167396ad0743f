"""What do the pages of a PDF look like?  Imported only when some are to be recognized, by `ocr`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pypdfium2

from indexer.readers.image import LONGEST, Bitmap, bitmap_of

FINEST: Final = 300 / 72  # pixels a point: 300 dpi


def pages(data: bytes, numbers: Sequence[int]) -> Iterator[Bitmap | None]:
    """Yield the pages with these numbers (from 1), upright; None for what cannot be shown."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        yield from (None for _ in numbers)
        return
    with document:
        for number in numbers:
            yield _page(document, number - 1)


def _page(document: pypdfium2.PdfDocument, index: int) -> Bitmap | None:
    try:
        page = document[index]
        scale = min(FINEST, LONGEST / max(page.get_size()))
        return bitmap_of(page.render(scale=scale).to_pil())
    except (pypdfium2.PdfiumError, IndexError, ValueError):
        return None
