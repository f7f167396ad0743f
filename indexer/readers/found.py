"""What is known of a file before it is read?  And of very many of them, in little room?"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self, overload

from indexer.readers.tree import Entries


class Found(NamedTuple):
    """One file below a folder, or in an archive or mail there.

    `place` opens it; `relative` names it, with `/`, always valid Unicode (bytes that are not UTF-8
    are written as `\\xNN`).  `size` is in bytes, `modified` in nanoseconds since 1970.  `refusal`
    is one of `errors.REFUSALS`, or empty for a file that may be read.

    What is in a `container` is opened by the path of the file on disk; `inside` has its place in
    that file, its place in that member, and so on.  Its time is that of the file on disk.
    """

    place: str | Path
    relative: str
    size: int = 0
    modified: int = 0
    refusal: str = ""
    container: Found | None = None
    inside: tuple[int, ...] = ()

    @property
    def path(self) -> Path:
        """What opens it."""
        return Path(self.place)

    @property
    def on_disk(self) -> Found:
        """The file on disk that this is, or is in."""
        return self.container.on_disk if self.container else self

    def member(self, place: int, name: str, size: int) -> Found:
        """Return the file at a place in this one."""
        return Found(
            self.place,
            f"{self.relative}/{name}",
            size,
            self.modified,
            container=self,
            inside=(*self.inside, place),
        )


class Files(Sequence[Found]):
    """Files on disk in order, each made when it is asked for: less than half the room of objects.

    `names` are their `relative`, beside `sizes` and `times` (`modified`); `refusals` has those of
    the few that have one, by their numbers.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.sizes, self.times = array("q"), array("q")
        self.refusals: dict[int, str] = {}
        self._roots: list[str] = []
        self._begins: list[int] = []
        self._odd: dict[int, str | Path] = {}

    @classmethod
    def of(cls, files: Iterable[Found]) -> Self:
        """Return these files."""
        made = cls()
        for at, file in enumerate(files):
            if file.refusal:
                made.refusals[at] = file.refusal
            made._odd[at] = file.place
            made.names.append(file.relative)
            made.sizes.append(file.size)
            made.times.append(file.modified)
        return made

    def extend(self, root: str, found: Entries, refusals: Mapping[int, str]) -> None:
        """Take the next files, entries below a folder, and why some may not be opened."""
        first = len(self.names)
        self._roots.append(root)
        self._begins.append(first)
        self.refusals.update((first + at, refusal) for at, refusal in refusals.items())
        self._odd.update((first + at, place) for at, place in found.places.items())
        self.names.extend(found.names)
        self.sizes.extend(found.sizes)
        self.times.extend(found.times)

    def place(self, at: int) -> str | Path:
        """Return what opens a file."""
        if place := self._odd.get(at):
            return place
        return f"{self._roots[bisect_right(self._begins, at) - 1]}/{self.names[at]}"

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, at: int) -> Found: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Found]: ...

    def __getitem__(self, at: int | slice) -> Found | Sequence[Found]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        facts = (self.names[at], self.sizes[at], self.times[at], self.refusals.get(at, ""))
        return Found(self.place(at), *facts)

    def __iter__(self) -> Iterator[Found]:
        return map(self.__getitem__, range(len(self)))
