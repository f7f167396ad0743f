"""What was asked?  Text in, tree out.  Total: every text has a meaning, and what was not
understood is said with its position.

    query       = conjunction { ("OR" | "|") conjunction }
    conjunction = clause { clause }
    clause      = ["-"] ( "(" query ")" | quotation | term )
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from indexer.analysis import Segmenter, cut
from indexer.errors import WrongUsage
from indexer.language import Notice, Sentence
from indexer.query.nodes import EVERYTHING, NOTHING, All, Any, Most, Node, Not, leaves
from indexer.query.simplify import simplify
from indexer.query.terms import quotation, words
from indexer.query.tokens import Sign, Token, tokens

LONGEST_QUERY: Final = 2_000
"""Characters of a query; more is refused."""
LONGEST_QUOTATION: Final = 500
"""Units of a quotation; more is refused."""
DEEPEST: Final = 20
"""Parentheses inside each other; a deeper query is searched as plain text."""
MOST_TERMS: Final = 128
"""Different terms of a query; those behind them are left out, with a notice."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood.

    `tree` says which bulletins answer.  `words` and `runs` say which of them answer best: words
    to weigh, and runs of units, each as typed, that should stand unbroken.
    """

    tree: Node
    words: tuple[str, ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()
    notices: tuple[Notice, ...] = ()

    def relaxed(self) -> Query | None:
        """Return the query that takes the bulletins with most of the terms; None for one term."""
        children = self.tree.children if isinstance(self.tree, All) else ()
        wanted = tuple(child for child in children if not isinstance(child, Not))
        if len(wanted) < 2:
            return None
        rest = tuple(child for child in children if isinstance(child, Not))
        tree = All((Most(wanted), *rest)) if rest else Most(wanted)
        return Query(tree, self.words, self.runs, self.notices)


def read(text: str, mode: str, segmenter: Segmenter) -> Query:
    """Return what `text` asks for in `mode` (`exact`, `all`, `any`).

    The empty text asks for everything.  Raises `WrongUsage` for a text beyond the limits.
    """
    if len(text) > LONGEST_QUERY:
        raise WrongUsage(
            f"检索词太长：最多 {LONGEST_QUERY} 字，现有 {len(text)} 字。",
            f"The query is too long: {len(text)} characters, at most {LONGEST_QUERY}.",
        )
    if not text:
        return Query(EVERYTHING)
    reader = _Reader(mode, segmenter)
    tree = reader.exact(text) if mode == "exact" else reader.query(text)
    query = _finished(tree, tuple(reader.notices), tuple(dict.fromkeys(reader.runs)), segmenter)
    _check_lengths(query)
    return query


def _finished(
    tree: Node | None,
    notices: tuple[Notice, ...],
    runs: tuple[tuple[str, ...], ...],
    segmenter: Segmenter,
) -> Query:
    if tree is None:
        return Query(NOTHING, notices=(*notices, _NOTHING_TO_SEARCH))
    tree, dropped = _first_terms(simplify(tree))
    weighed = dict.fromkeys(
        word for leaf in leaves(tree) for word in segmenter.words(cut(leaf.text).sequence)
    )
    if dropped:
        notices = (*notices, _too_many_terms())
    return Query(tree, tuple(weighed)[:MOST_TERMS], runs[:MOST_TERMS], notices)


def _first_terms(tree: Node) -> tuple[Node, bool]:
    """Keep the first terms of a flat query that has too many of them."""
    if sum(1 for _ in _all_leaves(tree)) <= MOST_TERMS:
        return tree, False
    if isinstance(tree, All | Any) and len(tree.children) > 1:
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
    if isinstance(node, All | Any | Most):
        return [leaf for child in node.children for leaf in _all_leaves(child)]
    return [node]


def _check_lengths(query: Query) -> None:
    for leaf in leaves(query.tree):
        if len(leaf.units) > LONGEST_QUOTATION:
            raise WrongUsage(
                f"引文太长：最多 {LONGEST_QUOTATION} 字，现有 {len(leaf.units)} 字。",
                f"The quotation is too long: {len(leaf.units)} units, at most {LONGEST_QUOTATION}.",
            )


class _Reader:
    """Reads one query; collects the runs that rank and the notices on the way."""

    def __init__(self, mode: str, segmenter: Segmenter) -> None:
        self.notices: list[Notice] = []
        self.runs: list[tuple[str, ...]] = []
        self._join: type[All] | type[Any] = Any if mode == "any" else All
        self._segmenter = segmenter
        self._tokens: list[Token] = []
        self._at = 0

    def exact(self, text: str) -> Node | None:
        leaf = quotation(text)
        if leaf:
            self.runs.append(leaf.units)
        return leaf

    def query(self, text: str) -> Node | None:
        self._tokens = tokens(text)
        if self._depth() > DEEPEST:
            self._notice(
                "too_deep", "括号太多，按普通文字检索。", "Too many parentheses; read as text."
            )
            plain = [token for token in self._tokens if token.sign in (Sign.TERM, Sign.QUOTATION)]
            self._tokens = plain
        return self._alternatives()

    def _depth(self) -> int:
        depth = deepest = 0
        for token in self._tokens:
            depth += (token.sign is Sign.OPEN) - (token.sign is Sign.CLOSE and depth > 0)
            deepest = max(deepest, depth)
        # A row of minus signs nests as well.
        row = 0
        for token in self._tokens:
            row = row + 1 if token.sign is Sign.NOT else 0
            deepest = max(deepest, row)
        return deepest

    def _alternatives(self, inside: bool = False) -> Node | None:
        """Read up to the closing parenthesis (`inside`) or to the end."""
        found: list[Node] = []
        while True:
            conjunction = self._conjunction(inside)
            if conjunction is not None:
                found.append(conjunction)
            token = self._take(Sign.OR)
            if token is None:
                break
            nothing_behind = self._at == len(self._tokens) or self._peek() is Sign.CLOSE
            if conjunction is None or nothing_behind:
                self._ignored(token)
        if not found:
            return None
        return found[0] if len(found) == 1 else Any(tuple(found))

    def _conjunction(self, inside: bool) -> Node | None:
        wanted: list[Node] = []
        excluded: list[Node] = []
        while self._at < len(self._tokens) and self._peek() is not Sign.OR:
            if self._peek() is Sign.CLOSE and inside:
                break
            clause = self._clause()
            if clause is not None:
                (excluded if isinstance(clause, Not) else wanted).append(clause)
        if not wanted and not excluded:
            return None
        if self._join is Any and wanted:
            return All((Any(tuple(wanted)), *excluded))
        return All((*wanted, *excluded))

    def _clause(self) -> Node | None:
        token = self._tokens[self._at]
        self._at += 1
        if token.sign is Sign.NOT:
            return self._excluded(token)
        if token.sign is Sign.OPEN:
            return self._group(token)
        if token.sign is Sign.QUOTATION:
            return self.exact(token.text)
        if token.sign is Sign.TERM:
            return self._term(token.text)
        self._ignored(token)
        return None

    def _excluded(self, token: Token) -> Node | None:
        runs = len(self.runs)
        clause = None if self._peek() in (None, Sign.OR) else self._clause()
        del self.runs[runs:]  # what is excluded does not rank
        if clause is None:
            self._ignored(token)
            return None
        return Not(clause)

    def _group(self, token: Token) -> Node | None:
        found = self._alternatives(inside=True)
        if self._take(Sign.CLOSE) is None:
            self._notice(
                "unclosed", "左括号没有配对。", "A parenthesis is not closed.", token.position
            )
        return found

    def _term(self, text: str) -> Node | None:
        found = words(text, self._segmenter)
        if not found:
            return None
        self.runs.append(cut(text).sequence.spelled())
        return found[0] if len(found) == 1 else self._join(found)

    def _peek(self) -> Sign | None:
        return self._tokens[self._at].sign if self._at < len(self._tokens) else None

    def _take(self, sign: Sign) -> Token | None:
        if self._peek() is not sign:
            return None
        self._at += 1
        return self._tokens[self._at - 1]

    def _ignored(self, token: Token) -> None:
        self._notice(
            "ignored",
            f"“{token.text}”在这里没有意义，已略过。",
            f"{token.text!r} has no meaning here and was left out.",
            token.position,
        )

    def _notice(self, code: str, zh: str, en: str, position: int | None = None) -> None:
        self.notices.append(Notice(code, Sentence(zh, en), position))


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
