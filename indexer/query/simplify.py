"""What is the least that says the same?  Flat, without repetition."""

from __future__ import annotations

from dataclasses import replace

from indexer.query.nodes import All, Any, Most, Node, Not, Widened


def simplify(node: Node) -> Node:
    """Return an equal query: nested `All` and `Any` flattened, repeated clauses said once."""
    if isinstance(node, Not):
        child = simplify(node.child)
        return child.child if isinstance(child, Not) else Not(child)
    if isinstance(node, (All, Any)):
        children = _flat(node)
        return children[0] if len(children) == 1 else type(node)(children)
    if isinstance(node, Most):
        return Most(tuple(dict.fromkeys(simplify(child) for child in node.children)))
    if isinstance(node, Widened):
        return replace(node, typed=simplify(node.typed)) if node.others else simplify(node.typed)
    return node


def _flat(node: All | Any) -> tuple[Node, ...]:
    children: dict[Node, None] = {}
    for child in map(simplify, node.children):
        inner = child.children if isinstance(child, type(node)) else (child,)
        children.update(dict.fromkeys(inner))
    # What is excluded stands last, as the parser puts it: equal queries are equal trees.
    return tuple(sorted(children, key=lambda child: isinstance(child, Not)))
