"""Which files are the same bulletin?  The first of them, in the order of reading, names the group.

Two files are copies when their texts are alike and nothing that was understood of them differs:
the DOCX, the PDF and the scan of one issue.  Two issues of a weekly are never copies, however
much of their text is the same; they are only near to each other, which is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from indexer.analysis import NUMBERS, Signature, likeness

COPIES: Final = 0.7
"""Least likeness of copies: a scan read with one wrong character in forty has about 0.7 of its
runs of eight units right ((39/40)⁸ is 0.82, of the union 0.69)."""
NEAR: Final = 0.9
"""Least likeness of what is reported as nearly identical without being a copy."""
ROW: Final = 4
"""Numbers compared at once: with 16 rows of 4 a pair of likeness 0.7 is missed once in 80."""

MOST_ALIKE: Final = 200
"""Bulletins remembered for one row: a form that is filled in a thousand times stays quick."""

_MOST_NEAR: Final = 5
"""Near bulletins that are named."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells bulletins apart; empty where it was not understood."""

    title: str
    issue: int | None
    date: str
    publisher: str

    def agrees(self, other: Identity) -> bool:
        """Say whether nothing known of both differs, and at least the issue or date is known."""
        known = ((self.issue, other.issue), (self.date, other.date))
        pairs = (*known, (self.title, other.title), (self.publisher, other.publisher))
        told = any(one and another for one, another in known)
        return told and all(one == another for one, another in pairs if one and another)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a bulletin is like: `group` is the id of the first copy (its own when it is the first),
    `copy_of` the path of one before it; `near` are the paths of bulletins with nearly the same text
    that are no copies.
    """

    group: str
    copy_of: str = ""
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A bulletin that others are compared with; those before it have smaller numbers."""

    number: int
    path: str
    group: str
    identity: Identity
    signature: Signature


class Others(Protocol):
    """Bulletins that need not be added, since it is known what they are like."""

    def sharing(self, signature: Signature, number: int, /) -> Sequence[Sequence[Seen]]:
        """Return for each row of a signature the first before a number that have it."""


class Copies:
    """Remembers the bulletins of a build, in the order of reading."""

    def __init__(self, others: Others | None = None) -> None:
        # Most rows are one bulletin's alone: without a list for each, a million take half the room.
        self._alone: list[dict[bytes, Seen]] = [{} for _ in range(0, NUMBERS, ROW)]
        self._alike: list[dict[bytes, list[Seen]]] = [{} for _ in range(0, NUMBERS, ROW)]
        self._others = others

    def find(self, id: str, identity: Identity, signature: Signature, number: int) -> Likeness:
        """Say what a bulletin is like among those before its number."""
        before = self._candidates(signature, number)
        like = [(seen, likeness(seen.signature, signature)) for seen in before]
        copies = [s for s, degree in like if degree >= COPIES and s.identity.agrees(identity)]
        group, path = (copies[0].group, copies[0].path) if copies else (id, "")
        near = (s.path for s, degree in like if degree >= NEAR and s.group != group)
        return Likeness(group, path, tuple(near)[:_MOST_NEAR])

    def add(self, seen: Seen) -> None:
        """Remember a bulletin; its number is greater than those of all before it."""
        for alone, alike, row in zip(self._alone, self._alike, _rows(seen.signature), strict=True):
            first = alone.setdefault(row, seen)
            if first is not seen and len(same := alike.setdefault(row, [first])) < MOST_ALIKE:
                same.append(seen)

    def _candidates(self, signature: Signature, number: int) -> list[Seen]:
        """Return those that share a row, each once, first read first."""
        rows = _rows(signature)
        others = self._others.sharing(signature, number) if self._others else [()] * len(rows)
        found: dict[int, Seen] = {}
        for alone, alike, row, more in zip(self._alone, self._alike, rows, others, strict=True):
            mine = alike.get(row) or [alone[row]] if row in alone else ()
            first = sorted((*mine, *more), key=_number)[:MOST_ALIKE] if more else mine
            found |= {seen.number: seen for seen in first}
        return [found[number] for number in sorted(found)]


def _number(seen: Seen) -> int:
    return seen.number


def _rows(signature: Signature) -> list[bytes]:
    """Return the rows of a signature, cut as bytes, which is quicker than cutting arrays."""
    numbers, size = signature.tobytes(), ROW * signature.itemsize
    return [numbers[at : at + size] for at in range(0, len(numbers), size)]
