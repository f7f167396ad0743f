"""What text is in a PDF?  Its text layer, page by page; pages without one are recognized."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError
from pypdf.generic import DictionaryObject

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers import ocr
from indexer.readers.extract import Extract, Line, clean, split_lines

MOST_PAGES = 2_000
FEWEST_ROWS, FEWEST_CELLS = 3, 3  # of a table; fewer are taken for text
NUMERIC = re.compile(r"(?:^|\s)[0-9.,%-]+(?:\s|$)")
PROSE = re.compile("[。，；！？]|[：:]$")
MOST_CHARACTERS = 20_000_000
SPARSE = 30  # characters that a page has at most beside a scan: a page number, a stamp
PICTURE = 500_000  # pixels; a page at 75 dpi has more
DEEPEST = 3  # forms within one another
DAMAGE = (KeyError, ValueError, TypeError, AttributeError, NotImplementedError, PyPdfError)
DRAWN = 2_000  # bytes that draw a page; letters drawn as curves take more, an empty page less
SCANNER = re.compile(r"(?:由|Scanned (?:with|by))?\s*(?:扫描全能王|CamScanner)\s*(?:创建|扫描)?")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its complaints are not ours to print


def extract(data: bytes, encoding: str = "") -> Extract:
    """Return the lines of each page.

    Raises `UnreadableFile` (`encrypted`, `needs_ocr`, `empty`, `too_complex`, `damaged`).
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile("encrypted")
        lines, pages, scans = _pages(reader)
        title = _title(reader)
    except LimitReachedError:
        raise UnreadableFile("too_complex") from None
    except DependencyError:
        raise UnreadableFile("encrypted") from None
    except (UnreadableFile, MemoryError, RecursionError):
        raise
    except Exception as error:  # Damage shows in any way, not only as a PyPdfError.
        raise UnreadableFile("damaged", type(error).__name__) from None
    recognized, notices = ocr.of_pdf(data, scans)
    lines = _fuller(lines, recognized)
    if len(scans) == pages > 0 and not ocr.recognizer():
        raise UnreadableFile("needs_ocr")
    if not lines:
        raise UnreadableFile("empty" if pages else "damaged")
    return Extract(tuple(lines), "application/pdf", title=title, notices=notices)


def _pages(reader: PdfReader) -> tuple[list[Line], int, list[int]]:
    """Return the lines, how many pages there are, and which of them show something else."""
    lines: list[Line] = []
    scans: list[int] = []
    characters = 0
    number = 0
    for number, page in enumerate(reader.pages, start=1):
        if number > MOST_PAGES:
            raise UnreadableFile("too_complex")
        text = clean(page.extract_text().replace("\f", "\n"))
        characters += len(text)
        if characters > MOST_CHARACTERS:
            raise UnreadableFile("too_complex")
        if len("".join(text.split())) <= SPARSE:
            text = SCANNER.sub("", text)
            if _has_picture(page) or (not text.strip() and _is_drawn(page)):
                scans.append(number)
        lines += [replace(line, page=number) for line in _with_rows(split_lines(text))]
    return lines, number, scans


def _fuller(lines: Sequence[Line], recognized: Sequence[Line]) -> list[Line]:
    """Return of each page what its text layer says, or what was recognized if that is more."""
    said, seen = (Counter[int | None]() for _ in range(2))
    for counted, found in ((said, lines), (seen, recognized)):
        for line in found:
            counted[line.page] += len(line.text)
    kept = [line for line in lines if said[line.page] >= seen[line.page]]
    kept += [line for line in recognized if said[line.page] < seen[line.page]]
    return sorted(kept, key=lambda line: line.page or 0)


def _has_picture(page: PageObject) -> bool:
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


def _is_drawn(page: PageObject) -> bool:
    """Tell whether much is drawn on a page, or a picture stands among it."""
    try:
        contents = page.get_contents()
        drawn = contents.get_data() if contents is not None else b""
    except DAMAGE:
        return True
    return len(drawn) > DRAWN or b"BI" in drawn.split()


def _with_rows(lines: list[Line]) -> list[Line]:
    """Mark the rows of tables: lines of several words one below the other, numbers among them."""
    out: list[Line] = []
    for tabular, run in groupby(lines, key=_is_tabular):
        rows = list(run)
        numbers = sum(NUMERIC.search(line.text) is not None for line in rows)
        if tabular and len(rows) >= FEWEST_ROWS and numbers >= len(rows) - 1:
            rows = [replace(r, text="\t".join(r.text.split()), kind=Kind.ROW) for r in rows]
        out += rows
    return out


def _is_tabular(line: Line) -> bool:
    return len(line.text.split()) >= FEWEST_CELLS and not PROSE.search(line.text)


def _title(reader: PdfReader) -> str:
    found = reader.metadata.title if reader.metadata else None
    return clean(found).strip() if isinstance(found, str) else ""
