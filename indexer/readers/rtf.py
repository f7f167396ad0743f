r"""What text is in an RTF file, as Word and WPS write them?

Read here and not by a library: striprtf 0.0.35, the only kept one for this, leaves out heads,
notes and text boxes, where a bulletin has its masthead and number, shows deleted and hidden text,
knows no headings, and fails on a GBK character whose two bytes stand in two runs.

A code page is that of the font (`\fcharset`), else that of the file (`\ansicpg`).  A font that
says it is Western is not believed in a file without a Chinese font, or for pairs of high bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from indexer.errors import UnreadableFile
from indexer.readers.encoding import UNSURE, Decoded, decode
from indexer.readers.extract import Extract, Line
from indexer.readers.rtf_text import Story, label_of
from indexer.readers.rtf_tokens import (
    CHARACTERS,
    CHARSETS,
    PAGES,
    SYMBOLS,
    UNSEEN,
    WIDE,
    tokens,
)
from indexer.readers.stories import Stories, level_of_style
from indexer.readers.text import decoding_notices

MEDIA_TYPE = "application/rtf"
DEEPEST = 1_000  # groups in groups; Word stays below a hundred
STYLES_DEEP = 10  # a style may build on another; never in a circle

LABELS: Final = ("listtext", "pntext")
BOXES: Final = ("shptxt", "dptxbxtext")
HEADS: Final = tuple(
    f"{place}{pages}" for place in ("header", "footer") for pages in ("", "f", "r", "l")
)
TEXTS: Final = (*HEADS, *BOXES, "footnote")
STORIES: Final = frozenset((*TEXTS, *LABELS, "title", "fonttbl", "stylesheet"))
CONTAINERS: Final = frozenset(("shpinst", "do", "ud", "nesttableprops"))
"""What stands behind `\\*` and yet holds text or cells."""

WESTERN: Final = 0  # a character set
WIDER: Final = {936: "gb18030", 950: "cp950", 65001: "utf-8"}
"""Codecs of code pages that Python knows a better one for."""

PAIRS = re.compile(rb"(?:[\xa1-\xfe][\x40-\x7e\x80-\xfe])+")
"""Han in a code page of Han, and nothing that anybody writes in a Western one."""
PAGE, HEAD = b"\\ansicpg", 1024  # a file names its code page within so many bytes
CODES = re.compile(rb"(?:\\'[0-9A-Fa-f]{2}){2,}")


def extract(data: bytes, encoding: str = "") -> Extract:
    """Return the text of a document: the head of its first page, which may be the masthead, its
    body, its notes; the other running heads come as furniture.

    `encoding` is that of a file that names no code page.  Raises `UnreadableFile` (`too_complex`).
    """
    document = _Document(encoding or _guess(data))
    for token in tokens(data):
        document.take(*token)
    stories = document.stories()
    return Extract(
        stories.text(),
        MEDIA_TYPE,
        title=document.title,
        furniture=stories.furniture(),
        notices=decoding_notices(Decoded("", document.page, 1.0, document.lost)),
    )


def _guess(data: bytes) -> str:
    """Return the codec that the bytes of a file that names none seem to be in."""
    if PAGE in data[:HEAD]:
        return PAGES["ansi"]
    runs = (codes.replace(b"\\'", b"").decode("ascii") for codes in CODES.findall(data))
    sample = b" ".join(map(bytes.fromhex, runs))
    found = decode(sample)
    return found.encoding if sample and found.confidence >= UNSURE else PAGES["ansi"]


@dataclass(slots=True)
class _Group:
    """What holds between two braces.

    Text goes to `story`, or nowhere; `opened` says that the story ends with the group, `outside`
    is the story around an `\\upr`.  `parent` is the style that the style in `style` builds on.
    """

    story: Story | None
    opened: bool = False
    outside: Story | None = None
    font: int = 0
    fallback: int = 1
    hidden: bool = False
    deleted: bool = False
    style: int = 0
    parent: int = 0
    outline: int | None = None
    depth: int = 0


class _Document:
    """Follows the tokens of a file and gathers its stories.

    `lost` counts the bytes that could not be decoded.
    """

    def __init__(self, page: str) -> None:
        self.page = page
        self.title = ""
        self.lost = 0
        self._body = Story("body")
        self._groups = [_Group(self._body)]
        self._starred = False
        self._skip = 0
        self._fonts: dict[int, int] = {}
        self._font = 0
        self._wide = False
        self._styles: dict[int, tuple[int, int]] = {}
        self._heads: list[tuple[str, list[Line]]] = []
        self._notes: list[Line] = []
        self._later = False
        self._title_page = False

    def take(self, word: str, number: int | None, data: bytes) -> None:
        """Take the next token."""
        starred, self._starred = self._starred, word == "*"
        if data:
            self._take_bytes(data)
        elif word in CHARACTERS:
            self._take_character(CHARACTERS[word])
        elif word and word != "*":
            self._skip = 0
            self._take_word(word, number, starred)

    def stories(self) -> Stories:
        """Return what was gathered, once all tokens are taken."""
        while len(self._groups) > 1:
            self._leave()
        self._body.end()
        self.lost += self._body.lost
        self._heads.sort(key=lambda head: head[0])  # as the members of a package are
        name = self._name_of_masthead()
        place = next((n for n, (head, _) in enumerate(self._heads) if head == name), None)
        found = Stories(body=self._body.lines, notes=self._notes)
        for n, (_, lines) in enumerate(self._heads):
            (found.masthead if n == place else found.heads).extend(lines)
        return found

    def _name_of_masthead(self) -> str:
        """Return which head the first page has."""
        names = [head for head, _ in self._heads]
        if self._title_page and "headerf" in names:
            return "headerf"
        return "header" if "header" in names else "headerr"

    def _take_bytes(self, data: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        here = self._groups[-1]
        if data and here.story and not (here.hidden or here.deleted):
            codec = self._codec(here.font, data)
            if codec:
                here.story.add_bytes(data, codec)

    def _take_character(self, text: str) -> None:
        here = self._groups[-1]
        if self._skip:
            self._skip -= 1
        elif here.story and not (here.hidden or here.deleted):
            here.story.add(text)

    def _take_word(self, word: str, number: int | None, starred: bool) -> None:
        here = self._groups[-1]
        if word == "{":
            self._enter()
        elif word == "}":
            self._leave()
        elif word == "u":
            self._take_unicode(number or 0)
        elif word in STORIES:
            self._begin_story(word)
        elif word in UNSEEN or (starred and word not in CONTAINERS):
            here.story = None
        elif word in ENDS:
            if here.story:
                ENDS[word](here.story, self._level(here), here.depth)
            self._later = self._later or word == "sect"
        elif word in NUMBERS:
            setattr(here, NUMBERS[word], max(0, number or 0))
        elif word in SWITCHES:
            setattr(here, SWITCHES[word], number != 0)
        elif word in CHANGES:
            CHANGES[word](here)
        else:
            self._declare(word, number)

    def _take_unicode(self, number: int) -> None:
        code = number + 0x10000 if number < 0 else number
        if 0 <= code <= 0x10FFFF:
            self._take_character(chr(code))
        self._skip = self._groups[-1].fallback

    def _declare(self, word: str, number: int | None) -> None:
        """Note what a word says of the whole file."""
        here = self._groups[-1]
        if word == "plain":
            here.font, here.hidden = self._font, False
        elif word == "deff":
            self._font = here.font = number or 0
        elif word == "fcharset" and here.story and here.story.name == "fonttbl":
            self._fonts[here.font] = number or 0
            self._wide = self._wide or number in WIDE
        elif word == "ansicpg" and number:
            self.page = _codec_of(number) or self.page
        elif word in PAGES and word != "ansi":
            self.page = PAGES[word]
        elif word == "titlepg" and not self._later:
            self._title_page = True

    def _enter(self) -> None:
        here = self._groups[-1]
        if len(self._groups) > DEEPEST:
            raise UnreadableFile("too_complex")
        self._groups.append(replace(here, opened=False))
        if here.story and here.story.name == "stylesheet":
            self._begin_story("style")

    def _leave(self) -> None:
        if len(self._groups) == 1:
            return
        closed = self._groups.pop()
        if closed.opened and closed.story:
            self._end_story(closed, closed.story)

    def _begin_story(self, name: str) -> None:
        """Let the text of the group that begins here be a story; what is unseen has none."""
        here = self._groups[-1]
        if here.story or name == "title":
            here.story, here.opened = Story(name), True
            here.parent = 0
            _begin_anew(here)

    def _end_story(self, group: _Group, story: Story) -> None:
        around = self._groups[-1].story
        if story.name == "style":
            name = story.take_text().strip().rstrip(";")
            self._styles[group.style] = (
                level_of_style(name) or _level(group.outline),
                group.parent,
            )
        elif story.name == "title":
            self.title = story.take_text().strip()
        elif story.name in LABELS and around:
            around.label = label_of(story.take_text())
        elif story.name in TEXTS:
            self._place(story, around)

    def _place(self, story: Story, around: Story | None) -> None:
        """Put the lines of a story that is over where they are read."""
        story.end()
        self.lost += story.lost
        if story.name in HEADS:
            self._heads.append(("" if self._later else story.name, story.lines))
        elif story.name == "footnote":
            self._notes += story.lines
        elif around:
            around.add_box(story.lines)

    def _level(self, group: _Group) -> int:
        """Return the heading level of a paragraph: its own, else that of its styles."""
        if group.outline is not None:
            return _level(group.outline)
        level, style = 0, group.style
        for _ in range(STYLES_DEEP):
            if level or style not in self._styles:
                break
            level, style = self._styles[style]
        return level

    def _codec(self, font: int, data: bytes) -> str:
        """Return the codec of what is written in a font, or nothing for one of pictures."""
        charset = self._fonts.get(font)
        if charset == SYMBOLS:
            return ""
        if charset == WESTERN and (not self._wide or PAIRS.fullmatch(data)):
            return self.page
        return self.page if charset is None else CHARSETS.get(charset, self.page)


def _codec_of(page: int) -> str:
    """Return the codec of a Windows code page, or nothing."""
    try:
        return WIDER.get(page) or codecs.lookup(f"cp{page}").name
    except LookupError:
        return ""


def _level(outline: int | None) -> int:
    """Return the heading level of an outline level (0–8; 9 is body text)."""
    return outline + 1 if outline is not None and 0 <= outline < 6 else 0


def _begin_anew(group: _Group) -> None:
    group.style, group.outline, group.depth = 0, None, 0


def _stand_in_table(group: _Group) -> None:
    group.depth = max(1, group.depth)


def _leave_for_unicode(group: _Group) -> None:
    group.story, group.outside = None, group.story


def _return_as_unicode(group: _Group) -> None:
    group.story = group.outside


NUMBERS: Final = {
    "f": "font",
    "uc": "fallback",
    "s": "style",
    "sbasedon": "parent",
    "outlinelevel": "outline",
    "itap": "depth",
}
SWITCHES: Final = {"v": "hidden", "deleted": "deleted", "mvf": "deleted"}
CHANGES: Final[dict[str, Callable[[_Group], None]]] = {
    "pard": _begin_anew,
    "intbl": _stand_in_table,
    "upr": _leave_for_unicode,
    "ud": _return_as_unicode,
}
"""What words do to the group that they stand in."""


def _end_cell(story: Story, level: int, depth: int) -> None:
    story.end_paragraph(level, depth)
    story.end_cell(depth)


ENDS: Final[dict[str, Callable[[Story, int, int], None]]] = {
    "par": Story.end_paragraph,
    "sect": Story.end_paragraph,
    "cell": lambda story, level, depth: _end_cell(story, level, 1),
    "nestcell": lambda story, level, depth: _end_cell(story, level, max(2, depth)),
    "row": lambda story, level, depth: story.end_row(1),
    "nestrow": lambda story, level, depth: story.end_row(max(2, depth)),
}
"""Words that end a paragraph, a cell or a row, in a paragraph of some level and depth."""
