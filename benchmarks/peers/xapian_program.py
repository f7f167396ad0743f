"""What does Xapian do when it is told to?  Run by the Python that has its bindings.

`piped.py` says what the lines are.  Nothing of the project is imported here.
"""

from __future__ import annotations

import functools
import sys
import time
from collections import Counter
from typing import Any

import xapian

_ITEM, _PART = "\x1f", "\x1e"
_NGRAMS = xapian.QueryParser.FLAG_CJK_NGRAM
_VALUES = 100
_ORGANIZATIONS = "1"
"""The place of the facet of which a bulletin may have several values."""
_PHRASES = _NGRAMS | xapian.QueryParser.FLAG_PHRASE

Counts = dict[str, Counter[str]]


class Program:
    """A database.  Facet i has the values of slot i, joined, and terms of their own."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._generator = xapian.TermGenerator()
        self._generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
        self._parser = xapian.QueryParser()

    def add(self, number: str, text: str, bulletin: str, *facets: str) -> None:
        document = xapian.Document()
        document.set_data(bulletin)
        self._generator.set_document(document)
        self._generator.index_text(text)
        for slot, joined in enumerate(facets):
            document.add_value(slot, joined)
            for value in _items(joined):
                document.add_boolean_term(_term(str(slot), value))
        self._writable.add_document(document)

    def done(self) -> None:
        self._writable.commit()
        self._writable.close()
        print("done", flush=True)

    def ask(self, required: str, either: str, excluded: str, limit: str, *passes: str) -> None:
        before = time.perf_counter()
        text = self._text(_items(required), _items(either), _items(excluded))
        pairs = zip(passes[::2], passes[1::2], strict=True)
        answers = [self._pass(text, _items(a), _items(b), int(limit)) for a, b in pairs]
        total, numbers, _ = answers[0]
        counted = [
            _PART.join((slot, value, str(count)))
            for _, _, found in answers
            for slot, counts in found.items()
            for value, count in counts.items()
        ]
        seconds = time.perf_counter() - before
        fields = str(total), _ITEM.join(map(str, numbers)), str(seconds), _ITEM.join(counted)
        print("\t".join(fields), flush=True)

    @functools.cached_property
    def _writable(self) -> Any:
        return xapian.WritableDatabase(self._folder, xapian.DB_CREATE)

    @functools.cached_property
    def _database(self) -> Any:
        return xapian.Database(self._folder)

    def _text(self, required: list[str], either: list[str], excluded: list[str]) -> Any:
        parts = [self._phrase(text) for text in required]
        if either:
            parts.append(xapian.Query(xapian.Query.OP_OR, [self._phrase(one) for one in either]))
        query = xapian.Query(xapian.Query.OP_AND, parts)
        for text in excluded:
            query = xapian.Query(xapian.Query.OP_AND_NOT, query, self._phrase(text))
        return query

    def _phrase(self, text: str) -> Any:
        return self._parser.parse_query(f'"{text}"', _PHRASES)

    def _pass(
        self, text: Any, chosen: list[str], slots: list[str], limit: int
    ) -> tuple[int, list[int], Counts]:
        for item in chosen:
            slot, *values = item.split(_PART)
            terms = [xapian.Query(_term(slot, value)) for value in values]
            any_of_them = xapian.Query(xapian.Query.OP_OR, terms)
            text = xapian.Query(xapian.Query.OP_FILTER, text, any_of_them)
        enquire = xapian.Enquire(self._database)
        enquire.set_query(text)
        spies = {slot: xapian.ValueCountMatchSpy(int(slot)) for slot in slots}
        for spy in spies.values():
            enquire.add_matchspy(spy)
        count = self._database.get_doccount()
        found = enquire.get_mset(0, min(limit, count), count)  # looks at all, so that counts hold
        numbers = [match.docid - 1 for match in found]
        counts = {slot: _counts(spy, slot == _ORGANIZATIONS) for slot, spy in spies.items()}
        return found.get_matches_estimated(), numbers, counts


def _items(field: str) -> list[str]:
    return [item for item in field.split(_ITEM) if item]


def _term(slot: str, value: str) -> str:
    return f"X{slot}:{value}"


def _counts(spy: Any, several: bool) -> Counter[str]:
    """Return the counts of the most frequent values; joined ones have to be taken apart first."""
    counts: Counter[str] = Counter()
    for item in spy.values() if several else spy.top_values(_VALUES):
        for value in _items(item.term.decode()):
            counts[value] += item.termfreq
    return Counter(dict(counts.most_common(_VALUES)))


def main() -> None:
    program = Program(sys.stdin.readline().strip())
    for line in sys.stdin:
        command, *fields = line.rstrip("\n").split("\t")
        getattr(program, command)(*fields)


if __name__ == "__main__":
    main()
