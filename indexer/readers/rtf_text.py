"""How do the bytes, characters and cells of an RTF file become lines?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers.extract import Line, clean, split_lines
from indexer.readers.numbering import spaced
from indexer.readers.stories import MOST_BLOCKS, row_of

DEEPEST_TABLE = 20  # tables in cells of tables


@dataclass(slots=True)
class _Row:
    """A table row that is being read: its finished cells, and the lines of the open one."""

    cells: list[list[Line]] = field(default_factory=list)
    cell: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """A run of text of its own: the body, a head, a note, a text box, or a mere name.

    Bytes wait until their code page is known to be over, since a character of two bytes may be
    spread over several runs and groups.  `lost` counts what could not be decoded.
    """

    name: str
    lines: list[Line] = field(default_factory=list)
    lost: int = 0
    label: str = ""
    _words: list[str] = field(default_factory=list)
    _bytes: bytearray = field(default_factory=bytearray)
    _codec: str = ""
    _rows: list[_Row] = field(default_factory=list)
    _boxes: list[Line] = field(default_factory=list)

    def add_bytes(self, data: bytes, codec: str) -> None:
        """Go on with text written in a code page."""
        if codec != self._codec:
            self._decode()
            self._codec = codec
        self._bytes += data

    def add(self, text: str) -> None:
        """Go on with text; half a surrogate pair may stand for itself until the other comes."""
        self._decode()
        self._words.append(text)

    def add_box(self, lines: list[Line]) -> None:
        """Keep the lines of a text box until the paragraph that it stands in is over."""
        self._boxes += lines

    def take_text(self) -> str:
        """Return the text since the last paragraph ended, and forget it."""
        self._decode()
        text = "".join(self._words)
        self._words.clear()
        return clean(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))

    def end_paragraph(self, level: int, depth: int) -> None:
        """Make lines of the text: a heading's when `level` is not 0, in `depth` tables."""
        text = self.take_text()
        label, self.label = self.label, ""
        found = split_lines(label + text if text.strip() else text)
        kind = Kind.HEADING if level else Kind.PARAGRAPH
        lines = [*(replace(line, kind=kind, level=level) for line in found), *self._boxes]
        self._boxes.clear()
        if lines:
            self._put(lines, depth)

    def end_cell(self, depth: int) -> None:
        """End a cell of the table at `depth`, from 1."""
        self._open(depth)
        row = self._rows[-1]
        row.cells.append(row.cell)
        row.cell = []

    def end_row(self, depth: int) -> None:
        """End a row of the table at `depth`; it goes to the cell around it, or to the text."""
        if len(self._rows) >= min(depth, DEEPEST_TABLE):
            self._open(min(depth, DEEPEST_TABLE) - 1)

    def end(self) -> None:
        """End everything that is still open."""
        self.end_paragraph(0, len(self._rows))
        self._open(0)

    def _put(self, lines: list[Line], depth: int) -> None:
        self._open(depth)
        (self._rows[-1].cell if self._rows else self.lines).extend(lines)
        if len(self.lines) > MOST_BLOCKS:
            raise UnreadableFile("too_complex")

    def _open(self, depth: int) -> None:
        """Have exactly `depth` rows open, one in a cell of the other."""
        depth = min(depth, DEEPEST_TABLE)
        while len(self._rows) > depth:
            row = self._rows.pop()
            cells = [*row.cells, row.cell] if row.cell else row.cells
            (self._rows[-1].cell if self._rows else self.lines).extend(row_of(cells))
        while len(self._rows) < depth:
            self._rows.append(_Row())

    def _decode(self) -> None:
        if self._bytes:
            text = self._bytes.decode(self._codec, "replace")
            self.lost += text.count("\ufffd")
            self._words.append(text)
            self._bytes.clear()


def label_of(text: str) -> str:
    """Return the number in front of a paragraph as a reader sees it; a bullet is none."""
    text = text.strip()
    return spaced(text) if any(map(str.isalnum, text)) else ""
