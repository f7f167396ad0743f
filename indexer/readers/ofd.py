"""What text is in an OFD (GB/T 33190, the fixed layout of Chinese offices)?

Read straight from its XML.  Each character has its place, so a page is put in order as a PDF's is.
Templates (mastheads, running heads) are part of the page; annotations and seals are not.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from indexer.errors import UnreadableFile
from indexer.language import Notice, Sentence
from indexer.readers.extract import Extract, Line, clean
from indexer.readers.ofd_text import Sheet, take
from indexer.readers.package import opened, part
from indexer.readers.page_layout import lay_out, unmapped_notice, vertical_notice

MEDIA_TYPE: Final = "application/ofd"
ROOT: Final = "OFD.xml"
ENCRYPTED: Final = "Encryptions.xml"
MOST_PAGES: Final = 2_000
MOST_CHARACTERS: Final = 20_000_000


@dataclass(slots=True)
class _Found:
    """What the pages gave, and which of them something must be said of."""

    lines: list[Line] = field(default_factory=list)
    pages: int = 0
    characters: int = 0
    unknown: dict[int, int] = field(default_factory=dict)
    vertical: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Document:
    """One of the documents of a package: where it lies, its templates, and what is used again."""

    place: str
    templates: dict[str, etree._Element]
    units: dict[str, etree._Element]


def extract(data: bytes, encoding: str = "") -> Extract:
    """Return the lines of each page of all documents in the package, in reading order.

    Raises `UnreadableFile` (`encrypted`, `empty`, `damaged`, `too_large`, `too_complex`).
    """
    with opened(data) as package:
        names = set(package.namelist())
        if ENCRYPTED in names:
            raise UnreadableFile("encrypted")
        if ROOT not in names:
            raise UnreadableFile("damaged", ROOT)
        root = part(package, ROOT)
        found = _Found()
        for place in root.iterfind("{*}DocBody/{*}DocRoot"):
            _read(package, _path("", place.text), found)
    if not found.lines:
        raise UnreadableFile("empty")
    notices = tuple(_notices(found))
    return Extract(tuple(found.lines), MEDIA_TYPE, title=_title(root), notices=notices)


def _title(root: etree._Element) -> str:
    found = (title.text for title in root.iterfind("{*}DocBody/{*}DocInfo/{*}Title"))
    return clean(next(filter(None, found), "")).strip()


def _path(folder: str, location: str | None) -> str:
    """Return the member that a location means: from the root, or from the folder it stands in."""
    joined = posixpath.join("/", folder, (location or "").strip().replace("\\", "/"))
    return posixpath.normpath(joined).lstrip("/")


def _read(package: zipfile.ZipFile, place: str, found: _Found) -> None:
    """Add the pages of one document."""
    root = part(package, place)
    folder = posixpath.dirname(place)
    document = _Document(place, _templates(package, root, folder), _units(package, root, folder))
    for page in root.iterfind("{*}Pages/{*}Page"):
        found.pages += 1
        if found.pages > MOST_PAGES:
            raise UnreadableFile("too_complex")
        _take_page(part(package, _path(folder, page.get("BaseLoc"))), document, found)


def _templates(
    package: zipfile.ZipFile, root: etree._Element, folder: str
) -> dict[str, etree._Element]:
    """Return the pages that lie under others, by their number."""
    return {
        template.get("ID", ""): part(package, _path(folder, template.get("BaseLoc")))
        for template in root.iterfind("{*}CommonData/{*}TemplatePage")
    }


def _units(
    package: zipfile.ZipFile, root: etree._Element, folder: str
) -> dict[str, etree._Element]:
    """Return what pages show by its number, from the resources of a document."""
    common = root.find("{*}CommonData")
    units: dict[str, etree._Element] = {}
    for name in ("PublicRes", "DocumentRes"):
        for location in () if common is None else common.iterfind(f"{{*}}{name}"):
            resources = part(package, _path(folder, location.text))
            units |= {u.get("ID", ""): u for u in resources.iter("{*}CompositeGraphicUnit")}
    return units


def _take_page(page: etree._Element, document: _Document, found: _Found) -> None:
    """Add what stands on a page, its templates first."""
    sheet = Sheet(document.units)
    under = [document.templates.get(t.get("TemplateID", "")) for t in page.iterfind("{*}Template")]
    for content in (*under, page):
        if content is not None:
            take(content, sheet, MOST_CHARACTERS - found.characters)
    glyphs = sheet.glyphs
    laid = lay_out(glyphs.upright, found.pages)
    turned = (Line(text, page=found.pages, solid=True) for text in glyphs.turned)
    lines = (replace(line, text=clean(line.text).strip()) for line in (*laid.lines, *turned))
    before = len(found.lines)
    found.lines += [line for line in lines if line.text]
    found.characters += glyphs.count()
    if glyphs.unknown:
        found.unknown[found.pages] = glyphs.unknown
    if laid.vertical:
        found.vertical.append(found.pages)
    if sheet.pictures and len(found.lines) == before:
        found.pictures.append(found.pages)


def _notices(found: _Found) -> Iterator[Notice]:
    if found.vertical:
        yield vertical_notice(found.vertical)
    if found.unknown:
        yield unmapped_notice(found.unknown)
    if found.pictures:
        pages = found.pictures
        yield Notice(
            "pages_without_text",
            Sentence(
                f"第 {'、'.join(map(str, pages))} 页是图片，图里的字未读；转成 PDF 可作文字识别。",
                f"Pages {', '.join(map(str, pages))} are pictures whose text was not read; as a"
                " PDF they can be recognized.",
            ),
        )
