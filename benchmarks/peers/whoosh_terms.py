"""How does Whoosh answer by itself, and count facets?  What both of its peers share.

Everything here is Whoosh's own: codec, postings, phrases, scoring (BM25F) and grouping.  Facets
are columns of joined values, its quickest kind, and of all documents that match, so nothing may be
cut short (`optimize=False`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from whoosh import index, query
from whoosh.analysis import RegexTokenizer
from whoosh.fields import ID, KEYWORD, STORED, FieldType, Schema
from whoosh.sorting import Count, FieldFacet

from benchmarks.peers.base import TOP, Answer, Atom, Question, passes
from indexer.analysis import facet_values
from indexer.bulletin import Bulletin
from indexer.document import dump
from indexer.schema import FACET_NAMES

_SEPARATOR: Final = "\x1f"
_MEGABYTES: Final = 512

Cut = Callable[[Bulletin], str]
Sought = Callable[[Atom], Any]


def build(bulletins: Iterable[Bulletin], folder: Path, terms: FieldType, cut: Cut) -> None:
    """Fill a folder; `cut` gives what the field `terms` analyses."""
    values = RegexTokenizer(f"[^{_SEPARATOR}]+")
    facets = {name: KEYWORD(analyzer=values, sortable=True) for name in FACET_NAMES}
    schema = Schema(id=ID(stored=True), bulletin=STORED(), terms=terms, **facets)
    writer = index.create_in(str(folder), schema).writer(limitmb=_MEGABYTES)
    for bulletin in bulletins:
        joined = {name: _SEPARATOR.join(all) for name, all in facet_values(bulletin).items()}
        writer.add_document(id=bulletin.id, bulletin=dump(bulletin), terms=cut(bulletin), **joined)
    writer.commit()


class Reader:
    """An index of Whoosh; `sought` makes the query of a run of Han."""

    def __init__(self, folder: Path, sought: Sought) -> None:
        self._searcher: Any = index.open_dir(str(folder)).searcher()
        self._sought = sought

    def ask(self, question: Question) -> Answer:
        text = self._text(question)
        facets: dict[str, Mapping[str, int]] = {}
        found = None
        for chosen, names in passes(question.chosen):
            grouped = {name: FieldFacet(name, maptype=Count) for name in names}
            results = self._search(text, chosen, limit=TOP, groupedby=grouped)
            found = results if found is None else found
            facets |= {name: _split(results.groups(name)) for name in names}
        assert found is not None
        return Answer(len(found), tuple(hit["id"] for hit in found), facets)

    def hits(self, question: Question) -> set[str]:
        results = self._search(self._text(question), question.chosen, limit=None)
        return {hit["id"] for hit in results}

    def close(self) -> None:
        self._searcher.close()

    def _search(self, text: Any, chosen: Mapping[str, tuple[str, ...]], **wanted: Any) -> Any:
        filters = [
            query.Or([query.Term(name, value) for value in values])
            for name, values in chosen.items()
        ]
        narrowed = query.And(filters) if filters else None
        return self._searcher.search(text, filter=narrowed, optimize=False, **wanted)

    def _text(self, question: Question) -> Any:
        parts = [self._sought(atom) for atom in question.required]
        if question.either:
            parts.append(query.Or([self._sought(atom) for atom in question.either]))
        wanted = query.And(parts)
        for atom in question.excluded:
            wanted = query.AndNot(wanted, self._sought(atom))
        return wanted.normalize()


def _split(groups: Mapping[Any, int]) -> Counter[str]:
    """Return the count of each value, given those of joined values."""
    counts: Counter[str] = Counter()
    for joined, count in groups.items():
        name = joined.decode() if isinstance(joined, bytes) else str(joined or "")
        for value in filter(None, name.split(_SEPARATOR)):
            counts[value] += count
    return counts
