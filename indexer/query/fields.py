"""What does a field ask for?  标题: narrows a leaf, the others are what a bulletin is."""

from __future__ import annotations

from indexer.query.issue_ranges import read_issues
from indexer.query.knowledge import Knowledge
from indexer.query.nodes import (
    All,
    Any,
    Between,
    Gap,
    Having,
    InTitle,
    Most,
    Near,
    Node,
    Not,
    Numeral,
    Quotation,
    Widened,
    Word,
)
from indexer.query.periods import read_period


def filter_of(field: str, text: str, typed: str, knowledge: Knowledge) -> Node | None:
    """Return the filter for the value of a field, None when it means nothing.

    `typed` is what stood in the query, the name of the field included.
    """
    if field == "issue":
        return read_issues(text, typed)
    if field == "date":
        period = read_period(text, knowledge.today)
        return Between("date", period.low, period.high, typed) if period else None
    values = knowledge.values(field, text)
    return Having(field, values, typed) if values else None


def titled(node: Node) -> Node:
    """Return a node whose leaves stand in the title."""
    if isinstance(node, (Quotation, Word, Numeral, Gap, Near)):
        return InTitle(node)
    if isinstance(node, (All, Any, Most)):
        return type(node)(tuple(map(titled, node.children)))
    if isinstance(node, Widened):
        others = tuple(map(titled, node.others))
        return Widened(titled(node.typed), others, f"标题:{node.text}")
    return Not(titled(node.child)) if isinstance(node, Not) else node
