"""What the operator puts right in a folder is what is searched, and is reported."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer import BuildReport, FileReport, SearchRequest, Settings, open_searcher, rebuild, update
from indexer.__main__ import main
from indexer.bulletin import IssueNumber
from indexer.engines.generations import current
from indexer.errors import WrongUsage
from indexer.language import Notice
from indexer.metadata.overrides import (
    codec,
)
from indexer.readers import ConfinedReader, Found, Opened, Room

TEXT = (
    "海棠质协工作简报\n第3期\n海棠市质量协会秘书处编　2021年5月5日\n\n试点推进\n\n"
    "海棠市质量协会召开会议，通报试点的进展，云岭手作工坊介绍了做法。\n"
)


def codes(notices: tuple[Notice, ...] | list[Notice]) -> list[str]:
    return [notice.code for notice in notices]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    (made / "a.txt").write_text(TEXT, "utf-8")
    (made / "b.txt").write_text(TEXT.replace("3", "5").replace("试点", "换届"), "gb18030")
    age(made)
    return made


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    return Settings(folders=(str(folder),), index=str(tmp_path / "index"))


def age(folder: Path) -> None:
    """Let every file look older than a file system's clock may be wrong."""
    for path in folder.iterdir():
        os.utime(path, ns=(1, time.time_ns() - 10**11))


def state(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def named(report: BuildReport, path: str) -> FileReport:
    return next(file for file in report.files if file.path == path)


def invalid(report: BuildReport) -> dict[str, list[str]]:
    found = {
        f.path: [n.sentence.zh for n in f.notices if n.code == "override_invalid"]
        for f in report.files
    }
    return {path: said for path, said in found.items() if said}


def test_the_side_file_stands_before_the_table_and_that_before_the_front_matter(
    folder: Path, settings: Settings
) -> None:
    (folder / "a.txt").write_text(
        f"---\n期号：10\n日期：2019-01-01\n标题：前注\n---\n{TEXT}", "utf-8"
    )
    assert named(rebuild(settings), "a.txt").issue == "第10期"
    (folder / "bulletins.csv").write_text("文件,期号,日期\na.txt,11,2020/1/1\n", "gb18030")
    (folder / "bulletins.toml").write_text('["a.txt"]\nissue = 12\n', "utf-8")
    assert named(rebuild(settings), "a.txt").issue == "第12期"
    (folder / "a.toml").write_text("issue = 13\n", "utf-8")
    (folder / "a.txt.toml").write_text("issue = 14\n", "utf-8")
    report = rebuild(settings)
    file = named(report, "a.txt")
    assert (file.issue, file.number, file.date, file.title) == ("第14期", 14, "2020-01-01", "前注")
    assert len(invalid(report)["a.txt"]) == 5, "four other issues and one other date"
    assert (report.read, report.refused) == (2, ())
    assert [(f.path, f.outcome) for f in report.files[2:]] == [
        ("bulletins.csv", "settings"),
        ("bulletins.toml", "settings"),
    ]


def test_what_is_put_right_is_what_is_searched(folder: Path, settings: Settings) -> None:
    (folder / "a.txt").write_text(f"---\n系列：云岭通讯\n期号：77\n---\n{TEXT}", "utf-8")
    rebuild(settings)
    searcher = open_searcher(settings)
    (hit,) = searcher.search(SearchRequest(chosen={"issue": ("77",)})).hits
    assert (hit.series, hit.issue) == ("云岭通讯", IssueNumber(77, "第77期"))
    assert searcher.search(SearchRequest("云岭通讯", "exact")).total == 0, "it is no text"
    searcher.close()


def test_tables_of_inner_folders_and_names_in_any_form_are_understood(
    folder: Path, settings: Settings
) -> None:
    (folder / "x").mkdir()
    (folder / "x" / "caf\u00e9.txt").write_text(TEXT.replace("3", "6"), "utf-8")
    (folder / "bulletins.csv").write_text("file,issue,date\nx\\cafe\u0301.txt,21,2001\n", "utf-8")
    (folder / "x" / "bulletins.csv").write_text("file,issue\ncaf\u00e9.txt,22\n", "utf-8")
    file = named(rebuild(settings), "x/caf\u00e9.txt")
    assert (file.issue, file.date) == ("第22期", "2001")


def test_what_belongs_to_no_bulletin_is_reported_of_itself(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    (folder / "bulletins.csv").write_text("文件,期号\n../a.txt,1\nc.txt,2\na.txt,3\n", "utf-8")
    (folder / "c.toml").write_text("期号 = 1\n", "utf-8")
    (folder / "jianbao.toml").write_text('folders = ["x"]\n', "utf-8")
    (tmp_path / "names.csv").write_text("全称,简称\n甲协会,甲\n", "utf-8")
    report = rebuild(dataclasses.replace(settings, organizations=str(tmp_path / "names.csv")))
    assert {path: len(said) for path, said in invalid(report).items()} == {
        "bulletins.csv": 2,
        "c.toml": 1,
        "names.csv": 1,
    }
    assert "c.txt" in invalid(report)["bulletins.csv"][1]
    assert (report.read, report.refused, len(report.bulletins)) == (2, (), 2)


def test_a_file_that_was_not_read_says_that_nothing_was_put_right(
    folder: Path, settings: Settings
) -> None:
    (folder / "c.txt").write_bytes((folder / "a.txt").read_bytes())
    (folder / "d.bin").write_bytes(b"\x7fELF\0")
    for name in ("c.toml", "d.bin.toml"):
        (folder / name).write_text("issue = 1\n", "utf-8")
    age(folder)
    report = update(settings)
    assert invalid(report).keys() == {"c.txt", "d.bin"}
    assert update(settings) == report


def test_a_side_file_that_may_not_be_read_harms_nobody(folder: Path, settings: Settings) -> None:
    (folder / "a.toml").symlink_to("/etc/passwd")
    (folder / "bulletins.csv").mkdir()
    (folder / "bulletins.toml").write_bytes(b"#" * ((4 << 20) + 1))
    report = rebuild(settings)
    assert report.read == 2
    assert invalid(report).keys() == {"a.txt", "bulletins.toml"}


# Encodings.


def test_the_encoding_is_an_order_that_a_side_file_may_change(
    folder: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    ordered = dataclasses.replace(settings, encoding="BIG5")
    (folder / "a.toml").write_text('编码 = "utf-8"\n', "utf-8")
    report = rebuild(ordered)
    assert [file.encoding for file in report.bulletins] == ["utf-8", "big5"]
    (folder / "bulletins.csv").write_text("file,encoding\nb.txt,gbk\n", "utf-8")
    assert [file.encoding for file in update(ordered).bulletins] == ["utf-8", "gbk"]
    assert named(update(ordered), "b.txt").issue == "第5期"


def test_an_unknown_encoding_is_wrong_usage(
    folder: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("klingon", "rot13", "hex", "a\0"):
        with pytest.raises(WrongUsage):
            rebuild(dataclasses.replace(settings, encoding=name))
    arguments = ["--index", settings.index, str(folder)]
    assert main(["rebuild", "--encoding", "klingon", *arguments]) == 2
    assert "klingon" in capsys.readouterr().err
    assert main(["update", "--encoding", "GBK", *arguments]) == 0
    assert codec("GBK") == "gbk"


# Updates.


@pytest.mark.parametrize(
    ("change", "reread"),
    [
        (lambda f: state(f / "a.toml", "issue = 9"), {"a.txt"}),
        (lambda f: state(f / "a.txt.toml", "issue = 9"), {"a.txt"}),
        (lambda f: state(f / "bulletins.csv", "file,issue\nb.txt,9\n"), {"b.txt"}),
        (
            lambda f: state(f / "bulletins.toml", '["a.txt"]\nissue = 1\n["b.txt"]\nissue = 2\n'),
            {"a.txt", "b.txt"},
        ),
        (lambda f: state(f / "jianbao.toml", "port = 1"), set()),
    ],
)
def test_an_update_reads_what_something_new_is_stated_of(
    folder: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
    reread: set[str],
) -> None:
    first = update(settings)
    asked: set[str] = set()
    honest = ConfinedReader.open

    def opened(self: ConfinedReader, file: Found, encoding: str, room: Room) -> Opened:
        asked.add(file.relative)
        return honest(self, file, encoding, room)

    monkeypatch.setattr(ConfinedReader, "open", opened)
    change(folder)
    second = update(settings)
    assert asked == reread
    assert (second == first) == (not reread)
    assert [file.id for file in second.bulletins] == [file.id for file in first.bulletins]


def test_another_authority_or_encoding_means_reading_everything(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    names = tmp_path / "names.toml"
    names.write_text("[云岭手作工坊]\n简称 = '云岭'\n", "utf-8")
    listed = dataclasses.replace(settings, organizations=str(names))
    generations = [update(each).generation for each in (settings, listed, listed)]
    searcher = open_searcher(listed)
    counts = searcher.search(SearchRequest()).facets["org"]
    assert {count.value: count.count for count in counts}["云岭手作工坊"] == 2
    searcher.close()
    names.write_text("[云岭手作坊]\n简称 = '云岭手作工坊、云岭'\n", "utf-8")
    generations.append(update(listed).generation)
    generations.append(update(dataclasses.replace(listed, encoding="gb18030")).generation)
    assert generations == ["000001", "000002", "000002", "000003", "000004"]
    assert current(Path(settings.index)) == "000004"
