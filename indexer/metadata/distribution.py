"""Who receives it?  The distribution block at the end: 报送, 抄报, 抄送, 发送 ….

Deliberately not read here: salutations at the head of a letter (各会员单位：).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.bulletin import Block, Kind
from indexer.metadata.dates import DATE
from indexer.metadata.wording import closed_up, has_words, plain

REACH: Final = 24
"""Blocks from the end in which the distribution block is looked for."""

_LABELS = "报送|抄报|抄送|发送|主送|主报|分送|呈报|呈送|印送|抄发|下发|转发|送达|寄送|报|送|发"
_SPACED = "|".join(r"\s{0,4}".join(label) for label in _LABELS.split("|"))
_LABEL = re.compile(rf"(?:^|(?<=[\s。;]))\W{{0,3}}(?P<label>{_SPACED})\s{{0,4}}:")
_PRINTED = re.compile(r"(?:印发|编发|印制|编印)\s{0,8}$|^\W{0,8}共\s?印?\s?[0-9]+\s?份|印数\s?:")
_SEPARATOR = re.compile(r"[、,，;；]")
_WIDE_SPACE = re.compile(r"[\t\u3000]|\s{2}")
_COPIES = re.compile(r"[(（]?共\s?印?\s?[0-9]+\s?份[)）]?\s{0,8}$")
_LONGEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Distribution:
    """The receivers by label, and where the block stands: `blocks[start:stop]`."""

    receivers: dict[str, tuple[str, ...]]
    start: int
    stop: int


def find(blocks: Sequence[Block]) -> Distribution:
    """Return the distribution block; an empty one stands behind the last block."""
    end = len(blocks)
    first = max(0, end - REACH)
    labelled = [n for n in range(first, end) if _LABEL.match(plain(blocks[n].text))]
    start = _start(blocks, labelled)
    if start is None:
        return Distribution({}, end, end)
    stop = start
    while stop < end and (stop == start or _belongs(blocks[stop], blocks[stop - 1])):
        stop += 1
    return Distribution(_receivers(blocks[start:stop]), start, stop)


def _start(blocks: Sequence[Block], labelled: Sequence[int]) -> int | None:
    """Return the first label of the last run of labels; a lone 报： in a long text is none."""
    start = None
    for n in reversed(labelled):
        if start is not None and start - n > 3:
            break
        if blocks[n].kind is not Kind.ROW or "\t" in blocks[n].text:
            start = n
    return start


def _belongs(block: Block, before: Block) -> bool:
    """Say whether a block goes on with the distribution: a label, a wrapped line, the imprint."""
    text = plain(block.text).strip()
    if _LABEL.match(text) or _is_imprint(text) or not has_words(text):
        return True
    return len(text) < _LONGEST_LINE and plain(before.text).rstrip().endswith(("、", ","))


def _is_imprint(text: str) -> bool:
    return _PRINTED.search(text) is not None or bool(DATE.search(text) and len(text) < 60)


def imprint(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the lines of the block that say who printed it when."""
    return tuple(block.text for block in blocks if _is_imprint(plain(block.text).strip()))


def _receivers(blocks: Sequence[Block]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    label = ""
    for block in blocks:
        text = plain(block.text)
        if _is_imprint(text.strip()) and not _LABEL.match(text):
            continue
        labels = list(_LABEL.finditer(text))
        starts = [0, *(match.end() for match in labels)]
        stops = [*(match.start() for match in labels), len(text)]
        for n, (start, stop) in enumerate(zip(starts, stops, strict=True)):
            if n:
                label = re.sub(r"\s", "", labels[n - 1]["label"])
            if label:
                found[label] = (*found.get(label, ()), *_split(block.text[start:stop]))
    return {label: tuple(dict.fromkeys(names)) for label, names in found.items() if names}


def _split(text: str) -> tuple[str, ...]:
    """Split 甲、乙（丙、丁），戊 at the marks outside brackets, at spaces where there are none."""
    text = _WIDE_SPACE.sub("、", _COPIES.sub("", text.strip()))
    if not _SEPARATOR.search(text):
        text = text.replace(" ", "、")
    parts, depth = [""], 0
    for character in text:
        depth = max(0, depth + (character in "（(") - (character in "）)"))
        if depth == 0 and _SEPARATOR.match(character):
            parts.append("")
        else:
            parts[-1] += character
    names = (closed_up(part).strip(" 。.*—-_【】[]") for part in parts)
    return tuple(name for name in names if has_words(name))
