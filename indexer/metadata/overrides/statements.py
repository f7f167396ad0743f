"""What holds when several places state something?  The later one, and a contradiction is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from indexer.bulletin import IssueNumber
from indexer.corrections import KEYS, key_of
from indexer.language import Notice, Sentence
from indexer.metadata.notation import Invalid, shown
from indexer.metadata.overrides.values import Value, checked

FRONT: Final = Sentence("正文前注", "the front matter")


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stated of one bulletin in one place: pairs of key and value, as written."""

    source: Sentence
    pairs: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Resolved:
    """What holds: each key's value and the place that states it; and what was wrong."""

    values: dict[str, Value] = field(default_factory=dict)
    sources: dict[str, Sentence] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


def resolve(statements: Iterable[Statement]) -> Resolved:
    """Return what holds of statements, the weightier ones last.  An empty value states nothing."""
    found = Resolved()
    for statement in statements:
        for written, value in statement.pairs:
            if value.strip():
                _take(found, statement.source, written, value.strip())
    return found


def invalid(source: Sentence, why: Sentence) -> Notice:
    """Return the notice about what cannot be used in a place."""
    return Notice(
        "override_invalid", Sentence(f"{source.zh}：{why.zh}。", f"{source.en}: {why.en}.")
    )


def _take(found: Resolved, source: Sentence, written: str, value: str) -> None:
    try:
        key = _key(written, source)
        now = checked(key, value)
    except Invalid as error:
        found.notices.append(_wrong_value(source, written, value, error.why))
        return
    if key in found.values and _meaning(found.values[key]) != _meaning(now):
        found.notices.append(_contradiction(key, found.sources[key], source))
    found.values[key], found.sources[key] = now, source


def _meaning(value: Value) -> object:
    """Return what a value says however it is written: 第27期 and 第二十七期 are the same."""
    if isinstance(value, IssueNumber):
        return value.number or value.label, value.cumulative
    return value


def _key(written: str, source: Sentence) -> str:
    key = key_of(written)
    if not key:
        raise Invalid("没有这一项", "there is no such key")
    if key == "encoding" and source == FRONT:
        raise Invalid("要写在文件之外", "it must be stated outside the file")
    return key


def _wrong_value(source: Sentence, written: str, value: str, why: Sentence) -> Notice:
    stated = f"{shown(written)} = {shown(value)}"
    said = Sentence(f"“{stated}”{why.zh}，没有采用", f"“{stated}” was not used: {why.en}")
    return invalid(source, said)


def _contradiction(key: str, before: Sentence, source: Sentence) -> Notice:
    name = KEYS[key]
    said = Sentence(
        f"{name.zh}与{before.zh}所写不同，以这里为准",
        f"the {name.en} differs from that in {before.en}; this one counts",
    )
    return invalid(source, said)
