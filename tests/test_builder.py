"""A folder becomes an index: the same one each time, whole, whatever lies in the folder."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS
from handmade_files import docx, p

from indexer import (
    SearchRequest,
    Settings,
    builder,
    intake,
    last_build,
    open_searcher,
    rebuild,
    report,
    verify,
)
from indexer.build_report import BuildReport
from indexer.bulletin import Bulletin, Reading
from indexer.document import Document, UnitSequence
from indexer.engines import opening
from indexer.engines.generations import LOCK, current
from indexer.engines.whoosh import WhooshWriter
from indexer.errors import REFUSALS, BadInput, IndexDamaged, IndexUnavailable
from indexer.readers import ConfinedReader, Files, Found, Opened, Room, Walked, recognizer, walk

BODIES = ("海棠市质量协会", "榆林湾标准化学会", "青石县企业联合会", "白鹭洲检测中心")


TALES = (
    "走访组一行先后到三家纺织厂，看了来料检验和车间温湿度记录，提出了改进的意见。",
    "学习班讲解了测量系统分析的做法，学员用自带的卡尺当堂练习，算出了重复性和再现性。",
    "开放日当天，市民代表参观了食品和饮用水两间实验室，亲手做了一次余氯快速检测。",
    "座谈中，老师傅们回忆了早年的降废活动，建议把班前会和自检互检的规矩重新立起来。",
    "志愿者分成四个小队，清点了仓库里的消防器材，给过期的灭火器贴上了更换的标签。",
    "评审专家认为，新编的团体标准条文清楚，指标合理，还应补上运输和贮存两章。",
    "展览用旧票证、老商标和手写的工艺卡，讲述了一家搪瓷厂从作坊到公司的六十年。",
)


def text_of(number: int) -> str:
    body, tale = BODIES[number % len(BODIES)], TALES[number % len(TALES)]
    return (
        f"海棠质协工作简报\n第{number}期\n海棠市质量协会秘书处编　2021年{number % 12 + 1}月5日\n\n"
        f"{body}推进第{number}批试点\n\n"
        f"{tale}\n\n"
        f"{body}召开会议，通报第{number}批试点的进展，并就复工复产后的质量提升作出安排。\n\n"
        f"会议听取了{number}家单位的汇报，认为试点单位认真负责，工作扎实。\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six bulletins."""
    made = tmp_path / "bulletins"
    made.mkdir()
    for number in range(1, 7):
        (made / f"{number}.txt").write_text(text_of(number), encoding="utf-8")
    return made


@pytest.fixture
def chosen(folder: Path, tmp_path: Path) -> Settings:
    return Settings(folders=(str(folder),), index=str(tmp_path / "index"))


REQUESTS = [
    SearchRequest("", size=50),
    SearchRequest("复工复产", size=50),
    SearchRequest("试点 协会", "any", size=50),
    SearchRequest("第3批试点", "exact", size=50),
    SearchRequest("质量 -学会", sort="issue", size=50),
    SearchRequest("会议", chosen={"org": (BODIES[0],)}, since="2021-02", size=50),
]


def answers(chosen: Settings) -> list[dict[str, Any]]:
    """Everything the index says, but its name and the time it took."""
    searcher = open_searcher(chosen)
    try:
        found = [searcher.search(request) for request in REQUESTS]
    finally:
        searcher.close()
    return [asdict(replace(each, generation="", took_ms=0.0)) for each in found]


def outcomes(built: BuildReport) -> dict[str, str]:
    return {file.path: file.reason or file.outcome for file in built.files}


def everything_in(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file() and path.name != LOCK)
    return {str(path.relative_to(directory)): path.read_bytes() for path in files}


# The report


def test_the_report_says_what_was_read_and_understood(chosen: Settings, folder: Path) -> None:
    (folder / "页.html").write_text(
        "<html><title>无</title><p>白鹭洲检测中心开放日。</p>", encoding="gb18030"
    )
    built = rebuild(chosen)
    assert (built.read, built.refused) == (7, ())
    assert [file.path for file in built.files] == [*(f"{n}.txt" for n in range(1, 7)), "页.html"]
    first, page = built.files[0], built.files[-1]
    assert (first.media_type, first.encoding) == ("text/plain", "utf-8")
    assert (first.issue, first.date) == ("第1期", "2021-02-05")
    assert first.title == f"{BODIES[1]}推进第1批试点"
    assert first.size == len(text_of(1).encode())
    assert (page.media_type, page.encoding) == ("text/html", "gb18030")
    assert {notice.code for notice in page.notices} >= {"no_issue", "no_date"}
    assert built.noticed()["no_issue"] == 1
    assert report(chosen) == built


def test_one_bad_file_never_stops_a_build(chosen: Settings, folder: Path) -> None:
    """Each of these is listed by name with its reason, and all others are found."""
    bad = {
        "空.txt": (b"", "empty"),
        "白.txt": (" \n\u3000\n".encode(), "empty"),
        "图.png": (b"\x89PNG\r\n\x1a\n" + bytes(99), "damaged" if recognizer() else "needs_ocr"),
        "程序.txt": (b"\x7fELF" + bytes(range(256)) * 9, "not_text"),
        "断.docx": (docx(p("断了的文件"))[:200], "damaged"),
        "假.pdf": (b"%PDF-1.7\nnothing else", "damaged"),
        "旧.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unknown_format"),
        "大.txt": ("长" * 400_000, "too_large"),
        "又.md": (text_of(2).encode(), "duplicate"),
    }
    for name, (content, _) in bad.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    (folder / "2.txt").rename(folder / "乙.txt")
    (folder / "链.txt").symlink_to("/etc/hostname")
    os.mkfifo(folder / "管.txt")
    built = rebuild(replace(chosen, max_file_mb=1))
    expected = {name: reason for name, (_, reason) in bad.items()}
    expected |= {"链.txt": "symlink", "管.txt": "not_a_file"}
    # Of two files with the same content the first by name is read.
    expected["乙.txt"], expected["又.md"] = "read", "duplicate"
    refused = {name: said for name, said in outcomes(built).items() if name in expected}
    assert refused == expected
    assert built.read == 6
    assert {file.reason for file in built.refused} <= REFUSALS.keys()
    assert [file.detail for file in built.refused if file.reason == "duplicate"] == ["乙.txt"]
    searcher = open_searcher(chosen)
    assert searcher.search(SearchRequest("复工复产")).total == 6
    searcher.close()


@pytest.mark.parametrize("step", ["describe", "analyse"])
def test_a_text_that_nobody_foresaw_is_refused_alone(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    honest: Callable[..., Any] = getattr(intake, step)

    def stumble(given: Reading | Bulletin, *rest: Any) -> Any:
        if given.source.path == "4.txt":
            raise RecursionError
        return honest(given, *rest)

    monkeypatch.setattr(intake, step, stumble)
    built = rebuild(chosen)
    (refused,) = built.refused
    assert (refused.path, refused.reason, refused.detail) == ("4.txt", "crashed", "RecursionError")
    assert built.read == 5


def test_two_names_for_one_content_are_one_bulletin_below_several_folders(
    chosen: Settings, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "1.txt").write_text(text_of(1), encoding="utf-8")
    (other / "9.txt").write_text(text_of(9), encoding="utf-8")
    built = rebuild(replace(chosen, folders=(str(folder), str(other), str(folder))))
    assert [(file.path, file.reason) for file in built.files[6:]] == [
        ("1.txt", "duplicate"),
        ("9.txt", ""),
    ]
    assert built.read == 7


# Ids


def test_an_id_is_of_the_content_and_stays_when_the_file_is_renamed(
    chosen: Settings, folder: Path
) -> None:
    before = {file.path: file.id for file in rebuild(chosen).files}
    (folder / "deep").mkdir()
    (folder / "3.txt").rename(folder / "deep" / "别名.txt")
    (folder / "4.txt").write_text(text_of(4) + "补记一笔。\n", encoding="utf-8")
    after = {file.path: file.id for file in rebuild(chosen).files}
    assert after["deep/别名.txt"] == before["3.txt"]
    assert after["4.txt"] not in before.values()
    assert {after[f"{n}.txt"] for n in (1, 2, 5, 6)} == {before[f"{n}.txt"] for n in (1, 2, 5, 6)}


def test_ids_that_begin_alike_are_told_apart(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve digits of a digest may meet; then the second takes more of them."""
    honest = ConfinedReader.open

    def meet(self: ConfinedReader, file: Found, encoding: str, room: Room) -> Opened:
        opened = honest(self, file, encoding, room)
        assert opened.reading is not None
        source = opened.reading.source
        same = replace(source, sha256="0" * 12 + source.sha256[12:])
        return replace(opened, reading=replace(opened.reading, source=same))

    monkeypatch.setattr(ConfinedReader, "open", meet)
    ids = [file.id for file in rebuild(chosen).files]
    assert ids[0] == "b-" + "0" * 12
    assert sorted(len(id) for id in ids[1:3]) == [26, 26]
    assert len(set(ids)) == 6


# The same each time


def test_the_same_folder_gives_the_same_answers_and_scores(
    chosen: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built twice, in many segments, with the files met in another order."""
    rebuild(chosen)
    expected = answers(chosen)
    assert expected[1]["hits"]
    assert len({hit["score"] for hit in expected[1]["hits"]}) > 1

    rebuild(chosen)
    assert answers(chosen) == expected
    for seed, batch_units in ((1, 1), (2, 200), (3, 300)):
        monkeypatch.setattr(builder, "walk", _shuffled(seed))
        other = replace(chosen, index=str(tmp_path / f"other{seed}"), batch_units=batch_units)
        rebuild(other)
        assert answers(other) == expected, seed


def _shuffled(seed: int) -> Callable[..., Walked]:
    def found(*arguments: Any) -> Walked:
        walked = walk(*arguments)
        files = [*walked.files]
        random.Random(seed).shuffle(files)
        return Walked(Files.of(files), walked.statements)

    return found


def test_the_order_in_which_a_directory_lists_its_files_says_nothing(
    chosen: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "0.txt").write_text(text_of(5), encoding="utf-8")  # the duplicate is always 5.txt
    first = rebuild(chosen)
    honest = os.scandir

    class Backwards:
        def __init__(self, path: Path) -> None:
            with honest(path) as entries:
                self.entries = sorted(entries, key=lambda entry: entry.name, reverse=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", Backwards)
    second = rebuild(chosen)
    assert second.files == first.files
    assert outcomes(second)["5.txt"] == "duplicate"


@pytest.mark.slow
def test_the_samples_give_the_same_answers_from_one_batch_and_from_many(tmp_path: Path) -> None:
    found = []
    for batch_units in (16_000_000, 3_000):
        index = str(tmp_path / str(batch_units))
        settings = Settings(folders=(str(CORPUS),), index=index, batch_units=batch_units)
        rebuild(settings)
        found.append(answers(settings))
    assert found[0] == found[1]


# What is refused


def test_strict_refuses_what_could_not_be_read_and_names_the_first(
    chosen: Settings, folder: Path
) -> None:
    rebuild(chosen, strict=True)
    before = everything_in(Path(chosen.index))
    (folder / "空.txt").touch()
    with pytest.raises(BadInput, match=r"空\.txt"):
        rebuild(chosen, strict=True)
    assert everything_in(Path(chosen.index)) == before
    assert rebuild(chosen).read == 6


def test_a_full_index_is_never_replaced_by_an_empty_one_unasked(
    chosen: Settings, folder: Path
) -> None:
    rebuild(chosen)
    for path in folder.iterdir():
        path.unlink()
    for force in (False, True):
        with pytest.raises(BadInput, match="没有读到"):
            rebuild(chosen, force=force)
    assert open_searcher(chosen).count == 6
    assert rebuild(chosen, allow_empty=True).read == 0
    searcher = open_searcher(chosen)
    assert (searcher.count, searcher.search(SearchRequest("复工")).total) == (0, 0)
    assert verify(chosen).drawn == 0


def test_less_than_half_of_the_last_index_needs_force(chosen: Settings, folder: Path) -> None:
    rebuild(chosen)
    for number in (1, 2, 3):
        (folder / f"{number}.txt").unlink()
    assert rebuild(chosen).read == 3
    (folder / "4.txt").unlink()
    (folder / "5.txt").unlink()
    with pytest.raises(BadInput, match="--force"):
        rebuild(chosen)
    assert open_searcher(chosen).count == 3
    assert rebuild(chosen, force=True).read == 1


def test_a_folder_that_is_not_there_is_named(chosen: Settings) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        rebuild(replace(chosen, folders=("nowhere",)))
    assert not Path(chosen.index).exists()


# The check before the switch


def _loses_a_document(self: WhooshWriter, document: Document) -> None:
    if "第4期" not in document.stored:
        ADD(self, document)


def _loses_postings(self: WhooshWriter, document: Document) -> None:
    half = UnitSequence(document.units.codes[: len(document.units) // 2], document.units.names)
    ADD(self, replace(document, units=half))


def _stores_another_text(self: WhooshWriter, document: Document) -> None:
    ADD(self, replace(document, stored=document.stored.replace("试点", "试验")))


ADD = WhooshWriter.add


@pytest.mark.parametrize("broken", [_loses_a_document, _loses_postings, _stores_another_text])
def test_a_writer_that_loses_something_never_gets_its_index_served(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch, broken: Callable[..., None]
) -> None:
    rebuild(chosen)
    before = everything_in(Path(chosen.index))
    with monkeypatch.context() as patched:
        patched.setattr(WhooshWriter, "add", broken)
        with pytest.raises(IndexDamaged, match="rebuild"):
            rebuild(chosen)
    assert everything_in(Path(chosen.index)) == before
    rebuild(chosen)
    assert verify(chosen).whole


def test_verify_draws_as_told(chosen: Settings) -> None:
    rebuild(chosen)
    assert verify(chosen, 7).drawn == 7 * 6
    assert verify(chosen, 0).drawn == 0


@pytest.mark.parametrize("fact", ["schema", "whoosh"])
def test_an_index_that_another_version_built_is_refused_with_its_cure(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch, fact: str
) -> None:
    honest = opening.facts()
    with monkeypatch.context() as patched:
        patched.setattr(last_build, "facts", lambda: honest | {fact: "0.9"})
        rebuild(chosen)
    with pytest.raises(IndexUnavailable, match=f"{fact} 0.9.*rebuild") as refused:
        open_searcher(chosen)
    assert refused.value.exit_code == 4
    rebuild(chosen)
    assert current(Path(chosen.index)) == "000002"
    open_searcher(chosen).close()


def children() -> set[str]:
    threads = Path("/proc/self/task").iterdir()
    return {pid for thread in threads for pid in (thread / "children").read_text().split()}


def test_a_build_leaves_no_process_and_no_open_file(chosen: Settings) -> None:
    rebuild(chosen)
    before = sorted(Path("/proc/self/fd").iterdir()), children()
    rebuild(chosen)
    assert (sorted(Path("/proc/self/fd").iterdir()), children()) == before


def test_progress_is_told_of_every_file_once(chosen: Settings) -> None:
    told: list[tuple[int, int, str]] = []
    rebuild(chosen, lambda *each: told.append(each))
    assert told == [(n, 6, f"{n}.txt") for n in range(1, 7)]
