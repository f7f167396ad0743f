"""What do the bulletins of an index offer that they did not offer before, and what no more?

Counted in groups, as a search counts: what a bulletin and its copy offer is offered once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
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
    new: Collection[str],
    engine: Engine,
    segmenter: Segmenter,
) -> Mapping[str, int] | None:
    """Return how many groups more have each of `Document.offers`; below 0 when there are fewer.

    `gone` has what was stored of the bulletins that were taken out; `new` are those that were put
    in, `engine` holds what there is now.  None where too many would have to be looked into.
    """
    touched = {before[id] for id in gone} | {after[id] for id in new}
    were = {id: group for id, group in before.items() if group in touched}
    are = {id: group for id, group in after.items() if group in touched}
    if len(were) + len(are) > MOST:
        return None
    kept = zip(are, engine.stored([*are]), strict=True)
    stored = {id: text for id, text in kept if text is not None}
    changes = _offers(are, stored, segmenter)
    changes.subtract(_offers(were, {**stored, **gone}, segmenter))
    return changes


def _offers(groups: Groups, stored: Mapping[str, str], segmenter: Segmenter) -> Counter[str]:
    offers: dict[str, set[str]] = defaultdict(set)
    for id, group in groups.items():
        if id in stored:
            offers[group].update(analyse(load(stored[id]), segmenter).offers)
    return Counter(chain.from_iterable(offers.values()))
