"""How good are the hits?  What terms and unbroken runs add, to hits alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.deadline import check as check_time
from indexer.engines import ranking
from indexer.engines.base import EngineQuery, Shares
from indexer.engines.whoosh.evaluation import SegmentReader
from indexer.engines.whoosh.inversion import Numbers
from indexer.engines.whoosh.pairs import FEW, Documents, Integers, matches
from indexer.engines.whoosh.standing import Standing, required
from indexer.query import Run

Scores = npt.NDArray[np.float64]
Places = Integers | slice


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores documents, which are numbered over all segments: those of a segment from its base.

    `norms` are those of BM25, `dates` as in `Document.date`, both by document; `count` says how
    many are left, `newest` is the latest date of these.
    """

    segments: Sequence[SegmentReader]
    bases: Sequence[int]
    norms: Scores
    dates: Numbers
    count: int
    newest: int

    def scores(self, query: EngineQuery, hits: Documents, standing: Standing) -> Scores:
        """Return the score of each hit (ascending), six digits."""
        asked = _Asked(self, standing, hits)
        weights = [asked.add_word(word) for word in dict.fromkeys(query.words)]
        weights += [asked.add_part(*part) for part in self._parts(query)]
        if query.recency_days > 0:
            asked.total *= self._fading(query, hits)
        stand = required(query.tree)
        for run, bonus in zip(query.runs, ranking.bonuses(weights, query.runs), strict=True):
            asked.add_run(run, bonus, stands=run in stand)
        scores: Scores = np.round(asked.total, ranking.DIGITS)
        return scores

    def shares(self, query: EngineQuery, document: int, standing: Standing) -> Shares:
        """Return what the score of one document is made of."""
        hits = np.array([document])
        asked = _Asked(self, standing, hits)
        weights: list[float] = []
        words: dict[str, float] = {}
        runs: dict[Run, float] = {}
        for word in dict.fromkeys(query.words):
            before = asked.total[0]
            weights.append(asked.add_word(word))
            words[word] = float(asked.total[0] - before)
        weights += [asked.add_part(*part) for part in self._parts(query)]
        terms = float(asked.total[0])
        for run, bonus in zip(query.runs, ranking.bonuses(weights, query.runs), strict=True):
            before = asked.total[0]
            asked.add_run(run, bonus)
            runs[run] = runs.get(run, 0.0) + float(asked.total[0] - before)
        left = float(self._fading(query, hits)[0]) if query.recency_days > 0 else 1.0
        return Shares(words, terms - sum(words.values()), runs, (left - 1.0) * terms)

    def _parts(self, query: EngineQuery) -> Iterator[tuple[Run, float, float]]:
        """Yield the pairs and units of a query with what each counts and how often it may stand."""
        most = ranking.most_places(query.runs, self.count)
        for part, factor in ranking.parts(query.tree, query.runs).items():
            yield part, factor, most

    def _fading(self, query: EngineQuery, hits: Documents) -> Scores:
        dates = self.dates[hits].astype(np.float64)
        return ranking.fading(dates, self.newest, query.recency_days)


class _Asked:
    """The sum for one question, by hit."""

    def __init__(self, scorer: Scorer, standing: Standing, hits: Documents) -> None:
        self._scorer = scorer
        self._standing = standing
        self.total: Scores = np.zeros(len(hits))
        norms = scorer.norms[hits]
        cuts = hits.searchsorted(scorer.bases).tolist()
        self._within = [
            _Within(
                standing,
                number,
                hits[start:stop] - scorer.bases[number],
                self.total[start:stop],
                norms[start:stop],
            )
            for number, (start, stop) in enumerate(pairwise(cuts))
        ]

    def add_word(self, word: str) -> float:
        """Add what a word adds; return its weight."""
        found = [segment.word(word) for segment in self._scorer.segments]
        segments = zip(self._scorer.segments, found, strict=True)
        frequency = sum(segment.left(documents) for segment, (documents, _) in segments)
        weight = ranking.idf(self._scorer.count, frequency)
        for within, (documents, counts) in zip(self._within, found, strict=True):
            within.add_word(weight, documents, counts)
        return weight

    def add_part(self, part: Run, factor: float, most: float) -> float:
        """Add what a pair or a unit adds; return its weight, 0 when it stands too often."""
        check_time()
        numbers = range(len(self._within))
        if sum(self._standing.occurrences(number, part) for number in numbers) > most:
            return 0.0
        frequency = sum(segment.frequency(part) for segment in self._scorer.segments)
        weight = factor * ranking.idf(self._scorer.count, frequency)
        for within in self._within:
            within.add_part(weight, part)
        return weight

    def add_run(self, run: Run, bonus: float, *, stands: bool = False) -> None:
        """Add what a run adds that stands unbroken (in all hits, if that is known), and the same
        for one in a title.
        """
        for within in self._within:
            within.add_run(bonus, run, stands=stands)


class _Within:
    """The hits in one segment, their sums and norms.

    Where hits are few, each is looked for in a posting; else each document of it among the hits.
    """

    def __init__(
        self, standing: Standing, number: int, hits: Documents, total: Scores, norms: Scores
    ) -> None:
        self._standing = standing
        self._number = number
        self._segment = standing.segments[number]
        self._hits = hits
        self._total = total
        self._norms = norms
        self._places: npt.NDArray[np.int32] | None = None

    def add_word(self, weight: float, documents: Integers, counts: Integers) -> None:
        """Add what a word of this posting adds."""
        self._add(weight, documents, counts, self._segment.worth)

    def add_part(self, weight: float, part: Run) -> None:
        """Add what a pair or a unit adds."""
        if self._standing.is_sparse(self._number, part, self._hits):
            times = self._standing.times(self._number, part, self._hits)
            self._gain(weight, slice(None), _counting(times))
        else:
            self._add(weight, *self._standing.posting(self._number, part), _counting)

    def add_run(self, bonus: float, run: Run, *, stands: bool) -> None:
        """Add a bonus where a run stands, and the same where it stands in the title."""
        if stands:
            self._total += bonus
        else:
            self._total += bonus * self._standing.among(self._number, run, self._hits)
        titled = self._segment.titled(run)
        if len(titled):
            self._total[self._common(titled)[0]] += bonus

    def _add(
        self,
        weight: float,
        documents: Integers,
        counts: Integers,
        frequency: Callable[[Integers], npt.NDArray[Any]],
    ) -> None:
        """Add what a term of this posting adds; `frequency` says what its counts are worth."""
        if FEW * len(self._hits) < len(documents):
            found, at = matches(self._hits, documents)
            self._gain(weight, slice(None), frequency(counts.take(at)) * found)
        else:
            hits, these = self._common(documents)
            self._gain(weight, hits, frequency(counts[these]))

    def _gain(self, weight: float, hits: Places, times: npt.NDArray[Any]) -> None:
        self._total[hits] += ranking.gain(weight, times, self._norms[hits])

    def _common(self, documents: Integers) -> tuple[Places, Places]:
        """Return which hits are among documents, and where there."""
        hits = self._hits
        if FEW * len(documents) < len(hits):
            found, at = matches(documents, hits)
            return at[found], found.nonzero()[0]
        if len(hits) == len(documents) and (hits == documents).all():
            return slice(None), slice(None)
        if self._places is None:
            # From each document to its hit, counted from 1.
            self._places = np.zeros(self._segment.count, dtype=np.int32)
            self._places[hits] = np.arange(1, len(hits) + 1, dtype=np.int32)
        places = self._places.take(documents)
        where = places.nonzero()[0]
        return places[where] - 1, where


def _counting(times: Integers) -> Integers:
    """Return how many of the places of a pair or a unit count in each bulletin."""
    return np.minimum(times, ranking.MOST_TIMES)
