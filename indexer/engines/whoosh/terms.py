"""How are terms written?  As Whoosh's ordered hash, a great many at a time.

The file is the one that Whoosh would write and reads.  It writes a term by itself, with MD5 for its
hash and a Python loop for its slot: a tenth of a build's time.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any, Final
from zlib import crc32

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.util.numlists import GrowableArray

_CRC32: Final = 1
"""Whoosh's number for this hash."""
_BUCKETS: Final = 256
_SLOT: Final = np.dtype([("hash", ">u4"), ("position", ">i8")])
_SIZES: Final = np.dtype([("key", ">i4"), ("value", ">i4")])

Numbers = npt.NDArray[Any]


class TermWriter(OrderedHashWriter):
    """Writes a hash whose keys ascend."""

    def __init__(self, dbfile: Any) -> None:
        HashWriter.__init__(self, dbfile, hashtype=_CRC32)
        self.extras["fieldmap"] = {}
        self.index = GrowableArray("H")
        self._hashes: list[Numbers] = [np.zeros(0, dtype=np.uint32)]
        self._positions: list[Numbers] = [np.zeros(0, dtype=np.int64)]

    def add_many(self, keys: Sequence[bytes], values: Numbers) -> None:
        """Take terms and the rows of what is said of each, as they are written."""
        said, width = values.tobytes(), values.itemsize * values.shape[1]
        sizes = np.empty(len(keys), dtype=_SIZES)
        sizes["key"], sizes["value"] = [*map(len, keys)], width
        lengths = sizes["key"].astype(np.int64) + (width + _SIZES.itemsize)
        self._positions.append(self.dbfile.tell() + np.cumsum(lengths) - lengths)
        self._hashes.append(np.fromiter(map(crc32, keys), dtype=np.uint32, count=len(keys)))
        rows = zip(_cut(sizes.tobytes(), _SIZES.itemsize), keys, _cut(said, width), strict=True)
        self.dbfile.write(b"".join(chain.from_iterable(rows)))

    def _write_hashes(self) -> None:
        hashes, positions = np.concatenate(self._hashes), np.concatenate(self._positions)
        self._hashes.clear()
        self._positions.clear()
        buckets = (hashes % _BUCKETS).astype(np.uint8)
        order = np.argsort(buckets, kind="stable")
        sizes = np.bincount(buckets, minlength=_BUCKETS)
        for start, stop in pairwise([0, *np.cumsum(sizes).tolist()]):
            chosen = order[start:stop]
            table = _table(hashes[chosen], positions[chosen])
            self.directory.append((self.dbfile.tell(), len(table)))
            self.dbfile.write(table.tobytes())
        last = int(positions.max(initial=0))
        self.index.array = array("H" if last < 1 << 16 else "i" if last < 1 << 31 else "q")
        self.index.array.frombytes(positions.astype(self.index.typecode).view(np.uint8))


def _cut(data: bytes, width: int) -> list[bytes]:
    return [data[at : at + width] for at in range(0, len(data), width)]


def _table(hashes: Numbers, positions: Numbers) -> Numbers:
    """Return a table of twice as many slots, in which each is found by going on from its own slot.

    In the order of their slots, each goes into its own or behind the one before; the few that would
    go beyond the end go on from the beginning.
    """
    table = np.zeros(2 * len(hashes), dtype=_SLOT)
    slots = (hashes >> np.uint32(8)) % np.uint32(max(len(table), 1))
    order = np.argsort(slots, kind="stable")
    numbers = np.arange(len(order))
    places = numbers + np.maximum.accumulate(slots[order].astype(np.int64) - numbers)
    inside = places < len(table)
    taken = np.zeros(len(table), dtype=bool)
    taken[places[inside]] = True
    places[~inside] = np.flatnonzero(~taken)[: np.count_nonzero(~inside)]
    table["hash"][places], table["position"][places] = hashes[order], positions[order]
    return table
