"""What was asked?  The language of a search, as a tree that knows no engine."""

from indexer.analysis import MARK
from indexer.query.knowledge import Knowledge
from indexer.query.nodes import (
    All,
    Any,
    Between,
    Filter,
    Gap,
    Having,
    InTitle,
    Latest,
    Leaf,
    Most,
    Near,
    Node,
    Not,
    Quotation,
    Width,
    Word,
    leaves,
)
from indexer.query.query import Query, read
from indexer.query.spans import Spans, Stream, marks, spans

__all__ = [
    "MARK",
    "All",
    "Any",
    "Between",
    "Filter",
    "Gap",
    "Having",
    "InTitle",
    "Knowledge",
    "Latest",
    "Leaf",
    "Most",
    "Near",
    "Node",
    "Not",
    "Query",
    "Quotation",
    "Spans",
    "Stream",
    "Width",
    "Word",
    "leaves",
    "marks",
    "read",
    "spans",
]
