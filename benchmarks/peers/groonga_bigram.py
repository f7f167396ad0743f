"""How does Groonga answer?  TokenBigram over the folded text, driven through its own process.

The index of the text is made after the bulletins are loaded, which is its quickest way.  Facets
are references into tables of their own, counted by drilldown; its cache of answers is off.  Times
are those that it says itself.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from shutil import which
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks.corpus import id_of
from benchmarks.peers.base import TOP, VALUES, Answer, Atom, Peer, Question, passes
from benchmarks.peers.truth import text_of
from indexer.analysis import facet_values
from indexer.bulletin import Bulletin
from indexer.document import dump
from indexer.schema import FACET_NAMES

if which("groonga") is None:
    raise ImportError("no program groonga")

_SEVERAL: Final = ("org",)
_EVERY: Final = "-1"


def _database(folder: Path) -> str:
    return str(folder / "groonga")


def _build(bulletins: Iterable[Bulletin], folder: Path) -> None:
    groonga = _Process("-n", _database(folder))
    groonga.ask("table_create", name="Bulletins", flags="TABLE_NO_KEY")
    for name in ("text", "bulletin"):
        groonga.ask("column_create", table="Bulletins", name=name, type="LongText")
    for name in FACET_NAMES:
        _facet(groonga, name)
    groonga.load(_row(bulletin) for bulletin in bulletins)
    terms = {"default_tokenizer": "TokenBigram", "normalizer": "NormalizerAuto"}
    groonga.ask("table_create", name="Terms", flags="TABLE_PAT_KEY", key_type="ShortText", **terms)
    _index(groonga, "Terms", "COLUMN_INDEX|WITH_POSITION", "text")
    groonga.close()


def _facet(groonga: _Process, name: str) -> None:
    flags = "COLUMN_VECTOR" if name in _SEVERAL else "COLUMN_SCALAR"
    groonga.ask("table_create", name=f"F_{name}", flags="TABLE_HASH_KEY", key_type="ShortText")
    groonga.ask("column_create", table="Bulletins", name=name, flags=flags, type=f"F_{name}")
    _index(groonga, f"F_{name}", "COLUMN_INDEX", name)


def _index(groonga: _Process, table: str, flags: str, source: str) -> None:
    column = {"name": f"of_{source}", "type": "Bulletins", "source": source}
    groonga.ask("column_create", table=table, flags=flags, **column)


def _row(bulletin: Bulletin) -> dict[str, Any]:
    values = {
        name: list(found) if name in _SEVERAL else found[0]
        for name, found in facet_values(bulletin).items()
    }
    return {"text": text_of(bulletin), "bulletin": dump(bulletin), **values}


class _Process:
    """Groonga, reading commands and writing answers, a line each."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            ["groonga", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, command: str, **arguments: str) -> tuple[Any, float]:
        """Return the answer to a command and the seconds that it took."""
        self._send(f"/d/{command}?{urlencode(arguments)}\n")
        return self._answer()

    def load(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._send("load --table Bulletins\n[\n")
        for at, row in enumerate(rows):
            self._send(f"{',' if at else ''}{json.dumps(row, ensure_ascii=False)}\n")
        self._send("]\n")
        self._answer()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _send(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def _answer(self) -> tuple[Any, float]:
        assert self._process.stdout is not None
        (code, _, seconds, *said), *body = json.loads(self._process.stdout.readline())
        if code:
            raise RuntimeError(f"groonga: {said}")
        return body[0], seconds


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._groonga = _Process(_database(folder))
        self._groonga.ask("cache_limit", max="0")

    def ask(self, question: Question) -> Answer:
        facets: dict[str, Mapping[str, int]] = {}
        hits: Any = None
        total_seconds = 0.0
        for chosen, names in passes(question.chosen):
            found, seconds = self._select(question, chosen, names, str(TOP if hits is None else 0))
            hits = found[0] if hits is None else hits
            facets |= dict(zip(names, map(_counts, found[1:]), strict=True))
            total_seconds += seconds
        (total,), _, *rows = hits
        return Answer(total, tuple(_ids(rows)), facets, total_seconds)

    def hits(self, question: Question) -> set[str]:
        found, _ = self._select(question, question.chosen, (), _EVERY)
        return {*_ids(found[0][2:])}

    def close(self) -> None:
        self._groonga.close()

    def _select(
        self,
        question: Question,
        chosen: Mapping[str, tuple[str, ...]],
        names: Iterable[str],
        limit: str,
    ) -> tuple[Any, float]:
        counted = {
            "drilldown": ",".join(names),
            "drilldown_limit": str(VALUES),
            "drilldown_sort_keys": "-_nsubrecs",
            "drilldown_output_columns": "_key,_nsubrecs",
        }
        return self._groonga.ask(
            "select",
            table="Bulletins",
            filter=_filter(question, chosen),
            output_columns="_id",
            sort_keys="-_score",
            limit=limit,
            **(counted if names else {}),
        )


def _filter(question: Question, chosen: Mapping[str, tuple[str, ...]]) -> str:
    parts = [_holds(atom) for atom in question.required]
    if question.either:
        parts.append(f"({' || '.join(_holds(atom) for atom in question.either)})")
    parts += [f"({' || '.join(_has(name, values))})" for name, values in chosen.items()]
    excluded = "".join(f" &! {_holds(atom)}" for atom in question.excluded)
    return " && ".join(parts) + excluded


def _holds(atom: Atom) -> str:
    return f"text @ {json.dumps(atom.text, ensure_ascii=False)}"


def _has(name: str, values: Iterable[str]) -> Iterator[str]:
    sign = "@" if name in _SEVERAL else "=="
    return (f"{name} {sign} {json.dumps(value, ensure_ascii=False)}" for value in values)


def _counts(drilled: Any) -> dict[str, int]:
    _, _, *rows = drilled
    return dict(rows)


def _ids(rows: Iterable[list[int]]) -> Iterator[str]:
    return (id_of(row[0] - 1) for row in rows)


def _version() -> str:
    said = subprocess.run(["groonga", "--version"], capture_output=True, check=True, text=True)
    return said.stdout.split()[1]


PEER: Final = Peer("Groonga, TokenBigram", _version(), _build, _Reader)
