"""How good are the hits?  What terms and unbroken runs add, to hits alone."""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from indexer.deadline import check as check_time
from indexer.engines import ranking
from indexer.engines.base import EngineQuery, Shares
from indexer.engines.whoosh.by_numpy import SPARSE, Scores
from indexer.engines.whoosh.evaluation import REMEMBERED, SHORT, Part, Parts, SegmentReader
from indexer.engines.whoosh.inversion import Numbers, levels
from indexer.engines.whoosh.listing import Posting
from indexer.engines.whoosh.loops import Gains
from indexer.engines.whoosh.pairs import FEW, Documents
from indexer.engines.whoosh.standing import Standing, required
from indexer.query import Run

_BYTES: Final = np.arange(256, dtype=np.uint8)


class _Word(NamedTuple):
    """What a word weighs, and its posting in each segment."""

    weight: float
    postings: Sequence[Posting]


class Scorer:
    """Scores documents, which are numbered over all segments: those of a segment from its base.

    `norms` are those of BM25, `dates` as in `Document.date`, both by document; `count` says how
    many are left, `newest` is the latest date of these.
    """

    def __init__(
        self,
        segments: Sequence[SegmentReader],
        bases: Sequence[int],
        norms: Scores,
        dates: Numbers,
        count: int,
        newest: int,
    ) -> None:
        self._bases = bases
        self._norms = [norms[start:stop] for start, stop in pairwise(bases)]
        self._dates = dates
        self._count = count
        self._newest = newest
        # How often a word stands of which a byte says so, each place by its weight.
        self._worth: Scores = np.dot(ranking.WEIGHTS, levels(_BYTES)).astype(np.float64)
        # What is remembered must not hold on to this scorer, or the files would stay open.
        remembered = functools.lru_cache(REMEMBERED)
        self._word = remembered(partial(_word, segments, count))
        part = remembered(partial(_part, segments, count))
        self._parts = partial(ranking.parts_of, weighed=part)
        self._short = remembered(self._parts)

    def parts(self, query: EngineQuery) -> Parts:
        """Return the pairs and units that a query is ranked by; not those that stand too often."""
        most = ranking.most_places(query.runs, self._count)
        every = ranking.parts(query.tree, query.runs, self._parts_of)
        return {part: found for part, found in every.items() if found.occurrences <= most}

    def _parts_of(self, run: Run) -> ranking.PairsAndUnits[Part]:
        return self._short(run) if len(run) <= SHORT else self._parts(run)

    def scores(
        self, query: EngineQuery, parts: Parts, hits: Documents, standing: Sequence[Standing]
    ) -> Scores:
        """Return the score of each hit (ascending), not rounded yet."""
        words = [*map(self._word, dict.fromkeys(query.words))]
        bonuses = _bonuses(words, parts, query.runs)
        stand = required(query.tree)
        totals = []
        for one, found in zip(standing, self._by_segment(hits), strict=True):
            gains = self._gains(one, found, words)
            one.add_parts(gains, found)
            total = gains.total()
            if query.recency_days > 0:
                total *= self._fading(query, found + self._bases[one.at])
            known = 0.0
            for run, bonus in zip(query.runs, bonuses, strict=True):
                if run in stand:
                    known += bonus
                else:
                    total += one.among(run, found) * np.float64(bonus)
                titled = one.titled(run)
                if len(titled):
                    gains.add_where(bonus, titled)
            gains.add_to_all(known)
            totals.append(total)
        return totals[0] if len(totals) == 1 else np.concatenate([np.zeros(0), *totals])

    def shares(
        self, query: EngineQuery, parts: Parts, document: int, standing: Sequence[Standing]
    ) -> Shares:
        """Return what the score of one document is made of."""
        at = bisect_right(self._bases, document) - 1
        one, found = standing[at], np.array([document - self._bases[at]])
        known = {word: self._word(word) for word in query.words}
        words = {
            word: float(self._gains(one, found, [held]).total()[0]) for word, held in known.items()
        }
        gains = self._gains(one, found, ())
        one.add_parts(gains, found)
        near = float(gains.total()[0])
        runs: dict[Run, float] = {}
        bonuses = _bonuses(known.values(), parts, query.runs)
        for run, bonus in zip(query.runs, bonuses, strict=True):
            titled = one.segment.stream.any_in(found, one.titled(run))
            times = int(one.among(run, found)[0]) + int(titled[0])
            runs[run] = runs.get(run, 0.0) + times * bonus
        left = 1.0
        if query.recency_days > 0:
            left = float(self._fading(query, np.array([document]))[0])
        return Shares(words, near, runs, (left - 1.0) * (sum(words.values()) + near))

    def _by_segment(self, hits: Documents) -> list[Documents]:
        """Return the hits in each segment, by their numbers there."""
        if len(self._norms) == 1:
            return [hits]
        cuts = pairwise(hits.searchsorted(self._bases).tolist())
        both = zip(self._bases, cuts, strict=False)
        return [hits[start:stop] - base for base, (start, stop) in both]

    def _gains(self, standing: Standing, hits: Documents, words: Iterable[_Word]) -> Gains:
        """Return what words give to hits in a segment; there is room for more."""
        at = standing.at
        gains = Gains(hits, self._norms[at], standing.segment.stream, FEW, SPARSE)
        for weight, postings in words:
            postings[at].add_to(gains, weight, self._worth)
        return gains

    def _fading(self, query: EngineQuery, hits: Documents) -> Scores:
        dates = self._dates[hits].astype(np.float64)
        return ranking.fading(dates, self._newest, query.recency_days)


def _bonuses(words: Iterable[_Word], parts: Parts, runs: Sequence[Run]) -> list[float]:
    """Return what each run adds."""
    weight = 0.0
    for word in words:
        weight += word.weight
    for part in parts.values():
        weight += part.weight
    return ranking.bonuses(weight, runs)


def _word(segments: Sequence[SegmentReader], count: int, word: str) -> _Word:
    postings = [segment.word(word) for segment in segments]
    both = zip(segments, postings, strict=True)
    frequency = sum(segment.left(posting) for segment, posting in both)
    return _Word(ranking.idf(count, frequency), postings)


def _part(segments: Sequence[SegmentReader], count: int, part: Run, factor: float) -> Part | None:
    check_time()
    counts = [segment.counts(part) for segment in segments]
    occurrences, documents = np.sum(counts, axis=0).tolist() if counts else (0, 0)
    if occurrences > count:
        return None
    known = [segment.known(part) for segment in segments]
    return Part(factor * ranking.idf(count, documents), occurrences, known)
