"""What can be suggested?  Names of the index, the most frequent first, as arrays to look into.

A name is a text that bulletins offer: an organization or its short name, a title, a series, a
phrase.  Names lie one after another in a few arrays, not as objects: 300,000 names of ten
characters and a million places to begin from take about 20 MB.  To gather them takes seconds in a
large index, and ten times that room: so a build keeps them beside the index, with the tally that
an update goes on from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.arrays import mapped_arrays, write_arrays
from indexer.document import OFFERED
from indexer.engines.base import Engine
from indexer.suggest.keeping import (
    CHANGES,
    TALLY,
    continued_tally,
    keep_tally,
    kept_texts,
    link_tally,
)
from indexer.suggest.loops import arranged, chosen
from indexer.suggest.tally import Tally, counted
from indexer.suggest.texts import Codes, Numbers, Spelled

Places = npt.NDArray[np.int32]

KEPT: Final = "names.npy"
_FILES: Final = (KEPT, TALLY, CHANGES)


@dataclass(frozen=True, slots=True)
class Names:
    """Names, the most frequent first.

    `codes` are their folded characters, white space left out, `END` after each; name i begins at
    `begins[i]`.  `rows` are the places in `codes` that typing may begin from: all beginnings of
    names, then the inner beginnings (each clause of a title, each character of an organization);
    `owners` are their names.  The rows that begin with `heads[i]` are
    `by_head[head_begins[i]:head_begins[i + 1]]`, ascending.

    Name i is shown as the text `texts[i]`: of those of the tally, which lie on disk beside them, or
    of those that came later, whose numbers go on from there; of these `fresh` and `fresh_ends` are
    `Spelled`.
    """

    kept: Spelled
    fresh: npt.NDArray[np.uint8]
    fresh_ends: Numbers
    texts: Numbers
    kinds: npt.NDArray[np.uint8]
    codes: Codes
    begins: Places
    rows: Places
    owners: Places
    heads: Codes
    head_begins: npt.NDArray[np.intp]
    by_head: Places

    def starting(self, chars: npt.NDArray[np.bool_], *, whole: bool) -> Places:
        """Return the rows that begin with one of `chars`, ascending; beginnings only if `whole`."""
        fitting = chars[self.heads]
        if fitting.all():
            return np.arange(len(self.begins if whole else self.rows), dtype=np.int32)
        parts = [
            self.by_head[self.head_begins[at] : self.head_begins[at + 1]]
            for at in np.flatnonzero(fitting).tolist()
        ]
        rows = np.sort(np.concatenate(parts)) if parts else self.by_head[:0]
        return rows[: np.searchsorted(rows, len(self.begins))] if whole else rows

    def __len__(self) -> int:
        return len(self.texts)

    def text(self, name: int) -> str:
        """Return a name as it is shown."""
        number, kept = int(self.texts[name]), len(self.kept)
        if number < kept:
            return self.kept[number]
        return Spelled(self.fresh, self.fresh_ends)[number - kept]

    def kind(self, name: int) -> str:
        """Return the kind of a name."""
        return OFFERED[self.kinds[name]]


_FIELDS: Final = fields(Names)[1:]
"""What `KEPT` has; the first is in `TALLY`."""


def keep_names(engine: Engine, directory: Path) -> None:
    """Gather the names of an index, and keep them in its directory."""
    tally = counted(engine.offers)
    keep_tally(tally, directory)
    _keep(_names(tally, engine.count), directory)


def renew_names(
    directory: Path,
    last: Path,
    changes: Mapping[str, int] | None,
    bulletins: int,
    *,
    as_many: bool,
) -> bool:
    """Keep the names of an index of so many bulletins that continues the one in `last`; they are
    those that `keep_names` would keep.  False where it has to: all must be counted again.

    `changes` says how many bulletins more offer what, or fewer; None when that is too much to say.
    `as_many` says whether there are as many bulletins as before.
    """
    if changes is None:
        return False
    if as_many and not any(changes.values()) and _stay(last):
        for name in _FILES:  # most corrections of a text change nothing of what it offers
            (directory / name).hardlink_to(last / name)
        return True
    continued = continued_tally(last, changes)
    if continued is None:
        return False
    tally, since = continued
    try:
        names = _names(tally, bulletins, kept_texts(last))
    except (IndexError, ValueError):  # what was kept is damaged
        return False
    link_tally(last, directory, since)
    _keep(names, directory)
    return True


def _stay(directory: Path) -> bool:
    """Say whether names were kept in a directory, as they are kept now."""
    whole = all((directory / name).is_file() for name in _FILES)
    return whole and kept_names(directory) is not None


def _keep(names: Names, directory: Path) -> None:
    write_arrays(directory / KEPT, (getattr(names, field.name) for field in _FIELDS))


def kept_names(directory: Path) -> Names | None:
    """Return the names that were kept in a directory, None where there are none, or not whole."""
    try:
        return Names(kept_texts(directory), *mapped_arrays(directory / KEPT))
    except (OSError, ValueError, TypeError, StopIteration, RuntimeError):
        return None


def gather(offers: Callable[[], Iterable[Mapping[str, int]]], bulletins: int) -> Names:
    """Return the names of an index.

    `offers` gives those of its documents (`document.offer`), each with the number of bulletins
    that have it, in parts of which the numbers are added up; `bulletins` is the number of all.
    """
    return _names(counted(offers), bulletins)


def _names(tally: Tally, bulletins: int, kept: Spelled | None = None) -> Names:
    """Return the names that are chosen from a tally, arranged to be looked into.

    `kept` are its first texts, as they were kept; all of them, unless it is said.
    """
    shown = tally.texts.shown
    kept = shown if kept is None else kept
    fresh = shown.behind(len(kept))
    texts, of_kind = chosen(tally, bulletins)
    codes, begins, rows, owners = arranged(tally.texts.codes, tally.texts.code_ends, texts, of_kind)
    by_head = np.argsort(codes[rows], kind="stable").astype(np.int32)
    heads, head_begins = np.unique(codes[rows][by_head], return_index=True)
    return Names(
        kept=kept,
        fresh=fresh.data,
        fresh_ends=fresh.ends,
        texts=texts,
        kinds=of_kind,
        codes=codes,
        begins=begins,
        rows=rows,
        owners=owners,
        heads=heads,
        head_begins=np.append(head_begins, len(rows)),
        by_head=by_head,
    )
