"""Which names stand in a text that has no end?  Old ones again and again, and ever more new ones.

Zanette and Montemurro (Dynamics of Text Generation with Realistic Zipf's Distribution, Journal of
Quantitative Linguistics, 2005): the t-th name is new with the probability t^(ν−1), else it is one
of those before, each place as likely as any other.  So few names stand often, most seldom
(Zipf), and t names are about t^ν different ones (Heaps).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

GROWTH: Final = 0.7
"""ν: of ten times as many names, five times as many are different."""

Numbers = npt.NDArray[np.int64]


class GrowingNames:
    """An endless row of names; `spell` makes a new one."""

    def __init__(self, rng: np.random.Generator, spell: Callable[[], str]) -> None:
        self._rng = rng
        self._spell = spell
        self._names: list[str] = []
        self._row: Numbers = np.zeros(0, dtype=np.int64)
        self._length = 0

    def next(self, count: int) -> list[str]:
        """Return the next `count` names."""
        start, end = self._length, self._length + count
        at = np.arange(start, end)
        new = self._rng.random(count) < (at + 1.0) ** (GROWTH - 1.0)
        source = np.where(new, at, (self._rng.random(count) * at).astype(np.int64))
        # Whoever copies one of this batch copies what that one copies.
        while (left := np.flatnonzero(source >= start)).size:
            copied = source[source[left] - start]
            if (copied == source[left]).all():
                break
            source[left] = copied
        self._row = _room(self._row, end)
        fresh = np.flatnonzero(new)
        self._row[start + fresh] = len(self._names) + np.arange(len(fresh))
        self._names += [self._spell() for _ in fresh]
        self._row[start:end] = self._row[source]
        self._length = end
        names = self._names
        return [names[number] for number in self._row[start:end].tolist()]


def _room(row: Numbers, length: int) -> Numbers:
    return row if length <= len(row) else np.resize(row, max(length, 2 * len(row)))


def speller(rng: np.random.Generator, examples: Any) -> Callable[[], str]:
    """Return what spells names as long as the examples, of their characters."""
    characters = "".join(examples)

    def spell() -> str:
        length = len(examples[int(rng.integers(len(examples)))])
        return "".join(characters[at] for at in rng.integers(len(characters), size=length))

    return spell
