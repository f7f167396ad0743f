"""A reader sees the old index or the new one, never anything between."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from indexer.engines import generations
from indexer.engines.generations import new_generation, open_current
from indexer.errors import EnvironmentFault, IndexDamaged, IndexLocked, IndexMissing


def build(index: Path, text: str = "a" * 100) -> str:
    with new_generation(index) as draft:
        (draft.directory / "one.toc").write_text(text)
        (draft.directory / "two").write_text(text[::-1])
        draft.documents = 7
        draft.facts = {"words": "x"}
    return draft.name


def snapshot(index: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(index)): path.read_bytes()
        for path in index.rglob("*")
        if path.is_file() and path.name != generations.LOCK
    }


def test_what_was_built_is_current(tmp_path: Path) -> None:
    assert generations.current(tmp_path) is None
    assert build(tmp_path) == "000001"
    name, directory, manifest = open_current(tmp_path)
    assert (name, directory.name, manifest.documents) == ("000001", "000001", 7)
    assert manifest.facts == {"words": "x"}
    assert sorted(manifest.files) == ["one.toc", "two"]


def test_the_last_two_generations_are_kept(tmp_path: Path) -> None:
    for number in range(1, 5):
        assert build(tmp_path) == f"{number:06d}"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["000003", "000004"]


class _Stop(BaseException):
    pass


def test_a_build_that_fails_leaves_the_index_byte_for_byte(tmp_path: Path) -> None:
    build(tmp_path)
    before = snapshot(tmp_path)
    with pytest.raises(_Stop), new_generation(tmp_path) as draft:
        (draft.directory / "one.toc").write_text("half")
        raise _Stop
    assert snapshot(tmp_path) == before
    assert build(tmp_path) == "000002"


def test_who_is_stopped_while_the_directory_is_made_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal that comes during a system call is raised right behind it."""
    build(tmp_path)
    before = snapshot(tmp_path)
    honest = os.mkdir

    def stopped(path: Path, mode: int) -> None:
        honest(path, mode)
        if path.name.isdecimal():
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "mkdir", stopped)
        build(tmp_path)
    assert snapshot(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["000001"]


def test_what_a_killed_build_left_is_removed_and_its_number_not_used_again(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "000002").mkdir()
    (tmp_path / "000002" / "one.toc").write_text("half")
    assert build(tmp_path) == "000003"
    assert not (tmp_path / "000002").exists()


def continue_(index: Path) -> list[str]:
    """Build a generation with one file of the last one and one of its own; return what was read."""
    read: list[str] = []
    digest = generations._digest
    before = index / (generations.current(index) or "")
    with (
        pytest.MonkeyPatch.context() as patch,
        new_generation(index) as draft,
    ):
        (draft.directory / "two").hardlink_to(before / "two")
        (draft.directory / "one.toc").write_text("fresh")
        patch.setattr(generations, "_digest", lambda path: read.append(path.name) or digest(path))
    return read


def test_what_a_generation_took_over_is_not_read_again(tmp_path: Path) -> None:
    """An update of one bulletin would read the whole index: gigabytes, for some kilobytes."""
    build(tmp_path)
    sums = open_current(tmp_path)[2].files
    for _ in range(3):
        assert sorted(continue_(tmp_path)) == ["manifest.json", "one.toc"]
    manifest = open_current(tmp_path, whole=True)[2]
    assert manifest.files["two"] == sums["two"]
    assert manifest.files["one.toc"] != sums["one.toc"]


def test_damage_to_what_is_taken_over_is_not_vouched_for(tmp_path: Path) -> None:
    build(tmp_path)
    path = tmp_path / "000001" / "two"
    path.write_bytes(b"b" + path.read_bytes()[1:])
    continue_(tmp_path)
    with pytest.raises(IndexDamaged, match="000002/two"):
        open_current(tmp_path, whole=True)


def test_only_one_builder_at_a_time(tmp_path: Path) -> None:
    with new_generation(tmp_path) as draft:
        (draft.directory / "one.toc").write_text("x")
        with pytest.raises(IndexLocked, match=f"pid {os.getpid()}"):
            build(tmp_path)
    assert build(tmp_path) == "000002"


@pytest.mark.fault
def test_every_flipped_bit_is_noticed_when_the_index_is_opened(tmp_path: Path) -> None:
    build(tmp_path, "".join(random.Random(1).choices("abcdef", k=500)))
    rng = random.Random(2)
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "LOCK"]
    for _ in range(300):
        path = rng.choice(files)
        data = bytearray(path.read_bytes())
        whole = bytes(data)
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        with pytest.raises((IndexDamaged, IndexMissing)):
            open_current(tmp_path)
        path.write_bytes(whole)
    open_current(tmp_path)


@pytest.mark.parametrize(
    "pointer",
    [b"", b"garbage", b"../../etc\nx\n", b"000009\nx\n", b"\xff\xfe\n\n", b"000001\n"],
    ids=["empty", "garbage", "outside", "missing", "bytes", "no digest"],
)
def test_a_damaged_pointer_is_refused(tmp_path: Path, pointer: bytes) -> None:
    build(tmp_path)
    (tmp_path / generations.POINTER).write_bytes(pointer)
    with pytest.raises(IndexDamaged):
        open_current(tmp_path)


def test_a_build_over_a_damaged_pointer_takes_no_whole_generation_away(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / generations.POINTER).write_text("garbage")
    with (
        pytest.raises(_Stop),
        new_generation(tmp_path),
    ):
        raise _Stop
    assert (tmp_path / "000001" / generations.MANIFEST).is_file()
    assert build(tmp_path) == "000002"


@pytest.mark.parametrize("change", ["missing", "extra", "truncated", "swapped", "symlink"])
def test_files_that_are_not_what_the_manifest_says_are_refused(tmp_path: Path, change: str) -> None:
    build(tmp_path)
    directory = tmp_path / "000001"
    one, two = directory / "one.toc", directory / "two"
    if change == "missing":
        two.unlink()
    elif change == "extra":
        (directory / "three").touch()
    elif change == "truncated":
        two.write_text(two.read_text()[:-1])
    elif change == "swapped":
        one.write_text("b" * 100)
    else:
        two.rename(tmp_path / "elsewhere")
        two.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(IndexDamaged, match="000001"):
        open_current(tmp_path)


def test_a_missing_index_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="jianbao rebuild"):
        open_current(tmp_path / "nowhere")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault, match="index"):
        build(tmp_path / "file" / "index")
