"""However many work, and whoever of them dies, the answers are the same, and nobody is left."""

from __future__ import annotations

import gc
import hashlib
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import CORPUS
from ending import is_gone, within
from works import Fatal, Squaring

from indexer import Settings, builder, rebuild, report, update
from indexer.build_report import FileReport
from indexer.engines.generations import current
from indexer.intake import Intake
from indexer.workers import WorkerLost, open_workers


def children() -> set[str]:
    threads = Path("/proc/self/task").iterdir()
    return {pid for thread in threads for pid in (thread / "children").read_text().split()}


@pytest.fixture
def nobody_left() -> Iterator[None]:
    before = open_files(), children()
    yield
    assert (open_files(), children()) == before


def open_files() -> list[str]:
    gc.collect()  # what an error's traceback still held
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("count", [1, 2, 3])
def test_answers_come_in_the_order_of_the_questions(count: int, nobody_left: None) -> None:
    with open_workers(Squaring(), count) as workers:
        asked = (workers.submit(number) for number in range(12))
        answers = [answer() for answer in workers.ahead(asked, lambda _: 1)]
    assert [square for square, _ in answers] == [number**2 for number in range(12)]
    pids = {pid for _, pid in answers}
    assert pids == {os.getpid()} if count == 1 else len(pids) == count
    assert count == 1 or all(map(is_gone, pids))


def test_only_so_much_is_taken_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with open_workers(Squaring(), 2) as workers:
        for done, number in enumerate(workers.ahead(items(), lambda _: 1 << 20)):
            assert number == done
            assert len(taken) <= done + 8, "four million bytes, or six"
        assert done == 99


def test_a_task_that_ends_its_worker_is_lost_alone(nobody_left: None) -> None:
    with open_workers(Squaring(), 2) as workers:
        answers = [workers.submit(number) for number in range(10, 20)]
        for number, answer in enumerate(answers, 10):
            if number == 13:
                with pytest.raises(WorkerLost):
                    answer()
            else:
                assert answer()[0] == number**2


def test_what_waits_with_a_task_that_ends_its_worker_is_not_lost_with_it() -> None:
    with open_workers(Squaring(), 2) as workers:
        answers = [workers.submit(2 if number != 40 else 13) for number in range(90)]
        for number, answer in enumerate(answers):
            if number == 40:
                with pytest.raises(WorkerLost):
                    answer()
            else:
                assert answer()[0] == 4


def test_workers_that_are_killed_are_replaced(nobody_left: None) -> None:
    with open_workers(Squaring(), 2) as workers:
        for _ in range(3):
            _, pid = workers.submit(2)()
            os.kill(pid, signal.SIGKILL)
            assert workers.submit(3)()[0] == 9
        nursery = int(Path(f"/proc/{workers.submit(4)()[1]}/stat").read_text().split()[3])
        assert nursery != os.getpid()
        os.kill(nursery, signal.SIGKILL)
        assert [answer()[0] for answer in [workers.submit(n) for n in range(6)]][5] == 25


def test_an_error_ends_all_of_them_at_once(nobody_left: None) -> None:
    pids: list[int] = []

    def interrupted() -> None:
        with open_workers(Squaring(), 2) as workers:
            answers = [workers.submit(1) for _ in range(2000)]
            pids.append(answers[0]()[1])
            raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - begun < 5
    assert within(5, lambda: all(map(is_gone, pids)))


def test_they_die_with_whoever_started_them() -> None:
    code = """
import time
from works import Squaring
from indexer.workers import open_workers
with open_workers(Squaring(), 2) as workers:
    print({workers.submit(1)()[1] for _ in range(9)}, flush=True)
    time.sleep(60)
"""
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdout
        pids = eval(process.stdout.readline())
        assert pids
        assert not any(map(is_gone, pids))
        process.kill()
    assert within(5, lambda: all(map(is_gone, pids)))


# Builds


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers be worth their while for any number of files."""
    monkeypatch.setattr(builder, "_FEW_FILES", 0)


def zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def text_of(number: int) -> bytes:
    return (
        f"桐花河工作简报\n第{number}期\n桐花河水务协会编　2022年{number % 12 + 1}月3日\n\n"
        f"第{number}批节水宣传活动举行\n\n"
        f"桐花河水务协会举办第{number}批活动，收到意见{number * 7}条。\n"
    ).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copies, duplicates, refusals, and archives in archives with more than there is room for."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(1, 30):
        (folder / f"{number}.txt").write_bytes(text_of(number))
    (folder / "2 副本.txt").write_bytes(text_of(2))
    (folder / "3 又.md").write_bytes(text_of(3).replace("意见".encode(), "建议".encode()))
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 nothing")
    inner = [zipped({f"{n}.txt": text_of(n) for n in range(a, a + 4)}) for a in (40, 44, 48)]
    nested = {f"内{n}.zip": data for n, data in enumerate(inner)}
    (folder / "外.zip").write_bytes(zipped(nested | {"末.txt": text_of(5), "再.txt": text_of(60)}))
    return folder


def bytes_of(index: str) -> dict[str, list[str]]:
    """Return the digests of what is in the current generation, by kind, whatever it is called."""
    directory = Path(index) / current(Path(index))
    found: dict[str, list[str]] = {}
    for path in sorted(directory.glob("MAIN_*")):
        kind = path.name.partition(".")[2]
        found.setdefault(kind, []).append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert found
    return found


def test_an_index_is_the_same_to_the_byte_however_many_work(
    folder: Path, tmp_path: Path, many: None, nobody_left: None
) -> None:
    built: list[tuple[tuple[FileReport, ...], dict[str, list[str]]]] = []
    for count in (1, 2, 3):
        index = str(tmp_path / f"index{count}")
        chosen = Settings(folders=(str(folder), str(CORPUS)), index=index)
        chosen = replace(chosen, build_workers=count, archive_members=12)
        told: list[str] = []
        files = rebuild(chosen, lambda _done, _total, name, told=told: told.append(name)).files
        assert told == [
            file.path for file in files if not file.inside and file.outcome != "settings"
        ]
        built.append((files, bytes_of(index)))
    assert built[0] == built[1] == built[2]
    reasons = {file.reason for file in built[0][0]}
    assert {"duplicate", "damaged", "too_many"} <= reasons
    assert any(file.group != file.id for file in built[0][0] if file.id)


def test_an_update_by_workers_is_what_a_rebuild_would_be(
    folder: Path, tmp_path: Path, many: None
) -> None:
    chosen = Settings(folders=(str(folder),), index=str(tmp_path / "index"), build_workers=2)
    rebuild(chosen)
    (folder / "2.txt").unlink()
    (folder / "4.txt").write_bytes(text_of(70))
    (folder / "新.txt").write_bytes(text_of(71))
    updated = update(chosen)
    anew = rebuild(replace(chosen, index=str(tmp_path / "anew"), build_workers=1))
    assert updated.files == anew.files


def test_a_file_that_kills_its_worker_is_refused_alone(
    folder: Path, tmp_path: Path, many: None, monkeypatch: pytest.MonkeyPatch, nobody_left: None
) -> None:
    monkeypatch.setattr(builder, "Intake", Fatal)
    chosen = Settings(folders=(str(folder),), index=str(tmp_path / "index"), build_workers=2)
    files = {file.path: (file.outcome, file.reason) for file in rebuild(chosen).files}
    assert files["7.txt"] == ("refused", "crashed")
    assert files["6.txt"] == files["8.txt"] == ("read", "")
    monkeypatch.setattr(builder, "Intake", Intake)
    update(chosen)
    assert all(file.reason != "crashed" for file in report(chosen).files), "tried again"


def test_a_few_files_are_read_without_workers(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    honest = builder.open_workers

    def counted(work: Intake, count: int) -> object:
        counts.append(count)
        return honest(work, count)

    monkeypatch.setattr(builder, "open_workers", counted)
    chosen = Settings(folders=(str(folder),), index=str(tmp_path / "index"), build_workers=2)
    rebuild(chosen)
    for number in range(100, 180):
        (folder / f"{number}.txt").write_bytes(text_of(number))
    for path in folder.iterdir():
        os.utime(path, (1, 1))  # long before, so that an update leaves it alone
    rebuild(chosen)
    (folder / "180.txt").write_bytes(text_of(180))
    update(chosen)
    assert counts == [1, 2, 1]
