"""What was asked?  The language of a search, as a tree that knows no engine."""

from indexer.query.nodes import All, Any, Leaf, Most, Node, Not, Quotation, Word, leaves
from indexer.query.parser import Query, read

__all__ = [
    "All",
    "Any",
    "Leaf",
    "Most",
    "Node",
    "Not",
    "Query",
    "Quotation",
    "Word",
    "leaves",
    "read",
]
