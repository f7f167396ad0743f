"""A change in the folders is in the index soon, and never half of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from indexer import BuildReport, Settings, watch, watcher
from indexer.engines import generations
from indexer.errors import EnvironmentFault, JianbaoError

TICK = 0.05


@dataclass
class Heard:
    reports: list[BuildReport] = field(default_factory=list)
    errors: list[JianbaoError] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [file.path for file in self.reports[-1].files] if self.reports else []


@contextmanager
def watching(settings: Settings) -> Iterator[Heard]:
    heard, stop = Heard(), threading.Event()
    thread = threading.Thread(
        target=watch, args=(settings, heard.reports.append, heard.errors.append, stop)
    )
    thread.start()
    try:
        yield heard
    finally:
        stop.set()
        thread.join(timeout=20)
        assert not thread.is_alive()


def until(condition: object, seconds: float = 15.0) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(TICK / 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    return made


@pytest.fixture
def settings(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    made = Settings(folders=(str(folder),), index=str(tmp_path / "index"), watch_seconds=1)
    real = threading.Event.wait
    monkeypatch.setattr(
        threading.Event, "wait", lambda self, timeout=None: real(self, TICK if timeout else None)
    )
    return made


def write(folder: Path, name: str, text: str = "复工复产") -> None:
    (folder / name).write_text(f"云州质协工作简报\n\n{name}\n\n{text}。\n", "utf-8")


def test_what_is_added_changed_and_removed_is_followed(folder: Path, settings: Settings) -> None:
    write(folder, "a.txt")
    with watching(settings) as heard:
        until(lambda: heard.paths() == ["a.txt"])
        write(folder, "b.txt")
        until(lambda: heard.paths() == ["a.txt", "b.txt"])
        (folder / "a.txt").unlink()
        until(lambda: heard.paths() == ["b.txt"])
    assert not heard.errors


def test_a_burst_is_taken_in_few_updates(folder: Path, settings: Settings) -> None:
    write(folder, "0.txt")
    with watching(settings) as heard:
        until(lambda: heard.paths() == ["0.txt"])
        for number in range(1, 40):
            write(folder, f"{number}.txt")
        until(lambda: len(heard.paths()) == 40)
        assert len(heard.reports) <= 4


def test_a_file_that_grows_is_waited_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each letter is one look at the folder; an update comes with the second look alike."""
    stop = threading.Event()
    looks, updates = iter("aaaabcdeffffgghii"), []

    def look(chosen: Settings) -> str:
        letter = next(looks, "")
        if not letter:
            stop.set()
        seen.append(letter)
        return letter

    seen: list[str] = []
    monkeypatch.setattr(watcher, "_look", look)
    monkeypatch.setattr(watcher, "update", lambda chosen: updates.append("".join(seen)))
    watch(settings, lambda report: None, pytest.fail, stop)
    assert updates == ["aa", "aaaabcdeff", "aaaabcdeffffgg", "aaaabcdeffffgghii"]


def test_a_folder_that_is_away_for_a_while_is_said_once(folder: Path, settings: Settings) -> None:
    write(folder, "a.txt")
    with watching(settings) as heard:
        until(lambda: heard.paths() == ["a.txt"])
        away = folder.rename(folder.with_name("away"))
        until(lambda: len(heard.errors) == 1)
        time.sleep(4 * TICK)
        away.rename(folder)
        write(folder, "b.txt")
        until(lambda: heard.paths() == ["a.txt", "b.txt"])
        assert len(heard.errors) == 1


def test_what_may_pass_is_tried_again(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "a.txt")
    really, failures = watcher.update, iter([True, True, False])

    def update(chosen: Settings) -> BuildReport:
        if next(failures, False):
            raise EnvironmentFault("磁盘已满。", "The disk is full.")
        return really(chosen)

    monkeypatch.setattr(watcher, "update", update)
    with watching(settings) as heard:
        until(lambda: heard.paths() == ["a.txt"])
    assert len(heard.errors) == 1


def test_another_build_is_waited_for(folder: Path, settings: Settings) -> None:
    write(folder, "a.txt")
    index = Path(settings.index)
    with generations.new_generation(index), watching(settings) as heard:
        time.sleep(6 * TICK)
        assert not heard.reports
        assert not heard.errors
    with watching(settings) as heard:
        until(lambda: heard.paths() == ["a.txt"])


def test_what_is_stated_of_a_bulletin_is_in_the_index_soon(
    folder: Path, settings: Settings
) -> None:
    write(folder, "a.txt")
    with watching(settings) as heard:
        until(lambda: heard.reports)
        (folder / "a.toml").write_text("issue = 77\n", "utf-8")
        until(lambda: heard.reports[-1].files[0].number == 77)
