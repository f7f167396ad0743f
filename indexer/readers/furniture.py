"""Which lines belong to the page and not to the text?  Page numbers and running heads."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from indexer.bulletin import Kind
from indexer.readers.extract import Line

PAGE_NUMBER = re.compile(
    r"[-–—－―·•~～][ \t]{0,3}[0-9０-９]{1,4}[ \t]{0,3}[-–—－―·•~～]"
    r"|第[ \t]?[0-9０-９]{1,4}[ \t]?页(?:[ \t]?[，,/]?[ \t]?共[ \t]?[0-9０-９]{1,4}[ \t]?页)?"
    r"|(?:Page|PAGE)[ \t][0-9]{1,4}(?:[ \t]of[ \t][0-9]{1,4})?"
)
BARE_NUMBER = re.compile(r"[0-9]{1,4}(?:[ \t]?/[ \t]?[0-9]{1,4})?")
EDGE = 2  # lines at the top and at the foot of a page that may be furniture
SHORTEST = 4  # characters of a running head
MASTHEAD = 5  # lines at the top of the first page
LONG_NAME = 6  # characters that are not repeated by chance
DIGITS = re.compile(r"[0-9０-９]+")


def set_aside(lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
    """Return the lines of the text, and the furniture, both in the order of the file.

    A head of the first page stays: it is often the masthead.
    """
    aside = {n for n, line in enumerate(lines) if _is_page_number(line)}
    pages = _pages(lines, aside)
    aside |= _bare_numbers(lines, pages)
    aside |= _running_heads(lines, pages, aside)
    return _without(lines, aside), [lines[n].text for n in sorted(aside)]


def _is_page_number(line: Line) -> bool:
    return line.kind is Kind.PARAGRAPH and PAGE_NUMBER.fullmatch(line.text) is not None


def _pages(lines: Sequence[Line], numbers: set[int]) -> list[list[int]]:
    """Return the line numbers of each page; where pages are unknown, page numbers part them."""
    pages: dict[int | None, list[int]] = defaultdict(list)
    if any(line.page is not None for line in lines):
        for n, line in enumerate(lines):
            pages[line.page].append(n)
        return list(pages.values())
    page = 0
    for n in range(len(lines)):
        pages[page].append(n)
        page += n in numbers
    return list(pages.values())


def _bare_numbers(lines: Sequence[Line], pages: list[list[int]]) -> set[int]:
    """Return the lines at the edge of a page that have the page's number and nothing else."""
    found = {}
    for order, page in enumerate(pages):
        for n in {page[0], page[-1]}:
            if BARE_NUMBER.fullmatch(lines[n].text):
                found[n] = int(DIGITS.findall(lines[n].text)[0]) - order
    offsets = Counter(found.values())
    return {n for n, offset in found.items() if offsets[offset] > 1}


def _running_heads(lines: Sequence[Line], pages: list[list[int]], numbers: set[int]) -> set[int]:
    """Return the lines that stand, digits apart, at the edge of most pages."""
    texts = [text for page in pages if (text := [n for n in page if n not in numbers])]
    seen: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for page, text in enumerate(texts):
        for n in dict.fromkeys([*text[:EDGE], *text[-EDGE:]]):
            if lines[n].kind is Kind.PARAGRAPH and len(lines[n].text) >= SHORTEST:
                seen[DIGITS.sub("0", lines[n].text)][page].append(n)
    often = [where for where in seen.values() if len(where) > max(1, len(texts) // 2)]
    masthead = set(texts[0][:MASTHEAD]) if texts else set()
    found = {n for where in often for page in where.values() for n in page}
    return found - masthead | _repeated_names(lines, texts)


def _repeated_names(lines: Sequence[Line], texts: list[list[int]]) -> set[int]:
    """Return the first lines of later pages that only repeat the name in the masthead."""
    name = "".join(_bare(lines[n].text) for n in texts[0][:MASTHEAD]) if texts else ""
    heads = {text[0] for text in texts[1:] if lines[text[0]].kind is Kind.PARAGRAPH}
    return {n for n in heads if len(bare := _bare(lines[n].text)) >= LONG_NAME and bare in name}


def _bare(text: str) -> str:
    return "".join(text.split())


def _without(lines: Sequence[Line], aside: set[int]) -> list[Line]:
    """Return the other lines; what stood on both sides of furniture is now adjacent."""
    out: list[Line] = []
    adjacent = False
    for n, line in enumerate(lines):
        if n in aside:
            adjacent = True
            continue
        out.append(replace(line, gap=0) if adjacent else line)
        adjacent = False
    return out
