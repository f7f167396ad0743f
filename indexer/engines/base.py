"""What is an engine?  The seam: documents go in by a writer, ids with scores come out.

An engine knows nothing of text, snippets or HTTP.  It gets terms, and answers which documents
hold them.  Every engine gives the same ids, the same order, the same scores to six digits and the
same facet counts; `memory.py` is the reference that the others are held to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from indexer.document import Document
from indexer.query import Node, Run

LARGEST_WINDOW: Final = 10_000
"""No answer goes deeper than this many hits."""
_NOTHING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})


class EngineQuery(NamedTuple):
    """What an engine is asked.

    `tree` says which documents are hits; `words` and `runs` how good they are (`ranking.py`).
    `chosen` narrows by facet values, any of them within a facet, all facets together.  `since`
    and `until` are dates as in `Document.date`, both inclusive, 0 for no bound; a bounded query
    has no hits without a date.  `sort` is one of `schema.SORTS`.  Hits number `offset` to
    `offset + limit` of the order are returned.  `grouped` shows and counts one document of each
    group of copies; without it each counts for itself.  Of each facet the `values` most frequent
    values are counted, of those as frequent the first in natural order.  `recency_days` is the
    half-life of recency (`ranking.fading`), 0 for none.  `also` are trees that are counted in
    place of `tree`, all else being the same: what they have in common is looked up once.
    """

    tree: Node
    words: Sequence[str] = ()
    runs: Sequence[tuple[str, ...]] = ()
    chosen: Mapping[str, tuple[str, ...]] = _NOTHING
    since: int = 0
    until: int = 0
    sort: str = "relevance"
    offset: int = 0
    limit: int = 10
    values: int = 100
    grouped: bool = True
    recency_days: int = 0
    also: Sequence[Node] = ()


class Hit(NamedTuple):
    """One document of an answer; the score has six digits.

    `copies` are the ids of the other documents of its group, ascending, hits or not.
    """

    id: str
    score: float
    copies: tuple[str, ...] = ()


class Hits(NamedTuple):
    """An answer.

    `facets[name][value]` counts the hits there would be if, of that facet, only
    the value were chosen; what is chosen in the other facets holds.  Values without hits are
    left out, and those beyond the `EngineQuery.values` most frequent that are not chosen.  They
    come in their natural order (`natural_order`).
    `also` are the totals of the trees of `EngineQuery.also`.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrences:
    """How often a run of units stands in the documents that answer a query, and in how many.

    `by` has the same by `month` (`2020-03`, or `2020` where no more is known) and by each facet.
    `first` and `last` are the ids of the earliest and the latest document with a date (the
    smaller id of several), empty when there is none.
    """

    total: tuple[int, int]
    by: Mapping[str, Mapping[str, tuple[int, int]]]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Shares:
    """What a score is made of: what each word adds, all pairs and units of the runs together
    (`near`), each run that stands unbroken, and what recency takes from words and `near`.
    """

    words: Mapping[str, float]
    near: float
    runs: Mapping[Run, float]
    age: float


_LONG_NUMBER: Final = 20
"""Digits of what is no number to anybody."""


def natural_order(values: Collection[str]) -> list[str]:
    """Return values of a facet in their order: numbers by their size, then all others."""
    numbers = [value for value in values if value.isdecimal() and len(value) < _LONG_NUMBER]
    numbers.sort()
    numbers.sort(key=int)
    if not numbers:
        return sorted(values)
    known = frozenset(numbers)
    return [*numbers, *sorted(value for value in values if value not in known)]


class Engine(Protocol):
    """A generation of an index, open for reading; safe to use from several threads."""

    @property
    def count(self) -> int:
        """How many documents there are."""

    def search(self, query: EngineQuery) -> Hits:
        """Return the documents that answer `query`."""

    def total(self, query: EngineQuery) -> int:
        """Return how many documents answer `query`; the same as `search(query).total`, sooner."""

    def shares(self, query: EngineQuery, id: str) -> Shares:
        """Return what the score of one document is made of, whether it answers or not."""

    def occurrences(self, run: Run, query: EngineQuery) -> Occurrences:
        """Return where in time and facets `run` stands in the documents that answer `query`.

        Of each group of copies the document with the smallest id counts, if `query.grouped`.
        """

    def stored(self, ids: Sequence[str]) -> list[str | None]:
        """Return `Document.stored` for each id, None where there is no such document."""

    def ids(self) -> Sequence[str]:
        """Return the ids of all documents, ascending."""

    def values(self, facet: str) -> Sequence[str]:
        """Return every value of a facet that some document has, in no certain order."""

    def aliases(self) -> Sequence[tuple[str, str]]:
        """Return the other names of bodies, each with the full name, in no certain order."""

    def standing(self, units: Sequence[str]) -> int:
        """Return in how many groups `units` stand one after another: a count and nothing else."""

    def copies(self, id: str) -> tuple[str, ...]:
        """Return the ids, ascending, of the other documents of its group."""

    def holders(self, runs: Sequence[Run], most: int) -> list[tuple[str, ...] | None]:
        """Return for each run the ids, ascending, of the documents in which its units stand.

        None for a run that stands in more than `most` documents.
        """

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """Return in how many documents each of the words (`Document.words`) stands."""

    def offers(self) -> Iterator[Mapping[str, int]]:
        """Yield what `Document.offers` have, each with the number of groups that have it: in parts,
        of which there is one in memory at a time.  The numbers of what is in several are to be
        added up.
        """

    def close(self) -> None:
        """Let go of files and memory."""


class Writer(Protocol):
    """Takes documents; nothing is visible before `finish`."""

    def add(self, document: Document) -> None:
        """Take one document; its id must be new."""

    def finish(self) -> None:
        """Write what is left."""
