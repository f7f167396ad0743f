"""What text is in a PDF?  Its text layer, page by page; pages without one are recognized."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import replace
from itertools import groupby

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers import ocr
from indexer.readers.extract import Extract, Line, clean, split_lines

MOST_PAGES = 2_000
FEWEST_ROWS, FEWEST_CELLS = 3, 3  # of a table; fewer are taken for text
NUMERIC = re.compile(r"(?:^|\s)[0-9.,%-]+(?:\s|$)")
PROSE = re.compile("[。，；！？]|[：:]$")
MOST_CHARACTERS = 20_000_000
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
    lines = sorted([*lines, *recognized], key=lambda line: line.page or 0)
    if not lines:
        nothing = "empty" if ocr.recognizer() or not scans else "needs_ocr"
        raise UnreadableFile(nothing if pages else "damaged")
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
        if not SCANNER.sub("", text).strip() and _shows_something(page):
            scans.append(number)
            continue
        lines += [replace(line, page=number) for line in _with_rows(split_lines(text))]
    return lines, number, scans


def _shows_something(page: PageObject) -> bool:
    """Tell whether a page without text has a picture, or is drawn."""
    try:
        contents = page.get_contents()
        return len(page.images) > 0 or (contents is not None and len(contents.get_data()) > DRAWN)
    except (KeyError, ValueError, TypeError, AttributeError, NotImplementedError, PyPdfError):
        return True


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
