"""What nothing has happened to is carried over; only what may have changed is looked at."""

from __future__ import annotations

import contextlib
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from test_update import write

from indexer import Settings, rebuild, report, update
from indexer.arrays import mapped_arrays, write_arrays
from indexer.errors import IndexUnavailable
from indexer.kept_report import REPORT, SINCE, read_report

BODY = "云州质协组织志愿者服务队，助力会员单位复工复产，开展安全生产检查。" * 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three that are much alike among others that are not."""
    made = tmp_path / "bulletins"
    made.mkdir()
    rng = random.Random(5)
    for number in range(30):
        text = "".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(300))
        write(made, f"{number:02}.txt", f"{number}：{text}")
    write(made, "05.txt", BODY)
    for name, more in (("10.txt", "又一页"), ("20.txt", "再一页")):
        copy(made, "05.txt", name, more)
    return made


def copy(folder: Path, name: str, other: str, more: str = "") -> None:
    """Write a file once more; it is as old as the first."""
    (folder / other).write_bytes((folder / name).read_bytes() + more.encode())
    shutil.copystat(folder / name, folder / other)


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    return Settings(folders=(str(folder),), index=str(tmp_path / "index"))


def removed(folder: Path) -> None:
    (folder / "05.txt").unlink()


def changed(folder: Path) -> None:
    write(folder, "10.txt", "完全是另外一件事情。" * 9)


def renamed(folder: Path) -> None:
    (folder / "05.txt").rename(folder / "15.txt")


def copied(folder: Path) -> None:
    copy(folder, "10.txt", "00.txt")


def added(folder: Path) -> None:
    (folder / "30.txt").write_text("甲乙丙丁戊己庚辛壬癸，子丑寅卯辰巳午未申酉戌亥。", "utf-8")


def stated(folder: Path) -> None:
    (folder / "20.toml").write_text('title = "另一标题"\n', "utf-8")


@pytest.mark.parametrize(
    ("edit", "looked_at"),
    [
        (removed, {"10.txt", "20.txt"}),
        (changed, {"05.txt", "10.txt", "20.txt"}),
        (renamed, {"10.txt", "15.txt", "20.txt"}),
        (copied, {"00.txt", "05.txt", "10.txt", "20.txt"}),
        (added, {"30.txt"}),
        (stated, {"05.txt", "10.txt", "20.txt"}),
    ],
)
def test_what_is_like_a_file_that_changed_is_looked_at(
    folder: Path, settings: Settings, edit: Callable[[Path], None], looked_at: set[str]
) -> None:
    rebuild(settings)
    edit(folder)
    told: list[str] = []
    updated = update(settings, lambda done, total, name: told.append(name))
    last = max(path.name for path in folder.glob("*.txt"))
    assert {*told} == looked_at | {last}, "and that all is done"
    kept = [(file.path, file.group, file.notices) for file in report(settings).files]
    rebuilt = rebuild(settings)
    assert kept == [(file.path, file.group, file.notices) for file in rebuilt.files]
    assert [file.path for file in updated.files] == [file.path for file in rebuilt.files]


def test_what_is_said_of_files_that_stay_is_linked(folder: Path, settings: Settings) -> None:
    for number in range(30, 60):
        write(folder, f"{number}.txt", f"{number}：质量月活动启动。")
    rebuild(settings)
    write(folder, "99.txt", "安全生产检查。" * 9)
    update(settings)
    one, other = (Path(settings.index) / name for name in ("000001", "000002"))
    assert (one / REPORT).samefile(other / REPORT)
    assert (other / SINCE).stat().st_size < (other / REPORT).stat().st_size / 10
    assert report(settings).files[-1].path == "99.txt"


@pytest.mark.parametrize("name", [REPORT, SINCE])
def test_a_report_that_cannot_be_read_is_said_to_be_so(
    folder: Path, settings: Settings, name: str
) -> None:
    rebuild(settings)
    directory = Path(settings.index) / "000001"
    whole = (directory / name).read_bytes()
    for damaged in (None, b"", whole[: len(whole) // 2], b"{" + whole[1:]):
        (directory / name).unlink(missing_ok=True)
        if damaged is not None:
            (directory / name).write_bytes(damaged)
        with pytest.raises(IndexUnavailable, match="rebuild"):
            read_report("000001", directory)


def test_arrays_are_mapped_as_they_were_written(tmp_path: Path) -> None:
    arrays = [
        np.arange(5),
        np.zeros((0, 2), dtype=np.int32),
        np.arange(6, dtype="u1").reshape(2, 3),
    ]
    write_arrays(tmp_path / "a", arrays)
    for one, other in zip(arrays, mapped_arrays(tmp_path / "a"), strict=True):
        assert (one.dtype, one.shape, one.tolist()) == (other.dtype, other.shape, other.tolist())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_header_that_is_damaged_is_no_header(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a", [np.arange(5)])
    whole = (tmp_path / "a").read_bytes()
    for at in range(10, 80):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[at] ^= 1 << bit
            (tmp_path / "a").write_bytes(damaged)
            with contextlib.suppress(ValueError):
                mapped_arrays(tmp_path / "a")
