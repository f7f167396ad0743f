"""Which parts does this ZIP of XML have, and is it safe to open?

For the formats of word processors, which are all packages of this kind.  No part is unpacked
before the whole is known to be of a sane size, and no XML may bring definitions of its own.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from indexer.errors import UnreadableFile

MOST_BYTES = 200 << 20  # of all members together, unpacked
MOST_RATIO = 200  # unpacked to packed, for what is large enough to matter
SMALL = 1 << 20  # bytes
MOST_MEMBERS = 5_000
DAMAGE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, EOFError),
)
"""What a package raises that is no whole ZIP."""


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Give the package for the time of a `with` block.

    Whatever goes wrong inside becomes `UnreadableFile` (`damaged`, `too_large`, `too_complex`,
    `encrypted`).
    """
    with refusals():
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                _guard(package)
                yield package
        except DAMAGE as error:
            raise UnreadableFile("damaged", type(error).__name__) from None


@contextmanager
def refusals() -> Iterator[None]:
    """Say of whatever XML and its values make the code raise why the file is refused."""
    try:
        yield
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from None
        reason = "too_complex" if "depth" in str(error) or "entity" in str(error) else "damaged"
        raise UnreadableFile(reason) from None
    except (KeyError, ValueError, OSError) as error:
        raise UnreadableFile("damaged", type(error).__name__) from None
    except RecursionError:
        raise UnreadableFile("too_complex") from None
    except RuntimeError:  # zipfile's word for a member with a password
        raise UnreadableFile("encrypted") from None


def part(package: zipfile.ZipFile, name: str) -> etree._Element:
    """Return the root of one member.  Raises `UnreadableFile` for a document type."""
    return root_of(package.read(name))


def root_of(data: bytes) -> etree._Element:
    """Return the root of an XML text.  Raises `UnreadableFile` for a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise UnreadableFile("damaged", "DOCTYPE")
    return root


def _guard(package: zipfile.ZipFile) -> None:
    """Refuse what would unpack to too much, before anything is unpacked."""
    members = package.infolist()
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > MOST_MEMBERS or (total > SMALL and total > MOST_RATIO * packed):
        raise UnreadableFile("too_complex")
    if total > MOST_BYTES:
        raise UnreadableFile("too_large")
