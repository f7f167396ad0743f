"""What do the bulletins of an index offer that they did not offer before, and what no more?

Counted in groups, as a search counts: what a bulletin and its copy offer is offered once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

from indexer.analysis import Segmenter, analyse
from indexer.build_report import FileReport
from indexer.document import Document, load

_MOST: Final = 200
"""Bulletins that are looked into: that takes as long as to count what 20,000 offer."""

Groups = Mapping[str, str]
"""The group of each bulletin, by their ids."""
OfGroups = Callable[[Collection[str]], Groups]
"""Gives all bulletins of some groups."""
Offers = Collection[str]


class Offering:
    """What was offered by the groups of which a bulletin came or went, and what is offered now.

    `came` takes bulletins that come; then `went` those that go, while there is still what was
    stored of them.
    """

    def __init__(self) -> None:
        self._touched = 0
        self._groups: set[str] = set()
        self._came: dict[str, Offers] = {}
        self._before: Groups = {}
        self._stored: Mapping[str, str] = {}

    def came(self, document: Document) -> None:
        """Take a bulletin that comes."""
        self._touched += 1
        if self._touched <= _MOST:
            self._groups.add(document.group)
            self._came[document.id] = document.offers

    def went(
        self,
        gone: Sequence[FileReport],
        of_groups: OfGroups,
        stored: Callable[[Iterable[str]], Mapping[str, str]],
    ) -> None:
        """Take the bulletins that go; `of_groups` and `stored` say what there was before."""
        self._touched += len(gone)
        if self._touched <= _MOST:
            self._groups.update(file.group for file in gone)
            self._before = of_groups(self._groups)
        if len(self._before) <= _MOST:
            self._stored = stored(self._before)

    def changes(self, of_groups: OfGroups, segmenter: Segmenter) -> Mapping[str, int] | None:
        """Return how many groups more have each of `Document.offers`; below 0 when there are fewer.

        `of_groups` says what there is now.  None where too many would have to be looked into.
        """
        if self._touched > _MOST:
            return None
        after = of_groups(self._groups)
        if len(self._before) + len(after) > _MOST:
            return None
        old = {id: analyse(load(text), segmenter).offers for id, text in self._stored.items()}
        changes = _counted(after, {**old, **self._came})
        changes.subtract(_counted(self._before, old))
        return changes


def _counted(groups: Groups, offers: Mapping[str, Offers]) -> Counter[str]:
    of_group: dict[str, set[str]] = defaultdict(set)
    for id, group in groups.items():
        of_group[group].update(offers.get(id, ()))
    return Counter(chain.from_iterable(of_group.values()))
