"""Which questions have been judged, over which texts?  Our own, and public collections."""

from __future__ import annotations

import json
import lzma
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.bulletin import Block, Bulletin, Kind, Source
from indexer.metadata import describe
from indexer.readers.reading import read
from indexer.settings import Settings

ROOT: Final = Path(__file__).parent.parent
OURS: Final = ROOT / "tests" / "judged" / "corpus.toml"
ABOUT, MENTIONS = 2, 1


@dataclass(frozen=True, slots=True)
class Question:
    """A query and the grade of each bulletin that is not 0 for it."""

    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """Bulletins, and questions that are asked in a mode."""

    name: str
    bulletins: tuple[Bulletin, ...]
    questions: tuple[Question, ...]
    mode: str


def ours() -> Collection:
    """Return the short queries over the sample bulletins; an id is the name of a file."""
    data = tomllib.loads(OURS.read_text("utf-8"))
    names: dict[str, str] = data["bulletins"]
    bulletins = tuple(_sample(name) for name in names.values())
    questions = tuple(
        Question(
            query["text"],
            {names[key]: ABOUT for key in query["about"]}
            | {names[key]: MENTIONS for key in query["mentions"]},
        )
        for query in data["query"]
    )
    return Collection("corpus", bulletins, questions, "all")


def _sample(name: str) -> Bulletin:
    return describe(read(ROOT / "corpus" / name, name, Settings()), name)


def public(folder: Path) -> Collection:
    """Return a collection of corpus.jsonl(.xz), queries.jsonl and qrels.tsv."""
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        query, _, id, grade = line.split("\t")
        grades.setdefault(query, {})[id] = int(grade)
    bulletins = tuple(_text(json.loads(line)) for line in _lines(folder, "corpus.jsonl"))
    asked = (json.loads(line) for line in _lines(folder, "queries.jsonl"))
    questions = tuple(Question(query["text"], grades[query["id"]]) for query in asked)
    return Collection(folder.name, bulletins, questions, "any")


def _lines(folder: Path, name: str) -> Iterator[str]:
    packed = folder / f"{name}.xz"
    with lzma.open(packed, "rt") if packed.exists() else (folder / name).open() as file:
        yield from file


def _text(entry: dict[str, str]) -> Bulletin:
    lines = entry["text"].splitlines()
    blocks = (Block(entry["title"], Kind.TITLE), *map(Block, filter(str.strip, lines)))
    source = Source(entry["id"], "text/plain", "utf-8", "", 0)
    return Bulletin(entry["id"], source, entry["title"], blocks)
