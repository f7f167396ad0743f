"""What was asked?  The language of a search, as a tree that knows no engine."""

from indexer.analysis import MARK
from indexer.query.knowledge import Knowledge
from indexer.query.nodes import (
    NUMERALS,
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
    Numeral,
    Quotation,
    Widened,
    Width,
    Word,
    leaves,
)
from indexer.query.query import Query, read
from indexer.query.spans import Spans, Stream, marks, spans

__all__ = [
    "MARK",
    "NUMERALS",
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
    "Numeral",
    "Query",
    "Quotation",
    "Spans",
    "Stream",
    "Widened",
    "Width",
    "Word",
    "leaves",
    "marks",
    "read",
    "spans",
]
