"""How often is what offered, and what is part of what?  Counts of an index, kept to be added to.

To choose names, everything that is offered has to be compared: which phrase is part of which, and
of which body's name.  That takes seconds in a large index, and one bulletin changes hardly any of
it.  So it is kept, as arrays; an update adds what its bulletins offer and takes away what others
did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.analysis.phrases import JOIN
from indexer.document import OFFERED, PART, offer, offered
from indexer.suggest.texts import (
    AFTER,
    NO_KEYS,
    NO_NUMBERS,
    NO_TEXTS,
    Keys,
    Numbering,
    Numbers,
    Texts,
    keys,
    places,
)

Found = npt.NDArray[np.intp]

LONGEST: Final = 100
"""Characters of a name; a longer title is not offered."""
REPEATED: Final = 2
"""Bulletins that must offer a phrase; and a body, for its name to make fragments of others."""

_PHRASES: Final = ("phrase", PART)
_BODY: Final = OFFERED.index("organization")
_ALONE: Final = np.uint64(1)
_CUT: Final = 1 << 14
"""Phrases that are cut at once."""
_BODIES: Final = 1 << 10
"""Bodies whose names are looked into at once."""
_KEYS: Final = 1 << 60
_LOWEST: Final = range(0, 1 << 64, _KEYS)
"""The least keys of ranges that are added up at a time."""
_NO_PLACES: Final[Found] = np.zeros(0, dtype=np.intp)
_NO_PAIRS: Final[Numbers] = np.zeros((0, 2), dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Called:
    """All that is offered but phrases, numbered as its `keys` ascend: of which kind, the number of
    its text, and how many bulletins offer it.

    The name of a body `around[i, 0]` has the text of a phrase `around[i, 1]` in it; so for each
    repeated body.
    """

    keys: Keys
    kinds: npt.NDArray[np.uint8]
    texts: Numbers
    counts: Numbers
    around: Numbers

    @property
    def bodies(self) -> Found:
        """The repeated bodies."""
        return np.flatnonzero((self.kinds == _BODY) & (self.counts >= REPEATED))


@dataclass(frozen=True, slots=True)
class Phrases:
    """The repeated phrases and all their parts, numbered as their `keys` ascend.

    Of each, the number of its text without joins, how many bulletins offer it, and how many of
    those tell that it stands alone.  `cut_of[i]`, which ascends, can be cut into the two phrases
    `cuts[i]`.  `single` has the keys, ascending, of all other phrases, which one bulletin offers;
    the last bit is set where it tells that they stand alone.
    """

    keys: Keys
    texts: Numbers
    counts: Numbers
    alone: Numbers
    cut_of: Numbers
    cuts: Numbers
    single: Keys


@dataclass(frozen=True, slots=True)
class Tally:
    """What an index offers."""

    texts: Texts
    called: Called
    phrases: Phrases


EMPTY: Final = Tally(
    NO_TEXTS,
    Called(NO_KEYS, np.zeros(0, dtype=np.uint8), NO_NUMBERS, NO_NUMBERS, _NO_PAIRS),
    Phrases(NO_KEYS, *(NO_NUMBERS,) * 4, _NO_PAIRS, NO_KEYS),
)


def grown(base: Tally, offers: Mapping[str, int]) -> Tally:
    """Return a tally with what so many bulletins more offer; fewer where the number is negative.

    What is chosen from it is chosen from a tally of everything.  Only what has grown from `EMPTY`
    may grow again.
    """
    told, named = _parted(offers)
    return _grown(base, _seen(base.phrases, told), named)


def counted(parts: Callable[[], Iterable[Mapping[str, int]]]) -> Tally:
    """Return what `grown` makes of `EMPTY` and of all that is offered, which comes in parts: the
    numbers of what is in several of them are added up.

    Phrases that one bulletin offers are most of all.  Of them only keys are in memory; so the parts
    are gone through once more for the texts of the others.
    """
    named: dict[str, int] = defaultdict(int)
    found: list[_Counted] = []
    for part in parts():
        told, others = _parted(part)
        found.append(_counted(told))
        for name, count in others.items():
            named[name] += count
    totals = _summed(found)
    found.clear()
    repeated = totals.keys[totals.counts >= REPEATED]
    texts = [""] * len(repeated)
    for part in parts():
        phrases = [text for kind, text in map(offered, part) if kind in _PHRASES]
        for phrase, at in zip(phrases, places(repeated, keys(phrases)).tolist(), strict=True):
            if at >= 0:
                texts[at] = phrase
    return _grown(EMPTY, _Seen(*totals, _NO_PLACES, texts), named)


def _grown(base: Tally, seen: _Seen, named: Mapping[str, int]) -> Tally:
    phrases = Numbering(base.phrases.keys, _with_parts(base.phrases.keys, seen.fresh))
    names = Numbering(base.called.keys, named)
    joined = [phrase.replace(JOIN, "") for phrase in phrases.fresh]
    called = [offered(name) for name in names.fresh]
    texts = Numbering(base.texts.keys, [*joined, *(text for _, text in called)])
    of_phrases = _grown_phrases(base.phrases, phrases, seen, texts.of(keys(joined)))
    of_names = Called(
        np.append(base.called.keys, names.keys),
        np.append(base.called.kinds, np.array([*map(_number, called)], dtype=np.uint8)),
        _longer(base.called.texts, texts.of(keys([text for _, text in called]))),
        _added(base.called.counts, len(names), names.of(keys([*named])), [*named.values()]),
        base.called.around,
    )
    larger = Tally(base.texts.grown(texts), of_names, of_phrases)
    return replace(larger, called=replace(of_names, around=_around(base, larger, texts)))


def _parted(offers: Mapping[str, int]) -> tuple[list[tuple[str, bool, int]], dict[str, int]]:
    """Return the phrases, each with whether alone and a count, and the counts of all other names,
    white space as it is shown.
    """
    phrases: list[tuple[str, bool, int]] = []
    named: dict[str, int] = defaultdict(int)
    for joined, count in offers.items():
        kind, text = offered(joined)
        if kind in _PHRASES:
            phrases.append((text, kind != PART, count))
            continue
        name = " ".join(text.split())
        if 1 < len(name) <= LONGEST and AFTER not in name:
            named[offer(kind, name)] += count
    return phrases, named


def _number(called: tuple[str, str]) -> int:
    return OFFERED.index(called[0])


class _Counted(NamedTuple):
    """What was told of phrases: their keys, ascending, how many bulletins offer each, and how many
    of those tell that it stands alone.
    """

    keys: Keys
    counts: Numbers
    alone: Numbers

    def between(self, low: int, high: int) -> _Counted:
        """Return what has these keys, and those between."""
        start = self.keys.searchsorted(np.uint64(low))
        stop = self.keys.searchsorted(np.uint64(high), side="right")
        return _Counted(self.keys[start:stop], self.counts[start:stop], self.alone[start:stop])


def _counted(told: Sequence[tuple[str, bool, int]]) -> _Counted:
    found = keys([text for text, _, _ in told])
    counts = np.array([count for _, _, count in told], dtype=np.int32)
    alone = np.array([alone for _, alone, _ in told], dtype=bool)
    order = found.argsort()
    return _Counted(found[order], counts[order], (counts * alone)[order])


def _summed(parts: Sequence[_Counted]) -> _Counted:
    """Return each key once, with the sums; a range of keys at a time, for the sake of memory."""
    sums = [_sum([part.between(low, low + _KEYS - 1) for part in parts]) for low in _LOWEST]
    return _joined(sums)


def _joined(parts: Sequence[_Counted]) -> _Counted:
    keys, counts, alone = zip(_counted([]), *parts, strict=True)
    return _Counted(np.concatenate(keys), np.concatenate(counts), np.concatenate(alone))


def _sum(parts: Sequence[_Counted]) -> _Counted:
    every, counts, alone = _joined(parts)
    order = every.argsort()
    every = every[order]
    first = np.append(True, every[1:] != every[:-1])[: len(every)].nonzero()[0]
    summed = (np.add.reduceat(each[order], first) for each in (counts, alone))
    return _Counted(every[first], *summed)


class _Seen(NamedTuple):
    """What was told of phrases, added up with what was known of those that one bulletin offered.

    `single` says where these stand among the others; `fresh` are the phrases that are now repeated
    and have no number yet.
    """

    keys: Keys
    counts: npt.NDArray[np.integer[Any]]
    alone: npt.NDArray[np.integer[Any]]
    single: Found
    fresh: list[str]


def _seen(base: Phrases, told: Sequence[tuple[str, bool, int]]) -> _Seen:
    alone = np.array([alone for _, alone, _ in told], dtype=bool)
    counts = np.array([count for _, _, count in told], dtype=np.int64)
    found, first, which = np.unique(
        keys([text for text, _, _ in told]), return_index=True, return_inverse=True
    )
    totals = np.zeros((2, len(found)), dtype=np.int64)
    np.add.at(totals[0], which, counts)
    np.add.at(totals[1], which[alone], counts[alone])
    single = places(base.single | _ALONE, found | _ALONE)
    known = single >= 0
    totals[0, known] += 1
    totals[1, known] += (base.single[single[known]] & _ALONE).astype(np.int64)
    new = (totals[0] >= REPEATED) & (places(base.keys, found) < 0)
    fresh = [told[at][0] for at in first[new].tolist()]
    return _Seen(found, totals[0], totals[1], single[known], fresh)


def _with_parts(known: Keys, phrases: Iterable[str]) -> list[str]:
    """Return phrases and all their parts, the parts of parts too, that are not known."""
    found = dict.fromkeys(phrases)
    waiting = list(found)
    while waiting:
        parts = list({part for phrase in waiting for cut in _cuts(phrase) for part in cut})
        new = places(known, keys(parts)) < 0
        waiting = [part for part, is_new in zip(parts, new, strict=True) if is_new]
        waiting = [part for part in waiting if part not in found]
        found.update(dict.fromkeys(waiting))
    return list(found)


def _cuts(phrase: str) -> Iterator[tuple[str, str]]:
    at = phrase.find(JOIN)
    while at >= 0:
        yield phrase[:at], phrase[at + 1 :]
        at = phrase.find(JOIN, at + 1)


def _grown_phrases(base: Phrases, phrases: Numbering, seen: _Seen, texts: Found) -> Phrases:
    rows = phrases.of(seen.keys)
    one = (seen.counts == 1) & (rows < 0)
    single = seen.keys[one] | seen.alone[one].astype(np.uint64)
    left = np.delete(base.single, seen.single)
    cuts = [phrase.count(JOIN) for phrase in phrases.fresh]
    numbers = np.arange(len(base.keys), len(phrases))
    return Phrases(
        np.append(base.keys, phrases.keys),
        _longer(base.texts, texts),
        _added(base.counts, len(phrases), rows, seen.counts),
        _added(base.alone, len(phrases), rows, seen.alone),
        _longer(base.cut_of, np.repeat(numbers, cuts)),
        np.concatenate([base.cuts, *_parts(phrases)]),
        np.insert(left, left.searchsorted(single), single),
    )


def _parts(phrases: Numbering) -> Iterator[Numbers]:
    """Yield the numbers of the two parts of each cut of fresh phrases."""
    for at in range(0, len(phrases.fresh), _CUT):
        cuts = chain.from_iterable(map(_cuts, phrases.fresh[at : at + _CUT]))
        yield phrases.of(keys([*chain.from_iterable(cuts)])).astype(np.int32).reshape(-1, 2)


def _longer(numbers: Numbers, more: npt.NDArray[Any]) -> Numbers:
    return np.concatenate([numbers, more.astype(np.int32)])


def _added(counts: Numbers, size: int, at: Found, more: npt.ArrayLike) -> Numbers:
    """Return counts, so many, with more at some places; -1 is no place."""
    larger = np.zeros(size, dtype=np.int32)
    larger[: len(counts)] = counts
    there = at >= 0
    larger[at[there]] += np.asarray(more, dtype=np.int32)[there]
    return larger


def _around(base: Tally, larger: Tally, texts: Numbering) -> Numbers:
    """Return which names of repeated bodies have which texts of phrases in them."""
    before = base.called.bodies
    bodies = np.setdiff1d(larger.called.bodies, before, assume_unique=True)
    pieces = (bodies[at : at + _BODIES] for at in range(0, len(bodies), _BODIES))
    new = np.unique(larger.phrases.texts[larger.phrases.texts >= len(base.texts)])
    found = [_inside(piece, larger, texts) for piece in pieces] + [_with(base, before, new, texts)]
    return np.concatenate([base.called.around, *(pairs.astype(np.int32) for pairs in found)])


def _inside(bodies: Found, tally: Tally, texts: Numbering) -> Found:
    """Return the pairs of bodies and of the texts of phrases in their names."""
    names = [tally.texts[number] for number in tally.called.texts[bodies].tolist()]
    inside = [
        [name[start:stop] for start, stop in combinations(range(len(name) + 1), 2)]
        for name in names
    ]
    numbers = texts.of(keys([*chain.from_iterable(inside)]))
    of_phrase = np.zeros(len(tally.texts) + 1, dtype=bool)
    of_phrase[tally.phrases.texts] = True
    there = of_phrase[numbers]  # −1 is the last, which is of none
    return np.stack([np.repeat(bodies, [*map(len, inside)])[there], numbers[there]], axis=1)


def _with(base: Tally, bodies: Found, new: Numbers, texts: Numbering) -> npt.NDArray[Any]:
    """Return the pairs of known bodies and of new texts in their names."""
    if not len(new):
        return _NO_PAIRS
    names = [base.texts[number] for number in base.called.texts[bodies].tolist()]
    fresh = [texts.fresh[number - len(base.texts)] for number in new.tolist()]
    found = [(bodies[name], new[text]) for name, text in _holding(names, fresh)]
    return np.array(found, dtype=np.intp).reshape(-1, 2)


def _holding(names: Sequence[str], texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of names and of the texts that stand in them."""
    joined = AFTER.join(names)
    ends = np.cumsum([len(name) + 1 for name in names])
    for number, text in enumerate(texts):
        at = joined.find(text)
        while at >= 0:
            yield int(ends.searchsorted(at, side="right")), number
            at = joined.find(text, at + 1)
