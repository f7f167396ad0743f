"""What is known of a file before it is read?  And of very many of them, in little room?"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self, overload


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
        for file in files:
            made.add(file.relative, file.size, file.modified, file.refusal, file.place)
        return made

    def below(self, root: str) -> None:
        """Say that the files from now on lie below a folder, unless they have another place."""
        self._roots.append(root)
        self._begins.append(len(self.names))

    def add(
        self, name: str, size: int, time: int, refusal: str = "", place: str | Path = ""
    ) -> None:
        """Take the next file; without a place it is opened by its name below the folder."""
        if refusal:
            self.refusals[len(self.names)] = refusal
        if place:
            self._odd[len(self.names)] = place
        self.names.append(name)
        self.sizes.append(size)
        self.times.append(time)

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
