"""What does a query come to?  A tree to answer, words and runs to rank by, within limits."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final

from indexer.analysis import Segmenter
from indexer.errors import WrongUsage
from indexer.language import Notice, Sentence
from indexer.query.knowledge import Knowledge
from indexer.query.modes import in_mode
from indexer.query.nodes import (
    EVERYTHING,
    NOTHING,
    All,
    Any,
    Most,
    Node,
    Not,
    Quotation,
    Run,
    Widened,
    Word,
    leaves,
    runs,
)
from indexer.query.parser import Expansion, Parser
from indexer.query.simplify import simplify
from indexer.query.terms import quotation, units_of
from indexer.query.tokens import Sign, tokens

_TEXTS: Final = (Sign.TERM, Sign.QUOTATION, Sign.NEAR)

LONGEST_QUERY: Final = 2_000
"""Characters of a query; more is refused."""
LONGEST_QUOTATION: Final = 500
"""Units of a quotation; more is refused."""
MOST_TERMS: Final = 128
"""Different terms of a query; those behind them are left out, with a notice."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood.

    `tree` says which bulletins answer.  `words` and `runs` say which of them answer best: words
    to weigh, and runs of units, each as typed, that should stand unbroken.  `expansions` are the
    other writings of what was typed, those that are switched off included.
    """

    tree: Node
    words: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    notices: tuple[Notice, ...] = ()
    expansions: tuple[Expansion, ...] = ()

    @property
    def meaning(self) -> Node:
        """The tree; a word by itself asks for what a quotation of it asks for."""
        tree = self.tree
        return Quotation(tree.units, tree.text) if isinstance(tree, Word) else tree

    def relaxed(self) -> Query | None:
        """Return the query that takes the bulletins with most of the terms; None for one term."""
        children = self.tree.children if isinstance(self.tree, All) else ()
        wanted = tuple(child for child in children if any(leaves(child)))
        if len(wanted) < 2:
            return None
        rest = tuple(child for child in children if child not in wanted)
        tree = All((Most(wanted), *rest)) if rest else Most(wanted)
        return replace(self, tree=tree)


class Reading:
    """A text, read once, in whatever modes it is asked for."""

    def __init__(
        self,
        text: str,
        segmenter: Segmenter,
        knowledge: Knowledge | None = None,
        without: Collection[str] = (),
    ) -> None:
        """`without` are the kinds of other writings that are not wanted.

        Raises `WrongUsage` for a text beyond the limit.
        """
        if len(text) > LONGEST_QUERY:
            raise WrongUsage(
                f"检索词太长：最多 {LONGEST_QUERY} 字，现有 {len(text)} 字。",
                f"The query is too long: {len(text)} characters, at most {LONGEST_QUERY}.",
            )
        self._text = text
        self._words = functools.cache(functools.partial(_words, segmenter))
        self._parser = Parser(segmenter, knowledge or Knowledge(), without)

    @functools.cached_property
    def _tree(self) -> Node | None:
        return self._parser.query(self._text)

    def query(self, mode: str) -> Query:
        """Return what the text asks for in `mode` (`exact`, `all`, `any`).

        The empty text asks for everything.  Raises `WrongUsage` for a text beyond the limits.
        """
        if not self._text:
            return Query(EVERYTHING)
        if mode == "exact":
            leaf = quotation(self._text)
            return _finished(leaf, (), (leaf.units,) if leaf else (), self._words)
        tree, parser = self._tree, self._parser
        runs, expansions = dict.fromkeys(parser.runs), dict.fromkeys(parser.expansions)
        joined = None if tree is None else in_mode(tree, mode)
        query = _finished(joined, tuple(parser.notices), tuple(runs), self._words)
        return replace(query, expansions=tuple(expansions))


def read(
    text: str,
    mode: str,
    segmenter: Segmenter,
    knowledge: Knowledge | None = None,
    without: Collection[str] = (),
) -> Query:
    """Return what `text` asks for in one mode; see `Reading`."""
    return Reading(text, segmenter, knowledge, without).query(mode)


def phrases(text: str) -> tuple[Quotation, ...]:
    """Return each term of a text, quoted or parted by white space, as a quotation, once."""
    wanted = (token.text for token in tokens(text) if token.sign in _TEXTS)
    found = (quotation(term) for term in wanted)
    return tuple(dict.fromkeys(leaf for leaf in found if leaf is not None))


def _finished(
    tree: Node | None,
    notices: tuple[Notice, ...],
    runs: tuple[Run, ...],
    words: Callable[[str], tuple[str, ...]],
) -> Query:
    if tree is None:
        return Query(NOTHING, notices=(*notices, _NOTHING_TO_SEARCH))
    tree, dropped = _first_terms(simplify(tree))
    weighed = dict.fromkeys(word for leaf in leaves(tree) for word in words(leaf.text))
    if dropped:
        notices = (*notices, _too_many_terms())
    _check_lengths(tree)
    return Query(tree, tuple(weighed)[:MOST_TERMS], runs[:MOST_TERMS], notices)


def _words(segmenter: Segmenter, text: str) -> tuple[str, ...]:
    return tuple(segmenter.words(units_of(text).sequence))


def _first_terms(tree: Node) -> tuple[Node, bool]:
    """Keep the first terms of a flat query that has too many of them."""
    if sum(1 for _ in _all_leaves(tree)) <= MOST_TERMS:
        return tree, False
    if isinstance(tree, (All, Any)) and len(tree.children) > 1:
        kept: list[Node] = []
        room = MOST_TERMS
        for child in tree.children:
            room -= sum(1 for _ in _all_leaves(child))
            if room < 0:
                break
            kept.append(child)
        return simplify(type(tree)(tuple(kept or tree.children[:1]))), True
    raise WrongUsage(
        f"检索条件太多：最多 {MOST_TERMS} 个。", f"Too many terms: at most {MOST_TERMS}."
    )


def _all_leaves(node: Node) -> list[Node]:
    if isinstance(node, Not):
        return _all_leaves(node.child)
    if isinstance(node, Widened):
        return _all_leaves(node.typed)
    if isinstance(node, (All, Any, Most)):
        return [leaf for child in node.children for leaf in _all_leaves(child)]
    return [node]


def _check_lengths(tree: Node) -> None:
    for leaf in leaves(tree):
        if (units := sum(map(len, runs(leaf)))) > LONGEST_QUOTATION:
            raise WrongUsage(
                f"引文太长：最多 {LONGEST_QUOTATION} 字，现有 {units} 字。",
                f"The quotation is too long: {units} units, at most {LONGEST_QUOTATION}.",
            )


_NOTHING_TO_SEARCH: Final = Notice(
    "nothing_to_search",
    Sentence("没有可检索的文字。", "There is nothing to search for."),
)


def _too_many_terms() -> Notice:
    return Notice(
        "too_many_terms",
        Sentence(
            f"检索词太多，只用了前 {MOST_TERMS} 个。",
            f"Too many terms; the first {MOST_TERMS} were used.",
        ),
    )
