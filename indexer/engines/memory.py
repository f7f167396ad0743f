"""Which documents answer, found the plain way?  The reference for the other engines.

Nothing clever: every document is looked at, text is compared as strings, and sums are made in the
order in which they are written down.  It also serves tests and very small collections.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.document import Document, WordCount
from indexer.engines import ranking
from indexer.engines.base import EngineQuery, Hit, Hits, Occurrences, Shares, natural_order
from indexer.query import (
    MARK,
    NUMERALS,
    All,
    Any,
    Between,
    Gap,
    Having,
    InTitle,
    Latest,
    Leaf,
    Most,
    Near,
    Node,
    Not,
    Numeral,
    Quotation,
    Run,
    Widened,
    Word,
)
from indexer.schema import FACET_NAMES

_PART = "\x1f"
_Term = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """A document with its units as one string: every unit stands between two separators."""

    document: Document
    text: str
    title: str
    words: Mapping[str, WordCount]


class MemoryEngine:
    """An engine and its writer in one: what was added is searched at once."""

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self._pages: dict[str, _Page] = {}
        for document in documents:
            self.add(document)

    def add(self, document: Document) -> None:
        """Take one document."""
        spelled = document.units.spelled()
        title = spelled[slice(*document.title)]
        words = document.words.each()
        self._pages[document.id] = _Page(document, _joined(spelled), _joined(title), words)

    def finish(self) -> None:
        """Nothing is left to write."""

    @property
    def count(self) -> int:
        """How many documents there are."""
        return len(self._pages)

    def search(self, query: EngineQuery) -> Hits:
        """Return the documents that answer `query`, by looking at each."""
        found = [page for page in self._answering(query.tree) if _in_time(page, query)]
        hits = [page for page in found if _chosen(page, query, FACET_NAMES)]
        scores = self._scores(query, hits)
        hits.sort(key=_order(query.sort, scores))
        hits = _one_of_each_group(hits) if query.grouped else hits
        window = hits[query.offset : query.offset + query.limit]
        return Hits(
            len(hits),
            tuple(self._hit(page.document, scores) for page in window),
            {name: _counts(found, query, name) for name in FACET_NAMES},
            tuple(self.total(query._replace(tree=tree, also=())) for tree in query.also),
        )

    def total(self, query: EngineQuery) -> int:
        """Return how many documents answer `query`."""
        return self.search(query).total

    def shares(self, query: EngineQuery, id: str) -> Shares:
        """Return what the score of one document is made of."""
        page, weights = self._pages[id], self._weights(query)
        gains = {term: self._gain(page, term, weight) for term, weight in weights.items()}
        words = {term: adds for term, adds in gains.items() if isinstance(term, str)}
        near = sum(adds for term, adds in gains.items() if not isinstance(term, str))
        bonuses = ranking.bonuses(sum(weights.values()), query.runs)
        runs: dict[Run, float] = {}
        for run, bonus in zip(query.runs, bonuses, strict=True):
            runs[run] = runs.get(run, 0.0) + bonus * _standing(page, run)
        age = (self._fading(query, page) - 1.0) * sum(gains.values())
        return Shares(words, near, runs, age)

    def occurrences(self, run: Run, query: EngineQuery) -> Occurrences:
        """Return where in time and facets `run` stands."""
        found = [page for page in self._answering(query.tree) if _in_time(page, query)]
        pages = [page for page in found if _chosen(page, query, FACET_NAMES)]
        pages = [page for page in pages if _times(page, run)]
        pages.sort(key=lambda page: page.document.id)
        pages = _one_of_each_group(pages) if query.grouped else pages
        by: dict[str, dict[str, tuple[int, int]]] = {name: {} for name in ("month", *FACET_NAMES)}
        for page in pages:
            for name, value in _labels(page):
                occurrences, documents = by[name].get(value, (0, 0))
                by[name][value] = occurrences + _times(page, run), documents + 1
        dated = sorted((p.document.date, p.document.id) for p in pages if p.document.date)
        last = min((id for date, id in dated if date == dated[-1][0]), default="")
        total = sum(_times(page, run) for page in pages), len(pages)
        return Occurrences(total, by, dated[0][1] if dated else "", last)

    def stored(self, ids: Sequence[str]) -> list[str | None]:
        """Return what was stored for each id."""
        return [self._pages[id].document.stored if id in self._pages else None for id in ids]

    def ids(self) -> Sequence[str]:
        """Return the ids of all documents, ascending."""
        return sorted(self._pages)

    def values(self, facet: str) -> Sequence[str]:
        """Return every value of a facet."""
        return list({value for page in self._pages.values() for value in _values(page, facet)})

    def aliases(self) -> Sequence[tuple[str, str]]:
        """Return the other names of bodies, each with the full name."""
        return list({pair for page in self._pages.values() for pair in page.document.aliases})

    def standing(self, units: Sequence[str]) -> int:
        """Return in how many groups `units` stand one after another."""
        pages = self._pages.values()
        return len({p.document.group for p in pages if _joined(units) in p.text})

    def copies(self, id: str) -> tuple[str, ...]:
        """Return the ids of the other documents of its group."""
        group = self._pages[id].document.group
        return tuple(o for o in self.ids() if o != id and self._pages[o].document.group == group)

    def holders(self, runs: Sequence[Run], most: int) -> list[tuple[str, ...] | None]:
        """Return for each run in which documents it stands, None if in more than `most`."""
        joined = map(_joined, runs)
        found = ([id for id, page in self._pages.items() if run in page.text] for run in joined)
        return [tuple(sorted(ids)) if len(ids) <= most else None for ids in found]

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """Return in how many documents each word stands."""
        return [sum(word in page.words for page in self._pages.values()) for word in words]

    def offers(self) -> Iterator[Mapping[str, int]]:
        """Yield each of `Document.offers` with the number of groups that have it, as one part."""
        documents = [page.document for page in self._pages.values()]
        yield Counter(offer for _, offer in {(d.group, o) for d in documents for o in d.offers})

    def close(self) -> None:
        """Forget everything."""
        self._pages.clear()

    def _hit(self, document: Document, scores: dict[str, float]) -> Hit:
        return Hit(document.id, scores[document.id], self.copies(document.id))

    def _answering(self, tree: Node) -> list[_Page]:
        pages = list(self._pages.values())
        if isinstance(tree, Having):
            return [page for page in pages if set(tree.values) & set(_values(page, tree.facet))]
        if isinstance(tree, Between):
            return [page for page in pages if tree.low <= _number(page, tree.column) <= tree.high]
        if isinstance(tree, Latest):
            return [page for page in pages if _issue(page) in self._latest(page, tree.count)]
        if not isinstance(tree, All | Any | Most | Widened | Not):
            return [page for page in pages if _stands(page, tree)]
        if isinstance(tree, Not):
            out = {page.document.id for page in self._answering(tree.child)}
            return [page for page in pages if page.document.id not in out]
        held = Counter(
            page.document.id for child in tree.children for page in self._answering(child)
        )
        least = _least(tree, held)
        return [page for page in pages if held[page.document.id] >= least]

    def _latest(self, page: _Page, count: int) -> list[tuple[int, int]]:
        """Return the latest issues of the series of a page."""
        series = _values(page, "series")
        issues = {_issue(p) for p in self._pages.values() if _values(p, "series") == series}
        return sorted(issues - {(0, -1)})[-count:]

    def _scores(self, query: EngineQuery, hits: Sequence[_Page]) -> dict[str, float]:
        weights = self._weights(query)
        bonuses = ranking.bonuses(sum(weights.values()), query.runs)
        return {
            page.document.id: round(
                self._fading(query, page)
                * sum(self._gain(page, term, weight) for term, weight in weights.items())
                + sum(
                    bonus * _standing(page, run)
                    for run, bonus in zip(query.runs, bonuses, strict=True)
                ),
                ranking.DIGITS,
            )
            for page in hits
        }

    def _gain(self, page: _Page, term: _Term, weight: float) -> float:
        lengths = [_length(page) for page in self._pages.values()]
        average = sum(lengths) / max(len(lengths), 1) or 1.0
        norm = ranking.norm(_length(page), average)
        return ranking.gain(weight, _counting(_frequency(page, term), term), norm)

    def _fading(self, query: EngineQuery, page: _Page) -> float:
        if query.recency_days <= 0:
            return 1.0
        newest = max(page.document.date for page in self._pages.values())
        return ranking.fading(float(page.document.date), newest, query.recency_days)

    def _weights(self, query: EngineQuery) -> dict[_Term, float]:
        """Return what each term that ranks weighs; those that are too common are left out."""
        pages, count = self._pages.values(), len(self._pages)
        most = ranking.most_places(query.runs, count)
        factors: dict[_Term, float] = dict.fromkeys(query.words, 1.0)
        weights: dict[_Term, float] = {}

        def weighed(part: Run, factor: float) -> float | None:
            return factor if sum(_times(page, part) for page in pages) <= count else None

        parts = ranking.parts(query.tree, query.runs, lambda run: ranking.parts_of(run, weighed))
        for term, factor in (factors | parts).items():
            frequencies = [_frequency(page, term) for page in pages]
            if isinstance(term, str) or sum(frequencies) <= most:
                weights[term] = factor * ranking.idf(count, sum(each > 0 for each in frequencies))
        return weights


_FIELDS = ("title", "heading", "body")


def _joined(units: Sequence[str]) -> str:
    return _PART + _PART.join(units) + _PART


def _times(page: _Page, run: Run) -> int:
    """Return how often a run stands in a page, each place counted."""
    return len(re.findall(f"(?={re.escape(_joined(run))})", page.text))


def _labels(page: _Page) -> Iterator[tuple[str, str]]:
    """Yield the month and the values of facets of a page."""
    date = page.document.date
    if date:
        month = date // 100 % 100
        yield "month", f"{date // 10_000:04}-{month:02}" if month else f"{date // 10_000:04}"
    for facet in FACET_NAMES:
        yield from ((facet, value) for value in dict.fromkeys(_values(page, facet)))


def _values(page: _Page, facet: str) -> tuple[str, ...]:
    return tuple(page.document.facets[facet])


def _issue(page: _Page) -> tuple[int, int]:
    return page.document.date, page.document.issue


def _number(page: _Page, column: str) -> float:
    """Return a number of a document, one that is in no range when it has none."""
    number: int = getattr(page.document, column)
    return math.nan if number < (column == "date") else number


def _stands(page: _Page, leaf: Leaf) -> bool:
    if isinstance(leaf, InTitle):
        return _stands_in(page.title, leaf.leaf)
    return _stands_in(page.text, leaf)


def _stands_in(text: str, leaf: Quotation | Word | Numeral | Gap | Near) -> bool:
    if isinstance(leaf, Numeral):
        around = "|".join(_PART + numeral for numeral in NUMERALS)
        run = re.escape(_PART + _PART.join(leaf.units))
        return any(
            not re.search(f"(?:{around})$", text[: match.start()])
            and not re.match(f"(?:{around}){_PART}", text[match.end() :])
            for match in re.finditer(f"(?={run}{_PART}){run}", text)
        )
    if isinstance(leaf, Gap):
        return re.search(_pattern(leaf), text) is not None
    if isinstance(leaf, Near):
        return any(
            all(_joined(part) in window for part in leaf.parts)
            for window in _windows(text, sum(map(len, leaf.parts)) + leaf.slack)
        )
    return _joined(leaf.units) in text


def _pattern(leaf: Gap) -> str:
    """Return the regular expression of a leaf with gaps over joined units."""
    pieces = [re.escape(_PART + _PART.join(piece)) for piece in leaf.pieces]
    pattern = pieces[0]
    for piece, width in zip(pieces[1:], leaf.widths, strict=True):
        unit = f"{_PART}(?!{MARK}{_PART})[^{_PART}]+" if width.clause else f"{_PART}[^{_PART}]+"
        pattern += f"(?:{unit}){{{width.low},{width.high}}}{piece}"
    return pattern + _PART


def _windows(text: str, length: int) -> Iterator[str]:
    units = text.strip(_PART).split(_PART)
    return (_joined(units[at : at + length]) for at in range(max(len(units) - length, 0) + 1))


def _least(tree: All | Any | Most | Widened, held: Counter[str]) -> int:
    if isinstance(tree, All):
        return len(tree.children)
    return max(max(held.values(), default=0), 1) if isinstance(tree, Most) else 1


def _in_time(page: _Page, query: EngineQuery) -> bool:
    date = page.document.date
    if not (query.since or query.until):
        return True
    return bool(date) and query.since <= date and (not query.until or date <= query.until)


def _chosen(page: _Page, query: EngineQuery, facets: Iterable[str]) -> bool:
    return all(
        not query.chosen.get(name) or set(query.chosen[name]) & set(page.document.facets[name])
        for name in facets
    )


def _counts(found: Sequence[_Page], query: EngineQuery, facet: str) -> dict[str, int]:
    others = [name for name in FACET_NAMES if name != facet]
    within = [page for page in found if _chosen(page, query, others)]
    documents = [page.document for page in within]
    counted = {
        (document.group if query.grouped else document.id, value)
        for document in documents
        for value in document.facets[facet]
    }
    counts = Counter(value for _, value in counted)
    ordered = natural_order(counts)
    frequent = sorted(ordered, key=counts.__getitem__, reverse=True)[: query.values]
    kept = {*frequent, *query.chosen.get(facet, ())}
    return {value: counts[value] for value in ordered if value in kept}


def _one_of_each_group(pages: Sequence[_Page]) -> list[_Page]:
    first: dict[str, _Page] = {}
    for page in pages:
        first.setdefault(page.document.group, page)
    return list(first.values())


def _length(page: _Page) -> float:
    return float(sum(getattr(page.document.lengths, field) for field in _FIELDS))


def _frequency(page: _Page, term: _Term) -> float:
    """Return how often a term stands in a document: words by field, a pair or unit anywhere."""
    if not isinstance(term, str):
        return float(_times(page, term))
    count = page.words.get(term, WordCount())
    times = (ranking.level(getattr(count, field), at) for at, field in enumerate(_FIELDS))
    return float(sum(weight * n for weight, n in zip(ranking.WEIGHTS, times, strict=True)))


def _counting(frequency: float, term: _Term) -> float:
    return frequency if isinstance(term, str) else min(frequency, ranking.MOST_TIMES)


def _standing(page: _Page, run: tuple[str, ...]) -> int:
    spelled = _joined(run)
    return (spelled in page.text) + (spelled in page.title)


def _order(sort: str, scores: dict[str, float]) -> Callable[[_Page], tuple[object, ...]]:
    def newest(page: _Page) -> tuple[object, ...]:
        return (-page.document.date, page.document.id)

    def oldest(page: _Page) -> tuple[object, ...]:
        return (page.document.date == 0, page.document.date, page.document.id)

    def issue(page: _Page) -> tuple[object, ...]:
        return (page.document.issue < 0, page.document.issue, *newest(page))

    def relevance(page: _Page) -> tuple[object, ...]:
        return (-scores[page.document.id], *newest(page))

    return {"newest": newest, "oldest": oldest, "issue": issue, "relevance": relevance}[sort]
