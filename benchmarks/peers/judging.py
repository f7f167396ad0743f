"""Is what an engine answers right?  Recall, precision and facet counts against the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.peers.base import Question, Reader
from benchmarks.peers.truth import Truth


@dataclass(frozen=True, slots=True)
class Judged:
    """How many hits there should be, how many of them were found, and how many were found in all.

    `exact` says whether total and facet counts agree with the truth, to the last value.
    """

    true: int
    right: int
    found: int
    exact: bool


def judge(reader: Reader, question: Question, truth: Truth) -> Judged:
    """Compare one answer with the truth."""
    answer, hits = reader.ask(question), reader.hits(question)
    same = all(
        {value: count for value, count in answer.facets[name].items() if count} == counts
        for name, counts in truth.facets.items()
    )
    right = len(hits & truth.ids)
    return Judged(len(truth.ids), right, len(hits), same and answer.total == len(truth.ids))


def recall(judged: Sequence[Judged]) -> float:
    """Return the share of all hits that was found, over the questions together."""
    return sum(each.right for each in judged) / max(sum(each.true for each in judged), 1)


def precision(judged: Sequence[Judged]) -> float:
    """Return the share of what was found that is right."""
    found = sum(each.found for each in judged)
    return sum(each.right for each in judged) / found if found else 1.0
