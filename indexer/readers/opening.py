"""What is in this file?  Its text and its members, or those of a file that is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from indexer.bulletin import Reading, Source
from indexer.errors import UnreadableFile
from indexer.readers.container import DEEPEST, Container, Member, Opened, Room
from indexer.readers.contents import Contents, contents
from indexer.readers.extract import Extract
from indexer.readers.formats import CONTAINERS, EXTRACTORS, format_of
from indexer.readers.ocr import allowing
from indexer.readers.repair import mend
from indexer.settings import Settings

Inside = tuple[int, ...]
"""Where a file is: its place in the file on disk, its place in that member, and so on."""


class Opener:
    """Opens one file after another, in this process and without limits on time and memory.

    It keeps the containers open that the last file was in: the next one is often beside it.
    `before_page` is called before each page that is recognized.
    """

    def __init__(self, settings: Settings, before_page: Callable[[], None] = lambda: None) -> None:
        self._settings = settings
        self._before_page = before_page
        self._open: dict[tuple[Path, Inside], Container] = {}

    def open(
        self,
        path: Path,
        relative: str,
        encoding: str = "",
        inside: Inside = (),
        *,
        room: Room,
        bare: bool = False,
    ) -> Opened:
        """Return what a file holds.  `relative` names it in the result, `encoding` overrides what
        its text seems to be, and `room` is for its members; `bare` asks for the members alone.

        Raises `UnreadableFile`, and `LookupError` when `encoding` names no codec.
        """
        around = {(path, inside[:depth]) for depth in range(len(inside))}
        self._open = {key: self._open[key] for key in around & self._open.keys()}
        held = self._contents(path, relative, inside)
        kind = format_of(held.data, _suffix(relative if inside else path.name))
        if kind in EXTRACTORS:
            if bare:
                return Opened()
            with allowing(self._settings.ocr_pages, self._before_page):
                found = EXTRACTORS[kind](held.data, encoding)
            return Opened(found.media_type, _reading(found, held, relative))
        if len(inside) == DEEPEST:
            raise UnreadableFile("too_deep")
        container = self._open[path, inside] = CONTAINERS[kind](held.data, self._settings)
        members = room.first(container.members)
        if bare:
            return Opened(container.media_type, members=members)
        return _opened(container, members, held, relative, encoding)

    def _contents(self, path: Path, relative: str, inside: Inside) -> Contents:
        if not inside:
            return contents(path, self._settings.max_file_mb << 20)
        container, place = self._container(path, inside[:-1]), inside[-1]
        if place >= len(container.members):
            raise UnreadableFile("changed")
        if not relative.endswith(f"/{container.members[place].name}"):
            raise UnreadableFile("changed")
        data = container.data(place)
        return Contents(data, hashlib.sha256(data).hexdigest())

    def _container(self, path: Path, inside: Inside) -> Container:
        """Return the container at a place, opened again where it is not open any more."""
        if (path, inside) not in self._open:
            if inside:
                around = self._container(path, inside[:-1])
                data, name = around.data(inside[-1]), around.members[inside[-1]].name
            else:
                data = contents(path, self._settings.max_file_mb << 20).data
                name = path.name
            kind = format_of(data, _suffix(name))
            if kind not in CONTAINERS:
                raise UnreadableFile("changed")
            self._open[path, inside] = CONTAINERS[kind](data, self._settings)
        return self._open[path, inside]


def _suffix(name: str) -> str:
    """Return the suffix by which a format is known, also where white space was left behind it."""
    return PurePosixPath(name).suffix.strip().lower()


def refusal_of(error: Exception) -> UnreadableFile:
    """Return why a file is refused: whatever it makes a library raise is a fact about that file."""
    if isinstance(error, UnreadableFile):
        return error
    if isinstance(error, MemoryError):
        return UnreadableFile("out_of_memory")
    if isinstance(error, RecursionError):
        return UnreadableFile("too_complex")
    return UnreadableFile("damaged", type(error).__name__)


def _opened(
    container: Container,
    members: tuple[Member, ...],
    held: Contents,
    relative: str,
    encoding: str,
) -> Opened:
    """Return what a container holds.  A text that cannot be read harms none of its members."""
    reading, refusal = None, container.refusal
    if refusal is None and len(members) < len(container.members):
        refusal = UnreadableFile("too_many")
    try:
        found = container.text(encoding)
        if found is not None or not container.members:
            reading = _reading(found or Extract((), container.media_type), held, relative)
    except Exception as error:
        refusal = refusal or refusal_of(error)
    return Opened(container.media_type, reading, members, refusal)


def _reading(found: Extract, held: Contents, relative: str) -> Reading:
    """Return a mended text.  Raises `UnreadableFile` (`empty`)."""
    mended = mend(found.lines)
    if not mended.blocks:
        raise UnreadableFile("empty")
    return Reading(
        source=Source(relative, found.media_type, found.encoding, held.sha256, len(held.data)),
        blocks=mended.blocks,
        title=found.title,
        furniture=(*found.furniture, *mended.furniture),
        notices=(*found.notices, *mended.notices),
        front=found.front,
    )
