"""How else may this be written?  Other writings of what stands in an unquoted term.

Each has a kind (`schema.WRITINGS`), so that the reader is told of it and can do without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.query.issue_ranges import read_issues
from indexer.query.knowledge import Knowledge
from indexer.query.nodes import Between, Node
from indexer.query.periods import read_period


@dataclass(frozen=True, slots=True)
class Writing:
    """What `term[start:stop]` may be written as: `others`, each with how it is shown."""

    start: int
    stop: int
    kind: str
    others: tuple[tuple[str, Node], ...]


def writings(term: str, knowledge: Knowledge) -> Iterator[Writing]:
    """Yield the other writings of parts of a term, in order, none inside another."""
    if ranged := _ranged(term, knowledge):
        yield Writing(0, len(term), "range", ((str(ranged), ranged),))


def _ranged(term: str, knowledge: Knowledge) -> Node | None:
    """Return the issues or days that a whole term means, where it can only mean several."""
    if "期" in term and (found := read_issues(term, f"期号:{term}")):
        single = isinstance(found, Between) and found.low == found.high
        return None if single else found
    period = read_period(term, knowledge.today)
    if period is None or _is_plain(term):
        return None
    return Between("date", period.low, period.high, f"日期:{term}")


def _is_plain(term: str) -> bool:
    """Say whether a term only names a date, as a text does: 2020年3月 and 2020-03-18."""
    return not any(sign in term for sign in ("..", "季", "半", "今", "去", "前", "近", "上", "后"))
