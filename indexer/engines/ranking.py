"""Which hit comes first?  The formula, the same in every engine.

BM25F (Robertson, Zaragoza and Taylor: Simple BM25 Extension to Multiple Weighted Fields, CIKM
2004) over words in title, headings and body; above it, for each run of the query as it was typed,
a bonus when it stands unbroken and the same again when it stands in the title.  The bonus is more
than words alone can ever reach, so a bulletin with the whole run comes before any without it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

K1: Final = 1.2
B: Final = 0.75
"""Saturation and length normalization: Robertson and Zaragoza's usual values (2009, 3.4)."""

WEIGHTS: Final = (5.0, 2.0, 1.0)
"""What one word in title, headings and body counts: a title names the subject, a heading a part
of it.  To be measured against judged queries."""

DIGITS: Final = 6
"""Scores are rounded before they are compared, so that no order depends on how sums were made."""


def idf(documents: int, frequency: int) -> float:
    """Weigh a word that stands in `frequency` of `documents`; never negative (Lucene's form)."""
    return math.log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5))


def bonus(weights: Iterable[float]) -> float:
    """Return what an unbroken run adds: more than BM25F gives for words of these `idf` weights."""
    return sum(weights) * (K1 + 1.0) + 1.0
