"""Is what an engine answers right?  Recall, precision and facet counts against the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers.base import VALUES, Question, Reader
from benchmarks.peers.truth import Truth


@dataclass(frozen=True, slots=True)
class Judged:
    """How many hits there should be, how many of them were found, and how many were found in all.

    `exact` says whether the total and the counts of the most frequent values of every facet agree
    with the truth.
    """

    true: int
    right: int
    found: int
    exact: bool


def judge(reader: Reader, question: Question, truth: Truth) -> Judged:
    """Compare one answer with the truth."""
    answer, hits = reader.ask(question), reader.hits(question)
    same = all(_same(answer.facets[name], counts) for name, counts in truth.facets.items())
    right = len(hits & truth.ids)
    return Judged(len(truth.ids), right, len(hits), same and answer.total == len(truth.ids))


def _same(found: Mapping[str, int], true: Counter[str]) -> bool:
    """Say whether counts are those of the most frequent values; of equal ones any may be named."""
    counts = sorted(found.values(), reverse=True)[:VALUES]
    right = all(true[value] == count for value, count in found.items())
    return right and counts == [count for _, count in true.most_common(VALUES)]


def recall(judged: Sequence[Judged]) -> float:
    """Return the share of all hits that was found, over the questions together."""
    return sum(each.right for each in judged) / max(sum(each.true for each in judged), 1)


def precision(judged: Sequence[Judged]) -> float:
    """Return the share of what was found that is right."""
    found = sum(each.found for each in judged)
    return sum(each.right for each in judged) / found if found else 1.0
