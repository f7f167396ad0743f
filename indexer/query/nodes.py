"""What can be asked?  A query as a tree of frozen nodes that know no engine.

`str(node)` is the query in the contract's language; reading it again gives an equal tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Quotation:
    """These units stand in the text one after another.  `text` is what was typed."""

    units: tuple[str, ...]
    text: str = field(compare=False)

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Word:
    """The same, for a word that the segmenter saw in what was typed without quotation marks."""

    units: tuple[str, ...]
    text: str = field(compare=False)

    def __str__(self) -> str:
        return '"OR"' if self.text == "OR" else self.text


@dataclass(frozen=True, slots=True)
class All:
    """Every child holds.  Without children: everything."""

    children: tuple[Node, ...] = ()

    def __str__(self) -> str:
        return " ".join(_grouped(child) for child in self.children)


@dataclass(frozen=True, slots=True)
class Any:
    """At least one child holds.  Without children: nothing."""

    children: tuple[Node, ...] = ()

    def __str__(self) -> str:
        return " | ".join(_grouped(child) for child in self.children)


@dataclass(frozen=True, slots=True)
class Most:
    """As many children hold as in any bulletin, at least one: the best there is."""

    children: tuple[Node, ...] = ()

    def __str__(self) -> str:
        return " | ".join(_grouped(child) for child in self.children)


@dataclass(frozen=True, slots=True)
class Not:
    """The child does not hold."""

    child: Node

    def __str__(self) -> str:
        return f"-{_grouped(self.child)}"


Leaf = Quotation | Word
Node = Quotation | Word | All | Any | Most | Not

EVERYTHING = All()
NOTHING = Any()


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves that speak for a bulletin, in order; what is excluded is left out."""
    if isinstance(node, Quotation | Word):
        yield node
    elif isinstance(node, All | Any | Most):
        for child in node.children:
            yield from leaves(child)


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, All | Any | Most) else str(node)
