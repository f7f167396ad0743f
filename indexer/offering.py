"""What do the bulletins of an index offer that they did not offer before, and what no more?

Counted in groups, as a search counts: what a bulletin and its copy offer is offered once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import chain
from typing import Final

from indexer.analysis import Segmenter, analyse
from indexer.document import load
from indexer.engines.base import Engine

MOST: Final = 200
"""Bulletins that are looked into: that takes as long as to count what 20,000 offer."""

Groups = Mapping[str, str]
"""The group of each bulletin, by their ids."""


def changed_offers(
    before: Groups,
    after: Groups,
    gone: Mapping[str, str],
    engine: Engine,
    segmenter: Segmenter,
) -> Mapping[str, int] | None:
    """Return how many groups more have each of `Document.offers`; below 0 when there are fewer.

    `before` and `after` are all bulletins of the groups of which one came or went.  `gone` has what
    was stored of those that were taken out, `engine` holds what there is now.  None where too many
    would have to be looked into.
    """
    if len(before) + len(after) > MOST:
        return None
    kept = zip(after, engine.stored([*after]), strict=True)
    stored = {id: text for id, text in kept if text is not None}
    changes = _offers(after, stored, segmenter)
    changes.subtract(_offers(before, {**stored, **gone}, segmenter))
    return changes


def _offers(groups: Groups, stored: Mapping[str, str], segmenter: Segmenter) -> Counter[str]:
    offers: dict[str, set[str]] = defaultdict(set)
    for id, group in groups.items():
        if id in stored:
            offers[group].update(analyse(load(stored[id]), segmenter).offers)
    return Counter(chain.from_iterable(offers.values()))
