"""How are values of a document kept?  Whoosh columns whose readers give numpy arrays."""

from __future__ import annotations

import json
from array import array
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from whoosh import columns
from zstandard import ZstdCompressor, ZstdDecompressor

from indexer.engines.whoosh.inversion import numbering

Numbers = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.unsignedinteger[Any]]

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
            vocabulary = json.dumps([*self._vocabulary], ensure_ascii=False).encode()
            both = (self._counts, self._codes)
            counts, codes = (narrowest(np.array(numbers, dtype="<u4")) for numbers in both)
            written = vocabulary, counts.tobytes() + codes.tobytes()
            parts = [self._compressor.compress(part) for part in written]
            self._dbfile.write(b"".join(parts))
            first, second = map(len, parts)
            self._rows.append((first, second, len(counts), counts.itemsize, codes.itemsize))

    class Reader(columns.ColumnReader):
        """`vocabulary[codes[i]]` is a value of document `owners[i]`; `owners` ascends.  A value
        stands in the vocabulary once for each chunk that has it.
        """

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            super().__init__(dbfile, basepos, length, doccount)
            data = dbfile.get(basepos, length)
            (chunks,) = np.frombuffer(data, dtype="<u4", offset=length - 4).tolist()
            rows = np.frombuffer(data, "<u4", 5 * chunks, length - 4 - 20 * chunks).reshape(-1, 5)
            self.vocabulary: list[str] = []
            all_counts: list[Codes] = []
            all_codes: list[Codes] = []
            decompress = ZstdDecompressor().decompress
            start = 0
            for size, more, documents, count_width, code_width in rows.tolist():
                first = len(self.vocabulary)
                self.vocabulary += json.loads(decompress(data[start : start + size]))
                start += size
                numbers = decompress(data[start : start + more])
                start += more
                counts = np.frombuffer(numbers, f"<u{count_width}", documents)
                codes = np.frombuffer(numbers, f"<u{code_width}", offset=counts.nbytes)
                all_counts.append(counts)
                all_codes.append(codes if chunks == 1 else codes + np.uint32(first))
            self.codes: Codes = np.concatenate(all_codes)
            counts = np.concatenate(all_counts)
            self._ends = np.cumsum(counts, dtype=np.int64)
            self.owners: Numbers = np.repeat(np.arange(doccount, dtype=np.uint32), counts)

        def __getitem__(self, docnum: int) -> tuple[str, ...]:
            start = self._ends[docnum - 1] if docnum else 0
            codes = self.codes[start : self._ends[docnum]].tolist()
            return tuple(self.vocabulary[code] for code in codes)
