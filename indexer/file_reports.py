"""What is to be reported of one file?"""

from __future__ import annotations

import base64
import dataclasses
from typing import Final

import numpy as np

from indexer.analysis import Signature, signature
from indexer.build_report import FileReport
from indexer.bulletin import Bulletin
from indexer.copies import Identity, Likeness
from indexer.document import UnitSequence
from indexer.errors import UnreadableFile
from indexer.language import Notice, Sentence
from indexer.overrides import Given
from indexer.readers import Found

_LIKENESS: Final = ("copy", "near_identical")
"""The codes of what is said of the bulletins that one is like."""


def refused(file: Found, error: UnreadableFile, given: Given) -> FileReport:
    """Return the report of a file that could not be read."""
    return FileReport(
        file.relative,
        "refused",
        error.reason,
        error.detail,
        size=file.size,
        modified=file.modified,
        overrides=given.fingerprint,
        inside=file.inside,
        notices=given.unused,
    )


def container(file: Found, media_type: str, given: Given) -> FileReport:
    """Return the report of a file that has no text of its own, but files in it."""
    return FileReport(
        file.relative,
        "opened",
        media_type=media_type,
        size=file.size,
        modified=file.modified,
        overrides=given.fingerprint,
        inside=file.inside,
        notices=given.unused_here,
    )


def duplicate(known: FileReport, given: Given, first: str) -> FileReport:
    """Return the report of a file that equals the one at `first` byte for byte."""
    return FileReport(
        known.path,
        "refused",
        "duplicate",
        first,
        media_type=known.media_type,
        encoding=known.encoding,
        size=known.size,
        modified=known.modified,
        sha256=known.sha256,
        overrides=known.overrides,
        inside=known.inside,
        notices=given.unused,
    )


def understood(known: FileReport, bulletin: Bulletin, units: UnitSequence) -> FileReport:
    """Return a report with what was understood, and what tells the text from others."""
    mark = signature(units)
    return dataclasses.replace(
        known,
        id=bulletin.id,
        title=bulletin.title,
        series=bulletin.series,
        issue=bulletin.issue.label if bulletin.issue else "",
        date=bulletin.date,
        publisher=bulletin.publisher,
        number=bulletin.issue.number if bulletin.issue else None,
        cumulative=bulletin.issue.cumulative if bulletin.issue else None,
        signature=base64.b64encode(mark.tobytes()).decode("ascii"),
        notices=bulletin.notices,
    )


def identity(file: FileReport) -> Identity:
    """Return what tells a bulletin from others."""
    return Identity(file.title, file.number, file.date, file.publisher)


def signature_of(file: FileReport) -> Signature:
    """Return what tells a text from others."""
    return np.frombuffer(base64.b64decode(file.signature), dtype=np.uint32)


def compared(file: FileReport, like: Likeness) -> FileReport:
    """Return a report with what the bulletin is like among those before it, and nothing that was
    said of that before.
    """
    notices = tuple(notice for notice in file.notices if notice.code not in _LIKENESS)
    if like.copy_of:
        notices += (_copy_notice(like.copy_of),)
    if like.near:
        notices += (_near_notice(like.near),)
    if (like.group, like.near, notices) == (file.group, file.near, file.notices):
        return file
    return dataclasses.replace(file, group=like.group, near=like.near, notices=notices)


def _copy_notice(path: str) -> Notice:
    """Say that this is the bulletin in another file once more."""
    said = Sentence(f"与 {path} 是同一期简报。", f"The same bulletin as {path}.")
    return Notice("copy", said)


def _near_notice(near: tuple[str, ...]) -> Notice:
    """Say which files have nearly the same text."""
    names = "、".join(near)
    said = Sentence(f"与 {names} 的文字几乎相同。", f"Nearly the same text as {names}.")
    return Notice("near_identical", said)
