"""What is made of one file?  It is read, understood, put right and analysed, or refused."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from indexer.analysis import Segmenter, analyse, general_dictionary
from indexer.build_report import FileReport
from indexer.bulletin import Bulletin, Reading
from indexer.document import Document
from indexer.errors import UnreadableFile
from indexer.file_reports import container, refused, understood
from indexer.metadata import Authority, describe
from indexer.metadata.overrides import FRONT, Statement, put_right
from indexer.overrides import Given
from indexer.readers import ConfinedReader, Found, Room
from indexer.settings import Settings

DIGITS: Final = (12, 24, 64)
"""How much of its digest an id of a bulletin may have: the least that tells it from others."""


def id_of(digest: str, digits: int) -> str:
    """Return an id of the content, so that it stays when a file is renamed or moved."""
    return f"b-{digest[:digits]}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A file to be taken in: what is stated of it, and the room that it has for its members."""

    file: Found
    given: Given
    room: Room
    digits: int = DIGITS[0]


@dataclass(frozen=True, slots=True)
class Taken:
    """What was made of a file: its report, what is in it, and the document of its own text.

    Neither report nor document know of other files yet: the group is the bulletin's own.
    """

    report: FileReport
    members: tuple[Found, ...] = ()
    document: Document | None = None


class Intake:
    """Takes in one file after another, by a confined reader: its own, or one that has been started
    already.  Used as a context manager.
    """

    def __init__(
        self,
        settings: Settings,
        authority: Authority,
        segmenter: Segmenter,
        reader: ConfinedReader | None = None,
    ) -> None:
        self._settings = settings
        self._authority = authority
        self._segmenter = segmenter
        self._reader = reader or ConfinedReader(settings)

    def prepare(self) -> None:
        """Load what many of these share."""
        general_dictionary()

    def __enter__(self) -> Self:
        self._reader.start()
        self.prepare()  # while the reader does
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.stop()

    def __call__(self, asked: Asked) -> Taken:
        """Return what is made of a file; it is refused where it or its text is too much for us."""
        file, given = asked.file, asked.given
        opened = self._reader.open(file, given.encoding or self._settings.encoding, asked.room)
        members = tuple(file.member(n, m.name, m.size) for n, m in enumerate(opened.members))
        try:
            reading = opened.text()
            if reading is None:
                return Taken(container(file, opened.media_type, given), members)
            with _refused_alone():
                return self._understood(asked, reading, members)
        except UnreadableFile as error:
            return Taken(refused(file, error, given), members)

    def _understood(self, asked: Asked, reading: Reading, members: tuple[Found, ...]) -> Taken:
        file, source = asked.file, reading.source
        known = FileReport(
            file.relative,
            "read",
            media_type=source.media_type,
            encoding=source.encoding,
            size=file.size,
            modified=file.modified,
            sha256=source.sha256,
            overrides=asked.given.fingerprint,
            inside=file.inside,
        )
        bulletin = self._describe(reading, id_of(source.sha256, asked.digits), asked.given)
        document = analyse(bulletin, self._segmenter)
        return Taken(understood(known, bulletin, document.units), members, document)

    def _describe(self, reading: Reading, id: str, given: Given) -> Bulletin:
        """Return what is understood of a text and put right."""
        described = describe(reading, id, self._authority)
        front = (Statement(FRONT, reading.front),) if reading.front else ()
        right = put_right(described, (*front, *given.statements), self._authority)
        return dataclasses.replace(right, notices=(*right.notices, *given.notices))


@contextlib.contextmanager
def _refused_alone() -> Iterator[None]:
    """Refuse the one file whose text our own code stumbles over; the build goes on."""
    try:
        yield
    except Exception as error:
        raise UnreadableFile("crashed", type(error).__name__) from error
