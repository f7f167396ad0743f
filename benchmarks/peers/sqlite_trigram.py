"""How does SQLite answer?  FTS5 over three characters each, as its `trigram` tokenizer cuts them.

What has three characters or more is a phrase of trigrams.  Anything shorter has no index: it is
looked for in every text, exactly but slowly, and ranked by nothing.  (`LIKE` finds nothing at all
with fewer than three characters in SQLite 3.40, where it should look everywhere.)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from benchmarks.corpus import id_of
from benchmarks.peers.base import TOP, VALUES, Answer, Atom, Peer, Question, passes
from benchmarks.peers.truth import text_of
from indexer.analysis import facet_values
from indexer.bulletin import Bulletin
from indexer.document import dump

_SCHEMA: Final = """
    create virtual table texts using fts5(text, tokenize='trigram');
    create table bulletins(number integer primary key, bulletin text);
    create table facets(name text, number integer, value text,
                        primary key (name, number, value)) without rowid;
    create index chosen on facets(name, value, number);
"""
_LEAST: Final = 3


def _build(bulletins: Iterable[Bulletin], folder: Path) -> None:
    database = sqlite3.connect(folder / "index.db")
    database.executescript(_SCHEMA)
    for number, bulletin in enumerate(bulletins):
        database.execute("insert into texts(rowid, text) values(?, ?)", (number, text_of(bulletin)))
        database.execute("insert into bulletins values(?, ?)", (number, dump(bulletin)))
        values = facet_values(bulletin).items()
        rows = [(name, number, value) for name, found in values for value in found]
        database.executemany("insert into facets values(?, ?, ?)", rows)
    database.execute("insert into texts(texts) values('optimize')")
    database.commit()
    database.close()


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "index.db")
        self._database.executescript(
            "pragma temp_store = memory; create temp table found(number integer primary key);"
        )

    def ask(self, question: Question) -> Answer:
        found = self._find(question)
        facets: dict[str, Mapping[str, int]] = {}
        total = 0
        for chosen, names in passes(question.chosen):
            if len(chosen) == len(question.chosen):
                total = len(found) if not chosen else self._total(chosen)
            facets |= {name: self._counts(name, chosen) for name in names}
        first = found if not question.chosen else self._numbers(question.chosen, found)
        return Answer(total, tuple(map(id_of, first[:TOP])), facets)

    def hits(self, question: Question) -> set[str]:
        found = self._find(question)
        return {*map(id_of, self._numbers(question.chosen, found))}

    def close(self) -> None:
        self._database.close()

    def _find(self, question: Question) -> list[int]:
        """Gather what answers whatever is chosen, the best first where there is an index."""
        condition, arguments = _condition(question)
        rows = self._database.execute(f"select rowid from texts where {condition}", arguments)
        found = [number for (number,) in rows]
        self._database.execute("delete from found")
        self._database.executemany("insert into found values(?)", ((number,) for number in found))
        return found

    def _counts(self, name: str, chosen: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
        within, arguments = _within(chosen)
        sql = (
            "select value, count(*) from found cross join facets using (number)"
            f" where name = ? {within} group by value order by count(*) desc limit {VALUES}"
        )
        return dict(self._database.execute(sql, (name, *arguments)).fetchall())

    def _total(self, chosen: Mapping[str, tuple[str, ...]]) -> int:
        within, arguments = _within(chosen)
        sql = f"select count(*) from found where true {within}"
        return int(self._database.execute(sql, arguments).fetchone()[0])

    def _numbers(self, chosen: Mapping[str, tuple[str, ...]], found: list[int]) -> list[int]:
        within, arguments = _within(chosen)
        rows = self._database.execute(f"select number from found where true {within}", arguments)
        left = {number for (number,) in rows}
        return [number for number in found if number in left]


def _condition(question: Question) -> tuple[str, list[str]]:
    if all(len(atom.text) >= _LEAST for atom in question.atoms()):
        return "texts match ? order by rank", [_expression(question)]
    conditions, arguments = [], []
    for atoms, joined in ((question.required, " and "), (question.either, " or ")):
        if atoms:
            conditions.append(f"({joined.join(_holds(atom) for atom in atoms)})")
            arguments += [_argument(atom) for atom in atoms]
    conditions += [f"not {_holds(atom)}" for atom in question.excluded]
    arguments += [_argument(atom) for atom in question.excluded]
    return " and ".join(conditions), arguments


def _expression(question: Question) -> str:
    parts = [f'"{atom.text}"' for atom in question.required]
    if question.either:
        either = " OR ".join(f'"{atom.text}"' for atom in question.either)
        parts.append(f"({either})")
    excluded = "".join(f' NOT "{atom.text}"' for atom in question.excluded)
    return f"({' AND '.join(parts)}){excluded}"


def _holds(atom: Atom) -> str:
    if len(atom.text) < _LEAST:
        return "instr(text, ?)"
    return "rowid in (select rowid from texts where texts match ?)"


def _argument(atom: Atom) -> str:
    return atom.text if len(atom.text) < _LEAST else f'"{atom.text}"'


def _within(chosen: Mapping[str, tuple[str, ...]]) -> tuple[str, list[str]]:
    conditions, arguments = "", []
    for name, values in chosen.items():
        places = ", ".join("?" * len(values))
        conditions += (
            f" and number in (select number from facets where name = ? and value in ({places}))"
        )
        arguments += [name, *values]
    return conditions, arguments


PEER: Final = Peer("SQLite FTS5, trigrams", sqlite3.sqlite_version, _build, _Reader, most=10_000)
