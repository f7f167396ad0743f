"""When must the index be updated?  When the folders have changed, and stand still again.

Folders are looked at every few seconds, which works on network folders too, where a file system
tells of no changes.  A file that is still being written differs between two looks: an update waits
until two looks in a row agree, so a burst of files is one update, and half a file none.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from indexer.build_report import BuildReport
from indexer.builder import update
from indexer.errors import BadInput, IndexLocked, JianbaoError
from indexer.readers import walk
from indexer.settings import Settings

Look = list[tuple[Sequence[str], Sequence[int], Sequence[int]]]


def watch(
    settings: Settings,
    updated: Callable[[BuildReport], None],
    failed: Callable[[JianbaoError], None],
    stop: threading.Event,
) -> None:
    """Update the index whenever the folders change, until `stop` is set.

    `updated` gets the report of each update, `failed` what went wrong, once until it changes;
    what may pass (another build, a full disk, a folder that is away) is tried again.
    """
    done: Look | None = None
    before: Look | None = None
    said = ""
    while not stop.is_set():
        try:
            look = _look(settings)
            if look == before != done:
                updated(update(settings))
                done = look
            before, said = look, ""
        except JianbaoError as error:
            if str(error) != said and not isinstance(error, IndexLocked):
                failed(error)
            said = str(error)
            if isinstance(error, BadInput):
                done = before  # only another change of the folders can cure it
        stop.wait(settings.watch_seconds)


def _look(settings: Settings) -> Look:
    limit = settings.max_file_mb * 1_000_000
    walked = walk(settings.folders, limit)
    return [(files.names, files.sizes, files.times) for files in walked]
