"""Which names of a set stand in a text?  By their first two characters, in one walk."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator


class NameIndex:
    """Finds names of two characters or more, which are in plain writing (`wording.plain`)."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._lengths = _by_opening(self._names)
        firsts = "".join(re.escape(first) for first in sorted({name[:1] for name in self._names}))
        self._firsts = re.compile(f"[{firsts}]" if firsts else r"(?!)")

    def find(self, written: str) -> Iterator[tuple[int, str]]:
        """Yield every name in plain text and its place, ascending, the longest of a place first.

        A name of Latin letters is a whole: QC is not in IQC.
        """
        for first in self._firsts.finditer(written):
            at = first.start()
            for length in self._lengths.get(written[at : at + 2], ()):
                name = written[at : at + length]
                if name in self._names and _is_whole(written, at, at + length):
                    yield at, name


def _is_whole(text: str, start: int, stop: int) -> bool:
    edges = (text[max(0, start - 1) : start + 1], text[stop - 1 : stop + 1])
    return not any(len(edge) == 2 and edge.isascii() and edge.isalnum() for edge in edges)


def _by_opening(names: Collection[str]) -> dict[str, list[int]]:
    """Map the two opening characters to the lengths of the names, longest first."""
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:2], set()).add(len(name))
    return {opening: sorted(found, reverse=True) for opening, found in lengths.items()}
