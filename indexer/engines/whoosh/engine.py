"""What is the answer?  What was found in all segments, counted, ordered and cut to a window."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from whoosh.index import FileIndex

from indexer.engines import ranking
from indexer.engines.base import EngineQuery, Hit, Hits, Occurrences, Shares
from indexer.engines.whoosh.answering import Answerer
from indexer.engines.whoosh.by_numpy import Scores
from indexer.engines.whoosh.counting import FacetCounter
from indexer.engines.whoosh.evaluation import Parts, SegmentReader
from indexer.engines.whoosh.facets import Facet, Order
from indexer.engines.whoosh.inversion import Numbers
from indexer.engines.whoosh.loops import best
from indexer.engines.whoosh.offered import counted
from indexer.engines.whoosh.pairs import Documents, Mask
from indexer.engines.whoosh.postings import MappedStorage
from indexer.engines.whoosh.schema import facet_column, pair
from indexer.engines.whoosh.scoring import Scorer
from indexer.engines.whoosh.standing import Standing
from indexer.engines.whoosh.windows import times
from indexer.query import Node, Run
from indexer.schema import FACET_NAMES

_UNRANKED: Final[Parts] = MappingProxyType({})
_LENGTHS: Final = ("title_length", "heading_length", "body_length")


class WhooshEngine:
    """An index in a directory, open for reading."""

    def __init__(self, directory: Path) -> None:
        storage = MappedStorage(directory)
        index = FileIndex(storage)
        self._segments = [SegmentReader(storage, segment) for segment in index._segments()]
        counts = [segment.count for segment in self._segments]
        self._bases: list[int] = [0, *np.cumsum(counts).tolist()]
        self._numbered = self._bases[-1]
        self._live = np.concatenate([np.ones(0, dtype=bool), *(s.live for s in self._segments)])
        self._count = int(self._live.sum())
        self._dates = self._number("date")
        self._issues = self._number("issue")
        lengths: Scores = sum(
            (self._number(name).astype(np.float64) for name in _LENGTHS),
            np.zeros(self._numbered),
        )
        average = float(lengths[self._live].sum()) / max(self._count, 1)
        norms = ranking.norm(lengths, average or 1.0)
        newest = int(self._dates[self._live].max(initial=0))
        self._scorer = Scorer(self._segments, self._bases, norms, self._dates, self._count, newest)
        self._facets = {name: self._facet(facet_column(name), shown=True) for name in FACET_NAMES}
        numbers = {name: self._number(name) for name in ("date", "issue", "cumulative")}
        self._answerer = Answerer(self._bases, self._live, self._facets, numbers)
        groups = self._facet("group")
        self._groups = groups.of_each()
        self._members = groups.shared()
        self._copied = np.zeros(self._numbered, dtype=bool)
        self._copied[[*itertools.chain.from_iterable(self._members.values())]] = True
        self._counter = FacetCounter(self._facets, self._live, self._groups, self._copied)

    @property
    def count(self) -> int:
        """How many documents there are."""
        return self._count

    def search(self, query: EngineQuery) -> Hits:
        """Return the documents that answer `query`."""
        parts = self._scorer.parts(query)
        standing, choices = self._standing(parts), self._choices(query)
        found = self._found(query, query.tree, standing)
        hits = _chosen(found, choices.values())
        scores = self._scorer.scores(query, parts, hits, standing)
        counts = self._counts(query, found, choices, hits)
        if query.grouped and self._members:
            hits, scores = self._one_of_each_group(query, hits, scores)
        window, scored = self._window(query, hits, scores)
        return Hits(
            len(hits),
            self._named(window, scored),
            counts,
            tuple(self._total(query, tree, standing, choices) for tree in query.also),
        )

    def total(self, query: EngineQuery) -> int:
        """Return how many documents answer `query`."""
        return self._total(query, query.tree, self._standing(), self._choices(query))

    def _total(
        self,
        query: EngineQuery,
        tree: Node,
        standing: Sequence[Standing],
        choices: Mapping[str, Mask],
    ) -> int:
        hits = _chosen(self._found(query, tree, standing), choices.values())
        return self._number_of_groups(hits) if query.grouped else len(hits)

    def occurrences(self, run: Run, query: EngineQuery) -> Occurrences:
        """Return where in time and facets `run` stands."""
        found = self._found(query, query.tree, self._standing())
        counts = np.concatenate(
            [np.zeros(0, dtype=np.int64), *(times(s, run) for s in self._segments)]
        )
        kept = _chosen(found, self._choices(query).values())
        counts, every = np.zeros_like(counts), counts
        counts[kept] = every[kept]
        if query.grouped and self._members:
            counts = self._without_copies(counts)
        hits = np.flatnonzero(counts)
        dates = self._dates[hits]
        by = {
            "month": _by_month(dates, counts[hits]),
            **{name: facet.sums(counts) for name, facet in self._facets.items()},
        }
        first, last = self._first_and_last(hits[dates > 0])
        return Occurrences((int(counts.sum()), len(hits)), by, first, last)

    def _without_copies(self, counts: Order) -> Order:
        """Keep the counts of the document with the smallest id of each group."""
        copied = np.flatnonzero((counts > 0) & self._copied)
        order = np.array(sorted(copied.tolist(), key=self._ids.__getitem__), dtype=np.intp)
        _, first = np.unique(self._groups[order], return_index=True)
        kept = counts.copy()
        kept[np.delete(order, first)] = 0
        return kept

    def _first_and_last(self, dated: Documents) -> tuple[str, str]:
        if not len(dated):
            return "", ""
        dates = self._dates[dated]
        ends = (dated[dates == dates.min()], dated[dates == dates.max()])
        first, last = (min(self._ids[at] for at in some.tolist()) for some in ends)
        return first, last

    def shares(self, query: EngineQuery, id: str) -> Shares:
        """Return what the score of one document is made of."""
        parts = self._scorer.parts(query)
        return self._scorer.shares(query, parts, self._place(id), self._standing(parts))

    def _found(self, query: EngineQuery, tree: Node, standing: Sequence[Standing]) -> Documents:
        """Return what answers a tree in time, whatever is chosen."""
        found = self._answerer.answering(tree, standing)
        if self._count < self._numbered:
            found = found.compress(self._live.take(found))
        if query.since or query.until:
            found = found.compress(self._in_time(query, self._dates.take(found)))
        return found

    def _choices(self, query: EngineQuery) -> dict[str, Mask]:
        """Return which documents have one of the chosen values, by facet."""
        choices = {}
        for name in FACET_NAMES:
            if query.chosen.get(name):
                choices[name] = np.zeros(self._numbered, dtype=bool)
                choices[name][self._facets[name].holders(query.chosen[name])] = True
        return choices

    def stored(self, ids: Sequence[str]) -> list[str | None]:
        """Return what was stored for each id."""
        return [self._stored(id) for id in ids]

    def ids(self) -> Sequence[str]:
        """Return the ids of all documents, ascending."""
        return sorted(itertools.compress(self._ids, self._live))

    def values(self, facet: str) -> Sequence[str]:
        """Return every value of a facet that some document has."""
        return self._facets[facet].present()

    def aliases(self) -> Sequence[tuple[str, str]]:
        """Return the other names of bodies, each with the full name."""
        return [pair(joined) for joined in self._facet("aliases").present()]

    def standing(self, units: Sequence[str]) -> int:
        """Return in how many groups `units` stand one after another."""
        hits = self._with(units)
        return self._number_of_groups(hits)

    def copies(self, id: str) -> tuple[str, ...]:
        """Return the ids of the other documents of its group."""
        return self._copies(self._place(id))

    def holders(self, runs: Sequence[Run], most: int) -> list[tuple[str, ...] | None]:
        """Return for each run in which documents it stands, None if in more than `most`."""
        return [self._holders(run, most) for run in runs]

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """Return in how many documents each word stands."""
        return [sum(one.left(one.word(word)) for one in self._segments) for word in words]

    def offers(self) -> Iterator[Mapping[str, int]]:
        """Yield parts of what is offered, each with the number of groups that have it."""
        seen: set[int] = set()
        for segment, base in zip(self._segments, self._bases, strict=False):
            together = {
                document - base: group
                for group, documents in self._members.items()
                for document in documents
                if 0 <= document - base < segment.count
            }
            yield from counted(segment.chunks("offers"), segment.live, together, seen)

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._segments:
            segment.close()

    def _number_of_groups(self, hits: Documents) -> int:
        """Return of how many groups these documents (each once) are."""
        if not self._members:
            return len(hits)
        copied = hits.compress(self._copied.take(hits))
        return len(hits) - len(copied) + len(np.unique(self._groups[copied]))

    def _standing(self, ranked: Parts = _UNRANKED) -> list[Standing]:
        return [Standing(segment, at, ranked) for at, segment in enumerate(self._segments)]

    def _facet(self, column: str, *, shown: bool = False) -> Facet:
        """Return a column of values over all segments."""
        columns = [segment.values(column) for segment in self._segments]
        return Facet(columns, self._bases, self._live, shown=shown)

    def _with(self, units: Sequence[str]) -> Documents:
        """Return the documents in which `units` stand one after another, each once."""
        both = zip(self._standing(), self._bases, strict=False)
        found = [one.documents(tuple(units)) + np.intp(base) for one, base in both]
        hits = np.concatenate([np.zeros(0, dtype=np.intp), *found])
        left: Documents = hits.compress(self._live.take(hits))
        return left

    def _holders(self, run: Run, most: int) -> tuple[str, ...] | None:
        hits = self._with(run)
        return None if len(hits) > most else tuple(sorted(self._ids[at] for at in hits.tolist()))

    def _place(self, id: str) -> int:
        """Return the number of a document; one that was removed may have had the same id."""
        for segment, base in zip(self._segments, self._bases, strict=False):
            document = segment.document(id)
            if document is not None and segment.live[document]:
                return base + document
        raise KeyError(id)

    def _stored(self, id: str) -> str | None:
        for segment in self._segments:
            document = segment.document(id)
            if document is not None and segment.live[document]:
                return segment.stored(document)
        return None

    def _number(self, column: str) -> Numbers:
        columns = [segment.numbers[column] for segment in self._segments]
        return np.concatenate(columns) if columns else np.zeros(0, dtype=np.uint32)

    @functools.cached_property
    def _ids(self) -> list[str]:
        return [id for segment in self._segments for id in segment.ids()]

    @functools.cached_property
    def _newest(self) -> Order:
        """The place of each document when the newest comes first, then the smallest id."""
        return _ranks(np.lexsort((np.array(self._ids), -self._dates.astype(np.int64))))

    @functools.cached_property
    def _oldest(self) -> Order:
        # 0 − 1 wraps round to the largest number: without a date comes last.
        return _ranks(np.lexsort((np.array(self._ids), self._dates - np.uint32(1))))

    @functools.cached_property
    def _by_issue(self) -> Order:
        return _ranks(np.lexsort((self._newest, self._issues - np.uint32(1))))

    def _rank(self, sort: str) -> Order:
        """Return the place of each document in an order that no query changes."""
        if sort == "oldest":
            return self._oldest
        return self._by_issue if sort == "issue" else self._newest

    def _in_time(self, query: EngineQuery, dates: Numbers) -> Mask:
        until = query.until or 0xFFFFFFFF
        in_time: Mask = (dates > 0) & (dates >= query.since) & (dates <= until)
        return in_time

    def _named(self, window: Sequence[int], scores: Sequence[float]) -> tuple[Hit, ...]:
        ids = map(self._ids.__getitem__, window)
        if not self._members:
            return tuple(map(Hit, ids, scores))
        return tuple(map(Hit, ids, scores, map(self._copies, window)))

    def _copies(self, document: int) -> tuple[str, ...]:
        members = self._members.get(int(self._groups[document]))
        if members is None:
            return ()
        return tuple(sorted(self._ids[other] for other in members if other != document))

    def _one_of_each_group(
        self, query: EngineQuery, hits: Documents, scores: Scores
    ) -> tuple[Documents, Scores]:
        """Keep of each group the document that comes first in the order."""
        copied = self._copied.take(hits).nonzero()[0]
        if len(copied) < 2:
            return hits, scores
        rank, falling = self._rank(query.sort)[hits[copied]], -ranking.rounded(scores[copied])
        order = np.lexsort((rank, falling)) if query.sort == "relevance" else np.argsort(rank)
        _, first = np.unique(self._groups[hits[copied[order]]], return_index=True)
        kept = np.ones(len(hits), dtype=bool)
        kept[copied[np.delete(order, first)]] = False
        return hits.compress(kept), scores.compress(kept)

    def _window(
        self, query: EngineQuery, hits: Documents, scores: Scores
    ) -> tuple[list[int], list[float]]:
        """Return the documents of the window in order, and their scores."""
        stop = query.offset + query.limit
        rank = self._rank(query.sort)
        if query.sort == "relevance":
            return best(hits, scores, rank, query.offset, stop)
        window = np.argsort(rank[hits])[query.offset : stop]
        return hits[window].tolist(), ranking.rounded(scores[window]).tolist()

    def _counts(
        self, query: EngineQuery, found: Documents, choices: dict[str, Mask], hits: Documents
    ) -> dict[str, dict[str, int]]:
        """Return the counts of each facet; `hits` are those of all choices, copies too."""
        of_hits = self._counter.of(hits, grouped=query.grouped)
        counts = {}
        for name in self._facets:
            counted = of_hits
            if name in choices:
                masks = (mask for other, mask in choices.items() if other != name)
                counted = self._counter.of(_chosen(found, masks), grouped=query.grouped)
            counts[name] = counted.frequent(name, query.values, query.chosen.get(name, ()))
        return counts


def _chosen(found: Documents, choices: Iterable[Mask]) -> Documents:
    """Return what is left of documents by all choices."""
    for choice in choices:
        found = found.compress(choice.take(found))
    return found


def _by_month(dates: Numbers, counts: Order) -> dict[str, tuple[int, int]]:
    """Return the sum of the counts of each month, and how many there are."""
    months, which = np.unique(dates[dates > 0] // 100, return_inverse=True)
    sums = np.bincount(which.ravel(), weights=counts[dates > 0], minlength=len(months))
    sizes = np.bincount(which.ravel(), minlength=len(months))
    triples = zip(months.tolist(), sums.tolist(), sizes.tolist(), strict=True)
    return {_month(month): (int(total), size) for month, total, size in triples}


def _month(key: int) -> str:
    return f"{key // 100:04}-{key % 100:02}" if key % 100 else f"{key // 100:04}"


def _ranks(order: Documents) -> Order:
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks
