"""What can be suggested?  Names of the index, the most frequent first, as arrays to look into.

A name is a text that bulletins offer: an organization or its short name, a title, a series, a
phrase.  Names lie one after another in a few arrays, not as objects: 300,000 names of ten
characters and a million places to begin from take about 30 MB.  To gather them takes seconds in a
large index, and ten times that room: so a build keeps them beside the index.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import combinations
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from indexer.analysis.fold import MARK, SPACE, fold
from indexer.analysis.phrases import JOIN, without_an_end
from indexer.document import OFFERED, PART, offer, offered
from indexer.engines.base import Engine

Codes = npt.NDArray[np.uint16]
Places = npt.NDArray[np.int32]

END: Final = 0
"""The code after each name."""
KEPT: Final = "names.npz"
LONGEST: Final = 100
"""Characters of a name; a longer title is not offered."""

_MOST: Final[Mapping[str, int]] = {
    "organization": 100_000,
    "series": 10_000,
    "title": 200_000,
    "phrase": 200_000,
}
"""Names of each kind: bounds of memory; the rarest are left out."""
_LEAST: Final = 2
"""Bulletins that must offer a phrase."""
_COHERENT: Final = 0.3
"""Least normalized pointwise mutual information of the two parts of a phrase, however it is cut:
0 for parts that meet by chance, 1 for parts that are never apart."""
_FRAGMENT: Final = 0.7
"""A phrase is a fragment when this share of its bulletins offer the same longer phrase or body,
and at most the rest of them tell that it also stands without."""
_OTHERS: Final = 30
"""Bulletins about other things that an index is compared with: a small one is about one thing,
and chance would seem to explain what all of its bulletins say."""
_NEVER: Final = (0, 0)
_OF_PHRASES: Final = ("phrase", PART)
_FOREIGN: Final = 0xFFFF
_PART: Final = "\ue000"
_BATCH: Final = 256
"""Names folded at once: a character that is folded slowly slows down only those beside it."""


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
    names = gather(engine.offers(), engine.count)
    np.savez(directory / KEPT, **{field.name: getattr(names, field.name) for field in _FIELDS})


def kept_names(directory: Path) -> Names | None:
    """Return the names that were kept in a directory, None where there are none, or not whole."""
    try:
        with (directory / KEPT).open("rb") as file, np.load(file) as kept:
            return Names(**{field.name: kept[field.name] for field in _FIELDS})
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None


def gather(offers: Mapping[str, int], bulletins: int) -> Names:
    """Return the names of an index.

    `offers` are those of its documents (`document.offer`), each with the number of bulletins
    that have it; `bulletins` is the number of all.
    """
    named: dict[str, dict[str, int]] = {kind: {} for kind in OFFERED}
    for joined, count in offers.items():
        kind, text = offered(joined)
        if kind not in _OF_PHRASES:
            named[kind][text] = count
    chosen: dict[str, tuple[int, int]] = {}
    for number, kind in enumerate(OFFERED):
        if kind == "phrase":
            kept = _phrases(_repeated(offers), named["organization"], bulletins)
        else:
            kept = _names(named[kind])
        best = sorted(kept.items(), key=lambda item: (-item[1], item[0]))[: _MOST[kind]]
        for text, count in best:
            chosen.setdefault(text, (count, number))
    ordered = sorted(chosen, key=lambda text: (-chosen[text][0], chosen[text][1], text))
    return _arranged(ordered, np.array([chosen[text][1] for text in ordered], dtype=np.uint8))


def _names(counts: Mapping[str, int]) -> dict[str, int]:
    shown: dict[str, int] = defaultdict(int)
    for text, count in counts.items():
        name = " ".join(text.split())
        if 1 < len(name) <= LONGEST and _PART not in name:
            shown[name] += count
    return shown


def _repeated(offers: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Return the phrases that enough bulletins offer, each with how many do, and how many of them
    tell that it stands alone.  Of the others, which are most, none is kept.
    """
    found: dict[str, tuple[int, int]] = {}
    for joined, count in offers.items():
        kind, text = offered(joined)
        if kind == "phrase":
            all_ = count + offers.get(offer(PART, text), 0)
            if all_ >= _LEAST:
                found[text] = all_, count
        elif kind == PART and count >= _LEAST and offer("phrase", text) not in offers:
            found[text] = count, 0
    return found


def _phrases(
    repeated: Mapping[str, tuple[int, int]], bodies: Mapping[str, int], bulletins: int
) -> dict[str, int]:
    """Return the phrases that cohere and are no fragments, their words joined."""
    longer = _most_frequent_around({phrase.replace(JOIN, "") for phrase in repeated}, bodies)
    for phrase, (count, _) in repeated.items():
        for inner in without_an_end(phrase):
            inner = inner.replace(JOIN, "")
            longer[inner] = max(longer[inner], count)
    return {
        text: count
        for phrase, (count, alone) in repeated.items()
        if longer[text := phrase.replace(JOIN, "")] < _FRAGMENT * count
        or alone > (1 - _FRAGMENT) * count
        if _coheres(phrase, repeated, bulletins)
    }


def _most_frequent_around(parts: set[str], bodies: Mapping[str, int]) -> dict[str, int]:
    """Return, for each of `parts`, the count of the most frequent body whose name has it."""
    around: dict[str, int] = defaultdict(int)
    for name, count in bodies.items():
        for start, stop in combinations(range(len(name) + 1), 2) if count >= _LEAST else ():
            if name[start:stop] in parts:
                around[name[start:stop]] = max(around[name[start:stop]], count)
    return around


def _coheres(phrase: str, repeated: Mapping[str, tuple[int, int]], bulletins: int) -> bool:
    def count(part: str) -> int:
        return repeated.get(part, _NEVER)[0]

    return all(
        _association(count(phrase), count(one), count(other), bulletins) >= _COHERENT
        for one, other in _cuts(phrase)
    )


def _cuts(phrase: str) -> Iterator[tuple[str, str]]:
    at = phrase.find(JOIN)
    while at >= 0:
        yield phrase[:at], phrase[at + 1 :]
        at = phrase.find(JOIN, at + 1)


def _association(both: int, one: int, other: int, bulletins: int) -> float:
    """Return the normalized pointwise mutual information of two parts, from counts.

    A part that no bulletin offers by itself, or only one, stands nowhere but here.
    """
    one, other = max(one, both), max(other, both)
    all_ = max(bulletins, both) + _OTHERS
    return math.log(both * all_ / (one * other)) / math.log(all_ / both)


def _arranged(texts: list[str], of_kind: npt.NDArray[np.uint8]) -> Names:
    codes = _codes(texts)
    ends = np.flatnonzero(codes == END)
    begins = np.append(0, ends[:-1] + 1).astype(np.int32)[: len(texts)]
    owner_of_code = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(ends, prepend=-1))
    after_mark = np.append(False, codes[:-1] == ord(MARK))
    inside_body = of_kind[owner_of_code] == OFFERED.index("organization")
    inner = inside_body | (after_mark & (of_kind[owner_of_code] == OFFERED.index("title")))
    within = _in_words(codes)
    inner[begins] = inner[within] = False
    inner[ends] = inner[ends - 1] = False  # one last character is not worth a suggestion
    rows = np.concatenate((begins, np.flatnonzero(inner).astype(np.int32)))
    by_head = np.argsort(codes[rows], kind="stable").astype(np.int32)
    heads, head_begins = np.unique(codes[rows][by_head], return_index=True)
    spelled = [text.encode("utf-8", "surrogatepass") for text in texts]
    return Names(
        spelled=np.frombuffer(b"".join(spelled), dtype=np.uint8),
        ends=np.cumsum([len(text) for text in spelled], dtype=np.int32),
        kinds=of_kind,
        codes=codes,
        begins=begins,
        rows=rows,
        owners=owner_of_code[rows],
        heads=heads,
        head_begins=np.append(head_begins, len(rows)),
        by_head=by_head,
    )


def _in_words(codes: Codes) -> npt.NDArray[np.intp]:
    """Return the places inside Latin words and numbers: nobody types from there on."""
    digit = (codes >= ord("0")) & (codes <= ord("9"))
    letter = (codes >= ord("a")) & (codes <= ord("z"))
    return np.flatnonzero((digit[1:] & digit[:-1]) | (letter[1:] & letter[:-1])) + 1


def _codes(texts: list[str]) -> Codes:
    """Return the folded texts as 16-bit codes without white space, `END` after each."""
    parts = [_folded(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
    return np.concatenate([np.zeros(0, dtype=np.uint16), *parts])


def _folded(texts: list[str]) -> Codes:
    codes = fold("".join(text + _PART for text in texts)).codes
    codes = codes[codes != ord(SPACE)]
    short = np.where(codes > _FOREIGN, _FOREIGN, codes).astype(np.uint16)
    short[codes == ord(_PART)] = END
    return short
