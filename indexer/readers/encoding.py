"""In which encoding is this text written?

What is certain comes first: an order from the operator, a byte order mark, clean UTF-8.  For the
rest every candidate decodes the text, and the one that makes it the most likely Chinese wins.
Deliberately not done: language detection, and mending of text that was already garbled.
"""

from __future__ import annotations

import codecs
import contextlib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import chardet

SAMPLE = 1 << 16  # bytes that are weighed; more would not change the verdict
DECLARED = 12.0  # nats that a declaration inside the file is worth: about one character and a half
UNSURE = 0.9  # confidence below this earns a notice

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CANDIDATES = ("utf-8", "gb18030", "big5", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
"""Among codecs that decode a text alike, the first one gives its name."""

WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "ascii": "utf-8"}
"""A declared codec and the superset that is used in its place."""

FAMILY = {"cp950": "big5", "big5hkscs": "big5"}
"""Codecs that differ in rare characters only: doubt among them is no doubt about a text."""

_BYTE_CODECS = ("utf-8", "gb18030", "big5", "cp950", "big5hkscs")
"""Codecs in which a byte of ASCII, a line end among them, is always itself between characters."""

HAN_TABLE = Path(__file__).with_name("han.txt")
COMMON_MARKS = "，。、：；！？“”‘’（）《》〈〉【】—…·　％－０１２３４５６７８９"
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
HZ_SHIFT = re.compile(rb"~\{[!-~\r\n]{1,400}~\}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the Python codec it was written in, how sure that is (0–1), and the bad bytes.

    `replaced` counts the U+FFFD that stand where bytes could not be decoded.  `oddness` is the mean
    cost of a character in nats where the encoding had to be guessed: 5 to 9 for Chinese.  `second`
    is the codec of `second_lines` lines of a file that was put together from two.
    """

    text: str
    encoding: str
    confidence: float
    replaced: int = 0
    oddness: float = 0.0
    second: str = ""
    second_lines: int = 0


def decode(data: bytes, declared: str = "", override: str = "") -> Decoded:
    """Return the text of `data`.  `declared` is a hint from the file, `override` an order.

    Bytes that cannot be decoded become U+FFFD and are counted; nothing is raised for them.
    Raises `LookupError` when `override` names no codec.
    """
    if override:
        return _decoded(data, codecs.lookup(override).name, 1.0)
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data.removeprefix(mark), encoding, 1.0)
    if _plainly_utf8(data):
        return _decoded(data, "utf-8", 1.0)
    whole = _weighed(data, _superset(declared))
    return _line_by_line(data, whole.encoding) or whole


def _line_by_line(data: bytes, encoding: str) -> Decoded | None:
    """Return the text of a file whose lines are partly UTF-8 and partly not; None for others.

    Each line is in the codec that makes it the more likely Chinese.  `encoding` is what the whole
    seems to be: in UTF-16 there are no such lines.
    """
    lines = data.split(b"\n")
    clean = [_is_utf8(line) for line in lines]
    if True not in clean or False not in clean or encoding not in _BYTE_CODECS:
        return None
    rest = b"\n".join(line for line, is_utf8 in zip(lines, clean, strict=True) if is_utf8 is False)
    other = _weighed(rest, "").encoding
    if other == "utf-8" or other not in _BYTE_CODECS:
        return None
    texts = [min(_in_both(line, other), key=lambda pair: _cost(pair[0])) for line in lines]
    codecs_used = Counter(name for text, name in texts if not text.isascii())
    if len(codecs_used) < 2:
        return None
    (first, _), (second, count) = codecs_used.most_common()
    text = "\n".join(text for text, _ in texts)
    oddness = _cost(text[:SAMPLE]) / max(len(text[:SAMPLE]), 1)
    return Decoded(text, first, 1.0, text.count("\ufffd"), oddness, second, count)


def _is_utf8(line: bytes) -> bool | None:
    """Say whether a line is UTF-8; None for ASCII, which is everything."""
    if line.isascii():
        return None
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _in_both(line: bytes, other: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (line.decode("utf-8", "replace"), "utf-8"), (line.decode(other, "replace"), other)


def likeliest(data: bytes, among: Sequence[str]) -> str:
    """Return the codec of `among` that makes `data` the most likely Chinese; between equals the
    first, as also when none of them can decode it.
    """
    costs: dict[str, float] = {}
    for name in among:
        with contextlib.suppress(UnicodeDecodeError):
            costs[name] = _cost(data.decode(name))
    return min(costs, key=costs.__getitem__, default=among[0])


def _plainly_utf8(data: bytes) -> bool:
    """Tell clean UTF-8 from what only happens to be: UTF-16 has zero bytes, HZ its shifts."""
    if HZ_SHIFT.search(data):
        return False
    try:
        return not CONTROL.search(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _weighed(data: bytes, declared: str) -> Decoded:
    """Let every candidate decode a sample; the least cost wins, the margin is the confidence."""
    sample = _sample(data)
    costs: dict[str, float] = {}
    names: dict[str, str] = {}
    for name in _candidates(sample, declared):
        text = codecs.getincrementaldecoder(name)("replace").decode(sample)
        cost = _cost(text) - (DECLARED if name == declared else 0.0)
        if text not in costs or cost < costs[text]:
            costs[text] = cost
            names.setdefault(text, name)
    best = min(costs, key=costs.__getitem__)
    family = FAMILY.get(names[best], names[best])
    others = (
        cost for text, cost in costs.items() if FAMILY.get(names[text], names[text]) != family
    )
    margin = min(others, default=math.inf) - costs[best]
    decoded = _decoded(data, names[best], 1.0 - math.exp(-max(margin, 0.0) / 8.0))
    return replace(decoded, oddness=costs[best] / max(len(best), 1))


def _sample(data: bytes) -> bytes:
    """Return the part that tells most: from the first byte that is not ASCII, evenly aligned."""
    first = next(re.finditer(rb"[\x80-\xff]", data), None)
    start = max(0, first.start() - SAMPLE // 8) & ~1 if first else 0
    return data[start : start + SAMPLE]


def _candidates(sample: bytes, declared: str) -> Iterator[str]:
    yield from CANDIDATES
    if HZ_SHIFT.search(sample):
        yield "hz"
    if declared and declared not in CANDIDATES:
        yield declared
    guess = _superset(str(chardet.detect(sample)["encoding"] or ""))
    if guess and guess not in CANDIDATES:
        yield guess


def _superset(name: str) -> str:
    """Return the codec to use for a declared one, or nothing if it is not a codec for text."""
    try:
        known = codecs.lookup(name).name
        b"\xffa".decode(known, "replace")  # hex and rot13 are codecs, but not for text
    except (LookupError, ValueError):
        return ""
    return WIDER.get(known, known)


def _decoded(data: bytes, encoding: str, confidence: float) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, round(confidence, 3), text.count("\ufffd"))


def _cost(text: str) -> float:
    """Return −ln of how likely `text` is as Chinese, in nats; a sum over its characters."""
    return sum(count * _character_cost(c) for c, count in Counter(text).items())


@cache
def _character_cost(character: str) -> float:
    known = _costs().get(character)
    if known is not None:
        return known
    if "\u4e00" <= character <= "\u9fff":
        return 18.0
    category = unicodedata.category(character)
    if category in ("Cc", "Co", "Cn", "Cs") or character == "\ufffd":
        return 30.0
    return 12.0 if character < "\u0250" else 20.0


@cache
def _costs() -> dict[str, float]:
    """Return what is common.  Line n of `han.txt` has the characters that cost n nats.

    The frequencies are those of jieba's dictionary; a traditional form follows its simplified one
    (OpenCC's STCharacters).
    """
    bands = HAN_TABLE.read_text(encoding="utf-8").splitlines()
    table = {c: float(n) for n, band in enumerate(bands, start=1) for c in band}
    table.update(_same(COMMON_MARKS, 5.0))
    table.update(_same(map(chr, range(0x20, 0x7F)), 4.5))
    table.update(_same("\t\n\r\f", 4.5))
    return table


def _same(characters: Iterable[str], cost: float) -> dict[str, float]:
    return dict.fromkeys(characters, cost)
