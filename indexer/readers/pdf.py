"""What text is in a PDF?  Its text layer, page by page; pages without one are recognized."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Final

import pypdfium2
from pypdfium2 import raw

from indexer.errors import UnreadableFile
from indexer.language import Notice
from indexer.readers import ocr
from indexer.readers.extract import Extract, Line, clean
from indexer.readers.page_layout import lay_out, unmapped_notice, vertical_notice
from indexer.readers.page_runs import Glyphs
from indexer.readers.pdf_glyphs import UNKNOWN, glyphs_of
from indexer.readers.pdf_plain import Reopened, is_measured
from indexer.readers.pdf_weight import is_too_heavy

MOST_PAGES: Final = 2_000
MOST_CHARACTERS: Final = 20_000_000
LOCKED: Final = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
SPARSE: Final = 30  # characters that a page has at most beside a scan: a page number, a stamp
SCANNER = re.compile(r"(?:由|Scanned (?:with|by))?\s*(?:扫描全能王|CamScanner)\s*(?:创建|扫描)?")
GAPS = re.compile(rf"{UNKNOWN}(?:\s*{UNKNOWN})*")


@dataclass(slots=True)
class _Found:
    """What the pages gave, and which of them something must be said of."""

    lines: list[Line] = field(default_factory=list)
    characters: int = 0
    unknown: dict[int, int] = field(default_factory=dict)
    vertical: list[int] = field(default_factory=list)
    scans: list[int] = field(default_factory=list)
    pages: int = 0


def extract(data: bytes, encoding: str = "") -> Extract:
    """Return the lines of each page in reading order.

    Raises `UnreadableFile` (`encrypted`, `needs_ocr`, `empty`, `too_complex`, `damaged`).
    """
    if is_too_heavy(data):
        raise UnreadableFile("too_complex")
    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            found = _read(document, Reopened(data))
            title = clean(document.get_metadata_value("Title")).strip()
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile("encrypted" if error.err_code in LOCKED else "damaged") from None
    recognized, notices = ocr.of_pdf(data, found.scans)
    lines = tuple(_fuller(found.lines, recognized))
    if len(found.scans) == found.pages and not ocr.recognizer():
        raise UnreadableFile("needs_ocr")
    if not lines:
        raise UnreadableFile("empty")
    for page in {line.page for line in recognized if line.page}:
        found.unknown.pop(page, None)
    return Extract(lines, "application/pdf", title=title, notices=(*notices, *_notices(found)))


def _read(document: pypdfium2.PdfDocument, again: Reopened) -> _Found:
    """Return what the text layer of each page says, and which pages show more than that."""
    found = _Found(pages=len(document))
    if not 0 < found.pages <= MOST_PAGES:
        raise UnreadableFile("too_complex" if found.pages else "damaged")
    for number in range(1, found.pages + 1):
        with closing(document[number - 1]) as page:
            glyphs = glyphs_of(page)
            others = [] if is_measured(page) else again.lines(number)
        lines = others if _count(others) > glyphs.count() else _taken(glyphs, number, found)
        if _count(lines) <= SPARSE:
            lines = _without(SCANNER, lines)
            is_empty = not lines
            if glyphs.unknown or again.shows_more(number, is_empty):
                found.scans.append(number)
        _add(lines, number, found)
    return found


def _fuller(lines: Sequence[Line], recognized: Sequence[Line]) -> list[Line]:
    """Return of each page what its text layer says, or what was recognized if that is more."""
    said, seen = (Counter[int | None]() for _ in range(2))
    for counted, found in ((said, lines), (seen, recognized)):
        for line in found:
            counted[line.page] += len(line.text)
    kept = [line for line in lines if said[line.page] >= seen[line.page]]
    kept += [line for line in recognized if said[line.page] < seen[line.page]]
    return sorted(kept, key=lambda line: line.page or 0)


def _count(lines: Sequence[Line]) -> int:
    return sum(len("".join(line.text.split())) for line in lines)


def _without(pattern: re.Pattern[str], lines: Sequence[Line]) -> list[Line]:
    """Return the lines without what matches, as far as there is anything to read in them."""
    texts = (pattern.sub("", line.text) for line in lines)
    return [
        replace(line, text=text)
        for line, text in zip(lines, texts, strict=True)
        if text.strip(f"{UNKNOWN} \t")
    ]


def _add(lines: Iterable[Line], number: int, found: _Found) -> None:
    for line in lines:
        found.lines.append(replace(line, page=number))
        found.characters += len(line.text)
    if found.characters > MOST_CHARACTERS:
        raise UnreadableFile("too_complex")


def _taken(glyphs: Glyphs, number: int, found: _Found) -> list[Line]:
    """Return what stands on a page; what is turned (a water mark) comes after the rest."""
    laid = lay_out(glyphs.upright, number)
    turned = (Line(text.strip(), solid=True) for text in glyphs.turned)
    if glyphs.unknown:
        found.unknown[number] = glyphs.unknown
    if laid.vertical:
        found.vertical.append(number)
    lines = (
        replace(line, text=clean(GAPS.sub(UNKNOWN, line.text))) for line in (*laid.lines, *turned)
    )
    return [line for line in lines if line.text.strip(f"{UNKNOWN} \t")]


def _notices(found: _Found) -> Iterator[Notice]:
    if found.vertical:
        yield vertical_notice(found.vertical)
    if found.unknown:
        yield unmapped_notice(found.unknown)
