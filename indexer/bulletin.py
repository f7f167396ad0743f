"""What is a bulletin?  What a reader got from a file, and what was understood of it.

The text of a bulletin is a list of blocks in reading order: everything a reader can see stands in
exactly one of them, as it was written.  Sections and the title point into that list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from indexer.language import Notice


class Kind(StrEnum):
    """What a block is.  Readers know the first four; understanding tells the others apart."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ROW = "row"  # one row of a table, its cells parted by tabs
    CAPTION = "caption"
    MASTHEAD = "masthead"
    TITLE = "title"
    DISTRIBUTION = "distribution"


class Block(NamedTuple):
    """One paragraph, heading, caption, table row or line of the masthead, as written.

    `page` counts from 1 where the format has pages.  `level` is 1–6 for headings, else 0.
    """

    text: str
    kind: Kind = Kind.PARAGRAPH
    page: int | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """The file a bulletin came from.  `path` is relative to the folder that was read, with `/`.

    `encoding` is a Python codec name for text formats, and empty for the others.
    """

    path: str
    media_type: str
    encoding: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader got from one file: mended blocks, before anything was understood.

    `furniture` holds the page numbers, running heads and jump lines that were set aside.
    `title` is a title that the format itself declares (HTML `<title>`, document properties).
    `front` is what front matter above the text states: keys and values as written.
    """

    source: Source
    blocks: tuple[Block, ...]
    title: str = ""
    furniture: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    front: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class IssueNumber:
    """The issue number of a masthead: 第二十七期 is `IssueNumber(27, "第二十七期")`.

    `label` is as written.  `cumulative` is the running number of 总第128期.  An issue that is not
    numbered (增刊, 特刊) has a label alone.
    """

    number: int | None
    label: str
    cumulative: int | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """A body that the bulletin is about: its full name, its other names there, its mentions."""

    name: str
    aliases: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A run of blocks under one heading: `blocks[start:stop]`, the heading included.

    `heading` is empty for what stands before the first heading (masthead, lead).
    `organizations` are the full names of the bodies the section is about.
    """

    heading: str
    start: int
    stop: int
    organizations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One bulletin, understood.  What could not be understood is empty and has a notice.

    `date` is ISO 8601, as exact as the masthead: `2020-03-18`, `2020-03` or `2020`.
    `author` is who wrote it, persons or a body, and `confidentiality` the mark that restricts its
    readers (秘密★1年, 内部资料), both as the page says.
    `distribution` maps 报送, 抄报, 抄送, 发送 … to the receivers, in the order of the page.
    """

    id: str
    source: Source
    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...] = ()
    series: str = ""
    issue: IssueNumber | None = None
    document_number: str = ""
    date: str = ""
    publisher: str = ""
    author: str = ""
    confidentiality: str = ""
    organizations: tuple[Organization, ...] = ()
    distribution: dict[str, tuple[str, ...]] = field(default_factory=dict)
    furniture: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()

    def section_of(self, block: int) -> Section | None:
        """Return the section in which `blocks[block]` stands."""
        return next((s for s in self.sections if s.start <= block < s.stop), None)

    def paragraphs(self, section: Section) -> Sequence[tuple[int, Block]]:
        """Return the section's blocks below its heading, each with its paragraph number.

        A paragraph number is the block's place in the whole bulletin, counted from 1: it is what
        `#p4` in an address and "第 4 段" on a page mean.
        """
        first = section.start + (1 if section.heading else 0)
        return [(n + 1, self.blocks[n]) for n in range(first, section.stop)]
