"""What text is in an HTML page?

The page is followed as a stream of tags, never as a tree, so that no depth of nesting loses text.
What a browser does not show (scripts, hidden elements, comments) and what leads elsewhere
(navigation, menus, forms) is left out; where a page marks its main text, only that is taken, and
elsewhere what is plainly the site's is left out too (`html_menus`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from indexer.bulletin import Kind
from indexer.readers.extract import Extract, Line, clean
from indexer.readers.html_menus import Found, bare, without_menus
from indexer.readers.text import decode_text, decoding_notices

_UNSEEN = """
script style noscript template svg math iframe object embed audio video canvas map select option
datalist button textarea nav menu rp rt
"""
UNSEEN: Final = frozenset(_UNSEEN.split())
_BLOCKS = """
address article aside blockquote body caption center dd details dialog div dl dt fieldset
figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre
section summary table tbody td tfoot th thead title tr ul
"""
BLOCKS: Final = frozenset(_BLOCKS.split())
MAIN: Final = frozenset(("main", "article"))
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
DECLARED = re.compile(
    rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)
DECLARATION_WITHIN: Final = 4096  # bytes
BLANK = re.compile(r"[ \t\r\n\f]+")
HERE = re.compile(
    r"#.|mailto:|tel:|[^?]*\.(?:docx?|wps|pdf|ofd|xlsx?|et|pptx?|zip|rar|txt|jpe?g|png)(?:$|[?#])",
    re.IGNORECASE,
)
"""Links that lead to a place in the page, or to what belongs to it."""
ENOUGH: Final = 0.3  # share of a page's text that its marked main part must have to be believed
MOST_IN_CELL: Final = 2  # paragraphs; a cell with more of them is page layout, not data


def extract(data: bytes, encoding: str = "") -> Extract:
    """Return the lines of a page.  Raises `UnreadableFile` (`not_text`)."""
    declared = DECLARED.search(data[:DECLARATION_WITHIN])
    decoded = decode_text(data, declared[1].decode("ascii") if declared else "", encoding)
    page = _Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True)
    parser.feed(clean(decoded.text).encode("utf-8", "replace"))
    parser.close()
    return Extract(
        tuple(page.text()),
        "text/html",
        title=page.title,
        encoding=decoded.encoding,
        notices=decoding_notices(decoded),
    )


@dataclass(slots=True)
class _Element:
    """An open element: whether its text is seen, and whether it is part of the main text."""

    tag: str
    seen: bool = True
    main: bool = False
    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    solid: bool = False
    kept: bool = False
    link: bool = False
    box: int = 0


@dataclass(slots=True)
class _Row:
    """A table row that is being read: what was found in each of its cells."""

    cells: list[list[Found]] = field(default_factory=list)
    layout: bool = False


class _Page:
    """Collects the lines of a page from the parser's events."""

    def __init__(self) -> None:
        self.title = ""
        self._found: list[Found] = []
        self._open = [_Element("")]
        self._parents = [0]
        self._rows: list[_Row] = []
        self._words: list[str] = []
        self._links = self._linked = 0
        self._gap = 1

    def start(self, tag: object, attributes: dict[str, str]) -> None:
        name = str(tag).lower()
        if name == "br":
            self._flush(gap=0)
            return
        if name in BLOCKS:
            self._flush()
        element = _inside(self._open[-1], name, attributes)
        if name in BLOCKS:
            self._parents.append(element.box)
            element.box = len(self._parents) - 1
        self._open.append(element)
        self._links += element.link and name == "a"
        if name == "table" and self._rows:
            self._rows[-1].layout = True
        if name == "tr":
            self._rows.append(_Row())
        if name in ("td", "th") and self._rows:
            self._rows[-1].cells.append([])

    def end(self, tag: object) -> None:
        name = str(tag).lower()
        if name == "br":
            return
        if name in BLOCKS:
            self._flush()
        if name == "tr" and self._rows:
            self._end_row(self._rows.pop())
        if len(self._open) > 1:
            self._open.pop()

    def data(self, text: str) -> None:
        here = self._open[-1]
        if not here.seen:
            return
        self._linked += len(bare(text)) if here.link else 0
        if here.kept:
            first, *rest = text.split("\n")
            self._words.append(first)
            for line in rest:
                self._flush(gap=0)
                self._words.append(line)
        else:
            self._words.append(text)

    def comment(self, text: str) -> None:
        """Nobody sees a comment."""

    def close(self) -> None:
        self._flush()
        while self._rows:
            self._end_row(self._rows.pop())

    def text(self) -> list[Line]:
        """Return the main text where the page marks it, else all but what is the site's."""
        main = [found.line for found in self._found if found.main]
        everything = sum(len(found.line.text) for found in self._found)
        if sum(len(line.text) for line in main) > ENOUGH * everything:
            return main
        return without_menus(self._found, self._parents)

    def _flush(self, gap: int = 1) -> None:
        """End the line that is being read; the next one begins after `gap` blank lines."""
        here = self._open[-1]
        text = "".join(self._words)
        text = (text if here.kept else BLANK.sub(" ", text)).strip()
        links, linked = max(self._links, self._linked > 0), self._linked
        self._links = self._linked = 0
        self._words.clear()
        if text and here.tag == "title":
            self.title = self.title or text
        elif text:
            line = Line(text, here.kind, level=here.level, gap=self._gap, solid=here.solid)
            self._add(Found(line, here.main, here.box, links, linked))
            self._gap = gap
        self._gap = max(self._gap, gap)

    def _add(self, found: Found) -> None:
        if self._rows and self._rows[-1].cells:
            self._rows[-1].cells[-1].append(found)
        else:
            self._found.append(found)

    def _end_row(self, row: _Row) -> None:
        found = [piece for cell in row.cells for piece in cell]
        filled = sum(bool(cell) for cell in row.cells)
        layout = row.layout or any(len(cell) > MOST_IN_CELL for cell in row.cells)
        if filled > 1 and not layout:
            links, linked = sum(each.links for each in found), sum(each.linked for each in found)
            found = [Found(_as_row(row), found[0].main, found[0].box, links, linked)]
        for piece in found:
            self._add(piece)


def _as_row(row: _Row) -> Line:
    cells = (" ".join(piece.line.text for piece in cell) for cell in row.cells)
    text = "\t".join(cell.replace("\t", " ") for cell in cells)
    return Line(
        text.rstrip("\t"), Kind.ROW, gap=next(cell[0].line.gap for cell in row.cells if cell)
    )


def _inside(outer: _Element, tag: str, attributes: dict[str, str]) -> _Element:
    """Return the state of an element that opens inside another one."""
    element = replace(
        outer,
        tag=tag,
        seen=outer.seen and not _is_unseen(tag, attributes),
        main=outer.main or tag in MAIN or attributes.get("role") == "main",
        kept=outer.kept or tag == "pre",
        solid=outer.solid or tag == "li",
        link=outer.link or (tag == "a" and _leads_away(attributes.get("href", ""))),
    )
    if tag in HEADINGS:
        return replace(element, kind=Kind.HEADING, level=HEADINGS[tag])
    if tag in ("figcaption", "caption"):
        return replace(element, kind=Kind.CAPTION)
    return element


def _leads_away(address: str) -> bool:
    return bool(address.strip()) and not HERE.match(address.strip())


def _is_unseen(tag: str, attributes: dict[str, str]) -> bool:
    return (
        tag in UNSEEN
        or "hidden" in attributes
        or attributes.get("role") == "navigation"
        or HIDDEN.search(attributes.get("style", "")) is not None
    )
