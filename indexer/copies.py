"""Which files are the same bulletin?  The first of them, in the order of reading, names the group.

Two files are copies when their texts are alike and nothing that was understood of them differs:
the DOCX, the PDF and the scan of one issue.  Two issues of a weekly are never copies, however
much of their text is the same; they are only near to each other, which is reported.
"""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from indexer.analysis import NUMBERS, Signature, likeness
from indexer.key_index import KeyIndex, Keys

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
_PIECE: Final = 1 << 11
"""Signatures whose rows are mixed at once, so that they stay in the cache: a fifth of the time."""
_ODD: Final = np.array([0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93], dtype=np.uint64)


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

    def sharing(self, keys: Keys, number: int, /) -> Sequence[Sequence[Seen]]:
        """Return for each of the `row_keys` of a signature those before a number that have it: the
        first `MOST_ALIKE` of them.
        """


class Copies:
    """Remembers the bulletins of a build, in the order of reading: some 0.7 kB of each."""

    def __init__(self, others: Others | None = None) -> None:
        self._seen: list[bytes] = []
        self._sharing = KeyIndex(NUMBERS // ROW)
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
        self._seen.append(_packed(seen))
        self._sharing.add(row_keys(seen.signature))

    def _candidates(self, signature: Signature, number: int) -> list[Seen]:
        """Return those that share a row, each once, first read first."""
        rows, keys = _rows(signature), row_keys(signature)
        others = self._others.sharing(keys, number) if self._others else [()] * len(keys)
        mine = [some.tolist() for some in self._sharing.numbers(keys, MOST_ALIKE)]
        known = {at: _unpacked(self._seen[at]) for at in {*chain.from_iterable(mine)}}
        found: dict[int, Seen] = {}
        for at, (same, more) in enumerate(zip(mine, others, strict=True)):
            first = sorted((*(known[one] for one in same), *more), key=_number)
            first = [seen for seen in first if _rows(seen.signature)[at] == rows[at]]
            found |= {seen.number: seen for seen in first[:MOST_ALIKE]}
        return [found[number] for number in sorted(found)]


def _number(seen: Seen) -> int:
    return seen.number


def _rows(signature: Signature) -> list[bytes]:
    """Return the rows of a signature, cut as bytes, which is quicker than cutting arrays."""
    numbers, size = signature.tobytes(), ROW * signature.itemsize
    return [numbers[at : at + size] for at in range(0, len(numbers), size)]


def row_keys(signatures: npt.NDArray[np.uint32]) -> Keys:
    """Return what the rows of a signature, or of several, are looked up by: two are taken for one
    now and then.
    """
    numbers = signatures.reshape(-1, NUMBERS)
    keys = np.empty((len(numbers), NUMBERS // ROW), dtype=np.uint64)
    for at in range(0, len(numbers), _PIECE):
        some = slice(at, at + _PIECE)
        pairs = np.ascontiguousarray(numbers[some]).view(np.uint64)
        first, second = np.moveaxis(pairs.reshape(-1, NUMBERS // ROW, ROW // 2), 2, 0)
        mixed = first * _ODD[0] + second * _ODD[1]
        mixed += np.arange(NUMBERS // ROW, dtype=np.uint64)
        keys[some] = (mixed ^ (mixed >> np.uint64(32))) * _ODD[0]
    return keys.reshape(*signatures.shape[:-1], NUMBERS // ROW)


def _packed(seen: Seen) -> bytes:
    """Return a bulletin in a fifth of the room that objects take."""
    identity, signature = seen.identity, seen.signature.tobytes()
    told = (identity.title, identity.issue, identity.date, identity.publisher)
    return marshal.dumps((seen.number, seen.path, seen.group, told, signature))


def _unpacked(packed: bytes) -> Seen:
    number, path, group, told, signature = marshal.loads(packed)  # noqa: S302 -- packed by us
    return Seen(number, path, group, Identity(*told), np.frombuffer(signature, dtype=np.uint32))
