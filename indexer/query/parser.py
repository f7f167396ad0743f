"""What was asked?  Text in, tree out.  Total: every text has a meaning, and what was not
understood is said with its position.

    query       = conjunction { ("OR" | "|") conjunction }
    conjunction = clause { clause }
    clause      = ["-"] [field] ( "(" query ")" | quotation ["~" number] | term )
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from indexer.analysis import Segmenter
from indexer.language import Notice, Sentence
from indexer.query.fields import filter_of, titled
from indexer.query.knowledge import Knowledge
from indexer.query.modes import Joined
from indexer.query.nodes import (
    All,
    Any,
    Near,
    Node,
    Not,
    Run,
    Widened,
    leaves,
)
from indexer.query.terms import clean, near_parts, quotation, spelled, whole_word, with_gaps, words
from indexer.query.tokens import FIELD_NAMES, Sign, Token, tokens
from indexer.query.writings import Writing, writings

DEEPEST: Final = 20
"""Parentheses inside each other; a deeper query is searched as plain text."""
MOST_PARTS: Final = 16
"""Parts of a nearness."""
MOST_OTHERS: Final = 64
"""Other writings of one query; terms behind them are searched as typed."""
LARGEST_SLACK: Final = 500
"""Units between the parts of a nearness."""

_NAMES: Final = {field: name for name, field in reversed(FIELD_NAMES.items())}


@dataclass(frozen=True, slots=True)
class Expansion:
    """Another writing that is searched too: its kind, what was typed, how the other is shown."""

    kind: str
    typed: str
    shown: str
    node: Node


class Parser:
    """Reads one query for every mode; collects the runs that rank and the notices on the way."""

    def __init__(
        self, segmenter: Segmenter, knowledge: Knowledge, without: Collection[str]
    ) -> None:
        self.notices: list[Notice] = []
        self.runs: list[Run] = []
        self.expansions: list[Expansion] = []
        self._segmenter = segmenter
        self._knowledge = knowledge
        self._without = without
        self._tokens: list[Token] = []
        self._at = 0
        self._field = ""

    def _exact(self, text: str) -> Node | None:
        leaf = quotation(text)
        if leaf:
            self._rank(leaf.units)
        return leaf

    def _rank(self, run: Run) -> None:
        if self._field != "title":  # where it stands otherwise is not asked for
            self.runs.append(run)

    def query(self, text: str) -> Node | None:
        """Return what a query with operators asks for, None when that is nothing."""
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
        # A row of minus signs and fields nests as well.
        row = 0
        for token in self._tokens:
            row = row + 1 if token.sign in (Sign.NOT, Sign.FIELD) else 0
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
        filters: list[Node] = []
        excluded: list[Node] = []
        while self._at < len(self._tokens) and self._peek() is not Sign.OR:
            if self._peek() is Sign.CLOSE and inside:
                break
            clause = self._clause()
            if isinstance(clause, Not):
                excluded.append(clause)
            elif clause is not None:
                (wanted if any(leaves(clause)) else filters).append(clause)
        if not wanted and not filters and not excluded:
            return None
        if wanted and not self._field:
            return All((Joined(tuple(wanted)), *filters, *excluded))
        if self._field in ("org", "issue", "date", "series", "publisher") and not excluded:
            return Any(tuple(filters + wanted))  # 单位:(甲 乙) is either
        return All((*wanted, *filters, *excluded))

    def _clause(self) -> Node | None:
        token = self._tokens[self._at]
        self._at += 1
        if token.sign is Sign.NOT:
            return self._excluded(token)
        if token.sign is Sign.OPEN:
            return self._group(token)
        if token.sign is Sign.FIELD:
            return self._in_field(token)
        if token.sign is Sign.NEAR:
            return self._in_title(self._near(token))
        if token.sign is Sign.QUOTATION:
            filtered = self._filter(token.text, f'"{token.text}"', token)
            return filtered or self._in_title(self._exact(token.text))
        if token.sign is Sign.TERM:
            return self._filter(token.text, token.text, token) or self._term(token)
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

    def _in_field(self, token: Token) -> Node | None:
        """Read the clause behind the name of a field."""
        outer, self._field = self._field, FIELD_NAMES[token.text[:-1].lower()]
        try:
            return self._clause() if self._peek() is not None else None
        finally:
            self._field = outer

    def _filter(self, text: str, shown: str, token: Token) -> Node | None:
        """Return what the value of a field asks for; None outside of one, or when it has none."""
        if self._field in ("", "title"):
            return None
        typed = f"{_NAMES[self._field]}:{shown}"
        found = filter_of(self._field, text, typed, self._knowledge)
        if found is None:
            self._notice(
                "no_such_value",
                f"“{typed}”没有对应的值，按普通文字检索。",
                f"{typed!r} names nothing; it is searched as text.",
                token.position,
            )
        return found

    def _in_title(self, node: Node | None) -> Node | None:
        return titled(node) if node is not None and self._field == "title" else node

    def _near(self, token: Token) -> Node | None:
        parts = near_parts(token.text, self._segmenter)
        if len(parts) < 2:
            return self._exact(token.text)
        if len(parts) > MOST_PARTS or token.slack > LARGEST_SLACK:
            self._notice(
                "too_near",
                f"相隔最多 {LARGEST_SLACK} 字，词最多 {MOST_PARTS} 个，其余从略。",
                f"At most {MOST_PARTS} parts within {LARGEST_SLACK} units; the rest is left out.",
                token.position,
            )
        return Near(parts[:MOST_PARTS], min(token.slack, LARGEST_SLACK), clean(token.text))

    def _term(self, token: Token) -> Node | None:
        gapped = with_gaps(token.text)
        if gapped:
            return self._in_title(gapped)
        found = self._words(token.text)
        if not found:
            return None
        self._rank(spelled(token.text))
        return self._in_title(found[0] if len(found) == 1 else Joined(found))

    def _words(self, text: str) -> tuple[Node, ...]:
        """Return the words of a term, each part that may be written otherwise with that."""
        found: list[Node] = []
        at = 0
        for writing in self._writings(text):
            found += words(text[at : writing.start], self._segmenter)
            typed = text[writing.start : writing.stop]
            whole = writing.kind in ("number", "date")  # 三百九十 is one thing, not two
            base = (whole_word(typed),) if whole else words(typed, self._segmenter)
            found.append(self._widened(base, typed, writing))
            at = writing.stop
        return (*found, *words(text[at:], self._segmenter))

    def _writings(self, text: str) -> Iterator[Writing]:
        """Yield other writings as long as there is room for them."""
        if self._field not in ("", "title"):
            return
        for writing in writings(text, self._knowledge, self._segmenter):
            room = len(self.expansions) + len(writing.others) <= MOST_OTHERS
            if room and not (self._field and writing.kind == "range"):
                yield writing

    def _widened(self, typed: tuple[Node, ...], text: str, writing: Writing) -> Node:
        self.expansions += (
            Expansion(writing.kind, text, shown, node) for shown, node in writing.others
        )
        off = writing.kind in self._without
        others = () if off else tuple(node for _, node in writing.others)
        return Widened(Joined(typed), others, clean(text))

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
