"""An update gives what a rebuild gives, and reads only what has changed."""

from __future__ import annotations

import dataclasses
import os
import random
import time
from pathlib import Path
from typing import Any

import pytest
from test_archive import zipped

from indexer import (
    BuildReport,
    SearchRequest,
    Settings,
    builder,
    kept_report,
    open_searcher,
    rebuild,
    report,
    update,
    verify,
)
from indexer.engines import generations
from indexer.errors import BadInput
from indexer.readers import ConfinedReader, Found, Opened, Room, Walked, walk

CHILDREN = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")

WORDS = ["复工复产", "志愿者服务", "云州质协", "安全生产", "QC小组", "第27期", "质量月", "会员单位"]

STATED = [
    ("期号", "27"),
    ("issue", "第三期"),
    ("issue", "没有"),
    ("日期", "2020/3/8"),
    ("title", "另一标题"),
    ("organizations", "云州质协、云州质量社"),
    ("编码", "gb18030"),
    ("colour", "red"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    return made


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    return Settings(folders=(str(folder),), index=str(tmp_path / "index"), batch_units=400)


def write(folder: Path, name: str, text: str, age: float = 100.0) -> None:
    """Write a bulletin whose file looks `age` seconds old: its clock has ticked since."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"云州质协工作简报\n\n第{len(text)}期\n\n{text}\n", "utf-8")
    stamp = time.time_ns() - int(age * 1e9)
    os.utime(path, ns=(stamp, stamp))


def text(rng: random.Random) -> str:
    return "，".join(rng.choices(WORDS, k=rng.randint(1, 12))) + f"。{rng.random()}"


def answers(settings: Settings) -> list[object]:
    """Return everything a searcher can see of an index."""
    searcher = open_searcher(settings)
    requests = [SearchRequest(size=100), *(SearchRequest(word, size=100) for word in WORDS)]
    requests += [SearchRequest("复工 安全", "any", sort=sort) for sort in ("newest", "issue")]
    results = [searcher.search(request) for request in requests]
    found = [searcher.bulletin(hit.id) for hit in results[0].hits]
    searcher.close()
    plain = [dataclasses.replace(r, generation="", took_ms=0.0) for r in results]
    return [*plain, *found]


def test_an_update_of_one_among_many_does_the_work_of_one(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, since a clock is of the machine: files read, and bytes that sums were taken of."""
    rng = random.Random(1)
    settings = dataclasses.replace(settings, batch_units=16_000_000)
    for number in range(60):
        write(folder, f"{number}.txt", "，".join(rng.choices(WORDS, k=1000)))
    rebuild(settings)
    index = Path(settings.index)
    whole = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    read: list[str] = []
    summed: list[int] = []
    monkeypatch.setattr(generations, "_CHECKED_WHOLE", 0)  # as with a large index
    opened, digest = ConfinedReader.open, generations._digest

    def spied(reader: ConfinedReader, file: Found, encoding: str, room: Room) -> Opened:
        read.append(file.relative)
        return opened(reader, file, encoding, room)

    def summing(path: Path) -> str:
        if path.suffix != ".toc":  # what would be executed is always checked
            summed.append(path.stat().st_size)
        return digest(path)

    monkeypatch.setattr(ConfinedReader, "open", spied)
    monkeypatch.setattr(generations, "_digest", summing)
    write(folder, "7.txt", "，".join(rng.choices(WORDS, k=300)))
    update(settings)
    assert read == ["7.txt"]
    assert sum(summed) < whole / 4
    verify(settings, draw=1)


def test_the_reader_gets_ready_while_the_folders_are_walked_and_is_gone_whatever_happens(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "a.txt", "复工复产")
    update(settings)
    others = {*CHILDREN.read_text().split()}
    readers: list[set[str]] = []

    def walked(*arguments: Any) -> Walked:
        readers.append({*CHILDREN.read_text().split()} - others)
        return walk(*arguments)

    monkeypatch.setattr(builder, "walk", walked)
    write(folder, "b.txt", "志愿者服务")
    assert update(settings).read == 2
    update(settings)
    folder.rename(folder.with_name("away"))
    with pytest.raises(BadInput):
        update(settings)
    assert [*map(len, readers)] == [1, 1, 1]
    assert not {*CHILDREN.read_text().split()} - others


def facts(report: BuildReport) -> list[object]:
    return [dataclasses.replace(file, modified=0) for file in report.files]


def test_a_new_index_is_built_whole(folder: Path, settings: Settings) -> None:
    write(folder, "a.txt", "复工复产")
    assert update(settings).read == 1
    assert verify(settings, 20).found == 20


@pytest.mark.parametrize("emptied", [False, True])
def test_an_index_of_nothing_is_continued(folder: Path, settings: Settings, emptied: bool) -> None:
    if emptied:
        write(folder, "z.txt", "志愿者服务")
        rebuild(settings)
        (folder / "z.txt").unlink()
        update(settings, allow_empty=True, force=True)
    else:
        rebuild(settings, allow_empty=True)
    for number, text in enumerate(("复工复产", "换届工作"), start=1):
        write(folder, f"{number}.txt", text)
        update(settings)
        told = [file.path for file in report(settings).files]
        assert told == [f"{one}.txt" for one in range(1, number + 1)]
    assert verify(settings, 20).whole


def test_without_any_change_the_generation_stays(folder: Path, settings: Settings) -> None:
    write(folder, "a.txt", "复工复产")
    (folder / "b.txt").write_bytes(b"\x7fELF\x00\x01\x02")
    os.utime(folder / "b.txt", ns=(1, 1))
    first = update(settings)
    assert update(settings) == first
    assert generations.current(Path(settings.index)) == first.generation == "000001"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_any_sequence_of_edits_gives_what_a_rebuild_gives(
    seed: int, folder: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr(kept_report, "_FEW", rng.choice([0, 2, 50]))
    names = tmp_path / "names.csv"
    names.write_text("全称,简称\n", "utf-8")
    settings = dataclasses.replace(settings, organizations=str(names))
    anew = dataclasses.replace(settings, index=str(tmp_path / "anew"))
    for _ in range(6):
        for _ in range(rng.randint(1, 3)):
            edit(folder, rng)
        for _ in range(rng.randint(0, 3)):
            state(folder, rng)
        if rng.random() < 0.2:
            names.write_text(f"全称,简称\n云州质量社,{rng.choice(WORDS)}\n", "utf-8")
        if not any(folder.rglob("*.txt")):
            write(folder, "a.txt", text(rng))
        updated, rebuilt = update(settings, allow_empty=True), rebuild(anew, allow_empty=True)
        assert facts(updated) == facts(rebuilt)
        assert report(settings) == updated
        assert answers(settings) == answers(anew)
    assert verify(settings, 5).whole


def state(folder: Path, rng: random.Random) -> None:
    """State something of some file, in any place, rightly or wrongly; or take a statement back."""
    archive, at = f"{rng.randrange(4)}.zip", folder / rng.choice(["", "x"])
    at.mkdir(exist_ok=True)
    member = f"{archive}/{rng.choice(['', 'in.zip/'])}{rng.randrange(3)}.txt"
    name = rng.choice([f"{rng.randrange(12)}.txt", archive, member])
    key, value = rng.choice(STATED)
    tables = {
        "bulletins.csv": f"文件,{key}\n{name},{value}\nx/{name},{value}\n",
        "bulletins.toml": f'["{name}"]\n{key} = "{value}"\n',
    }
    sides = [f"{name}.toml", f"{name[:-4]}.toml"] if name != member else list(tables)
    where = rng.choice([*sides, *tables])
    if rng.random() < 0.25:
        (at / where).unlink(missing_ok=True)
    else:
        (at / where).write_text(tables.get(where, f'{key} = "{value}"\n'), "utf-8")


def edit(folder: Path, rng: random.Random) -> None:
    """Add, change, touch, remove, rename or copy a file or an archive, or pack an archive."""
    files = sorted((*folder.rglob("*.txt"), *folder.rglob("*.zip")))
    kinds = "add add pack pack change touch remove rename copy variant break"
    kind = rng.choice(kinds.split())
    name = rng.choice(["", "x/"]) + f"{rng.randrange(12)}.txt"
    if kind == "pack":
        pack(folder / rng.choice(["", "x"]) / f"{rng.randrange(4)}.zip", rng)
        return
    if kind == "add" or not files:
        write(folder, name, text(rng), age=rng.uniform(3, 1000))
        return
    path = rng.choice(files)
    if kind == "change":
        write(folder, str(path.relative_to(folder)), text(rng), age=rng.choice([0.0, 500.0]))
    elif kind == "touch":
        os.utime(path, ns=(5, rng.randrange(10**18)))
    elif kind == "remove":
        path.unlink()
    elif kind == "break":
        path.write_bytes(b"\x7fELF" + rng.randbytes(40))
    else:
        (folder / name).parent.mkdir(exist_ok=True)
        content = path.read_bytes()
        if kind == "rename":
            path.unlink()
        if kind == "variant":
            content += "\n附：另存的一份。\n".encode()
        (folder / name).write_bytes(content)


def pack(path: Path, rng: random.Random) -> None:
    """Write an archive of some of the files around, of new ones, and perhaps of an archive."""
    around = [each.read_bytes() for each in sorted(path.parent.parent.rglob("*.txt"))]
    members = [(f"{n}.txt", text(rng).encode()) for n in range(rng.randint(0, 3))]
    members += [(f"{n}.txt", rng.choice(around)) for n in range(rng.randint(0, 2)) if around]
    members += [("p.png", b"\x89PNG"), ("in.zip", zipped(*members))][: rng.randint(0, 2)]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zipped(*members))
    stamp = time.time_ns() - int(rng.choice([0.0, 500.0, 500.0]) * 1e9)
    os.utime(path, ns=(stamp, stamp))


def test_only_what_changed_is_read(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        write(folder, f"{name}.txt", f"{name}复工复产")
    rebuild(settings)
    write(folder, "b.txt", "安全生产")
    write(folder, "d.txt", "质量月")
    (folder / "c.txt").unlink()
    asked: list[str] = []
    really = ConfinedReader.open

    def opened(self: ConfinedReader, file: Found, encoding: str, room: Room) -> Opened:
        asked.append(file.relative)
        return really(self, file, encoding, room)

    monkeypatch.setattr(ConfinedReader, "open", opened)
    report = update(settings)
    assert asked == ["b.txt", "d.txt"]
    assert [file.path for file in report.files] == ["a.txt", "b.txt", "d.txt"]


def test_a_file_changed_in_the_tick_in_which_it_was_read_is_read_again(
    folder: Path, settings: Settings
) -> None:
    write(folder, "a.txt", "复工复产", age=0.0)
    first = update(settings)
    stamp = (folder / "a.txt").stat().st_mtime_ns
    content = (folder / "a.txt").read_text("utf-8").replace("复工复产", "安全生产")
    (folder / "a.txt").write_text(content, "utf-8")
    os.utime(folder / "a.txt", ns=(stamp, stamp))
    assert update(settings).files[0].id != first.files[0].id


def test_a_renamed_file_keeps_its_id(folder: Path, settings: Settings) -> None:
    write(folder, "a.txt", "复工复产")
    before = update(settings).files[0]
    (folder / "a.txt").rename(folder / "b.txt")
    after = update(settings).files[0]
    assert (after.path, after.id) == ("b.txt", before.id)
    searcher = open_searcher(settings)
    bulletin = searcher.bulletin(after.id)
    assert bulletin is not None
    assert bulletin.source.path == "b.txt"
    searcher.close()


def test_when_a_file_goes_its_copy_takes_its_place(folder: Path, settings: Settings) -> None:
    write(folder, "a.txt", "复工复产")
    write(folder, "b.txt", "复工复产")
    assert [file.reason for file in update(settings).files] == ["", "duplicate"]
    (folder / "a.txt").unlink()
    report = update(settings)
    assert [(file.path, file.outcome) for file in report.files] == [("b.txt", "read")]


def test_the_same_bulletin_in_several_files_is_one_hit(folder: Path, settings: Settings) -> None:
    body = "云州质协组织志愿者服务队，助力会员单位复工复产，开展安全生产检查。" * 3
    write(folder, "a.txt", body)
    write(folder, "b.md", body + "。")
    (folder / "b.md").write_text((folder / "a.txt").read_text("utf-8") + "\n又一页\n", "utf-8")
    write(folder, "c.txt", text(random.Random(1)))
    report = update(settings)
    assert [file.group for file in report.files[:2]] == [report.files[0].id] * 2
    (copy,) = [notice for notice in report.files[1].notices if notice.code == "copy"]
    assert copy.sentence.zh == "与 a.txt 是同一期简报。"
    searcher = open_searcher(settings)
    result = searcher.search(SearchRequest("志愿者服务队"))
    assert result.total == len(result.hits) == 1
    assert {count.count for count in result.facets["issue"]} == {1}
    shown = {result.hits[0].id, *(copy.id for copy in result.hits[0].copies)}
    assert shown == {file.id for file in report.files[:2]}
    assert {copy.path for copy in result.hits[0].copies} < {"a.txt", "b.md"}
    alone = searcher.search(SearchRequest("又一页"))
    assert [hit.id for hit in alone.hits] == [report.files[1].id], "what only a copy has is found"
    searcher.close()


def test_when_the_first_of_a_group_goes_the_next_names_it(folder: Path, settings: Settings) -> None:
    body = "云州质协组织志愿者服务队，助力会员单位复工复产，开展安全生产检查。" * 3
    write(folder, "a.txt", body)
    (folder / "b.txt").write_text((folder / "a.txt").read_text("utf-8") + "\n又一页\n", "utf-8")
    assert len({file.group for file in update(settings).files}) == 1
    (folder / "a.txt").unlink()
    report = update(settings)
    assert [file.group for file in report.files] == [report.files[0].id]


def test_another_dictionary_or_folder_means_reading_everything(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    write(folder, "a.txt", "复工复产")
    update(settings)
    words = tmp_path / "words.txt"
    words.write_text("复工复产\n", "utf-8")
    with_words = dataclasses.replace(settings, user_words=str(words))
    assert update(with_words).generation == "000002"
    other = tmp_path / "other"
    write(other, "a.txt", "安全生产")
    assert update(dataclasses.replace(settings, folders=(str(other),))).read == 1
    searcher = open_searcher(settings)
    assert [searcher.search(SearchRequest(w)).total for w in ("复工", "生产")] == [0, 1]
    searcher.close()


def test_a_folder_that_was_emptied_by_accident_does_not_empty_the_index(
    folder: Path, settings: Settings
) -> None:
    write(folder, "a.txt", "复工复产")
    update(settings)
    (folder / "a.txt").unlink()
    with pytest.raises(BadInput):
        update(settings)
    assert generations.current(Path(settings.index)) == "000001"


def test_many_small_updates_leave_few_segments(folder: Path, settings: Settings) -> None:
    large = dataclasses.replace(settings, batch_units=100_000)
    for number in range(14):
        write(folder, f"{number}.txt", f"复工复产{number}")
        update(large)
    name = generations.current(Path(settings.index))
    assert name is not None
    assert len(list((Path(settings.index) / name).glob("*.trm"))) <= 10
    searcher = open_searcher(large)
    assert searcher.search(SearchRequest("复工复产")).total == 14
    searcher.close()
