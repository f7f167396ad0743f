"""Terms are found, and follow one another, as in the file that Whoosh itself writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashReader, OrderedHashWriter

from indexer.engines.whoosh.terms import TermWriter, _table

KEYS = st.sets(st.binary(min_size=1, max_size=5), max_size=300)


def read(storage: FileStorage, name: str) -> OrderedHashReader:
    return OrderedHashReader.open(storage, name)


@given(KEYS)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whoosh_finds_what_is_written_many_at_a_time(tmp_path: Path, keys: set[bytes]) -> None:
    storage, ordered = FileStorage(str(tmp_path)), sorted(keys)
    values = np.arange(2 * len(ordered), dtype="<u4").reshape(-1, 2)
    ours, theirs = TermWriter(storage.create_file("a")), OrderedHashWriter(storage.create_file("b"))
    theirs.extras["fieldmap"] = {}
    for start in range(0, len(ordered), 100):
        ours.add_many(ordered[start : start + 100], values[start : start + 100])
    for key, value in zip(ordered, values, strict=True):
        theirs.add(key, value.tobytes())
    ours.close()
    theirs.close()
    found, expected = read(storage, "a"), read(storage, "b")
    assert list(found.items()) == list(expected.items())
    for key in [*ordered, b"", b"\xff" * 6]:
        assert found.get(key) == expected.get(key)
        assert found.closest_key(key) == expected.closest_key(key)
    found.close()
    expected.close()
    assert (tmp_path / "a").stat().st_size == (tmp_path / "b").stat().st_size


@given(st.lists(st.integers(0, 2**11 - 1).map(lambda slot: slot << 8), max_size=20))
@settings(max_examples=300, deadline=None)
def test_each_is_found_in_its_slot_or_behind_it(hashes: list[int]) -> None:
    positions = np.arange(1, len(hashes) + 1)
    table = _table(np.array(hashes, dtype=np.uint32), positions).tolist()
    assert len(table) == 2 * len(hashes)
    for each in zip(hashes, positions.tolist(), strict=True):
        slot = (each[0] >> 8) % len(table)
        behind = table[slot:] + table[:slot]
        assert (0, 0) not in behind[: behind.index(each)]
