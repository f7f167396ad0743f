"""What text is in an old Word document (DOC, or WPS of the same kind)?

Another program takes it out of its container (`converter`); what it made is read here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.language import Notice, Sentence
from indexer.readers import docx
from indexer.readers.converter import convert, installed
from indexer.readers.extract import Extract, Line, clean, split_lines
from indexer.readers.stories import limited, row_of

MEDIA_TYPE = "application/msword"
STREAM = "WordDocument".encode("utf-16-le")
ENTRY = 64  # bytes of a name in the container's directory
START_AT = 116  # where its entry says in which sector the stream starts
FLAGS_AT, ENCRYPTED = 10, 0x0100  # in the stream's first bytes ([MS-DOC] FibBase)

DOCTYPE = re.compile(rb"<!DOCTYPE[^>]*>")
LEVELS: Final = {"chapter": 1, "sect1": 2, "sect2": 3, "sect3": 4, "sect4": 5, "sect5": 6}
SPARSE = Notice(
    "read_by_antiword",
    Sentence(
        "由 antiword 读出，页眉、文本框里的字缺失；装上 LibreOffice 可读全。",
        "Read by antiword, without heads and text boxes; install LibreOffice to read them too.",
    ),
)


def extract(data: bytes, encoding: str = "") -> Extract:
    """Return the text of a document, as rich as the programs that are installed give it.

    Raises `UnreadableFile` (`encrypted`, `needs_converter`, and what `convert` raises).
    """
    if _is_encrypted(data):
        raise UnreadableFile("encrypted")
    refusal = UnreadableFile("needs_converter")
    for program in installed():
        try:
            return replace(READERS[program.name](convert(program, data)), media_type=MEDIA_TYPE)
        except UnreadableFile as error:
            refusal = error
            if error.reason == "out_of_time":
                break
    raise refusal


def _is_encrypted(data: bytes) -> bool:
    """Tell whether the document's stream, found by its entry in the directory, is encrypted."""
    at = data.find(STREAM.ljust(ENTRY, b"\0"))
    if at < 0:
        return False
    size = 1 << min(int.from_bytes(data[30:32], "little"), 12)
    sector = int.from_bytes(data[at + START_AT : at + START_AT + 4], "little")
    flags = (sector + 1) * size + FLAGS_AT
    return bool(int.from_bytes(data[flags : flags + 2], "little") & ENCRYPTED)


def from_docbook(data: bytes) -> Extract:
    """Return the lines of what antiword writes: DocBook with a type of its own."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(DOCTYPE.sub(b"", data, count=1), parser)
    if root is None:
        raise UnreadableFile("damaged")
    return Extract(tuple(limited(_blocks(root))), MEDIA_TYPE, notices=(SPARSE,))


def _blocks(container: etree._Element) -> Iterator[Line]:
    for child in container:
        if child.tag in ("bookinfo", "colspec") or (child.tag == "title" and _is_book(container)):
            continue
        if child.tag == "row":
            yield from row_of([list(_blocks(cell)) for cell in child.iter("entry")])
        elif child.tag in ("para", "title"):
            yield from _paragraph(child, LEVELS.get(container.tag, 0) * (child.tag == "title"))
        elif isinstance(child.tag, str):
            yield from _blocks(child)


def _is_book(container: etree._Element) -> bool:
    return bool(container.tag == "book")


def _paragraph(paragraph: etree._Element, level: int) -> Iterator[Line]:
    text = "".join(_text(paragraph))
    kind = Kind.HEADING if level else Kind.PARAGRAPH
    for line in split_lines(clean(text)):
        if line.text != "[pic]":
            yield Line(line.text, kind, level=level)
    for note in paragraph.iter("footnote"):
        yield from (replace(line, solid=True) for line in _blocks(note))


def _text(element: etree._Element) -> Iterator[str]:
    """Yield the text of a paragraph without its notes."""
    yield element.text or ""
    for child in element:
        if child.tag != "footnote":
            yield from _text(child)
        yield child.tail or ""


READERS: Final[dict[str, Callable[[bytes], Extract]]] = {
    "LibreOffice": docx.extract,
    "antiword": from_docbook,
}
