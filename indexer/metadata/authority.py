"""Under which names does the operator know a body?  The authority file of organizations.

A CSV with the columns 全称, 简称, 曾用名 (name, short, former), or a TOML with a table for each
full name; several names in a cell are parted by 、 or ;.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.errors import WrongUsage
from indexer.language import Notice, Sentence
from indexer.metadata import notation
from indexer.metadata.name_index import NameIndex
from indexer.metadata.notation import Invalid, parts, shown
from indexer.metadata.wording import plain, without_space

SHORTEST: Final = 2
"""Characters of a name that can be looked for in any text."""

_NAME: Final = ("全称", "name")
_OTHERS: Final = ("简称", "short", "曾用名", "former")


@dataclass(frozen=True, slots=True)
class Body:
    """One body: its full name and every other name that it has or had, as listed."""

    name: str
    others: tuple[str, ...] = ()


class Authority:
    """What each name means.  `written` maps names in their plain writing to how they are listed,
    `full` to the full name they mean, in its plain writing; a name that two bodies claim means the
    first, and a notice says so.  `fingerprint` tells authorities apart.
    """

    def __init__(self, bodies: Iterable[Body] = (), source: str = "") -> None:
        self.source = source
        self.written: dict[str, str] = {}
        self.full: dict[str, str] = {}
        self.notices: list[Notice] = []
        listed = tuple(bodies)
        for body in listed:
            self._add(body.name, body.name)
        for body in listed:
            for other in body.others if _key(body.name) in self.full else ():
                self._add(other, body.name)
        self._index = NameIndex(self.full)
        facts = repr(sorted((name, self.written[name], full) for name, full in self.full.items()))
        self.fingerprint = hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def standing_in(self, texts: Iterable[str]) -> frozenset[str]:
        """Return the names, plain, that stand in some texts."""
        return frozenset(name for text in texts for _, name in self._index.find(plain(text)))

    def resolved(self, name: str) -> str:
        """Return the full name that a name means, as listed; an unknown name as it is."""
        full = self.full.get(_key(name))
        return name if full is None else self.written[full]

    def _add(self, name: str, full: str) -> None:
        key, meant = _key(name), _key(full)
        if len(key) < SHORTEST:
            self._refuse(name, Sentence("太短", "it is too short"))
        elif self.full.setdefault(key, meant) != meant:
            other = self.written[self.full[key]]
            self._refuse(name, Sentence(f"已是“{other}”的名称", f"it is a name of {other}"))
        else:
            self.written.setdefault(key, without_space(name))

    def _refuse(self, name: str, why: Sentence) -> None:
        said = Sentence(
            f"{self.source}：“{shown(name)}”{why.zh}，没有采用。",
            f"{self.source}: “{shown(name)}” was not used: {why.en}.",
        )
        self.notices.append(Notice("override_invalid", said))


NONE: Final = Authority()
"""The authority that knows nobody."""


def read_authority(path: str) -> Authority:
    """Return the authority that stands in a file; one that knows nobody for an empty path.

    Raises `WrongUsage` when the file cannot be read as one.
    """
    if not path:
        return NONE
    file = Path(path)
    try:
        data = file.read_bytes()
        bodies = _from_toml(data) if file.suffix == ".toml" else _from_csv(data)
        return Authority(bodies, file.name)
    except OSError:
        raise WrongUsage(
            f"打不开单位名录 {path}。", f"Cannot read the organizations {path}."
        ) from None
    except Invalid as error:
        raise WrongUsage(
            f"单位名录 {path} 不能用：{error.why.zh}。", f"Cannot use {path}: {error.why.en}."
        ) from None


def _key(name: str) -> str:
    return plain(without_space(name))


def _from_csv(data: bytes) -> list[Body]:
    head, *rows = notation.rows(data) or [[]]
    columns = [_column(written) for written in head]
    name = next((n for n, column in enumerate(columns) if column in _NAME), None)
    if name is None:
        raise Invalid("没有“全称”一栏", "there is no column “name”")
    return [
        Body(row[name], _names(zip(columns, row, strict=False)))
        for row in rows
        if len(row) > name and any(row)
    ]


def _from_toml(data: bytes) -> list[Body]:
    found = []
    for name, said in notation.tables(data).items():
        if not isinstance(said, Mapping):
            raise Invalid(f"“{shown(name)}”应为一个单位的表", f"“{shown(name)}” should be a table")
        cells = ((_column(key), notation.as_text(value)) for key, value in said.items())
        found.append(Body(name, _names(cells)))
    return found


def _names(cells: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(name for column, cell in cells if column in _OTHERS for name in parts(cell))


def _column(written: str) -> str:
    column = written.strip().lower()
    if column and column not in (*_NAME, *_OTHERS):
        raise Invalid(f"没有“{shown(written)}”这一栏", f"there is no column “{shown(written)}”")
    return column
