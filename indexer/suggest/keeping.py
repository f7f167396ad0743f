"""How is a tally kept?  As it was counted, and beside it what has changed since.

An update links what was counted, which is large, and writes anew what has changed, which is small.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

from indexer.arrays import mapped_arrays, write_arrays
from indexer.suggest.tally import Called, Phrases, Tally, grown
from indexer.suggest.texts import Spelled, Texts

TALLY: Final = "tally.npy"
CHANGES: Final = "tally.json"

_MOST_CHANGES: Final = 50_000
"""What may be offered by more or fewer bulletins than were counted: a quarter of a second's work.
After that everything is counted again."""
Changes = Mapping[str, int]
"""How many bulletins more offer something, or fewer."""
_PARTS: Final = (Texts, Called, Phrases)


def keep_tally(tally: Tally, directory: Path) -> None:
    """Keep a tally in a directory."""
    parts = (tally.texts, tally.called, tally.phrases)
    arrays = (getattr(part, field.name) for part in parts for field in fields(part))
    write_arrays(directory / TALLY, arrays)
    _keep_changes({}, directory)


def continued_tally(last: Path, changes: Changes) -> tuple[Tally, Changes] | None:
    """Return the tally that was kept in `last`, with more changes, and all changes since it was
    counted.

    None where none was kept, it is not whole, or much has changed.
    """
    try:
        kept = dict(json.loads((last / CHANGES).read_text("utf-8")))
        since = Counter({offer: int(count) for offer, count in kept.items()})
        since.update(changes)
        if len(since) > _MOST_CHANGES:
            return None
        since = Counter({offer: count for offer, count in since.items() if count})
        return grown(_kept(last / TALLY), since), since
    except (OSError, ValueError, TypeError, LookupError, StopIteration, RuntimeError):
        return None


def link_tally(last: Path, directory: Path, since: Changes) -> None:
    """Keep what was kept in `last`, and what has changed since it was counted, in a directory."""
    (directory / TALLY).hardlink_to(last / TALLY)
    _keep_changes(since, directory)


def kept_texts(directory: Path) -> Spelled:
    """Return the texts of the tally that was kept in a directory.

    Raises what says that it is not whole: `OSError`, `ValueError`, `StopIteration`, `RuntimeError`.
    """
    return _kept(directory / TALLY).texts.shown


def _kept(path: Path) -> Tally:
    arrays = iter(mapped_arrays(path))
    texts, called, phrases = ([next(arrays) for _ in fields(part)] for part in _PARTS)
    return Tally(Texts(*texts), Called(*called), Phrases(*phrases))


def _keep_changes(changes: Changes, directory: Path) -> None:
    text = json.dumps(changes)  # all of it ASCII, so that half a surrogate pair is no matter
    (directory / CHANGES).write_text(text, encoding="ascii")
