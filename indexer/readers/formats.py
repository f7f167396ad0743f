"""Which format is this file, and which module reads it?  Content first, the suffix second."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from indexer.errors import UnreadableFile
from indexer.readers import archive, doc, docx, html, mail, ocr, odt, ofd, pdf, rtf, text
from indexer.readers.archive import Archive
from indexer.readers.container import Container
from indexer.readers.extract import Extract
from indexer.readers.mail import Mail
from indexer.settings import Settings

Extractor = Callable[[bytes, str], Extract]
"""From the bytes of a file and the operator's encoding (or nothing) to its lines."""

EXTRACTORS: Final[dict[str, Extractor]] = {
    "text": text.extract,
    "markdown": text.extract_markdown,
    "html": html.extract,
    "docx": docx.extract,
    "pdf": pdf.extract,
    "rtf": rtf.extract,
    "odt": odt.extract,
    "ofd": ofd.extract,
    "doc": doc.extract,
    "image": ocr.extract,
}
CONTAINERS: Final[dict[str, Callable[[bytes, Settings], Container]]] = {
    "archive": Archive,
    "mail": Mail,
}
"""What holds files, opened within the bounds of the settings."""

SUFFIXES: Final = {
    "": "text",
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".docm": "docx",
    ".pdf": "pdf",
    ".ofd": "ofd",
    ".rtf": "rtf",
    ".odt": "odt",
    ".ott": "odt",
    ".fodt": "odt",
    # What Word opens under these names and is in no format of its own is text.
    ".doc": "text",
    ".wps": "text",
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif"), "image"),
    ".zip": "archive",
    ".eml": "mail",
}
BINARY: Final = ("docx", "pdf", "rtf", "odt", "ofd", "image", "archive", "mail")
HEAD: Final = 1024  # bytes within which a file says what it is
LOCAL_HEADER: Final = 30  # bytes of a ZIP before the name of its first member

HTML = re.compile(
    rb"(?:\s|<!--.*?-->|<\?xml[^>]*\?>)*<(?:!doctype html|html|head|body)\b", re.I | re.S
)
OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."
FLAT = re.compile(rb"[^<]{0,9}(?:<\?xml[^>]*\?>\s*)?<office:document\b")
RTF = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,9}\{\\rtf")
BYTE_ORDER_MARK = re.compile(rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff")
WORD_XML = b'progid="Word.Document"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
WORD_STREAM = "WordDocument".encode("utf-16-le")
FOREIGN: Final = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", OLE)
PROGRAMS: Final = (b"\x7fELF", b"MZ\x90")
PICTURE = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|II[*+]\0|MM\0[*+]|RIFF.{4}WEBP"
    rb"|BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0{3}",
    re.S,
)


def extract(data: bytes, suffix: str, encoding: str = "") -> Extract:
    """Return the lines of a file.  `suffix` is that of its name, in lower case.

    Raises `UnreadableFile` when it has no format that is read, or is damaged.
    """
    return EXTRACTORS[format_of(data, suffix)](data, encoding)


def format_of(data: bytes, suffix: str) -> str:
    """Return the key of `EXTRACTORS` or `CONTAINERS` for a file, or raise `UnreadableFile`."""
    # An archive or a mail may have another format within these bytes, not the other way round.
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(data, suffix)
    if suffix == ".eml" and mail.HEAD.match(data):
        return "mail"
    if b"%PDF-" in data[:HEAD]:
        return "pdf"
    if RTF.match(data):
        return "rtf"
    if FLAT.match(data):
        return "odt"
    if WORD_XML in data[:HEAD] or _is_old_word(data, suffix):
        return "doc"
    if PICTURE.match(data):
        return "image"
    _refuse_foreign(data)
    if HTML.match(BYTE_ORDER_MARK.sub(b"", data[:HEAD], count=1).replace(b"\0", b"")):
        return "html"
    named = SUFFIXES.get(suffix, "")
    if not named:
        raise UnreadableFile("unknown_format", suffix)
    if named in BINARY:
        raise UnreadableFile("damaged" if data.strip() else "empty")
    return named


def _package(data: bytes, suffix: str) -> str:
    """Tell a document that is a ZIP from an archive, by the names of what is at its top."""
    if data.startswith(OPEN_DOCUMENT + b"text", LOCAL_HEADER) or SUFFIXES.get(suffix) == "odt":
        return "odt"
    if data.startswith(OPEN_DOCUMENT, LOCAL_HEADER):
        raise UnreadableFile("unknown_format")
    names = archive.names(data)
    if ofd.ROOT in names or SUFFIXES.get(suffix) == "ofd":
        return "ofd"
    if any(name.startswith("word/") for name in names):
        return "docx"
    if "[Content_Types].xml" not in names:
        return "archive"
    if SUFFIXES.get(suffix) == "docx":
        return "docx"
    raise UnreadableFile("unknown_format")  # a spreadsheet, or slides


def _is_old_word(data: bytes, suffix: str) -> bool:
    """Tell an old Word document from what else is in a container of its kind."""
    if not data.startswith(OLE) or ENCRYPTED_PACKAGE in data:
        return False
    return WORD_STREAM in data or suffix in (".doc", ".wps")


def _refuse_foreign(data: bytes) -> None:
    if data.startswith(OLE) and ENCRYPTED_PACKAGE in data:
        raise UnreadableFile("encrypted")
    if data.startswith(FOREIGN):
        raise UnreadableFile("unknown_format")
    if data.startswith(PROGRAMS):
        raise UnreadableFile("not_text")
