"""How do documents become postings?  A batch of them turned inside out by sorting arrays.

A segment's text is one stream of units.  Each document begins at a multiple of `BLOCK`, so that
the block in which a place lies says whose it is; behind each document is a stop.  Places are those
of the segment, as are the numbers of documents, whichever batch they come with.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from indexer.document import FIRST_NAME, Document, UnitSequence, Words, join
from indexer.engines import ranking
from indexer.engines.whoosh.spellings import ranked
from indexer.ranges import ranges

Numbers = npt.NDArray[np.unsignedinteger[Any]]
Integer = TypeVar("Integer", bound=np.integer[Any])

BLOCK_BITS: Final = 8
BLOCK: Final = 1 << BLOCK_BITS
"""Smaller blocks are more, each a bit of `Owners`; larger ones leave more numbers unused."""

_STOP: Final = 0
"""The code, and later the rank, of the stop after each document.  No text folds to NUL."""

_ROWS: Final = (np.uint32, np.uint64)
"""What several numbers are sorted as."""
_PIECE: Final = 1 << 14
_PORTION: Final = 1 << 20
"""About so many postings are written at a time; those of one pair, or of one word, stay together.
"""

_END: Final = b"\0"


@dataclass(frozen=True, slots=True)
class TermPostings:
    """Terms by the bytes of their spelling: term i stands in `documents[begins[i]:begins[i+1]]`,
    ascending, as often as `counts` says (for words a byte, see `levels`).  `spelled` is UTF-8, with
    NUL behind each term.
    """

    spelled: Numbers
    begins: Numbers
    documents: Numbers
    counts: Numbers

    def spellings(self) -> list[bytes]:
        """Return the terms."""
        return self.spelled.tobytes().split(_END)[:-1]

    def some(self, most: int) -> Iterator[list[bytes]]:
        """Yield the terms, so many at a time."""
        ends = np.flatnonzero(self.spelled == 0)[most - 1 :: most] + 1
        for start, stop in pairwise([0, *ends.tolist(), len(self.spelled)]):
            yield self.spelled[start:stop].tobytes().split(_END)[:-1]


@dataclass(frozen=True, slots=True)
class PairPostings:
    """Where units stand, by the unit that follows.

    Units are ranked from 1, in the order of their spellings.  The followers of the unit with rank
    r are `followers[begins[r-1]:begins[r]]`, as ranks (0 for the end of a document), ascending.
    `positions[starts[i]:starts[i+1]]` are the places of the i-th pair, ascending, which lie in
    `frequencies[i]` documents.  So a pair is one slice, and a unit those of its followers, one
    after another.
    """

    begins: Numbers
    followers: Numbers
    starts: Numbers
    frequencies: Numbers
    positions: Numbers


@dataclass(frozen=True, slots=True)
class Postings:
    """All terms of documents that were turned inside out together; `titles` are the pairs again
    that stand in a title.
    """

    units: TermPostings
    pairs: PairPostings
    titles: PairPostings
    words: TermPostings


class Inverter:
    """Gathers documents; the first has the number `documents`, and begins at `places`."""

    def __init__(self, documents: int = 0, places: int = 0) -> None:
        self.length = 0
        self.documents = documents
        self.places = places
        self._first = documents
        self._streams: list[Numbers] = []
        self._begins = array("q")
        self._titles = array("q")
        self._names = numbering()
        self._words: list[Words] = [Words("", np.zeros((3, 0), dtype=np.uint32))]

    def add(self, document: Document) -> int:
        """Take a document; return where its units begin in the stream."""
        begin = self.places
        stream = self._stream(document.units)
        self._streams.append(stream)
        self._begins.append(begin)
        self._titles.extend(document.title)
        self.length += len(stream)
        self.places = begin + -(-len(stream) // BLOCK) * BLOCK
        self.documents += 1
        self._words.append(document.words)
        return begin

    def postings(self) -> Postings:
        """Turn what was gathered inside out."""
        spellings, ranks = self._ranked_units(np.concatenate(self._streams))
        lengths = np.array([len(stream) for stream in self._streams], dtype=np.int64)
        offsets = np.cumsum(lengths) - lengths
        begins = np.array(self._begins, dtype=np.int64)
        base, texts = self._begins[0], _numbers(len(lengths))
        places = np.repeat((begins - base - offsets).astype(np.uint32), lengths)
        places += np.arange(len(places), dtype=np.uint32)
        starts, stops = np.array(self._titles, dtype=np.int64).reshape(-1, 2).T
        within = ranges(offsets + starts, offsets + stops + 1)
        titles = ranks[within]
        titles[np.cumsum(stops - starts + 1) - 1] = _STOP
        owners = np.repeat(texts, -(-lengths // BLOCK))
        known = len(spellings)
        return Postings(
            _unit_postings(spellings, ranks, np.repeat(texts, lengths), self._first),
            _pair_postings(known, ranks, places, owners, base),
            _pair_postings(known, titles, places[within], owners, base),
            self._word_postings(),
        )

    def _word_postings(self) -> TermPostings:
        spellings, ranks = ranked("".join(words.joined for words in self._words))
        counts = [words.counts for words in self._words]
        sizes = [each.shape[1] for each in counts[1:]]
        documents = np.repeat(np.arange(self._first, self.documents, dtype=np.uint32), sizes)
        _, order = _sorted_rows(ranks, np.arange(len(ranks), dtype=np.uint32))
        return TermPostings(
            spell(spellings),
            np.append(0, np.cumsum(np.bincount(ranks))).astype(np.uint32),
            documents[order],
            _in_a_byte(np.concatenate(counts, axis=1))[order],
        )

    def _stream(self, units: UnitSequence) -> Numbers:
        """Return the codes with the batch's numbers for names, and a stop at the end."""
        stream = np.append(units.codes, np.uint32(_STOP))
        if units.names:
            numbers = [*map(self._names.__getitem__, units.names)]
            mapped = np.array(numbers, dtype=np.uint32) + np.uint32(FIRST_NAME)
            named = stream >= FIRST_NAME
            stream[named] = mapped[stream[named] - np.uint32(FIRST_NAME)]
        return stream

    def _ranked_units(self, stream: Numbers) -> tuple[list[str], Numbers]:
        """Return the spellings in order, and the stream as ranks among them from 1."""
        present = np.zeros(FIRST_NAME + len(self._names), dtype=bool)
        present[stream] = True
        present[_STOP] = False
        names = list(self._names)
        codes = np.flatnonzero(present)
        spelled = [
            chr(code) if code < FIRST_NAME else names[code - FIRST_NAME] for code in codes.tolist()
        ]
        order = sorted(range(len(spelled)), key=spelled.__getitem__)
        numbers = _numbers(len(order) + 1)
        rank = np.zeros(len(present), dtype=numbers.dtype)
        rank[codes[order]] = numbers[1:]
        return [spelled[at] for at in order], rank[stream]


def numbering() -> defaultdict[str, int]:
    """Return a dictionary that numbers from 0 whatever it is asked for."""
    return defaultdict(count().__next__)


def distinct(numbers: npt.NDArray[Integer]) -> npt.NDArray[Integer]:
    """Return the different numbers, ascending.

    A sort, which is vectorized, and not `np.unique`, whose hashing takes many times as long.
    """
    ordered = np.sort(numbers)
    found: npt.NDArray[Integer] = ordered[changes(ordered)]
    return found


def portions(sizes: Numbers) -> Iterator[tuple[int, int]]:
    """Yield ranges of terms with about `_PORTION` postings together."""
    behind = np.cumsum(sizes, dtype=np.uint32)
    low = 0
    while low < len(sizes):
        before = int(behind[low] - sizes[low])
        high = max(int(behind.searchsorted(np.uint32(before + _PORTION), side="right")), low + 1)
        yield low, high
        low = high


def _numbers(count: int) -> Numbers:
    """Return the numbers from 0 to `count`, without it, in a narrow type: what is gathered from
    all over memory comes the sooner the more of it a cache holds.
    """
    return np.arange(count, dtype=np.uint16 if count <= 1 << 16 else np.uint32)


def _unit_postings(
    spellings: list[str], ranks: Numbers, texts: Numbers, first: int
) -> TermPostings:
    """Return in which documents units stand; text 0 is of the document `first`."""
    stops = np.count_nonzero(ranks == _STOP)
    units, texts = (each[stops:] for each in _sorted_rows(ranks, texts))
    starts = np.flatnonzero(changes(units) | changes(texts))
    counts = np.diff(starts, append=len(units)).astype(np.uint32)
    begins = np.searchsorted(units[starts], np.arange(1, len(spellings) + 2))
    documents = texts[starts].astype(np.uint32) + np.uint32(first)
    return TermPostings(spell(spellings), begins.astype(np.uint32), documents, counts)


def _pair_postings(
    units: int, ranks: Numbers, places: Numbers, owners: Numbers, base: int
) -> PairPostings:
    """Return the pairs of so many units, which stand at `places`, from `base` on; the block with
    number i, from there, is of the text `owners[i]`.
    """
    stops = np.count_nonzero(ranks[:-1] == _STOP)  # pairs that begin with a stop
    rows = _sorted_rows(ranks[:-1], ranks[1:], places[:-1])
    first, second, places = (each[stops:] for each in rows)
    new = changes(first) | changes(second)
    starts = np.flatnonzero(new)
    begins = np.searchsorted(first[starts], np.arange(1, units + 2))
    other = new | changes(owners[places >> np.uint32(BLOCK_BITS)])
    frequencies = np.add.reduceat(other.astype(np.uint32), starts)
    return PairPostings(
        begins.astype(np.uint32),
        second[starts],
        np.append(starts, len(places)).astype(np.uint32),
        frequencies.astype(np.uint32),
        places + np.uint32(base),
    )


def changes(numbers: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Say of each number whether it is not the one before it."""
    changes = np.ones(len(numbers), dtype=bool)
    changes[1:] = numbers[1:] != numbers[:-1]
    return changes


def spell(spellings: Iterable[str]) -> Numbers:
    """Return spellings as `TermPostings` has them."""
    return np.frombuffer(join(spellings).encode(), np.uint8)


def levels(counts: npt.NDArray[np.integer[Any]]) -> list[npt.NDArray[np.int64]]:
    """Return what bytes say of a word: its levels (`ranking.LEVELS`) in title, headings, body."""
    shifted = zip((6, 4, 0), (3, 3, 15), ranking.LEVELS, strict=True)
    return [np.array(known)[counts >> shift & mask] for shift, mask, known in shifted]


def _in_a_byte(counts: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """Return the levels of counts in title, headings and body (three rows) as one byte each."""
    title, heading, body = (
        np.searchsorted(np.array(known, dtype=np.uint32), row, side="right") - 1
        for known, row in zip(ranking.LEVELS, counts, strict=True)
    )
    said: npt.NDArray[np.uint8] = (title << 6 | heading << 4 | body).astype(np.uint8)
    return said


def _sorted_rows(*columns: Numbers) -> list[Numbers]:
    """Return rows in the order of their first number, then of their second, and so on.

    Each row becomes one number of 32 or 64 bits: numpy sorts such numbers as vectors, in half the
    time of a radix sort of one column after the other.
    """
    widths = [int(column.max(initial=0)).bit_length() for column in columns]
    kind: Any = next((kind for kind in _ROWS if sum(widths) <= 8 * np.dtype(kind).itemsize), None)
    if kind is None:
        order = np.lexsort(columns[::-1])
        return [column[order] for column in columns]
    rows = np.empty(len(columns[0]), dtype=kind)
    found = [np.empty(len(rows), dtype=column.dtype) for column in columns]
    # A piece at a time, so that what is in between stays in a cache.
    pieces = [slice(at, at + _PIECE) for at in range(0, len(rows), _PIECE)]
    for piece in pieces:
        row = columns[0][piece].astype(kind)
        for column, width in zip(columns[1:], widths[1:], strict=True):
            row = row << kind(width) | column[piece]
        rows[piece] = row
    rows.sort()
    for piece in pieces:
        row = rows[piece]
        for column, width in zip(reversed(found), reversed(widths), strict=True):
            column[piece] = row & kind((1 << width) - 1)
            row = row >> kind(width)
    return found
