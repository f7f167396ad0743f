"""What does every engine have to do?  Build an index of bulletins, and answer questions.

Each peer is a module of its own with one `PEER`.  It does the same work as jianbao's engine: keeps
the whole bulletin, finds, counts the hits, ranks ten of them, and counts the values of five
facets, each facet as if nothing of itself were chosen.  It may do so in the way that suits it best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from indexer.analysis import Segmenter, cut_blocks
from indexer.bulletin import Bulletin
from indexer.document import UnitSequence
from indexer.query import Query
from indexer.schema import FACET_NAMES

TOP: Final = 10
"""Hits that are ranked and named."""
VALUES: Final = 100
"""Values of each facet that are named, the most frequent, as many as jianbao's pages have."""

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Atom:
    """A run of Han that is looked for unbroken, and the words that jieba sees in it."""

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Bulletins with all of `required`, one of `either` (if there are any), none of `excluded`.

    `query` is the same as jianbao reads it: `text` in `mode`.  `chosen` narrows by facet values.
    """

    kind: str
    text: str
    mode: str
    query: Query
    required: tuple[Atom, ...] = ()
    either: tuple[Atom, ...] = ()
    excluded: tuple[Atom, ...] = ()
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def atoms(self) -> Iterator[Atom]:
        """Yield everything that is looked for."""
        yield from (*self.required, *self.either, *self.excluded)


@dataclass(frozen=True, slots=True)
class Answer:
    """How many hits, the ids of the first, and the facet counts.

    `seconds` is the time that an engine in another process took, by its own clock; 0 where it is
    measured from outside.
    """

    total: int
    first: tuple[str, ...]
    facets: Counts
    seconds: float = 0.0


class Reader(Protocol):
    """An index, open for reading."""

    def ask(self, question: Question) -> Answer:
        """Answer a question."""

    def hits(self, question: Question) -> set[str]:
        """Return the ids of all hits; not timed, to see what is missing and what is not right."""

    def close(self) -> None:
        """Let go of files and processes."""


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine.  `version` says which; `build` fills an empty folder.  With more than `most`
    bulletins it takes longer than one would wait: it is measured at that size.
    """

    name: str
    version: str
    build: Callable[[Iterable[Bulletin], Path], None]
    open: Callable[[Path], Reader]
    most: int = 10**9


def units_of(bulletin: Bulletin) -> UnitSequence:
    """Return the units of a bulletin, as jianbao cuts them."""
    return cut_blocks([block.text for block in bulletin.blocks]).sequence


def words_of(bulletin: Bulletin, segmenter: Segmenter) -> list[str]:
    """Return the words of a bulletin in order, as jianbao cuts them."""
    return list(segmenter.words(units_of(bulletin)))


def passes(
    chosen: Mapping[str, tuple[str, ...]],
) -> Iterator[tuple[dict[str, tuple[str, ...]], tuple[str, ...]]]:
    """Yield each set of choices that has to hold, and the facets that are counted within it.

    The first is that of the hits; after it one for each chosen facet, without itself.
    """
    yield dict(chosen), tuple(name for name in FACET_NAMES if name not in chosen)
    for name in chosen:
        yield {other: chosen[other] for other in chosen if other != name}, (name,)
