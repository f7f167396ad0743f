"""What does a mail say, and which files come with it?

Headers are read from their raw bytes: what mailers say of charsets is often not so, one character
may be cut in two by encoded words, and many write their own encoding without saying any.
"""

from __future__ import annotations

import binascii
import email.policy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from itertools import groupby
from typing import Final

from indexer.errors import UnreadableFile
from indexer.language import Notice, Sentence
from indexer.readers import html, text
from indexer.readers.container import Member, is_hidden, safe_name, told_apart
from indexer.readers.encoding import decode
from indexer.readers.extract import Extract, clean
from indexer.settings import Settings

MEDIA_TYPE: Final = "message/rfc822"
HEAD: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:From [^\n]*\n)?[!-9;-~]{1,70}[ \t]*:", re.ASCII)
"""How a mail begins: with a header."""

MOST_BOUNDARIES: Final = 20_000
"""Lines that may part one part of a mail from the next; more would only take memory."""
RICHER: Final = 1.2
"""How many times the text of the plain version the HTML version must have to be preferred: some
mailers write into the plain one only that the reader should look at the other."""

_ENCODED = re.compile(rb"=\?([^?\s*]{1,60})(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
_FOLD = re.compile(rb"\r?\n(?=[ \t])|[\r\n]+")
_SEPARATORS = re.compile(r"[/\\]")
_MARK: Final = b"\xef\xbb\xbf"
_SUFFIXES: Final = {"text/plain": ".txt", "text/html": ".html", MEDIA_TYPE: ".eml"}
_NAMELESS: Final = "附件"


@dataclass(frozen=True, slots=True)
class _Held:
    """What a part of a mail holds: the parts that are its text, and those that are files."""

    texts: tuple[Message, ...] = ()
    files: tuple[Message, ...] = ()


class Mail:
    """A mail in memory.  Raises `UnreadableFile` (`encrypted`, `damaged`, `too_complex`)."""

    media_type = MEDIA_TYPE

    def __init__(self, data: bytes, settings: Settings) -> None:
        if data.count(b"\n--") > MOST_BOUNDARIES:
            raise UnreadableFile("too_complex")
        # `compat32` leaves headers alone; the newer policies repair them before we can look.
        parser = BytesParser(policy=email.policy.compat32)
        self._message = parser.parsebytes(data.removeprefix(_MARK))
        self._most = settings.max_file_mb << 20
        if _is_sealed(self._message):
            raise UnreadableFile("encrypted")
        if _is_undivided(self._message):
            raise UnreadableFile("damaged", "multipart")
        self._held = _held(self._message)
        names = _names(self._held.files)
        placed = sorted(zip(names, self._held.files, strict=True), key=lambda pair: pair[0])
        self._files = tuple(part for name, part in placed if not is_hidden(name))
        self.members = tuple(
            Member(name, _size(part)) for name, part in placed if not is_hidden(name)
        )
        self.refusal: UnreadableFile | None = None

    def text(self, encoding: str) -> Extract | None:
        """Return the body with the subject as its title; None for a bare cover of its files."""
        found = [_text(part, encoding) for part in self._held.texts]
        lines = tuple(line for each in found for line in each.lines)
        if self.members and not lines:
            return None
        return Extract(
            lines,
            MEDIA_TYPE,
            title=_header(self._message, "subject"),
            encoding=next((each.encoding for each in found), ""),
            notices=(*(n for each in found for n in each.notices), *_dated(self._message)),
            front=tuple(pair for each in found for pair in each.front),
        )

    def data(self, place: int) -> bytes:
        """Return the bytes of a file.  Raises `UnreadableFile` (`damaged`, `too_large`)."""
        data = _bytes(self._files[place])
        if len(data) > self._most:
            raise UnreadableFile("too_large")
        return data


def _held(part: Message) -> _Held:
    """Return what a part holds, whatever stands within it."""
    kind = part.get_content_type()
    if part.get_content_maintype() != "multipart" or _is_undivided(part):
        return _Held(texts=(part,)) if _is_text(part) else _Held(files=(part,))
    within = [_held(each) for each in _parts(part)]
    if kind == "multipart/signed":
        return within[0] if within else _Held()
    files = tuple(file for each in within for file in each.files)
    if kind == "multipart/alternative":
        return _Held(_richest([each.texts for each in within if each.texts]), files)
    if kind == "multipart/related":
        files = tuple(file for file in files if not _is_picture_of_the_page(file))
    return _Held(tuple(each for held in within for each in held.texts), files)


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)]


def _is_undivided(part: Message) -> bool:
    """Tell what says that it has parts, but not where they begin."""
    return part.get_content_maintype() == "multipart" and not part.is_multipart()


def _is_sealed(message: Message) -> bool:
    kind = message.get_content_type()
    smime = kind.endswith("pkcs7-mime") and message.get_param("smime-type") != "signed-data"
    return smime or kind == "multipart/encrypted"


def _is_text(part: Message) -> bool:
    named = _filename(part) or part.get_content_disposition() == "attachment"
    return part.get_content_type() in ("text/plain", "text/html") and not named


def _is_picture_of_the_page(part: Message) -> bool:
    picture = part.get_content_maintype() == "image" and part["content-id"]
    return bool(picture) and part.get_content_disposition() != "attachment"


def _richest(versions: list[tuple[Message, ...]]) -> tuple[Message, ...]:
    """Return the plain version of a text, or the one in HTML that has clearly more."""
    lengths = [_length(version) for version in versions]
    best = 0
    for at, length in enumerate(lengths):
        if length > RICHER * lengths[best]:
            best = at
    return versions[best] if versions else ()


def _length(version: Iterable[Message]) -> int:
    """Return how many characters of a version are seen; none where it cannot be read."""
    try:
        lines = [line for part in version for line in _text(part, "").lines]
    except UnreadableFile:
        return 0
    return sum(len("".join(line.text.split())) for line in lines)


def _text(part: Message, encoding: str) -> Extract:
    """Return the text of a part.  Raises `UnreadableFile` (`not_text`)."""
    said = part.get_content_charset("")
    decoded = text.decode_text(_bytes(part), said, encoding)
    plain = _MARK + clean(decoded.text).encode("utf-8", "replace")
    read = html.extract if part.get_content_type() == "text/html" else text.extract
    return replace(read(plain), encoding=decoded.encoding, notices=text.decoding_notices(decoded))


def _bytes(part: Message) -> bytes:
    """Return the bytes of a part, its transfer encoding taken off."""
    try:
        if part.get_content_maintype() == "message" and part.is_multipart():
            return _message(part)
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise UnreadableFile("damaged") from None
    return payload if isinstance(payload, bytes) else b""


def _message(part: Message) -> bytes:
    """Return a mail in a mail; some mailers encode it, though they must not."""
    whole = b"\n".join(each.as_bytes(policy=email.policy.compat32) for each in _parts(part))
    if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64":
        return binascii.a2b_base64(whole)
    return whole


def _size(part: Message) -> int:
    try:
        return len(_bytes(part))
    except UnreadableFile:
        return 0


def _names(files: Iterable[Message]) -> list[str]:
    """Return the names of files; one without a name is numbered."""
    written = []
    for number, part in enumerate(files, 1):
        kind = part.get_content_type()
        subject = _subject_within(part) if kind == MEDIA_TYPE else ""
        bare = _SEPARATORS.sub("_", subject) or f"{_NAMELESS}{number}"
        suffix = _SUFFIXES.get(kind) or f".{part.get_content_subtype()}"
        written.append(safe_name(_filename(part) or f"{bare}{suffix}"))
    return told_apart(written)


def _subject_within(part: Message) -> str:
    return (
        next((_header(each, "subject") for each in _parts(part)), "") if part.is_multipart() else ""
    )


def _filename(part: Message) -> str:
    for header, key in (("content-disposition", "filename"), ("content-type", "name")):
        bare = Message()
        bare[header] = _decoded(_raw(part, header))
        value = bare.get_param(key, header=header)
        if isinstance(value, tuple):
            charset, _, escaped = value
            value = decode(escaped.encode("latin-1", "replace"), charset or "").text
        if isinstance(value, str) and value.strip():
            return _words(value.encode("utf-8", "surrogateescape"))
    return ""


def _header(message: Message, name: str) -> str:
    """Return a header as its reader sees it."""
    return clean(" ".join(_words(_raw(message, name)).split()))


def _raw(message: Message, name: str) -> bytes:
    """Return the bytes of a header, unfolded."""
    written = (str(value) for key, value in message.raw_items() if key.lower() == name)
    return _FOLD.sub(b"", next(written, "").encode("utf-8", "surrogateescape"))


def _words(raw: bytes) -> str:
    """Return a header with its encoded words decoded, those of one charset as one."""
    return "".join(
        _decoded(b"".join(piece for _, piece in run), charset)
        for charset, run in groupby(_pieces(raw), key=lambda piece: piece[0])
    )


def _pieces(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield bytes with the charset they are said to be in; nothing where none is said."""
    stop, encoded = 0, False
    for word in _ENCODED.finditer(raw):
        between = raw[stop : word.start()]
        if between.strip() or (between and not encoded):
            yield "", between
        yield word[1].decode("ascii", "replace").lower(), _unpacked(word[2], word[3])
        stop, encoded = word.end(), True
    if stop < len(raw):
        yield "", raw[stop:]


def _unpacked(kind: bytes, packed: bytes) -> bytes:
    if kind in b"bB":
        try:
            return binascii.a2b_base64(packed + b"==")
        except binascii.Error:
            return packed
    return binascii.a2b_qp(packed, header=True)


def _decoded(data: bytes, charset: str = "") -> str:
    return decode(data, charset).text


def _dated(message: Message) -> tuple[Notice, ...]:
    """Say when the mail says that it was written, which is not the date of the bulletin."""
    try:
        day = parsedate_to_datetime(_header(message, "date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ()
    said = Sentence(f"邮件头上的日期是 {day}。", f"The header of the mail is dated {day}.")
    return (Notice("mail_date", said),)
