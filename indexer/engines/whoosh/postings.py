"""How do postings lie on disk?  A Whoosh codec that writes and maps whole arrays.

The term dictionary is Whoosh's ordered hash.  What it says of a term is three numbers: a rank and
a half-open range, for a unit or a word that of its documents; for an id it begins with its own.
Places of pairs and documents of terms are packed lists (`packing.py`), below `limit` and the number
of documents; `lists` says where each begins.
A term that many documents have has a bit for each document in place of a list (`listing.py`): a row
of `unit_bits` or `word_bits`; `unit_rows` and `word_rows` are the ranks, from 0, that have one.  So
has a pair, besides its places, in `pair_bits`, and `pair_rows` are the numbers of such pairs.
Units that stand more often than there are documents, a few hundred, have no counts either: these
would take more than those of all others together, and so common a unit is never ranked by.
The arrays of a segment stand in one file after a header of their lengths and widths: each has the
narrowest numbers (little-endian, unsigned) that hold what is in it.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import (
    STORED_COLUMN,
    W3Codec,
    W3FieldWriter,
    W3PerDocReader,
    W3PerDocWriter,
    W3TermsReader,
)
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound
from whoosh.writing import SegmentWriter

from indexer.engines.ranking import MOST_TIMES
from indexer.engines.whoosh import lists
from indexer.engines.whoosh.inversion import (
    Numbers,
    PairPostings,
    Postings,
    levels,
)
from indexer.engines.whoosh.layout import Layout, Terms, frequent_pairs, pieces
from indexer.engines.whoosh.listing import Marked, Packed, Posting
from indexer.engines.whoosh.loops import PackedLists
from indexer.engines.whoosh.owners import Owners
from indexer.engines.whoosh.packing import Words
from indexer.engines.whoosh.pairs import mark
from indexer.engines.whoosh.terms import TermWriter
from indexer.engines.whoosh.texts import TextColumn

_ARRAYS: Final = (
    "limit",
    *("begins", "followers", "starts", "lists", "places", "frequencies", "pair_rows", "pair_bits"),
    *("title_begins", "title_followers", "title_starts", "title_lists", "title_places"),
    *("unit_rows", "unit_bits", "unit_lists", "unit_documents", "unit_counts"),
    *("word_rows", "word_bits", "word_lists", "word_documents", "word_counts"),
)
_HEADER: Final = struct.Struct(f"<8s{len(_ARRAYS)}Q{len(_ARRAYS)}Q")
_MAGIC: Final = b"jianbao8"
_ALIGNED: Final = 8
"""Arrays begin at multiples of so many bytes, so that numbers are read at once."""
_RANGE: Final = struct.Struct("<III")
_TERMS: Final = 1 << 16
"""Terms that are written at a time."""
_LISTED: Final = {"units": "unit", "words": "word"}
"""The fields whose terms stand in several documents, and what their arrays are called by."""
_WORD: Final = (1 << 64) - 1
_BYTE: Final = 255


Ids = npt.NDArray[np.bytes_]


class ArrayCodec(W3Codec):
    """Whoosh's own codec but for postings, which are arrays, and for what is stored."""

    def per_document_writer(self, storage: Any, segment: Any) -> RowWriter:
        """Return the writer of a segment's rows."""
        return RowWriter(self, storage, segment)

    def per_document_reader(self, storage: Any, segment: Any) -> RowReader:
        """Return the reader of a segment's rows."""
        return RowReader(storage, segment)

    def field_writer(self, storage: Any, segment: Any) -> ArrayFieldWriter:
        """Return the writer of a segment's terms."""
        return ArrayFieldWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTermsReader:
        """Return the reader of a segment's terms."""
        name = segment.make_filename(self.TERMS_EXT)
        postings = storage.open_file(segment.make_filename(self.POSTS_EXT))
        terms, length = storage.open_file(name), storage.file_length(name)
        return ArrayTermsReader(self, terms, length, postings, segment.doc_count_all())


class RowWriter(W3PerDocWriter):
    """Writes columns, each into its own file from the beginning; the stored field by `TextColumn`.

    Whoosh keeps all of them in one file first, and looks every value of every row up in the schema.
    """

    def add_row(self, number: int, row: Mapping[str, Any], schema: Any) -> None:
        """Take the row of the next document."""
        self._doccount = number + 1
        for name, value in row.items():
            if name not in self._colwriters:
                self._create_column(name, schema[name].column_type)
            self._colwriters[name].add(number, value)

    def _create_column(self, fieldname: str, column: Any) -> None:
        file = self._storage.create_file(self._column_filename(fieldname))
        own = TextColumn() if column is STORED_COLUMN else column
        self._colwriters[fieldname] = own.writer(file)

    def close(self) -> None:
        """Write what is left of each column."""
        super().close()
        for column in self._colwriters.values():
            column._dbfile.close()


class RowReader(W3PerDocReader):
    """Reads columns; the stored field by `TextColumn`."""

    def column_reader(self, fieldname: str, column: Any) -> Any:
        """Return the reader of a column."""
        own = TextColumn() if column is STORED_COLUMN else column
        return super().column_reader(fieldname, own)


class ArraySegmentWriter(SegmentWriter):
    """Writes one segment: rows by `add_row`, and all postings by `take`."""

    def __init__(self, index: Any) -> None:
        super().__init__(index, codec=ArrayCodec(), compound=False)

    def add_row(self, row: Mapping[str, Any]) -> None:
        """Take what is stored, and the columns, of the next document."""
        self.perdocwriter.add_row(self.docnum, row, self.schema)
        self.docnum += 1
        self._added = True

    def take(self, ids: Ids, begins: Numbers, postings: Postings) -> None:
        """Take the ids of all rows, where they begin in the stream, and their terms; nothing
        follows but the commit.
        """
        self.fieldwriter.write(ids, begins, postings)

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.fieldwriter.close()


class ArrayFieldWriter(W3FieldWriter):
    """Writes the terms of a segment and their arrays."""

    def __init__(self, codec: Any, storage: Any, segment: Any) -> None:
        self._storage, self._segment = storage, segment
        self._tindex = TermWriter(self._create_file(codec.TERMS_EXT))
        self._fieldmap: dict[str, int] = self._tindex.extras["fieldmap"]
        self._postfile = self._create_file(codec.POSTS_EXT)
        self.is_closed = False

    def write(self, ids: Ids, begins: Numbers, postings: Postings) -> None:
        """Write all three fields; field names ascend, and so do the terms in each."""
        units, pairs, titles = postings.units, postings.pairs, postings.titles
        words = postings.words
        for number, name in enumerate(("id", "units", "words")):
            self._fieldmap[name] = number
        rows = ids.argsort()
        some = (rows[at : at + _TERMS] for at in range(0, len(ids), _TERMS))
        self._add_terms(0, (ids[each].tolist() for each in some), rows, rows + 1)
        common = np.flatnonzero(np.diff(pairs.starts[pairs.begins]) > len(ids))
        of_units, of_words = Layout(units, len(ids), common), Layout(words, len(ids))
        self._add_terms(1, units.some(_TERMS), *of_units.bounds())
        self._add_terms(2, words.some(_TERMS), *of_words.bounds())
        arrays = _ArrayFile(self._postfile)
        limit = int(pairs.positions.max(initial=0)) + 1
        arrays.add("limit", np.array([limit]))
        arrays.add_pairs("", pairs, limit)
        arrays.add("frequencies", pairs.frequencies)
        frequent = frequent_pairs(pairs.frequencies, len(ids))
        arrays.add("pair_rows", frequent)
        arrays.add_pieces("pair_bits", _rows_of(pairs, frequent, begins), _WORD)
        arrays.add_pairs("title_", titles, limit)
        for field, terms, layout in (("unit", units, of_units), ("word", words, of_words)):
            bits = (mark([some], len(ids)) for some in layout.of_marked(terms.documents))
            counts = (np.minimum(part, MOST_TIMES) for part in layout.counts(terms.counts))
            arrays.add(f"{field}_rows", layout.marked)
            arrays.add_pieces(f"{field}_bits", bits, _WORD)
            firsts = lists.begins(terms.documents, terms.begins, len(ids), layout.marked)
            arrays.add_pieces(f"{field}_lists", firsts, max(len(ids), len(terms.documents)))
            packed = lists.pack(terms.documents, terms.begins, len(ids), layout.marked)
            arrays.add_pieces(f"{field}_documents", packed, _WORD)
            arrays.add_pieces(f"{field}_counts", counts, _BYTE)
        arrays.finish()

    def _add_terms(
        self,
        field: int,
        pieces: Iterable[Sequence[bytes]],
        starts: npt.NDArray[Any],
        stops: npt.NDArray[Any],
    ) -> None:
        prefix = struct.pack("!H", field)
        first = 0
        for piece in pieces:
            last = first + len(piece)
            ranks = np.arange(first + 1, last + 1)
            said = np.stack((ranks, starts[first:last], stops[first:last]), axis=1).astype("<u4")
            self._tindex.add_many([prefix + term for term in piece], said)
            first = last


def _rows_of(pairs: PairPostings, chosen: Terms, begins: Numbers) -> Iterator[Words]:
    """Yield for each of the chosen pairs a bit for each document, which begin there."""
    owners = Owners(begins)
    bounds = zip(pairs.starts[chosen].tolist(), pairs.starts[chosen + 1].tolist(), strict=True)
    for start, stop in bounds:
        some = pieces(pairs.positions[start:stop])
        yield mark((owners.documents_at(each) for each in some), len(begins))


class _ArrayFile:
    """Writes arrays in the order of `_ARRAYS` behind a header, which is written last."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._lengths: list[int] = []
        self._widths: list[int] = []
        file.write(bytes(_HEADER.size))

    def add(self, name: str, numbers: npt.NDArray[np.integer[Any]]) -> None:
        """Write an array."""
        self.add_pieces(name, pieces(numbers), int(numbers.max(initial=0)))

    def add_pieces(
        self, name: str, parts: Iterable[npt.NDArray[np.integer[Any]]], most: int
    ) -> None:
        """Write an array that comes in parts, in which no number is above `most`."""
        assert name == _ARRAYS[len(self._lengths)], "arrays come in their order"
        kind = np.dtype(f"<u{np.min_scalar_type(most).itemsize}")
        length = 0
        for part in parts:
            self._file.write(part.astype(kind).tobytes())
            length += len(part)
        self._file.write(bytes(-length * kind.itemsize % _ALIGNED))
        self._lengths.append(length)
        self._widths.append(kind.itemsize)

    def add_pairs(self, prefix: str, pairs: PairPostings, limit: int) -> None:
        """Write pairs and their places, which lie below a limit."""
        self.add(f"{prefix}begins", pairs.begins)
        self.add(f"{prefix}followers", pairs.followers)
        self.add(f"{prefix}starts", pairs.starts)
        firsts = lists.begins(pairs.positions, pairs.starts, limit)
        self.add_pieces(f"{prefix}lists", firsts, limit)
        places = lists.pack(pairs.positions, pairs.starts, limit)
        self.add_pieces(f"{prefix}places", places, _WORD)

    def finish(self) -> None:
        """Write the header."""
        self._file.seek(0)
        self._file.write(_HEADER.pack(_MAGIC, *self._lengths, *self._widths))


class ArrayTermsReader(W3TermsReader):
    """Reads the terms of a segment.  `arrays` maps names to arrays in mapped memory."""

    def __init__(self, codec: Any, dbfile: Any, length: int, postfile: Any, documents: int) -> None:
        super().__init__(codec, dbfile, length, postfile)
        magic, *header = _HEADER.unpack(postfile.get(0, _HEADER.size))
        if magic != _MAGIC:
            raise ValueError("not a file of postings")
        lengths, widths = header[: len(_ARRAYS)], header[len(_ARRAYS) :]
        self.arrays: dict[str, Numbers] = {}
        offset = _HEADER.size
        for name, length, width in zip(_ARRAYS, lengths, widths, strict=True):
            self.arrays[name] = postfile.array(offset, length, width)
            offset += length * width + -length * width % _ALIGNED
        self._rows = {
            field: {rank: row for row, rank in enumerate(self.arrays[f"{name}_rows"].tolist())}
            for field, name in _LISTED.items()
        }
        self._lists = {
            field: PackedLists(self.arrays[f"{name}_documents"], documents)
            for field, name in _LISTED.items()
        }

    def posting(self, field: str, rank: int, start: int, stop: int) -> Posting:
        """Return the posting of a term that was looked up."""
        name, row = _LISTED[field], self._rows[field].get(rank - 1)
        counts = self.arrays[f"{name}_counts"][start:stop]
        if row is None:
            at = int(self.arrays[f"{name}_lists"][rank - 1]) if len(counts) else 0
            return Packed(self._lists[field], at, counts)
        bits = self.arrays[f"{name}_bits"]
        length = len(bits) // len(self._rows[field])
        return Marked(bits[row * length : (row + 1) * length], counts)

    def lookup(self, field: str, spelling: str) -> tuple[int, int, int] | None:
        """Return rank, start and stop of a term; None when the segment does not have it."""
        try:
            found = self._tindex[self._keycoder(field, spelling.encode("utf-8", "surrogatepass"))]
        except KeyError:
            return None
        return _RANGE.unpack(found)

    def term_info(self, fieldname: str, tbytes: bytes) -> TermInfo:
        """Return Whoosh's statistics of a term."""
        documents, counts = self._posting(fieldname, tbytes)
        return TermInfo(weight=float(counts.sum()), df=len(documents))

    def frequency(self, fieldname: str, tbytes: bytes) -> float:
        """Return how often a term stands in the segment."""
        return float(self._posting(fieldname, tbytes)[1].sum())

    def doc_frequency(self, fieldname: str, tbytes: bytes) -> int:
        """Return in how many documents of the segment a term stands."""
        return len(self._posting(fieldname, tbytes)[0])

    def matcher(self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None) -> Any:
        """Return Whoosh's own matcher over a posting, so that its searchers work on the index."""
        documents, counts = self._posting(fieldname, tbytes)
        return ListMatcher(
            documents.tolist(),
            counts.astype(float).tolist(),
            format=format_,
            scorer=scorer,
            term=(fieldname, tbytes),
        )

    def _posting(self, field: str, spelling: bytes) -> tuple[Numbers, Numbers]:
        """Return the documents of an id or a word, and how often it stands in each."""
        found = self.lookup(field, spelling.decode())
        if found is None or field == "units":
            raise TermNotFound(f"No term {field}:{spelling!r} with documents")
        rank, start, stop = found
        if field == "id":
            return np.array([start], dtype=np.uint32), np.ones(1, dtype=np.uint32)
        posting = self.posting(field, rank, start, stop)
        counts = sum(levels(posting.counts), np.zeros(len(posting), dtype=np.int64))
        return posting.documents.astype(np.uint32), counts.astype(np.uint32)


class MappedFile(StructFile):
    """A file in mapped memory; reads do not move a position, so threads may share it."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        super().__init__(self._map, name=path.name)

    def get(self, position: int, length: int) -> bytes:
        """Return a piece of the file."""
        return self._map[position : position + length]

    def array(self, position: int, count: int, width: int) -> Numbers:
        """Return `count` numbers of `width` bytes: an array over the mapped memory, not copied."""
        return np.frombuffer(self._map, dtype=f"<u{width}", count=count, offset=position)

    def close(self) -> None:
        """Forget the file; its memory goes with the last array over it."""
        self.is_closed = True


class MappedStorage(FileStorage):
    """A directory for reading, whose files are mapped into memory."""

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory), readonly=True)

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """Return a file of the directory; an empty one cannot be mapped and is opened plainly."""
        path = Path(self.folder, name)
        return MappedFile(path) if path.stat().st_size else super().open_file(name, **kwargs)
