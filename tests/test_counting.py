"""Values are counted as one would by hand, however few or many documents there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage

from indexer.engines.base import natural_order
from indexer.engines.whoosh import columns, facets
from indexer.engines.whoosh.columns import ChunkColumn, FacetColumn
from indexer.engines.whoosh.counting import FacetCounter
from indexer.engines.whoosh.facets import Facet
from indexer.engines.whoosh.postings import MappedFile

VALUES = st.integers(0, 5).map(str)
DOCUMENT = st.tuples(VALUES, VALUES, VALUES, st.lists(VALUES, max_size=3, unique=True))
NAMES = ("issue", "year", "series", "org")


def facet(rows: Sequence[Sequence[str]], live: np.ndarray) -> Facet:
    """Return a facet of documents that have these values."""
    vocabulary = [*dict.fromkeys(value for row in rows for value in row)]
    codes = [vocabulary.index(value) for row in rows for value in row]
    owners = [at for at, row in enumerate(rows) for _ in row]
    column = SimpleNamespace(
        vocabulary=vocabulary,
        codes=np.array(codes, dtype=np.uint32),
        owners=np.array(owners, dtype=np.uint32),
    )
    return Facet([column], [0], live, shown=True)


def plainly(
    rows: Sequence[Sequence[str]], groups: Sequence[int], most: int, chosen: Sequence[str]
) -> dict[str, int]:
    """Return what `Counts.frequent` says it returns."""
    holders: dict[str, set[int]] = defaultdict(set)
    for row, group in zip(rows, groups, strict=True):
        for value in row:
            holders[value].add(group)
    ranked = sorted(holders, key=lambda value: (-len(holders[value]), int(value)))
    kept = {*ranked[:most], *(value for value in chosen if value in holders)}
    return {value: len(holders[value]) for value in sorted(kept, key=int)}


@settings(deadline=None)
@given(
    st.lists(st.tuples(DOCUMENT, st.booleans(), st.booleans()), min_size=1, max_size=30),
    st.data(),
    st.sampled_from([0, 64]),
)
def test_counts_are_those_of_a_count_by_hand(
    drawn: list[tuple[tuple[str, str, str, list[str]], bool, bool]],
    data: st.DataObject,
    few: int,
) -> None:
    live = np.array([left for _, left, _ in drawn])
    hits = [at for at, (_, left, hit) in enumerate(drawn) if left and hit]
    groups = np.array(data.draw(st.lists(st.integers(0, 9), min_size=30)), dtype=np.intp)
    groups = groups[: len(drawn)]
    copied = live & (np.bincount(groups[live], minlength=10)[groups] > 1)
    columns = {
        name: [(row[at],) if at < 3 else row[at] for row, _, _ in drawn]
        for at, name in enumerate(NAMES)
    }
    most = data.draw(st.integers(0, 7))
    chosen = data.draw(st.lists(VALUES, max_size=2))
    found = {name: facet(rows, live) for name, rows in columns.items()}
    counter = FacetCounter(found, live, groups, copied)
    with patch.object(facets, "_FEW", few):
        for grouped in (False, True):
            counts = counter.of(np.array(hits, dtype=np.intp), grouped=grouped)
            for name, rows in columns.items():
                owners = [int(groups[at]) if grouped else at for at in hits]
                expected = plainly([rows[at] for at in hits], owners, most, chosen)
                if not (most or chosen):
                    expected = {}
                assert counts.frequent(name, most, chosen) == expected


NAMED = st.sampled_from(["7", "07", "１２", "12", "99", "9" * 30, "第7期", "甲", "A7", "", "²"])


@given(st.sets(NAMED | st.text(max_size=3)))
def test_numbers_come_by_their_size_then_all_others_by_their_characters(values: set[str]) -> None:
    def place(value: str) -> tuple[int, int, str]:
        number = int(value) if value.isdecimal() and len(value) < 20 else None
        return (1, 0, value) if number is None else (0, number, value)

    assert natural_order(values) == sorted(values, key=place)


@given(st.lists(st.lists(NAMED, max_size=3), max_size=20), st.integers(1, 6))
def test_a_facet_is_kept_in_order_and_each_document_with_its_own_values(
    rows: list[list[str]], most: int
) -> None:
    """However many chunks there are; opening an index puts those of all of them in order."""
    with TemporaryDirectory() as folder, patch.object(columns, "MOST_VALUES", most):
        storage = FileStorage(folder)
        writer = FacetColumn().writer(storage.create_file("facet"))
        for number, row in enumerate(rows):
            writer.add(number, tuple(row))
        writer.finish(len(rows))
        writer._dbfile.close()
        path = Path(folder, "facet")
        facts = (MappedFile(path), 0, path.stat().st_size, len(rows))
        chunks = [vocabulary for vocabulary, _, _ in ChunkColumn().reader(*facts)]
        found = FacetColumn().reader(*facts)
        held = [found[number] for number in range(len(rows))]
    assert held == [tuple(dict.fromkeys(row)) for row in rows]
    assert all(chunk == natural_order(chunk) for chunk in chunks)
