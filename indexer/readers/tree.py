"""What lies below a folder?  The names of all entries, and what the kernel says of them."""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

VERSION: Final = 1
"""The compiled loop that is used; it is there if a C compiler was when jianbao was installed."""

try:
    from indexer.readers.compiled import VERSION as COMPILED
    from indexer.readers.compiled import listed
except ImportError:
    COMPILED = 0

IS_COMPILED: Final = COMPILED == VERSION

_LATEST: Final = 9_223_372_036 * 10**9
"""In the year 2262, which 64 bits hold; a time beyond it is none: such a file is read each time."""


class Entries(NamedTuple):
    """What lies below a folder, but for what is hidden, in the order of its paths.

    `names` are paths below the folder, `/` between, always valid Unicode (bytes that are not UTF-8
    are written as `\\xNN`).  `modes` are the kernel's (`st_mode`), 0 for what it says nothing of:
    so is a folder that cannot be read, which is named in place of what is in it.  `sizes` are in
    bytes, `times` of modification in nanoseconds since 1970.  `places` has what opens an entry, by
    its number, where that is not its name below the folder.
    """

    names: list[str]
    modes: array[int]
    sizes: array[int]
    times: array[int]
    places: dict[int, str]

    def some(self, chosen: Sequence[int]) -> Entries:
        """Return some of the entries, by their numbers."""
        places = {new: self.places[at] for new, at in enumerate(chosen) if at in self.places}
        return Entries(
            [self.names[at] for at in chosen],
            array("I", [self.modes[at] for at in chosen]),
            array("q", [self.sizes[at] for at in chosen]),
            array("q", [self.times[at] for at in chosen]),
            places,
        )

    def without(self, left_out: Collection[int]) -> Entries:
        """Return all entries but a few."""
        if not left_out:
            return self
        out = frozenset(left_out)
        return self.some([at for at in range(len(self.names)) if at not in out])


def entries(root: str) -> Entries:
    """Return what lies below a folder, given by an absolute path without a slash at its end."""
    if not IS_COMPILED or sys.getfilesystemencoding() != "utf-8":
        return by_python(root)
    names, modes, sizes, times = listed(os.fsencode(f"{root}/"))
    try:
        shown = names.decode().split("\0")
    except UnicodeDecodeError:
        return by_python(root)
    shown.pop()
    return Entries(shown, modes, sizes, times, {})


def by_python(root: str) -> Entries:
    """Return what `entries` does; without recursion, so that depth is no danger."""
    found = Entries([], array("I"), array("q"), array("q"), {})
    waiting = [iter(_children("", root, root))]
    while waiting:
        for name, mode, size, time, place in waiting[-1]:
            if name[-1] == "/":
                waiting.append(iter(_children(name, place, root)))
                break
            if place:
                found.places[len(found.names)] = place
            found.names.append(name)
            found.modes.append(mode)
            found.sizes.append(size)
            found.times.append(time)
        else:
            waiting.pop()
    return found


_Child = tuple[str, int, int, int, str]
"""Name, mode, size, time and place.  The name of a folder ends with `/`; it has a place always."""


def _children(relative: str, folder: str, root: str) -> list[_Child]:
    """Return what lies in a folder, in the order of the paths of all that is in it.

    Beside a folder that is open, the kernel looks up the names in it, not their paths: a tenth of
    the time.
    """
    plain = folder == f"{root}/{relative}"[:-1]
    children: list[_Child] = []
    try:
        with _opened(folder) as descriptor:
            with os.scandir(descriptor) as every:
                found = list(every)  # all of them, or it is said that they are not read
            for entry in found:
                name = entry.name
                if name[0] == ".":
                    continue
                shown = name if name.isascii() else _shown(name)
                if entry.is_dir(follow_symlinks=False):
                    children.append((f"{relative}{shown}/", 0, 0, 0, f"{folder}/{name}"))
                    continue
                place = "" if plain and shown == name else f"{folder}/{name}"
                children.append((relative + shown, *_facts(entry), place))
    except OSError:
        return [(relative[:-1] or ".", 0, 0, 0, folder)]
    children.sort()
    return children


@contextmanager
def _opened(folder: str) -> Iterator[int]:
    place = os.open(folder or "/", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield place
    finally:
        os.close(place)


def _facts(entry: os.DirEntry[str]) -> tuple[int, int, int]:
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return 0, 0, 0
    time = facts.st_mtime_ns
    return facts.st_mode, facts.st_size, time if abs(time) < _LATEST else 0


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
