"""What does a mode make of a query?  Terms beside each other are joined as the mode says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexer.query.nodes import All, Any, Node, Not, Widened


@dataclass(frozen=True, slots=True)
class Joined(All):
    """What stands beside each other without an operator; only until a mode is known."""


def in_mode(node: Node, mode: str) -> Node:
    """Return the tree of a query in `all` or `any`: every child of what is joined, or one."""
    if isinstance(node, (All, Any)):
        kind = type(node)
        if kind is Joined:
            kind = Any if mode == "any" else All
        return kind(tuple(in_mode(child, mode) for child in node.children))
    if isinstance(node, Widened):
        return replace(node, typed=in_mode(node.typed, mode))
    return Not(in_mode(node.child, mode)) if isinstance(node, Not) else node
