"""What is an engine asked for a request?  SearchRequest in, EngineQuery out."""

from __future__ import annotations

from indexer.analysis.numerals import to_int
from indexer.answer import SearchRequest
from indexer.engines.base import EngineQuery
from indexer.query import Query
from indexer.validation import bounds


def engine_query(request: SearchRequest, query: Query, recency_days: int = 0) -> EngineQuery:
    """Return what an engine is asked for a request that was understood as `query`."""
    since, until = bounds(request)
    browsing = not request.text and request.sort == "relevance"
    return EngineQuery(
        tree=query.tree,
        words=query.words,
        runs=query.runs,
        chosen={name: plain_values(name, values) for name, values in request.chosen.items()},
        since=since,
        until=until,
        sort="newest" if browsing else request.sort,
        offset=(request.page - 1) * request.size,
        limit=request.size,
        recency_days=recency_days,
    )


def plain_values(facet: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Accept an issue number as people write it: 27, 第27期, 第二十七期."""
    return tuple(map(_issue_value, values)) if facet == "issue" else values


def _issue_value(value: str) -> str:
    number = to_int(value.strip().removeprefix("第").removesuffix("期").strip())
    return value if number is None else str(number)
