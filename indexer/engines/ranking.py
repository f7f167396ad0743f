"""Which hit comes first?  The formula, the same in every engine.

BM25F (Robertson, Zaragoza and Taylor: Simple BM25 Extension to Multiple Weighted Fields, CIKM
2004) over three kinds of terms: the words of the query, the pairs of neighbouring units in it, and
its single units.  Words are what a reader means; pairs find what the segmenter cut otherwise, and
count how often a run of the query stands; units still see that 骗保 and 骗取 have to do with each
other.  Above it, for each run of the query as it was typed, a bonus when it stands unbroken and
the same again when it stands in the title.  The bonus is more than the terms can ever reach, so a
bulletin with the whole run comes before any without it.  Where recency is asked for, age takes
from what terms give, and nothing from the bonus.

docs/ranking.md has the experiment behind each constant; `python -m benchmarks.relevance --ablate`
runs them all.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice, pairwise
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from indexer.query import MARK, Node, Quotation, Run

K1: Final = 1.2
B: Final = 0.75
"""Saturation and length normalization: Robertson and Zaragoza's usual values (2009, 3.4)."""

WEIGHTS: Final = (2.0, 3.0, 1.0)
"""What one word in title, headings and body counts: a title names the subject, a heading a part
of it."""

LEVELS: Final = (
    (0, 1, 2, 3),
    (0, 1, 2, 4),
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30, 50, 100),
)
"""What a count of a word in title, headings and body is taken for: the largest of these that it
reaches, so that all three fit into a byte.  `gain` flattens out where the steps are wide."""

PAIRS: Final = 1.0
UNITS: Final = 0.7
"""What a pair and a unit count beside a word."""

COMMON: Final = 0.0625
"""How often a pair or unit may stand, times the number of documents and the length of the query in
units, and once a document at most.  Beyond that it is left out: it says little, takes the most
time, and a short query, which has to be quick, needs it least."""

MOST_PARTS: Final = 128
"""Pairs of a query, and units of it, that are weighed; bounds the time of a long quotation."""

FADE: Final = 0.5
"""The share of what its terms give that the oldest bulletin loses where recency counts, so that
one twice as good stays ahead of any newer one."""

MOST_TIMES: Final = 255
"""Places of a pair or a unit in one bulletin that count; `gain` has long since saturated."""

DIGITS: Final = 6
"""Scores are rounded before they are compared, so that no order depends on how sums were made."""

DIGIT: Final = 10.0**-DIGITS
"""The last of these digits."""

Amount = TypeVar("Amount", float, npt.NDArray[np.float64])
Weighed = TypeVar("Weighed")
PairsAndUnits = tuple[Mapping[Run, Weighed], Mapping[Run, Weighed]]
"""Pairs, and units, with what is said of each."""


def level(count: int, place: int) -> int:
    """Return what a count of a word is taken for in title, headings or body (0, 1, 2)."""
    levels = LEVELS[place]
    return levels[bisect_right(levels, count) - 1]


def idf(documents: int, frequency: int) -> float:
    """Weigh a term that stands in `frequency` of `documents`; never negative (Lucene's form)."""
    return math.log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5))


def norm(length: Amount, average: float) -> Amount:
    """Return what the frequencies in a document of `length` words are measured by."""
    return 1.0 - B + length * (B / average)


def gain(weight: float | Amount, frequency: Amount, norm: Amount) -> Amount:
    """Return what a term adds to a document in which it stands `frequency` times."""
    gained = frequency * (weight * (K1 + 1.0))
    gained /= frequency + norm * K1
    return gained


def rounded(score: Amount) -> Amount:
    """Return scores as they are compared."""
    digits: Amount = np.round(score, DIGITS)
    return digits


def fading(date: Amount, newest: float, half_life: float) -> Amount:
    """Return what is left of what its terms give a document of `date` (`Document.date`).

    Its age counts from the newest date of the index, never from today: so the same bulletins stand
    in the same order tomorrow, and in an index that was updated.  The extra over 1 − `FADE` halves
    every `half_life` days; without a date there is none.
    """
    left: Amount = 2.0 ** ((_days(date) - _days(newest)) / half_life)
    return 1.0 - FADE + FADE * left * (date > 0)


def _days(date: Amount) -> Amount:
    """Return a day for yyyymmdd, right to three days; what is not known of it counts as 0."""
    return date // 10_000 * 365.25 + date // 100 % 100 * 30.4375 + date % 100


def parts_of(run: Run, weighed: Callable[[Run, float], Weighed | None]) -> PairsAndUnits[Weighed]:
    """Return of the first pairs and units of a run what `weighed` makes of each by what it counts;
    it gives None for those that stand more than once a document, as these are never weighed
    (`most_places`).

    Clause marks are in neither.
    """

    def first(parts: Iterable[Run], factor: float) -> dict[Run, Weighed]:
        some = islice((part for part in dict.fromkeys(parts) if MARK not in part), MOST_PARTS)
        return {part: found for part in some if (found := weighed(part, factor)) is not None}

    return first(pairwise(run), PAIRS), first(zip(run, strict=True), UNITS)


def parts(
    tree: Node, runs: Iterable[Run], of: Callable[[Run], PairsAndUnits[Weighed]]
) -> dict[Run, Weighed]:
    """Return the first pairs and units of the runs of a query, of which `of` gives those of a run
    (`parts_of`).

    A quotation stands whole in every hit, and leaves nothing to them.
    """
    pairs: dict[Run, Weighed] = {}
    units: dict[Run, Weighed] = {}
    for run in () if isinstance(tree, Quotation) else runs:
        more_pairs, more_units = of(run)
        pairs.update(more_pairs)
        units.update(more_units)
        if len(pairs) >= MOST_PARTS and len(units) >= MOST_PARTS:
            break
    if len(pairs) > MOST_PARTS or len(units) > MOST_PARTS:
        pairs, units = (dict(islice(some.items(), MOST_PARTS)) for some in (pairs, units))
    return pairs | units


def most_places(runs: Iterable[Run], documents: int) -> float:
    """Return how often a pair or a unit may stand in so many documents to be weighed."""
    return documents * min(COMMON * sum(map(len, runs)), 1.0)


def bonuses(weight: float, runs: Sequence[Run]) -> list[float]:
    """Return what each run adds when it stands unbroken.

    Together that is more than `gain` can give for terms that weigh so much together.  Each run has
    the share of its length, lest a short one in brackets outweigh the long question around it.
    """
    lengths = [*map(len, runs)]
    share = (weight * (K1 + 1.0) + 1.0) / max(sum(lengths), 1)
    return [share * length for length in lengths]
