"""How does tantivy find terms that are cut already, and count facets?  What its peers share.

Documents are added by as many threads as there are cores, and are merged into few segments at the
end, as they are in jianbao.  Facets are fast fields; the first hits are named by a fast number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import tantivy
from tantivy import Occur, Query

from benchmarks.corpus import id_of
from benchmarks.peers.base import TOP, VALUES, Answer, Atom, Question, passes
from indexer.analysis import facet_values
from indexer.bulletin import Bulletin
from indexer.document import dump
from indexer.schema import FACET_NAMES

_THREADS: Final = 2
_HEAP: Final = 512_000_000
_DIFFERENT: Final = 65_000
"""Values that a segment may have, so that no count is cut short."""

Cut = Callable[[Bulletin], Mapping[str, str]]
Sought = Callable[[tantivy.Schema, Atom], Query]


def build(bulletins: Iterable[Bulletin], folder: Path, fields: Mapping[str, str], cut: Cut) -> None:
    """Fill a folder; `fields` names each field of terms and says what is kept of them."""
    schema = _schema(fields)
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(heap_size=_HEAP, num_threads=_THREADS)
    for number, bulletin in enumerate(bulletins):
        document = tantivy.Document(id=bulletin.id)
        document.add_bytes("stored", dump(bulletin).encode())
        document.add_unsigned("number", number)
        for name, terms in cut(bulletin).items():
            document.add_text(name, terms)
        for name, values in facet_values(bulletin).items():
            for value in values:
                document.add_text(name, value)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _schema(fields: Mapping[str, str]) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name, kept in fields.items():
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=kept)
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("stored", stored=True)
    builder.add_unsigned_field("number", fast=True)
    for name in FACET_NAMES:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class Reader:
    """An index of tantivy; `sought` makes the query of a run of Han."""

    def __init__(self, folder: Path, sought: Sought) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._sought = sought

    def ask(self, question: Question) -> Answer:
        text = self._text(question)
        facets: dict[str, Mapping[str, int]] = {}
        found: Any = None
        for chosen, names in passes(question.chosen):
            query = self._narrowed(text, chosen)
            if found is None:
                found = self._searcher.search(query, limit=TOP, count=True)
            if names:
                counted = self._searcher.aggregate(query, {name: _TERMS[name] for name in names})
                facets |= {name: _counts(counted[name]) for name in names}
        return Answer(found.count, tuple(self._ids(found)), facets)

    def hits(self, question: Question) -> set[str]:
        query = self._narrowed(self._text(question), question.chosen)
        found = self._searcher.search(query, limit=self._searcher.num_docs)
        return {*self._ids(found)}

    def _ids(self, found: Any) -> Iterator[str]:
        addresses = [address for _, address in found.hits]
        numbers = self._searcher.fast_field_values("number", addresses)
        return (id_of(int(number or 0)) for number in numbers)

    def close(self) -> None:
        del self._searcher, self._index

    def _text(self, question: Question) -> Query:
        parts = [(Occur.Must, self._query(atom)) for atom in question.required]
        if question.either:
            either = [(Occur.Should, self._query(atom)) for atom in question.either]
            parts.append((Occur.Must, Query.boolean_query(either)))
        parts += [(Occur.MustNot, self._query(atom)) for atom in question.excluded]
        return parts[0][1] if len(parts) == 1 else Query.boolean_query(parts)

    def _query(self, atom: Atom) -> Query:
        return self._sought(self._schema, atom)

    def _narrowed(self, text: Query, chosen: Mapping[str, tuple[str, ...]]) -> Query:
        if not chosen:
            return text
        filters = (
            Query.const_score_query(Query.term_set_query(self._schema, name, values), 0.0)
            for name, values in chosen.items()
        )
        return Query.boolean_query([(Occur.Must, text), *((Occur.Must, one) for one in filters)])


_TERMS: Final = {
    name: {"terms": {"field": name, "size": VALUES, "segment_size": _DIFFERENT}}
    for name in FACET_NAMES
}


def _counts(counted: dict[str, list[dict[str, int]]]) -> dict[str, int]:
    return {str(bucket["key"]): bucket["doc_count"] for bucket in counted["buckets"]}
