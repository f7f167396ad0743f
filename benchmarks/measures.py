"""How good is an order, and is the difference between two more than chance?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

MEASURES: Final = ("nDCG@10", "MRR@10", "recall@100")
DEPTH: Final = 100
_SAMPLES: Final = 10_000

Figures = npt.NDArray[np.float64]


def figures(order: Sequence[str], grades: Mapping[str, int]) -> tuple[float, float, float]:
    """Return the measures of one order.

    Gains of nDCG are 2^grade − 1 (Burges and others, ICML 2005).  MRR looks for the best grade
    there is; recall counts every grade above 0.
    """
    gains = [2.0 ** grades.get(id, 0) - 1.0 for id in order[:10]]
    ideal = sorted((2.0**grade - 1.0 for grade in grades.values()), reverse=True)[:10]
    best = max(grades.values())
    first = next((at for at, id in enumerate(order[:10], 1) if grades.get(id) == best), None)
    found = sum(id in grades for id in order[:DEPTH])
    return _dcg(gains) / _dcg(ideal), 1.0 / first if first else 0.0, found / len(grades)


def _dcg(gains: Sequence[float]) -> float:
    return float(sum(gain / np.log2(at + 1) for at, gain in enumerate(gains, 1)))


def interval(values: Figures, seed: int = 1) -> tuple[float, float]:
    """Return the 95 % confidence interval of a mean over questions, by the bootstrap."""
    rng = np.random.default_rng(seed)
    picked = rng.integers(0, len(values), (_SAMPLES, len(values)), dtype=np.int32)
    low, high = np.percentile(values[picked].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def chance(differences: Figures, seed: int = 1) -> float:
    """Return how often chance alone makes a mean difference as large: paired randomization test.

    Smucker, Allan and Carterette: A Comparison of Statistical Significance Tests, CIKM 2007.
    """
    rng = np.random.default_rng(seed)
    signs = rng.choice(np.array([-1.0, 1.0]), (_SAMPLES, len(differences)))
    means = np.abs((signs * differences).mean(axis=1))
    return float((1 + (means >= abs(differences.mean()) - 1e-12).sum()) / (1 + _SAMPLES))
