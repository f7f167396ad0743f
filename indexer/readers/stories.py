"""How do the body, heads and notes of a document become one text?  The same in every format.

A word processor's document has several stories beside its body.  Here stand the rules for them,
so that one bulletin gives the same blocks in whichever format it was saved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers.extract import Line

MOST_BLOCKS = 200_000
TOP = 10  # blocks at the top of the body, in which the first page's head may be repeated
HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)
TITLE_STYLE = "title"


@dataclass(slots=True)
class Stories:
    """The lines of a document: the head of its first page, its body, its other heads, its notes."""

    masthead: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    heads: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)

    def text(self) -> tuple[Line, ...]:
        """Return what is read: the first head unless the body begins with it, body, notes."""
        shown = [] if self._is_repeated() else self.masthead
        return (*shown, *self.body, *(replace(line, solid=True) for line in self.notes))

    def furniture(self) -> tuple[str, ...]:
        """Return the texts of all other heads, each once."""
        aside = [*self.masthead, *self.heads] if self._is_repeated() else self.heads
        return tuple(dict.fromkeys(line.text for line in aside))

    def _is_repeated(self) -> bool:
        """Tell whether the body begins with what stands in the head, as its own masthead."""
        return _bare(self.masthead) in _bare(self.body[:TOP])


def _bare(lines: Sequence[Line]) -> str:
    return "".join("".join(line.text.split()) for line in lines)


def row_of(cells: Sequence[Sequence[Line]]) -> list[Line]:
    """Return a table row as one line, or the paragraphs of the one cell that holds everything."""
    if len(cells) == 1:
        return list(cells[0])
    if not any(cells):
        return []
    texts = (" ".join(line.text.replace("\t", " ") for line in cell) for cell in cells)
    return [Line("\t".join(texts).rstrip("\t"), Kind.ROW)]


def limited(lines: Iterable[Line]) -> Iterator[Line]:
    """Pass lines on.  Raises `UnreadableFile` (`too_complex`) when there is no end of them."""
    for number, line in enumerate(lines):
        if number >= MOST_BLOCKS:
            raise UnreadableFile("too_complex")
        yield line


def level_of_style(name: str) -> int:
    """Return the heading level (0: none) that the name of a paragraph style stands for."""
    named = HEADING_STYLE.fullmatch(name)
    return int(named[1]) if named else 1 if name.lower() == TITLE_STYLE else 0
