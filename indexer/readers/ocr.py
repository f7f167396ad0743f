"""What do pages without text say?  Pictures and scans, read by optical character recognition.

What recognizes is the extra `ocr`.  Without it pictures and scans are refused (`needs_ocr`), and
pages of a PDF that have no text are named in a notice: nothing is left out silently.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from statistics import fmean
from typing import Any, Final

from indexer.errors import UnreadableFile
from indexer.language import Notice, Sentence
from indexer.readers.extract import Extract, Line, clean
from indexer.readers.reading_order import in_order
from indexer.readers.shapes import HAN
from indexer.settings import Settings

PACKAGES: Final = ("rapidocr", "onnxruntime", "pypdfium2", "pillow")
DOUBTFUL: Final = 0.8  # confidence below which a character is in doubt
UNSURE: Final = 0.05  # share of a page's characters in doubt from which it is to be looked at
MEDIA_TYPES: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"RIFF", "image/webp"),
    (b"", "image/tiff"),
)
FULL_WIDTH: Final = dict(zip(",:;?!()", "，：；？！（）", strict=True))
HALF_WIDTH = re.compile(rf"(?<={HAN.pattern}) ?[,:;?!()]|[(] ?(?={HAN.pattern})")
LEFT_OUT: Final = "pages_without_text"
NOT_INSTALLED: Final = Sentence(
    "第 {} 页是图片，图里的字未读；装上文字识别（jianbao[ocr]）可读。",
    "Pages {}: the text in pictures was not read; install jianbao[ocr] to read it.",
)
NOT_SHOWN: Final = Sentence(
    "第 {} 页是图片，无法显示，图里的字未读。",
    "Pages {}: the text in pictures was not read, for they cannot be shown.",
)
TOO_MANY: Final = Sentence(
    "第 {} 页是图片，超出页数上限（ocr_pages），图里的字未读。",
    "Pages {}: the text in pictures was not read, beyond the limit (ocr_pages).",
)
UNSURE_PAGES: Final = Sentence(
    "第 {} 页辨认不清，请核对。", "Pages {}: hard to recognize, please check."
)


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page, and how sure they are."""

    number: int
    lines: tuple[Line, ...]
    confidences: tuple[float, ...]
    illegible: int

    @property
    def doubtful(self) -> int:
        return sum(confidence < DOUBTFUL for confidence in self.confidences)

    @property
    def is_unsure(self) -> bool:
        return self.illegible > 0 or self.doubtful > UNSURE * len(self.confidences)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many pages of a file are recognized, and what is done before each of them."""

    pages: int
    before: Callable[[], None]


_UNBOUND: Final = Allowance(Settings().ocr_pages, lambda: None)
_ALLOWED: ContextVar[Allowance] = ContextVar("allowed")


@contextmanager
def allowing(pages: int, before: Callable[[], None]) -> Iterator[None]:
    """Let so many pages of each file be recognized, and call `before` before each of them."""
    token = _ALLOWED.set(Allowance(pages, before))
    try:
        yield
    finally:
        _ALLOWED.reset(token)


def recognizer() -> str:
    """Return what recognizes, with its versions; nothing where the extra is not installed."""
    try:
        return " ".join(f"{name} {version(name)}" for name in PACKAGES)
    except PackageNotFoundError:
        return ""


def extract(data: bytes, encoding: str = "") -> Extract:
    """Return the lines of a picture, each of its pages recognized.

    Raises `UnreadableFile` (`needs_ocr`, `too_complex`, `damaged`).
    """
    if not recognizer():
        raise UnreadableFile("needs_ocr")
    image = _loaded("image")
    try:
        numbers = range(1, image.count(data) + 1)
        lines, notices = _read(numbers, image.frames(data))
    except (UnreadableFile, MemoryError, RecursionError):
        raise
    except Exception as error:  # Each format of pictures has its own ways to be damaged.
        raise UnreadableFile("damaged", type(error).__name__) from None
    media_type = next(kind for magic, kind in MEDIA_TYPES if data.startswith(magic))
    return Extract(lines, media_type, notices=notices)


def of_pdf(data: bytes, numbers: Sequence[int]) -> tuple[tuple[Line, ...], tuple[Notice, ...]]:
    """Return the lines of those pages (from 1) of a PDF, and what to say of the pages.

    Without the extra there are no lines, and a notice names the pages.
    """
    if not numbers:
        return (), ()
    if not recognizer():
        return (), (_naming(LEFT_OUT, NOT_INSTALLED, numbers),)
    scan = _loaded("scan")
    return _read(numbers, scan.pages(data, numbers[: _ALLOWED.get(_UNBOUND).pages]))


def _read(
    numbers: Sequence[int], bitmaps: Iterable[Any]
) -> tuple[tuple[Line, ...], tuple[Notice, ...]]:
    """Return the lines of the pages, as many as are allowed, and the notices."""
    most = _ALLOWED.get(_UNBOUND).pages
    pages = list(_recognized(numbers[:most], iter(bitmaps)))
    shown = {page.number for page in pages}
    left_out = (
        (NOT_SHOWN, [number for number in numbers[:most] if number not in shown]),
        (TOO_MANY, numbers[most:]),
    )
    notices = [_summary(pages)] if any(page.lines for page in pages) else []
    unsure = [page.number for page in pages if page.is_unsure]
    notices += [_naming("ocr_unsure", UNSURE_PAGES, unsure)] if unsure else []
    notices += [_naming(LEFT_OUT, why, found) for why, found in left_out if found]
    return tuple(line for page in pages for line in page.lines), tuple(notices)


def _recognized(numbers: Sequence[int], bitmaps: Iterator[Any]) -> Iterator[_Page]:
    for number in numbers:
        _ALLOWED.get(_UNBOUND).before()
        bitmap = next(bitmaps)
        if bitmap is not None:
            found = _loaded("recognizer").recognize(bitmap)
            lines = tuple(_visible(in_order(found.pieces, number)))
            yield _Page(number, lines, found.confidences, found.illegible)


def _loaded(module: str) -> Any:
    """Return a module that needs the extra.  Raises `UnreadableFile` (`missing_reader`)."""
    try:
        return importlib.import_module(f"indexer.readers.{module}")
    except ImportError as error:  # A library of the system is missing, or there is no memory.
        raise UnreadableFile("missing_reader", str(error)) from None


def _visible(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines, marks beside Han as wide as they are set: a picture does not tell."""
    for line in lines:
        text = HALF_WIDTH.sub(lambda mark: FULL_WIDTH[mark[0].strip()], clean(line.text))
        if text.strip():
            yield replace(line, text=text)


def _summary(pages: Sequence[_Page]) -> Notice:
    """Say how sure the recognized text is.  The mean is rounded down: 100 % is certain."""
    confidences = [c for page in pages for c in page.confidences]
    mean = f"{int(fmean(confidences) * 1000) / 10}%"
    count = sum(bool(page.lines) for page in pages)
    doubtful, illegible = sum(p.doubtful for p in pages), sum(p.illegible for p in pages)
    return Notice(
        "ocr",
        Sentence(
            f"由文字识别（OCR）读出 {count} 页，平均可信度 {mean}，"
            f"{len(confidences)} 字中 {doubtful} 字存疑，{illegible} 处无法辨认。",
            f"Pages read by OCR: {count}, mean confidence {mean}, {doubtful} of "
            f"{len(confidences)} characters in doubt, illegible places: {illegible}.",
        ),
    )


def _naming(code: str, what: Sentence, numbers: Sequence[int]) -> Notice:
    """Say something of pages: 3–5, 8."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    named = ["–".join(map(str, run)) for run in runs]
    zh, en = what.zh.format("、".join(named)), what.en.format(", ".join(named))
    return Notice(code, Sentence(zh, en))
