"""How else may this be written?  Other writings of what stands in an unquoted term.

Each has a kind (`schema.WRITINGS`), so that the reader is told of it and can do without it.  What
folding makes equal anyway (width, traditional characters, radicals, brackets) is not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.analysis import Segmenter
from indexer.query import dates, numbers
from indexer.query.issue_ranges import read_issues
from indexer.query.knowledge import Knowledge
from indexer.query.nodes import Between, Node
from indexer.query.periods import read_period
from indexer.query.terms import edges, quotation, units_of


@dataclass(frozen=True, slots=True)
class Writing:
    """What `term[start:stop]` may be written as: `others`, each with how it is shown."""

    start: int
    stop: int
    kind: str
    others: tuple[tuple[str, Node], ...]


def writings(term: str, knowledge: Knowledge, segmenter: Segmenter) -> list[Writing]:
    """Return the other writings of parts of a term, in order, none inside another.

    Of two that overlap the one that begins first is taken, and of those the longest.
    """
    if ranged := _ranged(term, knowledge):
        return [Writing(0, len(term), "range", ((str(ranged), ranged),))]
    found = [*_listed(term, knowledge), *_dates(term), *_numbers(term, edges(term, segmenter))]
    found.sort(key=lambda writing: (writing.start, -writing.stop))
    taken: list[Writing] = []
    for writing in found:
        if not taken or writing.start >= taken[-1].stop:
            taken.append(writing)
    return taken


def _listed(term: str, knowledge: Knowledge) -> Iterator[Writing]:
    """Yield the names of bodies and the words with synonyms, the longest of a place."""
    units = units_of(term)
    spelled = units.sequence.spelled()
    for first in range(len(spelled)):
        for last in range(min(len(spelled), first + knowledge.longest), first, -1):
            found = knowledge.others(spelled[first:last])
            if found is not None:
                kind, others = found
                place = int(units.starts[first]), int(units.stops[last - 1])
                yield Writing(*place, kind, _quoted(others))
                break


def _dates(term: str) -> Iterator[Writing]:
    for start, stop, others in dates.find(term):
        yield Writing(start, stop, "date", _quoted(others))


def _numbers(term: str, edges: frozenset[int]) -> Iterator[Writing]:
    for start, stop, others in numbers.find(term, edges):
        yield Writing(start, stop, "number", others)


def _quoted(others: Iterable[str]) -> tuple[tuple[str, Node], ...]:
    quoted = ((other, quotation(other)) for other in others)
    return tuple((other, leaf) for other, leaf in quoted if leaf is not None)


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
