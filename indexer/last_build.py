"""What does an update begin with?  What the last build knows of each file, and of those in it."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from indexer.analysis import Segmenter
from indexer.build_report import FileReport
from indexer.engines.generations import open_current
from indexer.engines.opening import facts
from indexer.errors import IndexUnavailable
from indexer.kept_report import STATING, WITHIN, Reports, Rows, read_report
from indexer.metadata import Authority
from indexer.readers import Found, recognizer
from indexer.settings import Settings

_CLOCK: Final = 2_000_000_000
"""Nanoseconds before the last build began.  A file modified later is read again: it may have
changed once more in the same tick of its file system's clock (FAT counts in two seconds)."""

_NONE: Final = Reports.of(())
_NO_ROWS: Final[Rows] = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The generation that an update begins with; an empty one for a rebuild.

    `paths` are those of the files on disk, in order; `places` has the number of each by its path.
    The report of the i-th is at `heads[i]` of `files`, those of what is in it follow, up to
    `ends[i]`.  Files of the same name below two folders cannot be told apart, and are read again:
    they have no place.
    """

    directory: Path | None = None
    started: int = 0
    files: Reports = _NONE
    paths: Sequence[str] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    heads: Rows = field(default_factory=_NO_ROWS.copy)
    ends: Rows = field(default_factory=_NO_ROWS.copy)
    _known: dict[str, tuple[FileReport, ...]] = field(default_factory=dict)
    _named: dict[str, dict[str, FileReport]] = field(default_factory=dict)

    @property
    def certain(self) -> int:
        """When a file must have been modified at the latest to be certainly as it was."""
        return self.started - _CLOCK

    @property
    def stating(self) -> tuple[FileReport, ...]:
        """The reports of files that state something of bulletins; they stand behind all others."""
        return self.files[int(self.ends.max(initial=0)) :]

    def report_of(self, found: Found) -> FileReport | None:
        """Return what was said of a file, wherever it is; None also where two had its name."""
        path = found.on_disk.relative
        if path not in self._named:
            held = self.within(found.on_disk)
            times = Counter(old.path for old in held)
            self._named[path] = {old.path: old for old in held if times[old.path] == 1}
        return self._named[path].get(found.relative)

    def unchanged(self, found: Found, overrides: str) -> FileReport | None:
        """Return the report of a file that is as it was, and of which the same is stated."""
        if found.refusal or not self._is_as_it_was(found.on_disk):
            return None
        old = self.report_of(found)
        facts = (found.size, found.inside, overrides)
        return old if old and (old.size, old.inside, old.overrides) == facts else None

    def members(self, found: Found) -> tuple[Found, ...]:
        """Return what was in an archive or mail; nothing where it may have changed."""
        if not self._is_as_it_was(found.on_disk):
            return ()
        within = f"{found.relative}/"
        return tuple(
            found.member(old.inside[-1], old.path.removeprefix(within), old.size)
            for old in self.within(found.on_disk)
            if old.inside and old.inside[:-1] == found.inside
        )

    def _is_as_it_was(self, found: Found) -> bool:
        old = self.within(found)[:1]
        if not old or not old[0].modified or found.modified >= self.certain:
            return False
        return (old[0].size, old[0].modified) == (found.size, found.modified)

    def within(self, on_disk: Found) -> tuple[FileReport, ...]:
        """Return what was said of a file on disk and then of all that is in it."""
        path = on_disk.relative
        if path not in self._known:
            at = self.places.get(path)
            known = () if at is None else self.files[int(self.heads[at]) : int(self.ends[at])]
            self._known[path] = known
        return self._known[path]


def last_build(settings: Settings, segmenter: Segmenter, authority: Authority) -> LastBuild:
    """Return the build that can be continued; an empty one where there is none."""
    try:
        name, directory, manifest = open_current(Path(settings.index))
        if manifest.facts != facts_of(settings, segmenter, authority):
            return LastBuild()
        last = read_report(name, directory)
    except IndexUnavailable:
        return LastBuild()
    files = Reports.of(last.files)
    heads = np.flatnonzero((files.kinds & (WITHIN | STATING)) == 0)
    bulletins = np.count_nonzero((files.kinds & STATING) == 0)
    ends = np.append(heads[1:], bulletins)[: len(heads)]
    every = files.paths
    paths = [every[head] for head in heads.tolist()]
    places = {path: at for at, path in enumerate(paths)}
    if len(places) < len(paths):
        times = Counter(paths)
        places = {path: at for path, at in places.items() if times[path] == 1}
    return LastBuild(directory, last.started, files, paths, places, heads, ends)


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
