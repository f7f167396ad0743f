"""What can be asked?  A query as a tree of frozen nodes that know no engine.

`str(node)` is the query in the contract's language; reading it again gives an equal tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

NUMERALS: Final = tuple("一二三四五六七八九十百千万亿零〇○两廿卅")
"""What would make a Chinese numeral another one."""

Run = tuple[str, ...]
"""Units that stand one after another."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """These units stand in the text one after another.  `text` is what was typed."""

    units: Run
    text: str = field(compare=False)

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Word:
    """The same, for a word that the segmenter saw in what was typed without quotation marks."""

    units: Run
    text: str = field(compare=False)

    def __str__(self) -> str:
        return '"OR"' if self.text == "OR" else self.text


@dataclass(frozen=True, slots=True)
class Numeral:
    """The same, with no further Chinese numeral before or behind: 二十 is not in 二十七."""

    units: Run
    text: str = field(compare=False)

    def __str__(self) -> str:
        return f'"{self.text}"'


class Width(NamedTuple):
    """How many units a gap may have; `clause`: no clause mark among them."""

    low: int
    high: int
    clause: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """These pieces stand one after another, `widths[i]` between the i-th and the next: 复?复产."""

    pieces: tuple[Run, ...]
    widths: tuple[Width, ...]
    text: str = field(compare=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Near:
    """These parts stand, in any order, in a stretch with at most `slack` units more than theirs."""

    parts: tuple[Run, ...]
    slack: int
    text: str = field(compare=False)

    def __str__(self) -> str:
        return f'"{self.text}"~{self.slack}'


@dataclass(frozen=True, slots=True)
class InTitle:
    """The leaf stands in the title."""

    leaf: Quotation | Word | Numeral | Gap | Near

    @property
    def text(self) -> str:
        """What was typed behind the name of the field."""
        return self.leaf.text

    def __str__(self) -> str:
        return f"标题:{self.leaf}"


@dataclass(frozen=True, slots=True)
class Having:
    """The bulletin has one of these values of a facet."""

    facet: str
    values: tuple[str, ...]
    text: str = field(compare=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Between:
    """A number of the bulletin is in a range, both ends included.

    `column` is `issue`, `cumulative`, or `date` (as `Document.date`).
    """

    column: str
    low: int
    high: int
    text: str = field(compare=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Latest:
    """The bulletin is one of the latest `count` issues of its series, by date and issue number."""

    count: int
    text: str = field(compare=False)

    def __str__(self) -> str:
        return self.text


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
class Widened:
    """What was typed holds, or one of the other writings of it."""

    typed: Node
    others: tuple[Node, ...]
    text: str = field(compare=False)

    @property
    def children(self) -> tuple[Node, ...]:
        """The typed writing and the others: one of them holds."""
        return (self.typed, *self.others)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Not:
    """The child does not hold."""

    child: Node

    def __str__(self) -> str:
        return f"-{_grouped(self.child)}"


Leaf = Quotation | Word | Numeral | Gap | Near | InTitle
"""What stands somewhere in a text, and is marked there."""
Filter = Having | Between | Latest
"""What a bulletin is, wherever that stands."""
Node = Leaf | Filter | All | Any | Most | Widened | Not

_LEAVES: Final = (Quotation, Word, Numeral, Gap, Near, InTitle)
"""The same, as a tuple: `|` makes a new type at every look, in the time of ten."""

EVERYTHING = All()
NOTHING = Any()


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves that speak for a bulletin, in order; what is excluded is left out."""
    if isinstance(node, _LEAVES):
        yield node
    elif isinstance(node, (All, Any, Most, Widened)):
        for child in node.children:
            yield from leaves(child)


def runs(leaf: Leaf) -> tuple[Run, ...]:
    """Return what a leaf names: units that stand one after another."""
    if isinstance(leaf, InTitle):
        return runs(leaf.leaf)
    if isinstance(leaf, Gap):
        return leaf.pieces
    return leaf.parts if isinstance(leaf, Near) else (leaf.units,)


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, (All, Any, Most)) else str(node)
