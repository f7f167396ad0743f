"""Which names are suggested?  Of all that is offered, what is frequent and no chance meeting.

A phrase must be offered by two bulletins, cohere, and be no fragment of a longer one or of a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.document import OFFERED
from indexer.suggest.tally import REPEATED, Called, Phrases, Tally
from indexer.suggest.texts import Numbers

Counts = npt.NDArray[np.int64]

MOST: Final[Mapping[str, int]] = {
    "organization": 100_000,
    "series": 10_000,
    "title": 200_000,
    "phrase": 200_000,
}
"""Names of each kind: bounds of memory; the rarest are left out."""
FRAGMENT: Final = 0.7
"""A phrase is a fragment when this share of its bulletins offer the same longer phrase or body,
and at most the rest of them tell that it also stands without."""
OTHERS: Final = 30
"""Bulletins about other things that an index is compared with: a small one is about one thing,
and chance would seem to explain what all of its bulletins say."""


def chosen(tally: Tally, bulletins: int) -> tuple[Numbers, npt.NDArray[np.uint8]]:
    """Return the numbers of the texts that are suggested in an index of so many bulletins, the most
    frequent first, and of which kind each is.
    """
    size = len(tally.texts)
    rank = np.empty(size, dtype=np.int64)
    rank[tally.texts.ordered] = np.arange(size)
    kinds = np.full(size, len(OFFERED), dtype=np.int64)
    counts = np.zeros(size, dtype=np.int64)
    for number, (kind, of_kind) in enumerate(_by_kind(tally, bulletins)):
        found = (of_kind > 0).nonzero()[0]
        best = found[_smallest(rank[found] - of_kind[found] * size, MOST[kind])]
        new = best[kinds[best] == len(OFFERED)]
        kinds[new], counts[new] = number, of_kind[new]
    texts = counts.nonzero()[0]
    place = (kinds[texts] - counts[texts] * len(OFFERED)) * size + rank[texts]
    texts = texts[np.argsort(place)]
    return texts.astype(np.int32), kinds[texts].astype(np.uint8)


def _by_kind(tally: Tally, bulletins: int) -> Iterator[tuple[str, Counts]]:
    """Yield for each kind how many bulletins offer each text."""
    for number, kind in enumerate(OFFERED):
        counts = np.zeros(len(tally.texts), dtype=np.int64)
        if kind == "phrase":
            phrases = tally.phrases
            kept = _kept(phrases, _longer(tally), bulletins)
            _raise(counts, phrases.texts[kept], phrases.counts[kept])
        else:
            mine = tally.called.kinds == number
            counts[tally.called.texts[mine]] = tally.called.counts[mine]
        yield kind, counts


def _smallest(numbers: Counts, most: int) -> Any:
    """Return where the smallest of different numbers are."""
    if len(numbers) <= most:
        return slice(None)
    return numbers <= np.partition(numbers, most - 1)[most - 1]


def _kept(phrases: Phrases, longer: Counts, bulletins: int) -> npt.NDArray[np.bool_]:
    """Say which phrases are repeated, cohere and are no fragments."""
    counts = phrases.counts
    whole = (longer[phrases.texts] < FRAGMENT * counts) | (phrases.alone > (1 - FRAGMENT) * counts)
    return (counts >= REPEATED) & whole & _coherent(phrases, bulletins)


def _longer(tally: Tally) -> Counts:
    """Return for each text the count of the most frequent body in whose name it stands, or of the
    phrase that is one word longer.
    """
    phrases, called = tally.phrases, tally.called
    longer = np.zeros(len(tally.texts), dtype=np.int64)
    _raise(longer, called.around[:, 1], _repeated(called)[called.around[:, 0]])
    first = np.diff(phrases.cut_of, prepend=-1).nonzero()[0]
    last = np.diff(phrases.cut_of, append=-1).nonzero()[0]
    counts = _repeated(phrases)[phrases.cut_of[first]]
    _raise(longer, phrases.texts[phrases.cuts[first, 1]], counts)
    _raise(longer, phrases.texts[phrases.cuts[last, 0]], counts)
    return longer


def _repeated(offered: Called | Phrases) -> Numbers:
    return np.where(offered.counts >= REPEATED, offered.counts, 0)


def _raise(numbers: npt.NDArray[Any], at: Numbers, least: npt.NDArray[Any]) -> None:
    # Of the same kinds: numbers that have to be converted are gone through ten times as slowly.
    np.maximum.at(numbers, at.astype(np.intp), least.astype(numbers.dtype))


def _coherent(phrases: Phrases, bulletins: int) -> npt.NDArray[np.bool_]:
    """Say which phrases have parts that belong together, however they are cut.

    Their normalized pointwise mutual information has to be 0.3: it is 0 of parts that meet by
    chance, 1 of parts that are never apart.  Without logarithms, which are not rounded everywhere
    alike: ln a ≥ 0.3 · ln b where a¹⁰ ≥ b³.
    A part that no bulletin offers by itself, or only one, stands nowhere but here.
    """
    counts = _repeated(phrases).astype(np.float64)
    both = np.maximum(counts, 1)
    parts = np.maximum(counts[phrases.cuts], both[phrases.cut_of, None])
    by_chance = both * both
    _raise(by_chance, phrases.cut_of, parts[:, 0] * parts[:, 1])
    every = np.maximum(bulletins, both) + OTHERS
    together, rare = both * every / by_chance, every / both
    two = together * together
    four = two * two
    coherent: npt.NDArray[np.bool_] = four * four * two >= rare * rare * rare
    return coherent
