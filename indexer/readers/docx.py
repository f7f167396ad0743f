"""What text is in a DOCX?

Read straight from its XML, in reading order: paragraphs, tables, text boxes, foot- and endnotes.
What Word hides is not text: deleted revisions, hidden runs, field codes, fall-back copies.  What
it shows without a run is text: the numbers of lists (`numbering`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers.extract import Extract, Line, clean, split_lines
from indexer.readers.numbering import Numbering, W, value

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

MOST_BYTES = 200 << 20  # of all members together, unpacked
MOST_RATIO = 200  # unpacked to packed, for what is large enough to matter
SMALL = 1 << 20  # bytes
MOST_MEMBERS = 5_000
MOST_BLOCKS = 200_000

COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
UNSEEN = {f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr")} | {
    f"{COMPATIBILITY}Fallback"
}
BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}
HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SIDE_PARTS = re.compile(r"word/(header|footer|footnotes|endnotes)(\d*)\.xml")
RELATIONS = "word/_rels/document.xml.rels"
TOP = 10  # blocks at the top of the body, in which the first page's head may be repeated


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
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _guard(package)
            return _extract(package)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise UnreadableFile("damaged", type(error).__name__) from None
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from None
        reason = "too_complex" if "depth" in str(error) or "entity" in str(error) else "damaged"
        raise UnreadableFile(reason) from None
    except (KeyError, ValueError, OSError) as error:
        raise UnreadableFile("damaged", type(error).__name__) from None
    except RuntimeError:  # zipfile's word for a member with a password
        raise UnreadableFile("encrypted") from None


def _guard(package: zipfile.ZipFile) -> None:
    """Refuse what would unpack to too much, before anything is unpacked."""
    members = package.infolist()
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > MOST_MEMBERS or (total > SMALL and total > MOST_RATIO * packed):
        raise UnreadableFile("too_complex")
    if total > MOST_BYTES:
        raise UnreadableFile("too_large")


def _extract(package: zipfile.ZipFile) -> Extract:
    names = set(package.namelist())
    if "word/document.xml" not in names:
        raise UnreadableFile("damaged", "word/document.xml")
    rules = _rules(package, names)
    bare = _Rules({}, Numbering(None))
    document = _part(package, "word/document.xml")
    body = list(_limited(_blocks(document, rules)))
    masthead = _first_head(package, document) if RELATIONS in names else ""
    around: dict[str, list[Line]] = {"masthead": [], "head": [], "notes": []}
    for name in sorted(names):
        if SIDE_PARTS.fullmatch(name):
            place = "notes" if "notes" in name else "masthead" if name == masthead else "head"
            around[place] += _limited(_blocks(_part(package, name), bare))
    shown, aside = around["masthead"], around["head"]
    if _is_repeated(shown, body):
        shown, aside = [], [*shown, *aside]
    return Extract(
        (*shown, *body, *(replace(line, solid=True) for line in around["notes"])),
        MEDIA_TYPE,
        title=_title(package) if "docProps/core.xml" in names else "",
        furniture=tuple(dict.fromkeys(line.text for line in aside)),
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
        r.get("Id"): r.get("Target", "") for r in _part(package, RELATIONS).iter("{*}Relationship")
    }
    return f"word/{targets.get(head.get(f'{R}id'), '')}"


def _is_repeated(head: list[Line], body: list[Line]) -> bool:
    """Tell whether the body begins with what stands in the head, as a masthead of its own."""
    top = "".join("".join(line.text.split()) for line in body[:TOP])
    return "".join("".join(line.text.split()) for line in head) in top


def _part(package: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(package.read(name), parser)
    if root.getroottree().docinfo.doctype:
        raise UnreadableFile("damaged", "DOCTYPE")
    return root


def _limited(lines: Iterator[Line]) -> Iterator[Line]:
    for number, line in enumerate(lines):
        if number >= MOST_BLOCKS:
            raise UnreadableFile("too_complex")
        yield line


def _rules(package: zipfile.ZipFile, names: set[str]) -> _Rules:
    lists = _part(package, "word/numbering.xml") if "word/numbering.xml" in names else None
    return _Rules(_styles(package) if "word/styles.xml" in names else {}, Numbering(lists))


def _styles(package: zipfile.ZipFile) -> dict[str, _Style]:
    styles = {}
    for style in _part(package, "word/styles.xml").iter(f"{W}style"):
        name = value(style.find(f"{W}name"))
        named = HEADING_STYLE.fullmatch(name)
        outline = value(style.find(f"{W}pPr/{W}outlineLvl"))
        level = int(named[1]) if named else 1 if name.lower() == "title" else _outline(outline)
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
    """Return the number that Word shows in front of a paragraph, and a space after a Latin one."""
    number, place = _list(paragraph.find(f"{W}pPr/{W}numPr"))
    label = numbering.label(number or style.list, int(place or style.place or 0))
    return f"{label} " if label[-1:] and label[-1].isascii() else label


def _table(table: etree._Element, rules: _Rules) -> Iterator[Line]:
    """Yield one line for each row, or paragraphs where one cell holds everything."""
    for row in table.iter(f"{W}tr"):
        if next(row.iterancestors(f"{W}tbl")) is not table:
            continue
        cells = [list(_blocks(cell, rules)) for cell in row.iter(f"{W}tc") if _of(cell, row)]
        if len(cells) == 1:
            yield from cells[0]
        elif any(cells):
            texts = (" ".join(line.text.replace("\t", " ") for line in cell) for cell in cells)
            yield Line("\t".join(texts).rstrip("\t"), Kind.ROW)


def _of(cell: etree._Element, row: etree._Element) -> bool:
    return next(cell.iterancestors(f"{W}tr")) is row


def _title(package: zipfile.ZipFile) -> str:
    found = _part(package, "docProps/core.xml").find("{http://purl.org/dc/elements/1.1/}title")
    return clean(found.text).strip() if found is not None and found.text else ""
