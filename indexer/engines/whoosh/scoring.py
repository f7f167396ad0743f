"""How good are the hits?  What terms and unbroken runs add, to hits alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from indexer.deadline import check as check_time
from indexer.engines import ranking
from indexer.engines.base import EngineQuery, Shares
from indexer.engines.whoosh.by_numpy import FEW, SPARSE, Scores
from indexer.engines.whoosh.evaluation import SegmentReader
from indexer.engines.whoosh.inversion import Numbers, levels
from indexer.engines.whoosh.listing import Posting
from indexer.engines.whoosh.loops import Gains
from indexer.engines.whoosh.pairs import Documents
from indexer.engines.whoosh.standing import Standing, required
from indexer.query import Run

Parts = dict[Run, float]

_WORTH: Final = np.dot(ranking.WEIGHTS, levels(np.arange(256, dtype=np.uint8))).astype(np.float64)
"""How often a word stands of which a byte says so (`levels`), each place by its weight."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores documents, which are numbered over all segments: those of a segment from its base.

    `norms` are those of BM25, `dates` as in `Document.date`, both by document; `count` says how
    many are left, `newest` is the latest date of these.
    """

    bases: Sequence[int]
    norms: Scores
    dates: Numbers
    count: int
    newest: int

    def parts(self, query: EngineQuery, segments: Sequence[SegmentReader]) -> Parts:
        """Return the weights of the pairs and units that a query is ranked by; not of those that
        stand too often.
        """
        most = ranking.most_places(query.runs, self.count)
        weights: Parts = {}
        for part, factor in ranking.parts(query.tree, query.runs).items():
            check_time()
            counts = [segment.counts(part) for segment in segments]
            if sum([occurrences for occurrences, _ in counts]) <= most:
                frequency = sum([frequency for _, frequency in counts])
                weights[part] = factor * ranking.idf(self.count, frequency)
        return weights

    def scores(
        self, query: EngineQuery, parts: Parts, hits: Documents, standing: Sequence[Standing]
    ) -> Scores:
        """Return the score of each hit (ascending), not rounded yet."""
        asked = _Asked(self, standing, hits)
        weights = [asked.add_word(word) for word in dict.fromkeys(query.words)]
        asked.add_parts(parts)
        weights += parts.values()
        total = asked.terms()
        if query.recency_days > 0:
            total *= self._fading(query, hits)
        stand = required(query.tree)
        for run, bonus in zip(query.runs, ranking.bonuses(weights, query.runs), strict=True):
            asked.add_run(total, run, bonus, stands=run in stand)
        return total

    def shares(
        self, query: EngineQuery, parts: Parts, document: int, standing: Sequence[Standing]
    ) -> Shares:
        """Return what the score of one document is made of."""
        hits = np.array([document])
        asked = _Asked(self, standing, hits)
        weights: list[float] = []
        words: dict[str, float] = {}
        runs: dict[Run, float] = {}
        for word in dict.fromkeys(query.words):
            before = asked.terms()[0]
            weights.append(asked.add_word(word))
            words[word] = float(asked.terms()[0] - before)
        asked.add_parts(parts)
        weights += parts.values()
        terms = float(asked.terms()[0])
        for run, bonus in zip(query.runs, ranking.bonuses(weights, query.runs), strict=True):
            added = np.zeros(1)
            asked.add_run(added, run, bonus)
            runs[run] = runs.get(run, 0.0) + float(added[0])
        left = float(self._fading(query, hits)[0]) if query.recency_days > 0 else 1.0
        return Shares(words, terms - sum(words.values()), runs, (left - 1.0) * terms)

    def _fading(self, query: EngineQuery, hits: Documents) -> Scores:
        dates = self.dates[hits].astype(np.float64)
        return ranking.fading(dates, self.newest, query.recency_days)


class _Asked:
    """The sums for one question, by hit."""

    def __init__(self, scorer: Scorer, standing: Sequence[Standing], hits: Documents) -> None:
        self._count = scorer.count
        self._cuts = [*pairwise(hits.searchsorted(scorer.bases).tolist())]
        self._within = [
            _Within(one, hits[start:stop] - base, scorer.norms[base : base + one.segment.count])
            for one, base, (start, stop) in zip(standing, scorer.bases, self._cuts, strict=False)
        ]

    def add_word(self, word: str) -> float:
        """Add what a word adds; return its weight."""
        postings = [(within, within.segment.word(word)) for within in self._within]
        frequency = sum([within.segment.left(posting) for within, posting in postings])
        weight = ranking.idf(self._count, frequency)
        for within, posting in postings:
            within.add_word(weight, posting)
        return weight

    def add_parts(self, parts: Parts) -> None:
        """Add what pairs and units of such weights add."""
        for part, weight in parts.items():
            check_time()
            for within in self._within:
                within.add_part(weight, part)

    def terms(self) -> Scores:
        """Return what all terms that were added give."""
        parts = [within.terms() for within in self._within]
        return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0), *parts])

    def add_run(self, total: Scores, run: Run, bonus: float, *, stands: bool = False) -> None:
        """Add to scores what a run adds that stands unbroken (in all hits, if that is known), and
        the same for one in a title.
        """
        for within, (start, stop) in zip(self._within, self._cuts, strict=True):
            within.add_run(total[start:stop], run, bonus, stands=stands)


class _Within:
    """The hits in one segment, and what terms and runs add to them; `norms` are those of all its
    documents.
    """

    def __init__(self, standing: Standing, hits: Documents, norms: Scores) -> None:
        self.segment = standing.segment
        self._standing = standing
        self._hits = hits
        self._gains = Gains(hits, norms, self.segment.stream, FEW, SPARSE)

    def add_word(self, weight: float, posting: Posting) -> None:
        """Add what a word of this posting adds."""
        posting.add_to(self._gains, weight, _WORTH)

    def add_part(self, weight: float, part: Run) -> None:
        """Add what a pair or a unit adds."""
        self._standing.add_part(self._gains, weight, part, self._hits)

    def add_run(self, total: Scores, run: Run, bonus: float, *, stands: bool) -> None:
        """Add a bonus where a run stands, and the same where it stands in the title."""
        total += bonus if stands else self._standing.among(run, self._hits) * np.float64(bonus)
        self.segment.stream.add_where(total, self._hits, self.segment.titled(run), bonus)

    def terms(self) -> Scores:
        """Return what the terms give."""
        return self._gains.total()
