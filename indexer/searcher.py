"""How is a search answered?  SearchRequest in, SearchResult out."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Final

from indexer.analysis import Segmenter
from indexer.answer import (
    Appearance,
    Completion,
    Concordance,
    Copy,
    Explanation,
    KwicLine,
    OtherWriting,
    Relatives,
    SearchHit,
    SearchRequest,
    SearchResult,
    Snippet,
    Suggestion,
    Tally,
    Trend,
)
from indexer.bulletin import Bulletin, Organization
from indexer.concordance import kwic_lines, sort_lines
from indexer.deadline import check as check_time
from indexer.dictionary import open_segmenter
from indexer.document import load
from indexer.engines.base import LARGEST_WINDOW, Engine, EngineQuery, Hit, Hits
from indexer.engines.generations import current
from indexer.engines.opening import open_engine
from indexer.errors import WrongUsage
from indexer.explanation import Explainer
from indexer.facets import changes, facet_counts
from indexer.language import Notice, Sentence
from indexer.metadata import mentioned, read_authority
from indexer.names import Names
from indexer.query import Expansion, Knowledge, Node, Query, Quotation, Reading, phrases
from indexer.reprints import reprints, shared_marks
from indexer.requests import engine_query, plain_values
from indexer.schema import FACET_NAMES, LINE_ORDERS, MODES
from indexer.settings import Settings
from indexer.similar import similar
from indexer.snippets import Highlighter, Passage, View
from indexer.suggest import Suggester
from indexer.synonyms import read_synonyms
from indexer.validation import LARGEST_PAGE, check

_log = logging.getLogger(__name__)

MOST_CORRECTIONS: Final = 3
MOST_PHRASES: Final = 6
"""Phrases whose occurrences are drawn side by side."""
MOST_READ: Final = 300
"""Bulletins that a concordance looks into: what half a second allows."""
MOST_LINES: Final = 10_000
"""Lines after which it looks into no further bulletin: a frequent character has many in each."""
MOST_WRITINGS: Final = 32
"""Other writings of one query that are counted and shown."""


def open_searcher(settings: Settings) -> Searcher:
    """Return the current generation of the index, open.  Raises `IndexUnavailable`.

    A query must be cut into words as the text was: an index that was built with another
    dictionary still finds everything, but is logged, since it may rank a little differently.
    """
    authority = read_authority(settings.organizations)
    segmenter = open_segmenter(settings, authority)
    index = Path(settings.index)
    generation, engine, manifest = open_engine(index)
    if manifest.facts.get("words") != segmenter.fingerprint:
        _log.warning("generation %s was built with another dictionary; rebuild it", generation)
    names = Names(engine, authority, read_synonyms(settings.synonyms))
    return Searcher(
        generation,
        engine,
        segmenter,
        names,
        recency_days=settings.recency_days,
        directory=index / generation,
    )


def current_generation(settings: Settings) -> str | None:
    """Return the name of the current generation, None without an index; reads one small file."""
    return current(Path(settings.index))


class Searcher:
    """An open index that answers searches; several threads may share it."""

    def __init__(
        self,
        generation: str,
        engine: Engine,
        segmenter: Segmenter,
        names: Names | None = None,
        today: Callable[[], datetime.date] = datetime.date.today,
        recency_days: int = 0,
        directory: Path | None = None,
    ) -> None:
        """`directory` is where the engine's index is kept, with what is suggested."""
        self.generation = generation
        self._engine = engine
        self._segmenter = segmenter
        self._today = today
        self._recency_days = recency_days
        self._names = names or Names(engine)
        self._suggester = Suggester(engine, directory)

    @property
    def count(self) -> int:
        """The number of bulletins."""
        return self._engine.count

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a search.  Raises `WrongUsage` for a request that cannot be.

        This, and whatever else is asked here, raises `OutOfTime` where `deadline.within` is set.
        """
        started = time.perf_counter()
        check(request)
        reading = self._reading(request)
        modes = {mode: reading.query(mode) for mode in MODES}
        strict = modes[request.mode]
        writings = strict.expansions[:MOST_WRITINGS]
        trees = [each.meaning for each in modes.values()] if request.text else []
        also = dict.fromkeys([*trees, *(each.node for each in writings)])
        also.pop(strict.meaning, None)
        hits, query = self._hits(request, strict, tuple(also))
        found = 0 if _MOST_TERMS in query.notices else hits.total
        totals = {strict.meaning: found} | dict(zip(also, hits.also, strict=True))
        return SearchResult(
            request=request,
            understood=str(query.tree),
            generation=self.generation,
            total=hits.total,
            hits=self._shown(hits, query),
            facets={name: facet_counts(name, hits.facets[name], request) for name in FACET_NAMES},
            notices=query.notices,
            expansions=tuple(_writing(each, totals[each.node], request) for each in writings),
            modes={mode: totals[modes[mode].meaning] for mode in MODES} if request.text else {},
            suggestions=() if hits.total else self._suggestions(request),
            corrections=self._corrections(request, found),
            took_ms=round((time.perf_counter() - started) * 1000, 2),
        )

    def explain(self, request: SearchRequest, id: str) -> Explanation | None:
        """Say why a bulletin answers a search, or why not; None if there is none of that id."""
        check(request)
        chosen = {name: plain_values(name, values) for name, values in request.chosen.items()}
        request = replace(request, chosen=chosen)
        bulletin = self.bulletin(id)
        if bulletin is None:
            return None
        _, query = self._hits(request, self._read(request))
        explainer = Explainer(self._engine, self._segmenter, self._read, self._asked, self._total)
        return explainer.explain(request, query, bulletin)

    def concordance(
        self, request: SearchRequest, order: str = "found", page: int = 1, size: int = 50
    ) -> Concordance:
        """Return every place of a search in its line, a page of them.

        Of an answer the first `MOST_READ` bulletins are looked into, or fewer that have
        `MOST_LINES`.  Raises `WrongUsage`.
        """
        if order not in LINE_ORDERS or page < 1 or size < 1:
            raise WrongUsage(
                f"order 只能是 {'、'.join(LINE_ORDERS)}，page、size 从 1 起。",
                f"order is one of {', '.join(LINE_ORDERS)}; page and size are 1 or more.",
            )
        hits, query = self._first(request, MOST_READ)
        lines: list[KwicLine] = []
        read = 0
        for found in kwic_lines(self._bulletins(hits.hits), query):
            lines += found
            read += 1
            if len(lines) >= MOST_LINES:
                break
        sort_lines(lines, order)
        window = lines[(page - 1) * size : page * size]
        return Concordance(tuple(window), len(lines), read, hits.total)

    def lines(self, request: SearchRequest, chunk: int = LARGEST_PAGE) -> Iterator[KwicLine]:
        """Search, and return every place, up to the largest window of bulletins, read some at a
        time.  Raises `WrongUsage`.
        """
        hits, query = self._first(request, LARGEST_WINDOW)
        starts = range(0, len(hits.hits) if request.text else 0, chunk)
        some = (self._bulletins(hits.hits[start : start + chunk]) for start in starts)
        return chain.from_iterable(kwic_lines(chain.from_iterable(some), query))

    def _first(self, request: SearchRequest, most: int) -> tuple[Hits, Query]:
        """Return the first hits of a request, whatever page it asks for.  Raises `WrongUsage`."""
        request = replace(request, page=1, size=LARGEST_PAGE)
        check(request)
        _, query = self._hits(request, self._read(request))
        return self._engine.search(self._asked(request, query)._replace(limit=most)), query

    def _bulletins(self, hits: Sequence[Hit]) -> Iterator[Bulletin]:
        for text in self._engine.stored([hit.id for hit in hits]):
            check_time()
            if text is not None:
                yield load(text)

    def trends(self, request: SearchRequest) -> tuple[Trend, ...]:
        """Return how often each phrase of a search stands, over time and by facet.

        Each term, quoted or parted by white space, is a phrase, looked for unbroken.
        """
        check(request)
        return tuple(self._trend(leaf, request) for leaf in phrases(request.text)[:MOST_PHRASES])

    def _trend(self, phrase: Quotation, request: SearchRequest) -> Trend:
        check_time()
        asked = self._asked(request, Query(phrase))
        found = self._engine.occurrences(phrase.units, asked)
        by = {
            name: {value: Tally(*counts) for value, counts in values.items()}
            for name, values in found.by.items()
        }
        first, last = (self._appearance(id) for id in (found.first, found.last))
        return Trend(phrase.text, Tally(*found.total), by, first, last)

    def _appearance(self, id: str) -> Appearance | None:
        bulletin = self.bulletin(id) if id else None
        return Appearance(bulletin.id, bulletin.title, bulletin.date) if bulletin else None

    def complete(self, text: str, limit: int = 8) -> tuple[Completion, ...]:
        """Return what may be meant by a query whose last term is not finished, the likeliest
        first.
        """
        return self._suggester.complete(text, limit)

    def bulletin(self, id: str) -> Bulletin | None:
        """Return a whole bulletin, or None if there is none of that id."""
        stored = self._engine.stored([id])[0]
        return None if stored is None else load(stored)

    def mentioned(self, bulletin: Bulletin) -> tuple[Organization, ...]:
        """Return the bodies that a bulletin mentions besides those that it is about."""
        return mentioned(bulletin, self._segmenter)

    def marks(
        self, bulletin: Bulletin, request: SearchRequest
    ) -> dict[int, tuple[tuple[int, int], ...]]:
        """Return where a search stands in a bulletin: block index to ranges of its text."""
        query = self._read(request)
        return Highlighter(query).marks(bulletin.blocks)

    def relatives(self, bulletin: Bulletin) -> Relatives:
        """Return which bulletins are like this one, and which have passages of it."""
        alike = similar(self._engine, self._segmenter, bulletin)
        return Relatives(alike, reprints(self._engine, bulletin))

    def shared_marks(
        self, bulletin: Bulletin, other: Bulletin
    ) -> dict[int, tuple[tuple[int, int], ...]]:
        """Return where passages of another bulletin stand in one: block index to ranges."""
        return shared_marks(self._engine, bulletin, other)

    def close(self) -> None:
        """Let go of the index."""
        self._engine.close()

    def _hits(
        self, request: SearchRequest, query: Query, also: tuple[Node, ...] = ()
    ) -> tuple[Hits, Query]:
        """Search; when no bulletin at all has every term, take those that have most of them.

        `also` is counted by the way (`EngineQuery.also`).
        """
        check_time()
        hits = self._engine.search(self._asked(request, query)._replace(also=also))
        relaxed = query.relaxed() if request.mode == "all" and not hits.total else None
        if relaxed is None or self._engine.total(EngineQuery(query.tree)):
            return hits, query
        relaxed_hits = self._engine.search(self._asked(request, relaxed))
        if not relaxed_hits.total:
            return hits, query
        relaxed_hits = relaxed_hits._replace(also=hits.also)
        return relaxed_hits, replace(relaxed, notices=(*relaxed.notices, _MOST_TERMS))

    def _shown(self, hits: Hits, query: Query) -> tuple[SearchHit, ...]:
        stored = self._engine.stored([hit.id for hit in hits.hits])
        shown = zip(hits.hits, stored, strict=True)
        found = [(hit, load(text)) for hit, text in shown if text is not None]
        views = Highlighter(query).views([bulletin for _, bulletin in found])
        return tuple(
            _search_hit(bulletin, hit.score, view, self._copies(hit))
            for (hit, bulletin), view in zip(found, views, strict=True)
        )

    def _copies(self, hit: Hit) -> tuple[Copy, ...]:
        found = (load(text) for text in self._engine.stored(hit.copies) if text is not None)
        return tuple(Copy(b.id, b.source.path, b.source.media_type) for b in found)

    def _suggestions(self, request: SearchRequest) -> tuple[Suggestion, ...]:
        """Return the changes to a search without hits that would give some."""
        counted = (
            Suggestion(sentence, changed, self._total(changed))
            for sentence, changed in changes(request)
        )
        return tuple(suggestion for suggestion in counted if suggestion.total)

    def _corrections(self, request: SearchRequest, found: int) -> tuple[Suggestion, ...]:
        """Return the searches that may have been meant and give far more than was found."""
        if request.page > 1:
            return ()
        meant = (
            (each, replace(request, text=each.text))
            for each in self._suggester.corrections(request.text)
        )
        counted = (
            Suggestion(_did_you_mean(each.name), changed, self._total(changed))
            for each, changed in meant
            if each.sure or not found
        )
        return tuple(islice((each for each in counted if each.total), MOST_CORRECTIONS))

    def _asked(self, request: SearchRequest, query: Query) -> EngineQuery:
        return engine_query(request, query, self._recency_days)

    def _total(self, request: SearchRequest) -> int:
        """Return how many bulletins a search would show."""
        query = self._read(request)
        total = self._engine.total(self._asked(request, query))
        return total or self._hits(request, query)[0].total

    def _read(self, request: SearchRequest) -> Query:
        return self._reading(request).query(request.mode)

    def _reading(self, request: SearchRequest) -> Reading:
        names = self._names
        knowledge = Knowledge(self._today(), names.values, names.others, names.longest)
        return Reading(request.text, self._segmenter, knowledge, request.without)


_MOST_TERMS: Final = Notice(
    "most_terms",
    Sentence(
        "没有一期含有全部检索词，以下各期含有其中最多的词。",
        "No bulletin has all the terms; these have most of them.",
    ),
)


def _writing(expansion: Expansion, total: int, request: SearchRequest) -> OtherWriting:
    wanted = expansion.kind not in request.without
    return OtherWriting(expansion.kind, expansion.typed, expansion.shown, total, wanted)


def _did_you_mean(name: str) -> Sentence:
    return Sentence(f"您要找的是不是：{name}", f"Did you mean {name}")


def _search_hit(
    bulletin: Bulletin, score: float, view: View, copies: tuple[Copy, ...]
) -> SearchHit:
    return SearchHit(
        id=bulletin.id,
        title=bulletin.title,
        series=bulletin.series,
        issue=bulletin.issue,
        date=bulletin.date,
        publisher=bulletin.publisher,
        organizations=tuple(organization.name for organization in bulletin.organizations),
        score=score,
        unbroken=view.unbroken,
        snippets=tuple(_snippet(bulletin, passage) for passage in view.passages),
        title_marks=view.title_marks,
        copies=copies,
    )


def _snippet(bulletin: Bulletin, passage: Passage) -> Snippet:
    section = bulletin.section_of(passage.block)
    # A heading is not shown above itself.
    heading = section.heading if section and section.start != passage.block else ""
    return Snippet(heading, passage.block + 1, passage.text, passage.marks)
