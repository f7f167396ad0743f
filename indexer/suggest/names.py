"""What can be suggested?  Names of the index, the most frequent first, as arrays to look into.

A name is a text that bulletins offer: an organization or its short name, a title, a series, a
phrase.  Names lie one after another in a few arrays, not as objects: 300,000 names of ten
characters and a million places to begin from take about 30 MB.  To gather them takes seconds in a
large index, and ten times that room: so a build keeps them beside the index, with the tally that
an update goes on from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.analysis.fold import MARK
from indexer.arrays import mapped_arrays, write_arrays
from indexer.document import OFFERED
from indexer.engines.base import Engine
from indexer.ranges import ranges
from indexer.suggest.choosing import chosen
from indexer.suggest.keeping import CHANGES, TALLY, continued_tally, keep_tally
from indexer.suggest.tally import Tally, counted
from indexer.suggest.texts import Codes

Places = npt.NDArray[np.int32]

KEPT: Final = "names.npy"
_FILES: Final = (KEPT, TALLY, CHANGES)
_CUT: Final = 1 << 13
"""Texts that are put together at once: the places of their characters stay in the cache."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names, the most frequent first.

    `codes` are their folded characters, white space left out, `END` after each; name i begins at
    `begins[i]`.  `rows` are the places in `codes` that typing may begin from: all beginnings of
    names, then the inner beginnings (each clause of a title, each character of an organization);
    `owners` are their names.  The rows that begin with `heads[i]` are
    `by_head[head_begins[i]:head_begins[i + 1]]`, ascending.  `spelled` are the names as they are
    shown, in UTF-8; the i-th ends at `ends[i]`.
    """

    spelled: npt.NDArray[np.uint8]
    ends: Places
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
        return len(self.ends)

    def text(self, name: int) -> str:
        """Return a name as it is shown."""
        start = self.ends[name - 1] if name else 0
        return self.spelled[start : self.ends[name]].tobytes().decode("utf-8", "surrogatepass")

    def kind(self, name: int) -> str:
        """Return the kind of a name."""
        return OFFERED[self.kinds[name]]


_FIELDS: Final = fields(Names)


def keep_names(engine: Engine, directory: Path) -> None:
    """Gather the names of an index, and keep them in its directory."""
    tally = counted(engine.offers)
    keep_tally(tally, directory)
    _keep(tally, engine.count, directory)


def renew_names(
    engine: Engine,
    directory: Path,
    last: Path,
    changes: Mapping[str, int] | None,
    *,
    as_many: bool,
) -> None:
    """Keep the names of an index that continues the one in `last`; they are those that `keep_names`
    would keep.

    `changes` says how many bulletins more offer what, or fewer; None when that is too much to say.
    `as_many` says whether there are as many bulletins as before.
    """
    if as_many and changes is not None and not any(changes.values()) and _stay(last):
        for name in _FILES:  # most corrections of a text change nothing of what it offers
            (directory / name).hardlink_to(last / name)
        return
    tally = None if changes is None else continued_tally(last, directory, changes)
    if tally is None:
        keep_names(engine, directory)
    else:
        _keep(tally, engine.count, directory)


def _stay(directory: Path) -> bool:
    """Say whether names were kept in a directory."""
    return all((directory / name).is_file() for name in _FILES)


def _keep(tally: Tally, bulletins: int, directory: Path) -> None:
    names = _names(tally, bulletins)
    write_arrays(directory / KEPT, (getattr(names, field.name) for field in _FIELDS))


def kept_names(directory: Path) -> Names | None:
    """Return the names that were kept in a directory, None where there are none, or not whole."""
    try:
        return Names(*mapped_arrays(directory / KEPT))
    except (OSError, ValueError, TypeError):
        return None


def gather(offers: Callable[[], Iterable[Mapping[str, int]]], bulletins: int) -> Names:
    """Return the names of an index.

    `offers` gives those of its documents (`document.offer`), each with the number of bulletins
    that have it, in parts of which the numbers are added up; `bulletins` is the number of all.
    """
    return _names(counted(offers), bulletins)


def _names(tally: Tally, bulletins: int) -> Names:
    """Return the names that are chosen from a tally, arranged to be looked into."""
    texts, of_kind = chosen(tally, bulletins)
    codes, ends = _cut(tally.texts.codes, tally.texts.code_ends, texts)
    spelled, spelled_ends = _cut(tally.texts.spelled, tally.texts.spelled_ends, texts)
    begins = np.append(0, ends[:-1]).astype(np.int32)[: len(texts)]
    owner_of_code = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(ends, prepend=0))
    after_mark = np.append(False, codes[:-1] == ord(MARK))
    inside_body = of_kind[owner_of_code] == OFFERED.index("organization")
    inner = inside_body | (after_mark & (of_kind[owner_of_code] == OFFERED.index("title")))
    within = _in_words(codes)
    inner[begins] = inner[within] = False
    inner[ends - 1] = inner[ends - 2] = False  # one last character is not worth a suggestion
    rows = np.concatenate((begins, np.flatnonzero(inner).astype(np.int32)))
    by_head = np.argsort(codes[rows], kind="stable").astype(np.int32)
    heads, head_begins = np.unique(codes[rows][by_head], return_index=True)
    return Names(
        spelled=spelled,
        ends=spelled_ends,
        kinds=of_kind,
        codes=codes,
        begins=begins,
        rows=rows,
        owners=owner_of_code[rows],
        heads=heads,
        head_begins=np.append(head_begins, len(rows)),
        by_head=by_head,
    )


def _cut(
    pieces: npt.NDArray[Any], ends: Places, chosen: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[Any], Places]:
    """Return some of the pieces that end so, one behind the other, and where they end now."""
    stops = ends[chosen].astype(np.int64)
    lengths = stops - np.where(chosen, ends[chosen - 1], 0)
    found = [pieces[:0]]
    for at in range(0, len(stops), _CUT):
        some = slice(at, at + _CUT)
        found.append(pieces.take(ranges(stops[some] - lengths[some], stops[some])))
    return np.concatenate(found), np.cumsum(lengths, dtype=np.int32)


def _in_words(codes: Codes) -> npt.NDArray[np.intp]:
    """Return the places inside Latin words and numbers: nobody types from there on."""
    digit = (codes >= ord("0")) & (codes <= ord("9"))
    letter = (codes >= ord("a")) & (codes <= ord("z"))
    return np.flatnonzero((digit[1:] & digit[:-1]) | (letter[1:] & letter[:-1])) + 1
