"""What text is in an ODT, packed or flat?

Read straight from its XML, in reading order, as a DOCX is: paragraphs, tables, text boxes, notes,
heads.  What a word processor hides is not text: deletions, comments, hidden passages.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers.extract import Extract, Line, clean, split_lines
from indexer.readers.odt_lists import OUTLINE, STYLE, TEXT, Lists, number
from indexer.readers.package import opened, part, refusals, root_of
from indexer.readers.stories import Stories, level_of_style, limited, row_of

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"

UNSEEN: Final = frozenset(
    (
        *(f"{OFFICE}{name}" for name in ("annotation", "forms", "binary-data", "scripts")),
        *(f"{TEXT}{name}" for name in ("tracked-changes", "note-citation", "ruby-text", "number")),
        *(f"{SVG}{name}" for name in ("title", "desc")),
    )
)
PARAGRAPHS: Final = (f"{TEXT}p", f"{TEXT}h")
ROW_GROUPS: Final = tuple(f"{TABLE}table-{name}" for name in ("header-rows", "rows", "row-group"))
DISPLAY = f"{TEXT}display"
SOURCE = "-source"  # ends the name of what says how an index is made
BREAKS: Final = {f"{TEXT}tab": "\x02", f"{TEXT}line-break": "\x03"}
SPACE: Final = "\x01"
KEPT: Final = str.maketrans({SPACE: " ", "\x02": "\t", "\x03": "\n"})
"""White space that counts, as characters that XML cannot have, while the other is folded."""
FOLDED = re.compile("[ \t\r\n]+")
MOST_SPACES = 1_000  # in one element
MOST_CELLS = 1_000  # in one row
STYLES_DEEP = 10  # a style may build on another; never in a circle


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says: its name, what it builds on, the page it begins, whether it shows."""

    name: str
    parent: str
    page: str
    display: str


@dataclass(frozen=True, slots=True)
class _Rules:
    """What holds for all stories of a document, and the notes that were found in them."""

    styles: dict[tuple[str, str], _Style]
    lists: Lists
    notes: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a list: the number of the list, and how deep it is nested, from 0."""

    number: str
    depth: int = 0


def extract(data: bytes, encoding: str = "") -> Extract:
    """Return the text of a document: the head of its first page, which may be the masthead, its
    body, its notes; the other running heads come as furniture.

    Raises `UnreadableFile` (`damaged`, `too_large`, `too_complex`, `encrypted`).
    """
    if not data.startswith(b"PK"):
        with refusals():
            root = root_of(data)
            return _extract(root, root, root)
    with opened(data) as package:
        names = set(package.namelist())
        if _is_encrypted(package, names):
            raise UnreadableFile("encrypted")
        if "content.xml" not in names:
            raise UnreadableFile("damaged", "content.xml")
        content = part(package, "content.xml")
        around = (
            part(package, name) if name in names else None for name in ("styles.xml", "meta.xml")
        )
        return _extract(content, *around)


def _is_encrypted(package: zipfile.ZipFile, names: set[str]) -> bool:
    name = "META-INF/manifest.xml"
    if name not in names:
        return False
    return next(part(package, name).iter(f"{MANIFEST}encryption-data"), None) is not None


def _extract(
    content: etree._Element, styles: etree._Element | None, meta: etree._Element | None
) -> Extract:
    body = next(content.iter(f"{OFFICE}text"), None)
    if body is None:
        raise UnreadableFile("unknown_format")
    roots = [content] if styles is None or styles is content else [styles, content]
    rules = _Rules(_styles(roots), Lists(roots))
    stories = Stories(body=list(limited(_blocks(body, rules))))
    if styles is not None:
        _take_heads(styles, _first_page(body, rules), rules, stories)
    stories.notes += rules.notes
    return Extract(
        stories.text(),
        MEDIA_TYPE,
        title=_title(meta) if meta is not None else "",
        furniture=stories.furniture(),
    )


def _title(meta: etree._Element) -> str:
    found = next(meta.iter(f"{DC}title"), None)
    return clean(found.text).strip() if found is not None and found.text else ""


def _styles(roots: list[etree._Element]) -> dict[tuple[str, str], _Style]:
    return {
        (style.get(f"{STYLE}family", ""), style.get(f"{STYLE}name", "")): _Style(
            style.get(f"{STYLE}display-name") or style.get(f"{STYLE}name", "").replace("_20_", " "),
            style.get(f"{STYLE}parent-style-name", ""),
            style.get(f"{STYLE}master-page-name", ""),
            next((p.get(DISPLAY) for p in style.iter(f"{STYLE}text-properties")), "") or "",
        )
        for root in roots
        for style in root.iter(f"{STYLE}style")
    }


def _chain(element: etree._Element, family: str, rules: _Rules) -> Iterator[_Style]:
    """Yield the style of an element and those that it builds on."""
    space = TABLE if family == "table" else TEXT
    name = element.get(f"{space}style-name", "")
    for _ in range(STYLES_DEEP):
        style = rules.styles.get((family, name))
        if style is None:
            return
        yield style
        name = style.parent


def _take_heads(styles: etree._Element, first: str, rules: _Rules, stories: Stories) -> None:
    """Gather the heads of all pages; that of the first page may be the masthead."""
    for page in styles.iter(f"{STYLE}master-page"):
        heads = {
            head.tag.removeprefix(STYLE): head
            for head in page
            if isinstance(head.tag, str) and head.get(f"{STYLE}display") != "false"
        }
        top = "header-first" if "header-first" in heads else "header"
        for name, head in sorted(heads.items()):
            lines = list(limited(_blocks(head, rules)))
            shown = name == top and page.get(f"{STYLE}name") == first
            (stories.masthead if shown else stories.heads).extend(lines)


def _first_page(body: etree._Element, rules: _Rules) -> str:
    """Return the name of the kind of page that the text begins on."""
    for child in body:
        if child.tag in (*PARAGRAPHS, f"{TABLE}table"):
            family = "table" if child.tag == f"{TABLE}table" else "paragraph"
            named = (style.page for style in _chain(child, family, rules))
            return next(filter(None, named), "Standard")
    return "Standard"


def _blocks(container: etree._Element, rules: _Rules) -> Iterator[Line]:
    """Yield the paragraphs and table rows below `container` in reading order."""
    for child in container:
        if child.tag in PARAGRAPHS:
            yield from _paragraph(child, rules)
        elif child.tag == f"{TABLE}table":
            yield from _table(child, rules)
        elif child.tag == f"{TEXT}list":
            yield from _list(child, rules, _Place(rules.lists.number_of(child)))
        elif not _is_unseen(child):
            yield from _blocks(child, rules)


def _list(found: etree._Element, rules: _Rules, at: _Place) -> Iterator[Line]:
    """Yield the paragraphs of a list; the first one of an item has its number."""
    for item in found:
        place = at if item.tag == f"{TEXT}list-item" else None
        for child in item:
            if child.tag in PARAGRAPHS:
                yield from _paragraph(child, rules, place)
                place = None
            elif child.tag == f"{TEXT}list":
                yield from _list(child, rules, _Place(at.number, at.depth + 1))
            elif not _is_unseen(child):
                yield from _blocks(child, rules)


def _paragraph(
    paragraph: etree._Element, rules: _Rules, place: _Place | None = None
) -> Iterator[Line]:
    if _is_hidden(paragraph, "paragraph", rules):
        return
    boxes: list[etree._Element] = []
    folded = FOLDED.sub(" ", "".join(_text(paragraph, boxes, rules))).strip(" ")
    text = clean(folded.translate(KEPT))
    level = _level(paragraph, rules)
    label = clean(_label(paragraph, level, place, rules))
    for line in split_lines(label + text if text.strip() else text):
        yield replace(line, kind=Kind.HEADING if level else Kind.PARAGRAPH, level=level)
    for box in boxes:
        yield from _blocks(box, rules)


def _text(element: etree._Element, boxes: list[etree._Element], rules: _Rules) -> Iterator[str]:
    """Yield the visible text of a paragraph; its boxes are gathered for later, its notes too."""
    yield element.text or ""
    for child in element:
        tag = child.tag
        if tag == f"{TEXT}s":
            yield SPACE * min(number(child.get(f"{TEXT}c", "1")), MOST_SPACES)
        elif tag in BREAKS:
            yield BREAKS[tag]
        elif tag == f"{TEXT}note":
            rules.notes.extend(_blocks(child, rules))
        elif isinstance(tag, str) and tag.startswith(DRAW):
            boxes.append(child)
        elif not (_is_unseen(child) or _is_hidden(child, "text", rules)):
            yield from _text(child, boxes, rules)
        yield child.tail or ""


def _is_unseen(element: etree._Element) -> bool:
    """Tell whether nobody sees what is in an element (or in a comment)."""
    tag = element.tag
    return (
        not isinstance(tag, str)
        or tag in UNSEEN
        or tag.endswith(SOURCE)
        or element.get(DISPLAY) == "none"
        or element.get(f"{TEXT}is-hidden") == "true"
    )


def _is_hidden(element: etree._Element, family: str, rules: _Rules) -> bool:
    said = (style.display for style in _chain(element, family, rules))
    return next(filter(None, said), "") == "none"


def _level(paragraph: etree._Element, rules: _Rules) -> int:
    """Return the heading level of a paragraph, 0 for none."""
    if paragraph.tag == f"{TEXT}h":
        level = number(paragraph.get(f"{TEXT}outline-level", "1"))
        return level if level <= 6 else 0
    named = (level_of_style(style.name) for style in _chain(paragraph, "paragraph", rules))
    return next(filter(None, named), 0)


def _label(paragraph: etree._Element, level: int, place: _Place | None, rules: _Rules) -> str:
    """Return the number that is shown before a paragraph: of its list, or of all headings."""
    if place:
        return rules.lists.label(place.number, place.depth)
    if paragraph.tag == f"{TEXT}h" and level and paragraph.get(f"{TEXT}is-list-header") != "true":
        return rules.lists.label(OUTLINE, level - 1)
    return ""


def _table(table: etree._Element, rules: _Rules) -> Iterator[Line]:
    """Yield one line for each row, or paragraphs where one cell holds everything."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield from row_of(list(_cells(child, rules)))
        elif isinstance(child.tag, str) and child.tag in ROW_GROUPS:
            yield from _table(child, rules)


def _cells(row: etree._Element, rules: _Rules) -> Iterator[list[Line]]:
    """Yield the cells of a row; what a wide cell covers in its own row is no cell."""
    wide = count = 0
    for cell in row:
        times = max(1, number(cell.get(f"{TABLE}number-columns-repeated", "1")))
        if cell.tag == f"{TABLE}covered-table-cell":
            covered = min(wide, times)
            wide, times = wide - covered, times - covered
        elif cell.tag == f"{TABLE}table-cell":
            wide = number(cell.get(f"{TABLE}number-columns-spanned", "1")) - 1
        else:
            continue
        count += times
        if count > MOST_CELLS:
            raise UnreadableFile("too_complex")
        lines = list(_blocks(cell, rules))
        yield from [lines] * times
