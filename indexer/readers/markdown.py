"""What text is in a Markdown file?

Line by line and lenient, not CommonMark: bulletins come with blank lines between hard-wrapped
lines, indented text that is no code, and emphasis such as `**报送：**单位` that CommonMark would
show with its asterisks.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from indexer.bulletin import Kind
from indexer.language import Notice
from indexer.readers.encoding import Decoded
from indexer.readers.extract import Extract, Line, clean, split_lines

HEADING = re.compile(r"(#{1,6})[ \t\u3000]+(.*?)[ \t]*#*|(#{2,6})(?=[^#\s])(.*?)[ \t]*#*")
RULE = re.compile(r"([-*_=])(?:[ \t]*\1){2,}")
RULE_BEFORE = re.compile(r"^(?:-{3,}|\*{3,}|_{3,})[ \t]+(?=[^\s*_-])")
UNDERLINE = re.compile(r"(=+|-+)")
ITEM = re.compile(r"[-*+][ \t]+(?:\[[ xX]\][ \t]+)?")
QUOTE = re.compile(r"^(?:>[ \t]*)+")
FENCE = re.compile(r"(`{3,}|~{3,})")
TABLE_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
DEFINITION = re.compile(r"\[[^\]\n]{1,200}\]:[ \t]+\S+.*")
FRONT_MATTER = re.compile(r"---[ \t]*\n((?:[A-Za-z_][\w-]*:.*\n|[ \t]+.*\n|- .*\n)+)---[ \t]*\n")
FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)

UNSEEN = re.compile(r"<!--|<(script|style)\b[^<>]{0,500}>", re.IGNORECASE)
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:[ \t\n/][^<>]*)?>")
CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`\n]+)\1(?!`)")
IMAGE = re.compile(r"!\[([^\]\n]{0,500})\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
LINK = re.compile(
    r"\[([^\[\]\n]{0,500})\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]{0,99}\])"
)
AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]+)>")
STRONG = re.compile(r"\*{2,}|~~|(?<![A-Za-z0-9_])_{2,}(?=\S)|(?<=\S)_{2,}(?![A-Za-z0-9_])")
EMPHASIS = re.compile(
    r"(?<![A-Za-z0-9\\*])\*(?=[^\s*])([^*\n]{1,500})(?<=[^\s\\])\*(?![A-Za-z0-9*])"
    r"|(?<![A-Za-z0-9\\_])_(?=[^\s_])([^_\n]{1,500})(?<=[^\s\\])_(?![A-Za-z0-9_])"
)
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")

SIGNS = (
    re.compile(r"^#{1,6}[ \t]+\S", re.MULTILINE),
    re.compile(r"^[ \t]*(?:-{3,}|\*{3,})[ \t]*$", re.MULTILINE),
    re.compile(r"\*\*[^*\s][^*\n]{0,200}\*\*"),
    re.compile(r"\[[^\]\n]{1,200}\]\(https?:"),
    re.compile(r"^\|.*\|[ \t]*$", re.MULTILINE),
    re.compile(r"^```", re.MULTILINE),
)


def looks_like(text: str) -> bool:
    """Tell whether a text file is really Markdown: two kinds of its signs, or headings galore."""
    counts = [len(sign.findall(text)) for sign in SIGNS]
    return counts[0] >= 2 or sum(count > 0 for count in counts) >= 2


def from_text(decoded: Decoded, notices: tuple[Notice, ...] = ()) -> Extract:
    """Return the lines of a Markdown text, its markup taken off."""
    text = clean(decoded.text).replace("\r\n", "\n").replace("\r", "\n")
    front = FRONT_MATTER.match(text)
    title = FRONT_TITLE.search(front[1]) if front else None
    body = _without_unseen(text[front.end() :] if front else text)
    return Extract(
        tuple(_plain(split_lines(body))),
        "text/markdown",
        title=title[1] if title else "",
        encoding=decoded.encoding,
        notices=notices,
    )


def _without_unseen(text: str) -> str:
    """Return a text without comments, scripts and styles, in one walk however many stay open."""
    seen = []
    place = 0
    while opening := UNSEEN.search(text, place):
        closing = f"</{opening[1].lower()}>" if opening[1] else "-->"
        end = text.find(closing, opening.end())
        if end < 0:
            break
        seen.append(text[place : opening.start()])
        place = end + len(closing)
    return "".join([*seen, text[place:]])


def _plain(lines: list[Line]) -> Iterator[Line]:
    """Yield the lines as a reader sees them."""
    fence = ""
    table = False
    gap = 0
    for line, after in zip_longest(lines, lines[1:]):
        line = replace(line, gap=line.gap + gap)
        gap = 0
        mark = FENCE.match(line.text)
        if mark and (not fence or line.text.startswith(fence)):
            fence = "" if fence else mark[1]
            gap = 1
            continue
        if fence:
            yield line
            continue
        table = _in_table(line, after, table)
        seen = _row(line) if table else _seen(line, after)
        if seen is None:
            gap = 0 if table else line.gap + 1
        else:
            yield seen


def _in_table(line: Line, after: Line | None, table: bool) -> bool:
    if "|" not in line.text:
        return False
    if table and line.gap == 0:
        return True
    begins = after is not None and after.gap == 0 and "|" in after.text
    return begins and after is not None and TABLE_RULE.fullmatch(after.text) is not None


def _row(line: Line) -> Line | None:
    if TABLE_RULE.fullmatch(line.text):
        return None
    cells = re.split(r"(?<!\\)\|", line.text.removeprefix("|").removesuffix("|"))
    return _if_any(line, "\t".join(inline(cell.strip()) for cell in cells), Kind.ROW)


def _seen(line: Line, after: Line | None) -> Line | None:
    if RULE.fullmatch(line.text) or DEFINITION.fullmatch(line.text) or _underlines(line):
        return None
    if heading := HEADING.fullmatch(line.text):
        marks, text = heading[1] or heading[3], heading[2] if heading[1] else heading[4]
        return _if_any(line, inline(text), Kind.HEADING, len(marks))
    if after is not None and _underlines(after) and len(line.text) <= 80:
        return _if_any(line, inline(line.text), Kind.HEADING, 1 if after.text[0] == "=" else 2)
    if image := IMAGE.fullmatch(line.text):
        said = after is not None and inline(image[1]) in inline(after.text)
        return None if said else _if_any(line, inline(image[1]), Kind.CAPTION)
    text = RULE_BEFORE.sub("", QUOTE.sub("", line.text, count=1), count=1)
    if item := ITEM.match(text):
        return _if_any(replace(line, solid=True), inline(text[item.end() :]))
    return _if_any(line, inline(text), Kind.ROW if "\t" in text else Kind.PARAGRAPH)


def _underlines(line: Line) -> bool:
    return line.gap == 0 and len(line.text) > 1 and UNDERLINE.fullmatch(line.text) is not None


def _if_any(line: Line, text: str, kind: Kind = Kind.PARAGRAPH, level: int = 0) -> Line | None:
    return replace(line, text=text, kind=kind, level=level) if text else None


def inline(text: str) -> str:
    """Return a line without its inline markup; code keeps its characters, links their words."""
    parts = []
    end = 0
    for code in CODE.finditer(text):
        parts += [_unmarked(text[end : code.start()]), code[2].strip()]
        end = code.end()
    return "".join([*parts, _unmarked(text[end:])]).strip()


def _unmarked(text: str) -> str:
    text = AUTOLINK.sub(r"\1", IMAGE.sub(r"\1", text))
    text = LINK.sub(r"\1", LINK.sub(r"\1", text))
    text = TAG.sub("", text)
    text = EMPHASIS.sub(lambda m: m[1] or m[2], STRONG.sub("", text))
    return html.unescape(ESCAPE.sub(r"\1", text))
