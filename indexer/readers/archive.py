"""Which files are in a ZIP archive?  Listed and unpacked in memory, one at a time, within bounds.

The central directory says what there is.  Where it is damaged or cut off, the headers in front of
the members do, as far as they go.
"""

from __future__ import annotations

import bz2
import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer.errors import UnreadableFile
from indexer.readers.container import Member, is_hidden, safe_name, told_apart
from indexer.readers.encoding import likeliest
from indexer.readers.extract import Extract
from indexer.settings import Settings

MEDIA_TYPE: Final = "application/zip"
SMALL: Final = 1 << 20
"""Bytes unpacked up to which any ratio of compression is believed."""

_LOCAL: Final = struct.Struct("<4xHHHHHLLLHH")
_SIGNATURE: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
_STREAMED: Final = 0x8
_UTF8: Final = 0x800
_UNKNOWN: Final = 0xFFFFFFFF
_UNICODE_PATH: Final = 0x7075
"""The extra field of Info-ZIP that has the name in UTF-8, and the CRC of the name it is for."""

_LEGACY: Final = ("gb18030", "big5", "cp437")
"""What a name without the flag for UTF-8 may be written in; between equals the first."""

_INFLATED: Final = 8
_BZIPPED: Final = 12
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Entry:
    """One member: its name as it stands there, where its header begins, and what is said of it.

    It is `broken` when its bytes cannot be told from those of others.
    """

    name: bytes
    utf8: bool
    header: int
    method: int
    packed: int
    size: int
    check: int
    encrypted: bool = False
    broken: bool = False


class Archive:
    """A ZIP archive in memory.  Raises `UnreadableFile` (`damaged`) when nothing can be listed."""

    media_type = MEDIA_TYPE

    def __init__(self, data: bytes, settings: Settings) -> None:
        self._data = data
        self._most = settings.max_file_mb << 20
        self._ratio = settings.archive_ratio
        entries, whole = _entries(data, self._most)
        self.refusal = None if whole else UnreadableFile("damaged")
        if not whole and not entries:
            raise UnreadableFile("damaged")
        named = _named(entries)
        self._entries = tuple(entry for _, entry in named)
        self.members = tuple(Member(name, entry.size) for name, entry in named)

    def text(self, encoding: str) -> Extract | None:
        """An archive has no text of its own."""
        return None

    def data(self, place: int) -> bytes:
        """Return the bytes of a member.

        Raises `UnreadableFile` (`encrypted`, `too_large`, `too_complex`, `damaged`,
        `unknown_format` for a compression that is not read).
        """
        entry = self._entries[place]
        if entry.encrypted:
            raise UnreadableFile("encrypted")
        if entry.broken:
            raise UnreadableFile("damaged")
        if entry.size > self._most:
            raise UnreadableFile("too_large")
        if entry.size > SMALL and entry.size > self._ratio * entry.packed:
            raise UnreadableFile("too_complex")
        data = _unpacked(self._data, entry)
        if len(data) != entry.size or zlib.crc32(data) != entry.check:
            raise UnreadableFile("damaged")
        return data


def names(data: bytes) -> frozenset[str]:
    """Return the names in a ZIP, as far as they can be read: they tell a document from others."""
    return frozenset(entry.name.decode("utf-8", "replace") for entry in _entries(data, SMALL)[0])


def _entries(data: bytes, most: int) -> tuple[list[_Entry], bool]:
    """Return the members, and whether the central directory could be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = [_listed(info) for info in archive.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, struct.error):
        return [entry for entry in _salvaged(data, most) if entry.name], False
    return _without_overlap(found), True


def _listed(info: zipfile.ZipInfo) -> _Entry:
    utf8 = bool(info.flag_bits & _UTF8)
    name = info.orig_filename.encode("utf-8" if utf8 else "cp437", "surrogateescape")
    better = None if utf8 else _unicode_path(info.extra, name)
    return _Entry(
        better or name,
        utf8 or better is not None,
        info.header_offset,
        info.compress_type,
        info.compress_size,
        info.file_size,
        info.CRC,
        bool(info.flag_bits & _ENCRYPTED),
    )


def _unicode_path(extra: bytes, name: bytes) -> bytes | None:
    """Return the name that the extra field has for this name, if any."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and field[1:5] == zlib.crc32(name).to_bytes(4, "little"):
            return field[5:] or None
    return None


def _without_overlap(entries: list[_Entry]) -> list[_Entry]:
    """Mark the members that begin within another one: no honest archive has any."""
    order = sorted(range(len(entries)), key=lambda at: entries[at].header)
    stop = -1
    for at in order:
        entry = entries[at]
        if entry.header < stop:
            entries[at] = replace(entry, broken=True)
        stop = max(stop, entry.header + _LOCAL.size + entry.packed)
    return entries


def _salvaged(data: bytes, most: int) -> Iterator[_Entry]:
    """Yield the members that their own headers tell of, in the order of the file."""
    at = data.find(_SIGNATURE)
    while 0 <= at <= len(data) - _LOCAL.size:
        _, flags, method, _, _, check, packed, size, named, extra = _LOCAL.unpack_from(data, at)
        begin = at + _LOCAL.size + named + extra
        untold = bool(flags & _STREAMED) or _UNKNOWN in (packed, size)
        if untold and method == _INFLATED:
            packed, size, check = _measured(data, begin, most)
        yield _Entry(
            data[at + _LOCAL.size : at + _LOCAL.size + named],
            bool(flags & _UTF8),
            at,
            method,
            packed,
            size,
            check,
            encrypted=bool(flags & _ENCRYPTED),
            broken=untold and method != _INFLATED,
        )
        at = data.find(_SIGNATURE, min(begin + packed, len(data)))


def _measured(data: bytes, begin: int, most: int) -> tuple[int, int, int]:
    """Return the packed and the unpacked size and the CRC of a stream that tells its own end."""
    stream, packed, size, check = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0, 0
    # What is not whole ends without its end, and the checks of a member say so.
    with contextlib.suppress(zlib.error):
        while begin + packed < len(data) and not stream.eof and size <= most:
            chunk = data[begin + packed : begin + packed + _CHUNK]
            piece = stream.decompress(chunk)
            packed += len(chunk) - len(stream.unused_data)
            size, check = size + len(piece), zlib.crc32(piece, check)
    return packed, size, check


def _unpacked(data: bytes, entry: _Entry) -> bytes:
    """Return the bytes of a member, at most one more than are said to be there."""
    if data[entry.header : entry.header + len(_SIGNATURE)] != _SIGNATURE:
        raise UnreadableFile("damaged")
    try:
        *_, named, extra = _LOCAL.unpack_from(data, entry.header)
        begin = entry.header + _LOCAL.size + named + extra
        packed, most = data[begin : begin + entry.packed], entry.size + 1
        if entry.method == zipfile.ZIP_STORED:
            return packed
        if entry.method == _INFLATED:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
        if entry.method == _BZIPPED:
            return bz2.BZ2Decompressor().decompress(packed, most)
    except (zlib.error, OSError, EOFError, ValueError, struct.error):
        raise UnreadableFile("damaged") from None
    raise UnreadableFile("unknown_format", f"ZIP method {entry.method}")


def _named(entries: list[_Entry]) -> list[tuple[str, _Entry]]:
    """Return the members that a folder would show, by name, each name once."""
    files = [pair for pair in zip(_decoded(entries), entries, strict=True) if _is_shown(pair[0])]
    names = told_apart(safe_name(written) for written, _ in files)
    found = zip(names, (entry for _, entry in files), strict=True)
    return sorted(found, key=lambda pair: pair[0])


def _is_shown(written: str) -> bool:
    return not written.endswith(("/", "\\")) and not is_hidden(safe_name(written))


def _decoded(entries: list[_Entry]) -> Iterator[str]:
    """Yield the names.  All that cannot be UTF-8 together tell what they are in."""
    legacy = likeliest(b"\n".join(e.name for e in entries if not _is_utf8(e.name)), _LEGACY)
    for entry in entries:
        codec = "utf-8" if entry.utf8 else likeliest(entry.name, ("utf-8", legacy))
        name = entry.name.decode(codec, "backslashreplace")
        yield name.split("\0")[0]  # where writers in C end it


def _is_utf8(name: bytes) -> bool:
    try:
        return bool(name.decode())
    except UnicodeDecodeError:
        return False
