"""What does a side file, or the table of a folder, state of which file?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from indexer.corrections import key_of
from indexer.language import Notice, Sentence
from indexer.metadata import notation
from indexer.metadata.notation import Invalid, shown
from indexer.metadata.overrides.statements import Statement, invalid

FILE = ("文件", "file")
"""What the first column of a table is called."""


@dataclass(frozen=True, slots=True)
class Table:
    """Statements by the file they name (relative to the table's folder); and what is wrong."""

    statements: tuple[tuple[str, Statement], ...] = ()
    notices: tuple[Notice, ...] = ()


def side_file(data: bytes, name: str) -> tuple[Statement, tuple[Notice, ...]]:
    """Return what a side file called `name` states, and what is wrong with it."""
    source = Sentence(name, name)
    try:
        return _stated(notation.tables(data), source)
    except Invalid as error:
        return Statement(source, ()), (invalid(source, error.why),)


def states_only_ours(data: bytes) -> bool:
    """Say whether a TOML has nothing but keys of ours: a side file, not some program's settings."""
    try:
        keys = notation.tables(data).keys()
    except Invalid:
        return False
    return bool(keys) and all(map(key_of, keys))


def folder_table(data: bytes, name: str) -> Table:
    """Return what the table called `name`, a CSV or TOML, states."""
    source = Sentence(name, name)
    try:
        return _from_toml(data, source) if name.endswith(".toml") else _from_csv(data, source)
    except Invalid as error:
        return Table(notices=(invalid(source, error.why),))


def _stated(said: dict[str, Any], source: Sentence) -> tuple[Statement, tuple[Notice, ...]]:
    pairs: list[tuple[str, str]] = []
    notices: list[Notice] = []
    for key, value in said.items():
        try:
            pairs.append((key, notation.as_text(value)))
        except Invalid as error:
            why = Sentence(f"“{shown(key)}”{error.why.zh}", f"“{shown(key)}”: {error.why.en}")
            notices.append(invalid(source, why))
    return Statement(source, tuple(pairs)), tuple(notices)


def _from_toml(data: bytes, source: Sentence) -> Table:
    statements: list[tuple[str, Statement]] = []
    notices: list[Notice] = []
    for file, said in notation.tables(data).items():
        if not isinstance(said, dict):
            notices.append(invalid(source, _no_table(file)))
            continue
        statement, wrong = _stated(said, source)
        statements.append((_file(file), statement))
        notices += wrong
    return Table(tuple(statements), tuple(notices))


def _from_csv(data: bytes, source: Sentence) -> Table:
    head, *rows = notation.rows(data) or [[]]
    if not head or head[0].lower() not in FILE:
        raise Invalid("第一栏应为“文件”", "the first column should be “file”")
    keys = head[1:]
    notices = [invalid(source, _unknown(key)) for key in keys if key and not key_of(key)]
    statements: list[tuple[str, Statement]] = []
    for number, row in enumerate(rows, 2):
        if not any(row):
            continue
        if not row[0] or any(row[len(head) :]):
            notices.append(invalid(source, _misshapen(number)))
        else:
            statements.append((_file(row[0]), Statement(source, tuple(_pairs(keys, row[1:])))))
    return Table(tuple(statements), tuple(notices))


def _pairs(keys: list[str], cells: list[str]) -> Iterator[tuple[str, str]]:
    return (pair for pair in zip(keys, cells, strict=False) if key_of(pair[0]))


def _file(written: str) -> str:
    """Return the name of a file as a table means it, Windows' writing included."""
    return unicodedata.normalize("NFC", written.replace("\\", "/").removeprefix("./"))


def _unknown(key: str) -> Sentence:
    return Sentence(f"没有“{shown(key)}”这一项", f"there is no key “{shown(key)}”")


def _no_table(name: str) -> Sentence:
    return Sentence(
        f"“{shown(name)}”应为一份文件的表", f"“{shown(name)}” should be the table of a file"
    )


def _misshapen(number: int) -> Sentence:
    return Sentence(
        f"第 {number} 行没有文件名，或比表头长",
        f"row {number} names no file, or is longer than the head",
    )
