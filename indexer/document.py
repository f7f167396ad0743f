"""A bulletin and its terms: what does an engine store?

Terms travel as arrays and strings, never as one Python object for each unit.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from indexer.bulletin import Block, Bulletin, IssueNumber, Kind, Organization, Section, Source
from indexer.language import Notice, Sentence

FIRST_NAME: Final = 0x110000
"""The first code beyond Unicode: a unit with code `FIRST_NAME + i` is spelled `names[i]`."""


@dataclass(frozen=True, slots=True)
class UnitSequence:
    """A text as units, one after another.

    `codes` is an array of uint32: the code point of a unit of one character, or
    `FIRST_NAME + i` for the Latin word or number `names[i]`.
    """

    codes: npt.NDArray[np.uint32]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as bytes, in a third of the time that an array takes."""
        return _sequence, (self.codes.tobytes(), self.names)

    def spelled(self) -> tuple[str, ...]:
        """Return each unit as a string; for queries and tests, not for the build path."""
        return tuple(
            chr(code) if code < FIRST_NAME else self.names[code - FIRST_NAME]
            for code in self.codes.tolist()
        )


def _sequence(codes: bytes, names: tuple[str, ...]) -> UnitSequence:
    return UnitSequence(np.frombuffer(codes, dtype=np.uint32), names)


OFFERED: Final = ("organization", "series", "title", "phrase")
"""The kinds of texts that a bulletin offers to whoever types."""
PART: Final = "part"
"""The kind of a phrase that, as far as its bulletin tells, may be part of a longer one alone."""
_OFFER: Final = "\t"
_KINDS: Final = {kind.value: kind for kind in Kind}


def offer(kind: str, text: str) -> str:
    """Return a kind and a text as one string, as engines keep it; `offered` takes it apart."""
    return f"{kind}{_OFFER}{text}"


def offered(joined: str) -> tuple[str, str]:
    """Return the kind and the text of an offer."""
    kind, _, text = joined.partition(_OFFER)
    return kind, text


class WordCount(NamedTuple):
    """How often a word stands in the title, in the headings and in the rest of a bulletin."""

    title: int = 0
    heading: int = 0
    body: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """The different words of a bulletin: `joined` has them by `join`, and the columns of `counts`,
    three rows of uint32, how often each stands in title, headings and rest.

    So they go from one process to another in a tenth of the time that a dictionary takes.
    """

    joined: str
    counts: npt.NDArray[np.uint32]

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as bytes."""
        return _words, (self.joined, self.counts.tobytes())

    def spellings(self) -> list[str]:
        """Return the words."""
        return self.joined.split(_END)[:-1]

    def each(self) -> dict[str, WordCount]:
        """Return how often each word stands; for queries and tests, not for the build path."""
        return dict(zip(self.spellings(), map(WordCount, *self.counts.tolist()), strict=True))


def _words(joined: str, counts: bytes) -> Words:
    return Words(joined, np.frombuffer(counts, dtype=np.uint32).reshape(3, -1))


_END: Final = "\0"


def join(words: Iterable[str]) -> str:
    """Return words as one string, NUL behind each: none has one."""
    return _END.join((*words, ""))


@dataclass(frozen=True, slots=True)
class Document:
    """What an engine gets of one bulletin.

    `title` is the half-open range of `units` that is the title (empty when none stands in the
    text).  `lengths` counts the words of title, headings and rest.  `facets` holds the values of
    each facet of the schema.  `date` is yyyymmdd with 00 for parts that are not known, 0 without
    a date.  `issue` is the issue number and `cumulative` the running one, -1 without one.
    `stored` is the bulletin, by `dump`.  `group` is the id of the bulletin of which this is a copy;
    an answer shows one of a group.  `aliases` are the other names of bodies in it, each with the
    full name.  `offers` are what a search box may suggest, each by `offer`.
    """

    id: str
    units: UnitSequence
    title: tuple[int, int]
    words: Words
    lengths: WordCount
    facets: Mapping[str, tuple[str, ...]]
    date: int
    issue: int
    cumulative: int
    stored: str
    group: str
    aliases: tuple[tuple[str, str], ...] = ()
    offers: tuple[str, ...] = ()


def dump(bulletin: Bulletin) -> str:
    """Return the bulletin as JSON; `load` gives an equal one back.

    By orjson in half the time, but for half a surrogate pair and a number beyond 64 bits,
    which it does not write.
    """
    data = {field.name: getattr(bulletin, field.name) for field in dataclasses.fields(bulletin)}
    # Most of a bulletin is blocks; without their field names they are read twice as fast.
    data["blocks"] = [
        (block.text, block.kind, block.page, block.level) for block in bulletin.blocks
    ]
    try:
        return orjson.dumps(data).decode()
    except orjson.JSONEncodeError:
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(part: Any) -> dict[str, Any]:
    """Return a part of a bulletin as JSON can have it."""
    return {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}


def load(stored: str) -> Bulletin:
    """Return the bulletin that `dump` wrote."""
    data = _read(stored)
    data["source"] = Source(**data["source"])
    rows = [(text, _KINDS[kind], page, level) for text, kind, page, level in data["blocks"]]
    data["blocks"] = tuple(map(Block._make, rows))  # in less time than by name
    data["sections"] = tuple(
        Section(item["heading"], item["start"], item["stop"], tuple(item["organizations"]))
        for item in data["sections"]
    )
    data["issue"] = IssueNumber(**data["issue"]) if data["issue"] else None
    data["organizations"] = tuple(
        Organization(item["name"], tuple(item["aliases"]), item["count"])
        for item in data["organizations"]
    )
    data["distribution"] = {name: tuple(to) for name, to in data["distribution"].items()}
    data["furniture"] = tuple(data["furniture"])
    data["notices"] = tuple(
        Notice(item["code"], Sentence(**item["sentence"]), item["position"])
        for item in data["notices"]
    )
    return Bulletin(**data)


def _read(stored: str) -> dict[str, Any]:
    """Return JSON as Python has it, by orjson in half the time.

    Half a surrogate pair is no JSON to orjson, and a number beyond 64 bits a float: that of an
    issue, since no other comes from a text.
    """
    try:
        data: dict[str, Any] = orjson.loads(stored)
    except orjson.JSONDecodeError:
        return dict(json.loads(stored))
    odd = data["issue"] and float in map(type, data["issue"].values())
    return dict(json.loads(stored)) if odd else data
