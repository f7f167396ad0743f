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
from indexer.engines.whoosh.by_numpy import FEW, SPARSE, Scores
from indexer.engines.whoosh.evaluation import REMEMBERED, SegmentReader
from indexer.engines.whoosh.inversion import Numbers, levels
from indexer.engines.whoosh.listing import Posting
from indexer.engines.whoosh.loops import Gains
from indexer.engines.whoosh.pairs import Documents
from indexer.engines.whoosh.standing import Standing, required
from indexer.query import Run

Parts = dict[Run, float]

_WORTH: Final = np.dot(ranking.WEIGHTS, levels(np.arange(256, dtype=np.uint8))).astype(np.float64)
"""How often a word stands of which a byte says so (`levels`), each place by its weight."""


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
        # What is remembered must not hold on to this scorer, or the files would stay open.
        remembered = functools.lru_cache(REMEMBERED)
        self._word = remembered(partial(_word, segments, count))
        self._part = remembered(partial(_part, segments, count))

    def parts(self, query: EngineQuery) -> Parts:
        """Return the weights of the pairs and units that a query is ranked by; not of those that
        stand too often.
        """
        most = ranking.most_places(query.runs, self._count)
        weights: Parts = {}
        for part, factor in ranking.parts(query.tree, query.runs).items():
            occurrences, weight = self._part(part)
            if occurrences <= most:
                weights[part] = factor * weight
        return weights

    def scores(
        self, query: EngineQuery, parts: Parts, hits: Documents, standing: Sequence[Standing]
    ) -> Scores:
        """Return the score of each hit (ascending), not rounded yet."""
        words = [*map(self._word, dict.fromkeys(query.words))]
        bonuses = _bonuses(words, parts, query.runs)
        stand = required(query.tree)
        known = sum([bonus for run, bonus in bonuses if run in stand])
        totals = []
        for at, found in enumerate(self._by_segment(hits)):
            one = standing[at]
            gains = self._gains(at, one, found, words, parts)
            total = gains.total()
            if query.recency_days > 0:
                total *= self._fading(query, found + self._bases[at])
            total += known
            for run, bonus in bonuses:
                if run not in stand:
                    total += one.among(run, found) * np.float64(bonus)
                gains.add_where(bonus, one.segment.titled(run))
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
            word: float(self._gains(at, one, found, [held], {}).total()[0])
            for word, held in known.items()
        }
        near = float(self._gains(at, one, found, (), parts).total()[0])
        runs: dict[Run, float] = {}
        for run, bonus in _bonuses(known.values(), parts, query.runs):
            titled = one.segment.stream.any_in(found, one.segment.titled(run))
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

    def _gains(
        self, at: int, standing: Standing, hits: Documents, words: Iterable[_Word], parts: Parts
    ) -> Gains:
        """Return what terms give to hits in the segment with this number."""
        gains = Gains(hits, self._norms[at], standing.segment.stream, FEW, SPARSE)
        for word in words:
            word.postings[at].add_to(gains, word.weight, _WORTH)
        for part, weight in parts.items():
            check_time()
            standing.add_part(gains, weight, part, hits)
        return gains

    def _fading(self, query: EngineQuery, hits: Documents) -> Scores:
        dates = self._dates[hits].astype(np.float64)
        return ranking.fading(dates, self._newest, query.recency_days)


def _bonuses(words: Iterable[_Word], parts: Parts, runs: Sequence[Run]) -> list[tuple[Run, float]]:
    """Return what each run adds."""
    weights = [*(word.weight for word in words), *parts.values()]
    return [*zip(runs, ranking.bonuses(weights, runs), strict=True)]


def _word(segments: Sequence[SegmentReader], count: int, word: str) -> _Word:
    postings = [segment.word(word) for segment in segments]
    both = zip(segments, postings, strict=True)
    frequency = sum(segment.left(posting) for segment, posting in both)
    return _Word(ranking.idf(count, frequency), postings)


def _part(segments: Sequence[SegmentReader], count: int, part: Run) -> tuple[int, float]:
    """Return how often a pair or a unit stands, and what it weighs."""
    check_time()
    counts = [segment.counts(part) for segment in segments]
    frequency = sum(frequency for _, frequency in counts)
    return sum(occurrences for occurrences, _ in counts), ranking.idf(count, frequency)
