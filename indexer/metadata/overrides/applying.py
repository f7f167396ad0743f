"""What is the bulletin when all is put right?  What the operator states stands before the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from indexer.bulletin import Bulletin, IssueNumber, Kind, Organization, Section
from indexer.corrections import KEYS
from indexer.language import Notice, Sentence
from indexer.metadata.authority import NONE, Authority
from indexer.metadata.notation import shown
from indexer.metadata.notices import notice
from indexer.metadata.overrides.statements import Resolved, Statement, resolve
from indexer.metadata.overrides.values import Value
from indexer.metadata.wording import plain

_TEXTS: Final = (
    "title",
    "series",
    "document_number",
    "date",
    "publisher",
    "author",
    "confidentiality",
)
_STANDS_IN: Final = re.compile(r"no_title|title_from_.*")
_SILENT: Final = (Kind.MASTHEAD, Kind.DISTRIBUTION)
"""What names the sender and the receivers, not what the bulletin is about."""


def put_right(
    bulletin: Bulletin, statements: Iterable[Statement], authority: Authority = NONE
) -> Bulletin:
    """Return a bulletin with what is stated of it, the weightier statements last.

    Notices say what was put right (`override_used`) and what could not be used
    (`override_invalid`).  An organization becomes the full name that the authority has for it.
    """
    found = resolve(statements)
    if not found.values and not found.notices:
        return bulletin
    texts: dict[str, Any] = {key: found.values[key] for key in _TEXTS if key in found.values}
    right = replace(bulletin, **texts, issue=_issue(bulletin.issue, found.values))
    if "organizations" in found.values:
        names = cast(tuple[str, ...], found.values["organizations"])
        right = _about(right, dict.fromkeys(map(authority.resolved, names)))
    right = _titled(right, found)
    notices = (n for n in right.notices if not _is_settled(n.code, found.values))
    return replace(right, notices=(*notices, *_used(bulletin, right, found), *found.notices))


def _issue(before: IssueNumber | None, values: Mapping[str, Value]) -> IssueNumber | None:
    number = cast(IssueNumber | None, values.get("issue", before))
    if number is None and "issue" in values:
        return None
    cumulative = number.cumulative if number else None
    if cumulative is None and before is not None:
        cumulative = before.cumulative
    cumulative = cast(int | None, values.get("cumulative", cumulative))
    if number is not None:
        return replace(number, cumulative=cumulative)
    return (
        None if cumulative is None else IssueNumber(cumulative, f"总第{cumulative}期", cumulative)
    )


def _titled(bulletin: Bulletin, found: Resolved) -> Bulletin:
    """Let the series and issue that are stated stand in for a headline, as those of a masthead."""
    codes = [n.code for n in bulletin.notices if _STANDS_IN.fullmatch(n.code)]
    changed = found.values.keys() & {"series", "issue", "cumulative"}
    if not codes or not changed or "title" in found.values or not bulletin.series:
        return bulletin
    if bulletin.issue is None and "title_from_series" not in codes:
        return bulletin
    label = f" {bulletin.issue.label}" if bulletin.issue else ""
    kept = (n for n in bulletin.notices if n.code not in codes)
    notices = (*kept, notice("title_from_series"))
    return replace(bulletin, title=f"{bulletin.series}{label}", notices=notices)


def _about(bulletin: Bulletin, names: Iterable[str]) -> Bulletin:
    """Let a bulletin be about these bodies and no others."""
    known = {name: body for body in bulletin.organizations for name in (body.name, *body.aliases)}
    known |= {body.name: body for body in bulletin.organizations}
    bodies = {
        body.name: body
        for name in names
        for body in (known.get(name) or Organization(name, (), _mentions(bulletin, name)),)
    }
    sections = tuple(replace(s, organizations=_of(s, bodies)) for s in bulletin.sections)
    return replace(bulletin, organizations=tuple(bodies.values()), sections=sections)


def _of(section: Section, bodies: Iterable[str]) -> tuple[str, ...]:
    heading = plain(section.heading)
    named = (name for name in bodies if plain(name) in heading)
    known = set(bodies)
    return tuple(dict.fromkeys([*(n for n in section.organizations if n in known), *named]))


def _mentions(bulletin: Bulletin, name: str) -> int:
    texts = (block.text for block in bulletin.blocks if block.kind not in _SILENT)
    return sum(plain(text).count(plain(name)) for text in texts)


def _is_settled(code: str, values: Mapping[str, Value]) -> bool:
    """Say whether a notice is about something that the operator has stated."""
    keys = {*values, "issue"} if "cumulative" in values else values.keys()
    return any(code == f"no_{key}" or code.startswith(f"{key}_from_") for key in keys)


def _used(before: Bulletin, after: Bulletin, found: Resolved) -> Iterator[Notice]:
    for key, name in KEYS.items():
        if key in found.values:
            source, now = found.sources[key], _written(after, key, found.values[key])
            was = _written(before, key, "")
            zh = f"，原认作“{was}”" if was not in ("", now) else ""
            en = f"; the text seems to say “{was}”" if was not in ("", now) else ""
            yield Notice(
                "override_used",
                Sentence(
                    f"{name.zh}按{source.zh}定为“{now or '无'}”{zh}。",
                    f"The {name.en} is “{now or 'none'}”, as {source.en} states{en}.",
                ),
            )


def _written(bulletin: Bulletin, key: str, stated: Value) -> str:
    """Return a value of a bulletin as a notice quotes it."""
    if key == "encoding":
        return str(stated)
    issue = bulletin.issue
    if key == "issue":
        return issue.label if issue else ""
    if key == "cumulative":
        return str(issue.cumulative) if issue and issue.cumulative is not None else ""
    if key == "organizations":
        return shown("、".join(body.name for body in bulletin.organizations))
    return shown(str(getattr(bulletin, key)))
