"""How are values of a document kept?  Whoosh columns whose readers give numpy arrays."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from whoosh import columns
from zstandard import ZstdCompressor, ZstdDecompressor

from indexer.engines.base import natural_order
from indexer.engines.whoosh.inversion import numbering

Numbers = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.unsignedinteger[Any]]
Chunk = tuple[list[str], Codes, Codes]

_LEVEL: Final = 6
"""What 100,000 bulletins offer takes 39 MB, deflated and with arrays as they are 53; higher levels
take longer for next to nothing."""
_NUMBERS: Final = 1 << 14
"""Numbers of a column that a build remembers."""
MOST_VALUES: Final = 65_000
"""Different values of a column that a build remembers, whose numbers fit into 16 bits.  Bulletins
offer some 63 texts each, and 100,000 of them 2 million different ones, which would take 300 MB; in
chunks they take 6 % more room on disk than in one."""


def narrowest(numbers: npt.NDArray[Any]) -> npt.NDArray[np.unsignedinteger[Any]]:
    """Return numbers, none negative, in the narrowest unsigned type that holds them all."""
    width = np.min_scalar_type(int(numbers.max(initial=0))).itemsize
    return numbers.astype(f"<u{width}", copy=False)


class NumberColumn(columns.Column):
    """One number from 0 to 2³²−1 for each document.  The reader's `numbers` is an array."""

    _default = 0

    class Writer(columns.ColumnWriter):
        """Gathers the numbers and writes some thousands at a time."""

        def __init__(self, dbfile: Any) -> None:
            super().__init__(dbfile)
            self._documents = 0
            self._numbers = array("I")

        def add(self, docnum: int, value: int) -> None:
            """Take the number of the next document."""
            assert docnum == self._documents, "every document has a number"
            self._numbers.append(value)
            self._documents += 1
            if len(self._numbers) >= _NUMBERS:
                self.finish(docnum)

        def finish(self, docnum: int) -> None:
            """Write what is left."""
            self._dbfile.write(np.array(self._numbers, dtype="<u4").tobytes())
            self._numbers = array("I")

    class Reader(columns.ColumnReader):
        """Gives the numbers of all documents as one array."""

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            super().__init__(dbfile, basepos, length, doccount)
            self.numbers: Numbers = np.frombuffer(dbfile.get(basepos, length), dtype="<u4")

        def __getitem__(self, docnum: int) -> int:
            return int(self.numbers[docnum])


class ValueColumn(columns.Column):
    """Any number of strings for each document, from a vocabulary.

    On disk: chunks, a new one after `MOST_VALUES` different values, so that a build need not
    remember them all; then a row of five numbers (uint32) for each chunk, and how many there are.
    A chunk is its vocabulary as JSON, and two arrays: how many values each document has, and the
    values as numbers in the vocabulary; both parts are compressed.  Its row is the length of each
    part in bytes, the number of documents, and the widths of the two arrays.
    """

    _default = ()

    class Writer(columns.ColumnWriter):
        """Gathers the values and writes them a chunk at a time."""

        def __init__(self, dbfile: Any) -> None:
            super().__init__(dbfile)
            self._documents = 0
            self._rows: list[tuple[int, int, int, int, int]] = []
            self._compressor = ZstdCompressor(_LEVEL)
            self._begin()

        def add(self, docnum: int, value: tuple[str, ...]) -> None:
            """Take the values of the next document."""
            assert docnum == self._documents, "every document has values, if none"
            if len(self._vocabulary) >= MOST_VALUES:
                self._write()
                self._begin()
            different = dict.fromkeys(value)
            self._codes.extend(map(self._vocabulary.__getitem__, different))
            self._counts.append(len(different))
            self._documents += 1

        def finish(self, docnum: int) -> None:
            """Write what is left."""
            self._write()
            self._dbfile.write(np.array([*chain(*self._rows), len(self._rows)], "<u4").tobytes())

        def _begin(self) -> None:
            self._vocabulary = numbering()
            self._codes = array("I")
            self._counts = array("I")

        def _write(self) -> None:
            values, codes = self._arranged(np.array(self._codes, dtype="<u4"))
            vocabulary = json.dumps(values, ensure_ascii=False).encode()
            both = (np.array(self._counts, dtype="<u4"), codes)
            counts, codes = (narrowest(numbers) for numbers in both)
            written = vocabulary, counts.tobytes() + codes.tobytes()
            parts = [self._compressor.compress(part) for part in written]
            self._dbfile.write(b"".join(parts))
            first, second = map(len, parts)
            self._rows.append((first, second, len(counts), counts.itemsize, codes.itemsize))

        def _arranged(self, codes: Codes) -> tuple[list[str], Codes]:
            """Return the vocabulary, and the numbers in it of what was numbered as it came."""
            return [*self._vocabulary], codes

    class Reader(columns.ColumnReader):
        """`vocabulary[codes[i]]` is a value of document `owners[i]`; `owners` ascends.  A value
        stands in the vocabulary once for each chunk that has it.
        """

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            super().__init__(dbfile, basepos, length, doccount)
            self.vocabulary: list[str] = []
            all_counts: list[Codes] = []
            all_codes: list[Codes] = []
            for vocabulary, counts, codes in _chunks(dbfile, basepos, length):
                first = len(self.vocabulary)
                self.vocabulary += vocabulary
                all_counts.append(counts)
                all_codes.append(codes + np.uint32(first) if first else codes)
            self.codes: Codes = np.concatenate(all_codes)
            counts = np.concatenate(all_counts)
            self._ends = np.cumsum(counts, dtype=np.int64)
            self.owners: Numbers = np.repeat(np.arange(doccount, dtype=np.uint32), counts)

        def __getitem__(self, docnum: int) -> tuple[str, ...]:
            start = self._ends[docnum - 1] if docnum else 0
            codes = self.codes[start : self._ends[docnum]].tolist()
            return tuple(self.vocabulary[code] for code in codes)


class FacetColumn(ValueColumn):
    """The same, each vocabulary in natural order: so those of several chunks are soon in order
    together, for which nobody has to wait who opens an index.
    """

    class Writer(ValueColumn.Writer):
        """Numbers the values anew before they are written."""

        def _arranged(self, codes: Codes) -> tuple[list[str], Codes]:
            values = natural_order(self._vocabulary)
            numbers = np.empty(len(values), dtype=np.uint32)
            numbers[[self._vocabulary[value] for value in values]] = np.arange(len(values))
            return values, numbers[codes]


class ChunkColumn(ValueColumn):
    """The same values a chunk at a time, for whoever goes through them once."""

    class Reader(columns.ColumnReader):
        """Yields of each chunk the vocabulary, and of each of its documents, one behind the other,
        how many values it has and which.
        """

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            super().__init__(dbfile, basepos, length, doccount)
            self._length = length

        def __iter__(self) -> Iterator[Chunk]:
            return _chunks(self._dbfile, self._basepos, self._length)


def _chunks(dbfile: Any, start: int, length: int) -> Iterator[Chunk]:
    stop = start + length - 4
    (count,) = np.frombuffer(dbfile.get(stop, 4), dtype="<u4").tolist()
    rows = np.frombuffer(dbfile.get(stop - 20 * count, 20 * count), dtype="<u4").reshape(-1, 5)
    decompress = ZstdDecompressor().decompress
    for size, more, documents, count_width, code_width in rows.tolist():
        vocabulary = json.loads(decompress(dbfile.get(start, size)))
        numbers = decompress(dbfile.get(start + size, more))
        start += size + more
        counts = np.frombuffer(numbers, f"<u{count_width}", documents)
        codes = np.frombuffer(numbers, f"<u{code_width}", offset=counts.nbytes)
        yield vocabulary, counts, codes
