"""The memory of a build does not grow with the corpus, but for a few bytes of each bulletin."""

from __future__ import annotations

import base64
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.analysis import NUMBERS, Segmenter, analyse
from indexer.build_report import FileReport
from indexer.bulletin import Block, Bulletin, Source
from indexer.copies import Copies, Seen
from indexer.document import offer
from indexer.engines.whoosh import WhooshWriter, columns, inversion, postings
from indexer.file_reports import identity, signature_of
from indexer.kept_report import Gathering, Reports
from indexer.suggest.tally import counted

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
    monkeypatch.setattr(inversion, "_PORTION", 1 << 10)
    monkeypatch.setattr(columns, "MOST_VALUES", 100)
    monkeypatch.setattr(columns, "_NUMBERS", 100)
    monkeypatch.setattr(postings, "_TERMS", 100)
    peak(tmp_path / "first", FEW)
    few, many = (peak(tmp_path / str(count), count) for count in (FEW, MANY))
    assert many - few < 240 * (MANY - FEW)


def file_report(number: int) -> FileReport:
    """Return the report of a bulletin like no other."""
    rng = np.random.default_rng(number)
    id = f"b-{rng.bytes(6).hex()}"
    return FileReport(
        path=f"二〇二〇年/{number:06}.txt",
        outcome="read",
        media_type="text/plain",
        encoding="utf-8",
        size=9_000,
        modified=1_600_000_000_000_000_000 + number,
        sha256=id.removeprefix("b-") + rng.bytes(26).hex(),
        id=id,
        title=f"九州质量协会会员单位复工复产情况之{number}",
        series="九州质量协会工作简报",
        issue=f"第{number}期",
        date="2020-03-18",
        publisher="九州质量协会",
        number=number,
        group=id,
        signature=base64.b64encode(rng.bytes(4 * NUMBERS)).decode("ascii"),
    )


def remembered(files: int) -> int:
    """Return the most memory that it took to remember so many files, in bytes."""
    tracemalloc.start()
    try:
        copies, gathering = Copies(), Gathering()
        for number in range(files):
            file = file_report(number)
            facts = (file.path, file.group, identity(file), signature_of(file))
            copies.add(Seen(number, *facts))
            gathering.take([file])
        gathering.part()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_what_is_remembered_of_a_file_is_no_more_than_the_handbook_says() -> None:
    few, many = (remembered(count) for count in (FEW, MANY))
    assert many - few < 1_500 * (MANY - FEW)


def test_a_report_that_is_gathered_is_the_same_when_it_is_asked_for() -> None:
    files, gathering = [file_report(number) for number in range(5)], Gathering()
    refused = FileReport("a.zip", "refused", "duplicate", sha256=files[3].sha256)
    assert gathering.take([*files, refused]) == 6
    assert gathering.first(files[3].sha256) == files[3].path
    assert gathering.first("0" * 64) is None
    assert gathering.has(files[0].id)
    assert not gathering.has(f"{files[0].id}0")
    assert [*Reports((gathering.part(),), np.arange(6))] == [*files, refused]


def offered(bulletins: int) -> Iterator[dict[str, int]]:
    """Yield what so many bulletins offer, a hundred of them at a time: phrases of their own."""
    for first in range(0, bulletins, 100):
        numbers = range(first, first + 100)
        titles = {
            offer("title", f"九州质量协会会员单位复工复产情况之{number}"): 1 for number in numbers
        }
        phrases = (f"复工 {number} {at}" for number in numbers for at in range(60))
        yield titles | {offer("phrase", phrase): 1 for phrase in phrases}


def counting(bulletins: int) -> int:
    """Return the most memory that it took to count what so many bulletins offer, in bytes."""
    tracemalloc.start()
    try:
        counted(lambda: offered(bulletins))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_phrases_that_one_bulletin_offers_are_never_all_in_memory() -> None:
    few, many = (counting(count) for count in (FEW, 3 * FEW))
    assert many - few < 8_000 * 2 * FEW
