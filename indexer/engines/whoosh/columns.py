"""How are values of a document kept?  Whoosh columns whose readers give numpy arrays."""

from __future__ import annotations

import json
import zlib
from array import array
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import columns

from indexer.engines.whoosh.inversion import numbering

Numbers = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.unsignedinteger[Any]]


def narrowest(numbers: npt.NDArray[Any]) -> npt.NDArray[np.unsignedinteger[Any]]:
    """Return numbers, none negative, in the narrowest unsigned type that holds them all."""
    width = np.min_scalar_type(int(numbers.max(initial=0))).itemsize
    return numbers.astype(f"<u{width}", copy=False)


class NumberColumn(columns.Column):
    """One number from 0 to 2³²−1 for each document.  The reader's `numbers` is an array."""

    _default = 0

    class Writer(columns.ColumnWriter):
        """Gathers the numbers and writes them in one piece."""

        def __init__(self, dbfile: Any) -> None:
            super().__init__(dbfile)
            self._numbers = array("I")

        def add(self, docnum: int, value: int) -> None:
            """Take the number of the next document."""
            assert docnum == len(self._numbers), "every document has a number"
            self._numbers.append(value)

        def finish(self, docnum: int) -> None:
            """Write everything."""
            self._dbfile.write(np.array(self._numbers, dtype="<u4").tobytes())

    class Reader(columns.ColumnReader):
        """Gives the numbers of all documents as one array."""

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            super().__init__(dbfile, basepos, length, doccount)
            self.numbers: Numbers = np.frombuffer(dbfile.get(basepos, length), dtype="<u4")

        def __getitem__(self, docnum: int) -> int:
            return int(self.numbers[docnum])


class ValueColumn(columns.Column):
    """Any number of strings for each document, from a vocabulary.

    On disk: length of the vocabulary in bytes and width of the numbers (uint32), vocabulary as
    deflated JSON, then per document the end of its values (uint32), then the values as numbers in
    the vocabulary.
    """

    _default = ()

    class Writer(columns.ColumnWriter):
        """Gathers the values and writes them in one piece."""

        def __init__(self, dbfile: Any) -> None:
            super().__init__(dbfile)
            self._vocabulary = numbering()
            self._codes = array("I")
            self._ends = array("I")

        def add(self, docnum: int, value: tuple[str, ...]) -> None:
            """Take the values of the next document."""
            assert docnum == len(self._ends), "every document has values, if none"
            self._codes.extend(map(self._vocabulary.__getitem__, dict.fromkeys(value)))
            self._ends.append(len(self._codes))

        def finish(self, docnum: int) -> None:
            """Write everything."""
            vocabulary = zlib.compress(json.dumps([*self._vocabulary], ensure_ascii=False).encode())
            codes = narrowest(np.array(self._codes, dtype="<u4"))
            head = np.array([len(vocabulary), codes.itemsize], dtype="<u4")
            self._dbfile.write(head.tobytes() + vocabulary)
            self._dbfile.write(np.array(self._ends, dtype="<u4").tobytes() + codes.tobytes())

    class Reader(columns.ColumnReader):
        """`vocabulary[codes[i]]` is a value of document `owners[i]`; `owners` ascends."""

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            super().__init__(dbfile, basepos, length, doccount)
            data = dbfile.get(basepos, length)
            length, width = np.frombuffer(data, dtype="<u4", count=2).tolist()
            start = 8 + length
            self.vocabulary: list[str] = json.loads(zlib.decompress(data[8:start]))
            self._ends = np.frombuffer(data, dtype="<u4", count=doccount, offset=start)
            self.codes: Codes = np.frombuffer(data, dtype=f"<u{width}", offset=start + 4 * doccount)
            self.owners: Numbers = np.repeat(
                np.arange(doccount, dtype=np.uint32), np.diff(self._ends, prepend=np.uint32(0))
            )

        def __getitem__(self, docnum: int) -> tuple[str, ...]:
            start = self._ends[docnum - 1] if docnum else 0
            codes = self.codes[start : self._ends[docnum]].tolist()
            return tuple(self.vocabulary[code] for code in codes)
