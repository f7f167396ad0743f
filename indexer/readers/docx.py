"""What text is in a DOCX?

Read straight from its XML, in reading order: paragraphs, tables, text boxes, foot- and endnotes.
What Word hides is not text: deleted revisions, hidden runs, field codes, fall-back copies.  What
it shows without a run is text: the numbers of lists (`numbering`).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers.extract import Extract, Line, clean, split_lines
from indexer.readers.numbering import Numbering, W, spaced, value
from indexer.readers.package import opened, part
from indexer.readers.stories import Stories, level_of_style, limited, row_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
UNSEEN = {f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr")} | {
    f"{COMPATIBILITY}Fallback"
}
BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SIDE_PARTS = re.compile(r"word/(header|footer|footnotes|endnotes)(\d*)\.xml")
RELATIONS = "word/_rels/document.xml.rels"


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph style says: its heading level (0: none), what it builds on, its list."""

    level: int
    parent: str
    list: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the other members of the package say of paragraphs."""

    styles: dict[str, _Style]
    numbering: Numbering


def extract(data: bytes, encoding: str = "") -> Extract:
    """Return the text of a document: the head of its first page, which may be the masthead, its
    body, its notes; the other running heads come as furniture.

    Raises `UnreadableFile` (`damaged`, `too_large`, `too_complex`, `encrypted`).
    """
    with opened(data) as package:
        return _extract(package)


def _extract(package: zipfile.ZipFile) -> Extract:
    names = set(package.namelist())
    if "word/document.xml" not in names:
        raise UnreadableFile("damaged", "word/document.xml")
    rules = _rules(package, names)
    bare = _Rules({}, Numbering(None))
    document = part(package, "word/document.xml")
    masthead = _first_head(package, document) if RELATIONS in names else ""
    stories = Stories(body=list(limited(_blocks(document, rules))))
    for name in sorted(filter(SIDE_PARTS.fullmatch, names)):
        lines = limited(_blocks(part(package, name), bare))
        if "notes" in name:
            stories.notes += lines
        elif name == masthead:
            stories.masthead += lines
        else:
            stories.heads += lines
    return Extract(
        stories.text(),
        MEDIA_TYPE,
        title=_title(package) if "docProps/core.xml" in names else "",
        furniture=stories.furniture(),
    )


def _first_head(package: zipfile.ZipFile, document: etree._Element) -> str:
    """Return the member that has the head of the first page, or nothing."""
    section = next(document.iter(f"{W}sectPr"), None)
    if section is None:
        return ""
    kinds = {head.get(f"{W}type", ""): head for head in section.iter(f"{W}headerReference")}
    first = kinds.get("first") if section.find(f"{W}titlePg") is not None else None
    head = first if first is not None else kinds.get("default")
    if head is None:
        return ""
    targets = {
        r.get("Id"): r.get("Target", "") for r in part(package, RELATIONS).iter("{*}Relationship")
    }
    return f"word/{targets.get(head.get(f'{R}id'), '')}"


def _rules(package: zipfile.ZipFile, names: set[str]) -> _Rules:
    lists = part(package, "word/numbering.xml") if "word/numbering.xml" in names else None
    return _Rules(_styles(package) if "word/styles.xml" in names else {}, Numbering(lists))


def _styles(package: zipfile.ZipFile) -> dict[str, _Style]:
    styles = {}
    for style in part(package, "word/styles.xml").iter(f"{W}style"):
        name = value(style.find(f"{W}name"))
        outline = value(style.find(f"{W}pPr/{W}outlineLvl"))
        level = level_of_style(name) or _outline(outline)
        parent = value(style.find(f"{W}basedOn"))
        number = style.find(f"{W}pPr/{W}numPr")
        styles[style.get(f"{W}styleId", "")] = _Style(level, parent, *_list(number))
    return styles


def _outline(value: str) -> int:
    """Return the heading level of an outline level (0–8; 9 is body text)."""
    return int(value) + 1 if value.isdigit() and int(value) < 6 else 0


def _blocks(container: etree._Element, rules: _Rules) -> Iterator[Line]:
    """Yield the paragraphs and table rows below `container` in reading order."""
    for child in container:
        if child.tag == f"{W}p":
            yield from _paragraph(child, rules)
        elif child.tag == f"{W}tbl":
            yield from _table(child, rules)
        elif isinstance(child.tag, str) and child.tag not in UNSEEN:
            yield from _blocks(child, rules)


def _paragraph(paragraph: etree._Element, rules: _Rules) -> Iterator[Line]:
    boxes: list[etree._Element] = []
    text = clean("".join(_text(paragraph, boxes)))
    style = _style(paragraph, rules.styles)
    level = _level(paragraph, style)
    label = clean(_label(paragraph, style, rules.numbering))
    if text.strip():
        text = label + text
    for line in split_lines(text):
        yield replace(line, kind=Kind.HEADING if level else Kind.PARAGRAPH, level=level)
    for box in boxes:
        yield from _blocks(box, rules)


def _text(element: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    """Yield the visible text of a paragraph; its text boxes are gathered for later."""
    for child in element:
        tag = child.tag
        if tag == f"{W}t":
            yield child.text or ""
        elif tag in BREAKS:
            yield BREAKS[tag]
        elif tag == f"{W}txbxContent":
            boxes.append(child)
        elif tag in UNSEEN or (tag == f"{W}r" and _is_hidden(child)):
            continue
        else:
            yield from _text(child, boxes)


def _is_hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and value(vanish) not in ("0", "false")


def _style(paragraph: etree._Element, styles: dict[str, _Style]) -> _Style:
    """Return what a paragraph's style and those that it builds on say together."""
    level, number, place = 0, "", ""
    name = value(paragraph.find(f"{W}pPr/{W}pStyle"))
    for _ in range(10):  # a style may build on another; never in a circle
        style = styles.get(name)
        if style is None:
            break
        level, number, place = level or style.level, number or style.list, place or style.place
        name = style.parent
    return _Style(level, "", number, place)


def _level(paragraph: etree._Element, style: _Style) -> int:
    own = value(paragraph.find(f"{W}pPr/{W}outlineLvl"))
    return _outline(own) if own else style.level


def _list(number: etree._Element | None) -> tuple[str, str]:
    """Return the list that a paragraph belongs to, and its level there."""
    if number is None:
        return "", ""
    return value(number.find(f"{W}numId")), value(number.find(f"{W}ilvl"))


def _label(paragraph: etree._Element, style: _Style, numbering: Numbering) -> str:
    """Return the number that Word shows in front of a paragraph."""
    number, place = _list(paragraph.find(f"{W}pPr/{W}numPr"))
    return spaced(numbering.label(number or style.list, int(place or style.place or 0)))


def _table(table: etree._Element, rules: _Rules) -> Iterator[Line]:
    """Yield one line for each row, or paragraphs where one cell holds everything."""
    for row in table.iter(f"{W}tr"):
        if next(row.iterancestors(f"{W}tbl")) is not table:
            continue
        cells = [list(_blocks(cell, rules)) for cell in row.iter(f"{W}tc") if _of(cell, row)]
        yield from row_of(cells)


def _of(cell: etree._Element, row: etree._Element) -> bool:
    return next(cell.iterancestors(f"{W}tr")) is row


def _title(package: zipfile.ZipFile) -> str:
    found = part(package, "docProps/core.xml").find("{http://purl.org/dc/elements/1.1/}title")
    return clean(found.text).strip() if found is not None and found.text else ""
