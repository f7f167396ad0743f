"""What does a query lean on that does not stand in it?  The day, names, what is called alike."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from indexer.query.nodes import Run


def _no_values(facet: str, written: str) -> tuple[str, ...]:
    return ()


def _no_others(run: Run) -> tuple[str, tuple[str, ...]] | None:
    return None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`today` is what 今年 counts from.  `values` gives the values of a facet that a name means:
    for `org` and 新疆质协 the full names of the bodies that are called so.  `others` gives the
    kind (`schema.WRITINGS`) and the text of what a run of units is also called, None when there
    is nothing; no run has more than `longest` units.
    """

    today: datetime.date = field(default_factory=datetime.date.today)
    values: Callable[[str, str], tuple[str, ...]] = _no_values
    others: Callable[[Run], tuple[str, tuple[str, ...]] | None] = _no_others
    longest: int = 0
