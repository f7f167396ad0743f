"""What does an update begin with?  What the last build knows of each file, and of those in it."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from indexer.analysis import Segmenter
from indexer.build_report import BuildReport, FileReport, read_report
from indexer.engines.generations import open_current
from indexer.engines.opening import facts
from indexer.errors import IndexUnavailable
from indexer.metadata import Authority
from indexer.readers import Found, recognizer
from indexer.settings import Settings

_CLOCK: Final = 2_000_000_000
"""Nanoseconds before the last build began.  A file modified later is read again: it may have
changed once more in the same tick of its file system's clock (FAT counts in two seconds)."""

_Place = tuple[str, tuple[int, ...]]
"""A file on disk, and the place in it of an archive or mail."""


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The generation that an update begins with; an empty one for a rebuild.

    `files` has what was reported of each file, by its path; `held` what was reported of the files
    that are directly in each archive or mail.
    """

    directory: Path | None = None
    report: BuildReport = field(default_factory=lambda: BuildReport("", ()))
    files: Mapping[str, FileReport] = field(default_factory=dict)
    held: Mapping[_Place, tuple[FileReport, ...]] = field(default_factory=dict)
    certain: int = 0

    def unchanged(self, found: Found, overrides: str) -> FileReport | None:
        """Return the report of a file that is as it was, and of which the same is stated."""
        old = self.files.get(found.relative)
        if old is None or found.refusal or not self._is_as_it_was(found.on_disk):
            return None
        facts = (found.size, found.inside, overrides)
        return old if (old.size, old.inside, old.overrides) == facts else None

    def members(self, found: Found) -> tuple[Found, ...]:
        """Return what was in an archive or mail; nothing where it may have changed."""
        if not self._is_as_it_was(found.on_disk):
            return ()
        within = f"{found.relative}/"
        return tuple(
            found.member(old.inside[-1], old.path.removeprefix(within), old.size)
            for old in self.held.get((found.on_disk.relative, found.inside), ())
        )

    def _is_as_it_was(self, found: Found) -> bool:
        old = self.files.get(found.relative)
        if old is None or not old.modified or found.modified >= self.certain:
            return False
        return (old.size, old.modified) == (found.size, found.modified)


def last_build(settings: Settings, segmenter: Segmenter, authority: Authority) -> LastBuild:
    """Return the build that can be continued; an empty one where there is none."""
    try:
        name, directory, manifest = open_current(Path(settings.index))
    except IndexUnavailable:
        return LastBuild()
    if manifest.facts != facts_of(settings, segmenter, authority):
        return LastBuild()
    last = read_report(name, directory)
    # Files of the same name below two folders cannot be told apart, and are read again.
    times = Counter(file.path for file in last.bulletins)
    known = {file.path: file for file in last.bulletins if times[file.path] == 1}
    return LastBuild(directory, last, known, _held(last), last.started - _CLOCK)


def facts_of(settings: Settings, segmenter: Segmenter, authority: Authority) -> dict[str, str]:
    """Return what an update must have in common with the build that it continues."""
    folders = "\n".join(str(Path(folder).resolve()) for folder in settings.folders)
    members = (settings.archive_members, settings.archive_mb, settings.archive_ratio)
    return {
        **facts(),
        "words": segmenter.fingerprint,
        "organizations": authority.fingerprint,
        "encoding": settings.encoding,
        "bounds": " ".join(map(str, (settings.max_file_mb, *members))),
        "ocr": f"{recognizer()} {settings.ocr_pages}".strip(),
        "program": version("jianbao"),
        "folders": hashlib.sha256(os.fsencode(folders)).hexdigest(),
    }


def _held(last: BuildReport) -> dict[_Place, tuple[FileReport, ...]]:
    """Return what is directly in each archive or mail: in a report they follow on it."""
    held: dict[_Place, list[FileReport]] = {}
    on_disk = ""
    for file in last.bulletins:
        if file.inside:
            held.setdefault((on_disk, file.inside[:-1]), []).append(file)
        else:
            on_disk = file.path
    return {place: tuple(files) for place, files in held.items()}
