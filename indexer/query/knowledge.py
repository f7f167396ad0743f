"""What does a query lean on that does not stand in it?  The day, and what values facets have."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field


def _no_values(facet: str, written: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`today` is what 今年 counts from.  `values` gives the values of a facet that a name means:
    for `org` and 新疆质协 the full names of the bodies that are called so.
    """

    today: datetime.date = field(default_factory=datetime.date.today)
    values: Callable[[str, str], tuple[str, ...]] = _no_values
