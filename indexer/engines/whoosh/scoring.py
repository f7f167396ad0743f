"""How good are the hits?  What terms and unbroken runs add, to hits alone.

Most questions have far fewer hits than their terms have documents.  So a posting is first cut down
to the hits: where they are few by looking for each of them in it, else by looking at each of its
documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.engines import ranking
from indexer.engines.base import EngineQuery, Shares
from indexer.engines.whoosh.evaluation import Mask, Numbers, SegmentReader
from indexer.engines.whoosh.inversion import unpack
from indexer.engines.whoosh.standing import FEW, Documents, Standing
from indexer.query import Run

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores documents, which are numbered over all segments: those of a segment from its base.

    `norms` are those of BM25, `dates` as in `Document.date`, both by document; `live` says which
    are left, `count` how many.
    """

    segments: Sequence[SegmentReader]
    bases: Sequence[int]
    norms: Scores
    dates: Numbers
    live: Mask
    count: int

    def scores(self, query: EngineQuery, hits: Documents, standing: Standing) -> Scores:
        """Return the score of each hit (ascending), six digits."""
        asked = _Asked(self, standing, hits)
        weights = [asked.add_word(word) for word in dict.fromkeys(query.words)]
        weights += [asked.add_part(*part) for part in self._parts(query)]
        if query.recency_days > 0:
            asked.total[hits] *= self._fading(query, hits)
        for run, bonus in zip(query.runs, ranking.bonuses(weights, query.runs), strict=True):
            asked.add_run(run, bonus)
        scores: Scores = np.round(asked.total[hits], ranking.DIGITS)
        return scores

    def shares(self, query: EngineQuery, document: int, standing: Standing) -> Shares:
        """Return what the score of one document is made of."""
        hits = np.array([document])
        asked = _Asked(self, standing, hits)
        weights: list[float] = []
        words: dict[str, float] = {}
        runs: dict[Run, float] = {}
        for word in dict.fromkeys(query.words):
            before = asked.total[document]
            weights.append(asked.add_word(word))
            words[word] = float(asked.total[document] - before)
        weights += [asked.add_part(*part) for part in self._parts(query)]
        terms = float(asked.total[document])
        for run, bonus in zip(query.runs, ranking.bonuses(weights, query.runs), strict=True):
            before = asked.total[document]
            asked.add_run(run, bonus)
            runs[run] = runs.get(run, 0.0) + float(asked.total[document] - before)
        left = float(self._fading(query, hits)[0]) if query.recency_days > 0 else 1.0
        return Shares(words, terms - sum(words.values()), runs, (left - 1.0) * terms)

    def _parts(self, query: EngineQuery) -> Iterator[tuple[Run, float, float]]:
        """Yield the pairs and units of a query with what each counts and how often it may stand."""
        most = ranking.most_places(query.runs, self.count)
        for part, factor in ranking.parts(query.tree, query.runs).items():
            yield part, factor, most

    def _fading(self, query: EngineQuery, hits: Documents) -> Scores:
        newest = int(self.dates[self.live].max(initial=0))
        return ranking.fading(self.dates[hits].astype(np.float64), newest, query.recency_days)


class _Asked:
    """The sum for one question.  `total` is right for hits alone."""

    def __init__(self, scorer: Scorer, standing: Standing, hits: Documents) -> None:
        self._scorer = scorer
        self._standing = standing
        self.total: Scores = np.zeros(len(scorer.live))
        self._wanted: Mask = np.zeros(len(scorer.live), dtype=bool)
        self._wanted[hits] = True
        cuts = np.searchsorted(hits, scorer.bases)
        self._hits = [
            (hits[start:stop] - base).astype(np.uint32)
            for (start, stop), base in zip(pairwise(cuts), scorer.bases, strict=False)
        ]

    def add_word(self, word: str) -> float:
        """Add what a word adds; return its weight."""
        found = [segment.word(word) for segment in self._scorer.segments]
        frequency = sum(
            segment.frequency(documents)
            for segment, (documents, _) in zip(self._scorer.segments, found, strict=True)
        )
        weight = ranking.idf(self._scorer.count, frequency)
        for (number, base, hits), (documents, counts) in zip(self._parts(), found, strict=True):
            segment = self._scorer.segments[number]
            kept = self._among(hits, base, documents)
            title, heading, body = unpack(segment.tallies(counts[kept]))
            in_title, in_heading, in_body = ranking.WEIGHTS
            times = in_title * title + in_heading * heading + in_body * body
            self._gain(weight, documents[kept].astype(np.intp) + base, times)
        return weight

    def add_part(self, part: Run, factor: float, most: float) -> float:
        """Add what a pair or a unit adds; return its weight, 0 when it stands too often."""
        numbers = range(len(self._hits))
        if sum(self._places(number, part) for number in numbers) > most:
            return 0.0
        frequency = sum(self._frequency(number, part) for number in numbers)
        weight = factor * ranking.idf(self._scorer.count, frequency)
        for number, base, hits in self._parts():
            times = self._times(number, part, hits)
            self._gain(weight, hits.astype(np.intp) + base, times)
        return weight

    def add_run(self, run: Run, bonus: float) -> None:
        """Add what a run adds that stands unbroken, and the same for one in a title."""
        for number, base, hits in self._parts():
            segment = self._scorer.segments[number]
            part = self.total[base : base + segment.count]
            part[hits[self._standing.among(number, run, hits)]] += bonus
            positions = self._standing.positions(number, run)
            if len(run) > 1 and FEW * len(hits) < len(positions):
                part[hits[segment.in_titles(hits, positions, len(run))]] += bonus
            else:
                documents = self._standing.documents(number, run)
                part[documents[segment.in_title(documents, positions, len(run))]] += bonus

    def _parts(self) -> Iterator[tuple[int, int, Numbers]]:
        """Yield number, base and hits of each segment."""
        for number, (base, hits) in enumerate(zip(self._scorer.bases, self._hits, strict=False)):
            yield number, base, hits

    def _among(self, hits: Numbers, base: int, documents: Numbers) -> Documents:
        """Return the places of hits in ascending documents."""
        if FEW * len(hits) >= len(documents):
            wanted = self._wanted[base:]
            return np.flatnonzero(wanted[documents])
        at = documents.searchsorted(hits.astype(documents.dtype))
        at[at == len(documents)] = 0
        kept: Documents = at[documents[at] == hits]
        return kept

    def _places(self, number: int, run: Run) -> int:
        """Return how often a run stands in the documents of a segment that are left."""
        segment = self._scorer.segments[number]
        if not segment.holes:
            return len(self._standing.positions(number, run))
        return int(segment.live[self._standing.documents(number, run)].sum())

    def _frequency(self, number: int, run: Run) -> int:
        """Return in how many documents of a segment that are left a run stands."""
        live = self._scorer.segments[number].live
        return int(np.count_nonzero(self._standing.holding(number, run) & live))

    def _times(self, number: int, run: Run, hits: Numbers) -> Scores:
        """Return how often a run stands in each hit of a segment."""
        segment = self._scorer.segments[number]
        positions = self._standing.positions(number, run)
        if FEW * len(hits) >= len(positions):
            documents = self._standing.documents(number, run)
            return np.bincount(documents, minlength=segment.count)[hits].astype(np.float64)
        places = np.sort(positions) if len(run) == 1 else positions
        return segment.times_in(hits, places).astype(np.float64)

    def _gain(self, weight: float, documents: Documents, times: Scores) -> None:
        self.total[documents] += ranking.gain(weight, times, self._scorer.norms[documents])
