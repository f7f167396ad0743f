"""What text is in a plain text file?"""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.corrections import key_of
from indexer.errors import UnreadableFile
from indexer.language import Notice, Sentence
from indexer.readers import markdown
from indexer.readers.encoding import UNSURE, Decoded, decode
from indexer.readers.extract import Extract, as_rows, clean, split_lines
from indexer.readers.front_matter import Front, take_off

UNREADABLE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
ENOUGH = 20  # characters; a shorter text may be odd
ODDEST = 14.0  # nats a character; real texts stay below 10
MOST_UNREADABLE = 0.1  # share of characters nobody can read above which a file is no text


def extract(data: bytes, encoding: str = "") -> Extract:
    """Return the lines of a text file; one that is really Markdown is read as Markdown.

    Raises `UnreadableFile` (`not_text`).
    """
    front, decoded = _below_front(data, encoding)
    if markdown.looks_like(decoded.text):
        return _with_front(markdown.from_text(decoded, decoding_notices(decoded)), front)
    return Extract(
        tuple(as_rows(split_lines(clean(decoded.text)))),
        "text/plain",
        encoding=decoded.encoding,
        notices=decoding_notices(decoded),
        front=front,
    )


def extract_markdown(data: bytes, encoding: str = "") -> Extract:
    """Return the lines of a Markdown file.  Raises `UnreadableFile` (`not_text`)."""
    front, decoded = _below_front(data, encoding)
    return _with_front(markdown.from_text(decoded, decoding_notices(decoded)), front)


def _with_front(found: Extract, front: Front) -> Extract:
    title = next((value for key, value in front if key_of(key) == "title"), found.title)
    return replace(found, front=front, title=title)


def _below_front(data: bytes, encoding: str) -> tuple[Front, Decoded]:
    decoded = decode_text(data, encoding=encoding)
    front, text = take_off(clean(decoded.text))
    return front, replace(decoded, text=text)


def decode_text(data: bytes, declared: str = "", encoding: str = "") -> Decoded:
    """Decode `data`, or raise `UnreadableFile` when that gives no text."""
    decoded = decode(data, declared, encoding)
    unreadable = len(UNREADABLE.findall(decoded.text)) > MOST_UNREADABLE * len(decoded.text)
    if unreadable or (decoded.oddness > ODDEST and len(decoded.text) >= ENOUGH):
        raise UnreadableFile("not_text")
    return decoded


def decoding_notices(decoded: Decoded) -> tuple[Notice, ...]:
    """Say what a reader should know about how the bytes became text."""
    notices = []
    if decoded.confidence < UNSURE:
        notices.append(
            Notice(
                "encoding_unsure",
                Sentence(
                    f"编码按 {decoded.encoding} 读取，把握不大。",
                    f"Read as {decoded.encoding}, without much certainty.",
                ),
            )
        )
    if decoded.second:
        notices.append(
            Notice(
                "two_encodings",
                Sentence(
                    f"有两种编码：{decoded.second_lines} 行按 {decoded.second} 读取。",
                    f"Two encodings: {decoded.second_lines} lines were read as {decoded.second}.",
                ),
            )
        )
    if decoded.replaced:
        notices.append(
            Notice(
                "characters_replaced",
                Sentence(
                    f"有 {decoded.replaced} 处字节无法识别，以 \ufffd 代替。",
                    f"{decoded.replaced} unreadable places are shown as \ufffd.",
                ),
            )
        )
    return tuple(notices)
