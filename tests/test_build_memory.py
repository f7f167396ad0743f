"""The memory of a build does not grow with the corpus, but for a few bytes of each bulletin."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.analysis import Segmenter, analyse
from indexer.bulletin import Block, Bulletin, Source
from indexer.engines.whoosh import WhooshWriter, columns, merging, postings

FEW, MANY = 1000, 6000

TEXT = "".join(f"，{chr(0x4E00 + number)}" for number in range(100))
DOCUMENT = analyse(Bulletin("", Source("", "", "", "", 0), "", (Block(TEXT),)), Segmenter())


def peak(folder: Path, documents: int) -> int:
    """Return the most memory that it took to write so many documents, in bytes."""
    folder.mkdir()
    tracemalloc.start()
    try:
        writer = WhooshWriter(folder, batch_units=40_000)
        for number in range(documents):
            id = f"b-{number:012}"
            writer.add(replace(DOCUMENT, id=id, group=id))
        writer.finish()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_an_index_of_five_times_as_many_bulletins_takes_hardly_more_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_RANGE", 1 << 10)
    monkeypatch.setattr(columns, "MOST_VALUES", 100)
    monkeypatch.setattr(columns, "_NUMBERS", 100)
    monkeypatch.setattr(postings, "_TERMS", 100)
    peak(tmp_path / "first", FEW)
    few, many = (peak(tmp_path / str(count), count) for count in (FEW, MANY))
    assert many - few < 240 * (MANY - FEW)
