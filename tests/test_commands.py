"""The jianbao command keeps the contract: results, exit codes, one plain line for every error."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import CORPUS

from indexer import Settings, open_searcher, rebuild
from indexer.__main__ import main
from indexer.engines.generations import LOCK, POINTER
from webui import create_app

HOSTILE = (
    "=海棠质协工作简报\x1b]0;owned\x07\n第3期\n海棠市质量协会编　2021年5月5日\n\n"
    "+合唱比赛\x1b[2J圆满\u202e落幕\n\n"
    "\x1b[31m海棠市质量协会\x9b31m举办合唱比赛，共有八支队伍参加，掌声经久不息。\x08\x08\n\n"
    "报送：省质量\x1b[5m协会\n抄送：@各理事单位\x07\n"
)
"""A bulletin that would steer a terminal and run in a spreadsheet."""
COMMAND = (sys.executable, "-m", "indexer")


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command in this process, in an empty folder; nothing is set but what a test sets."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JIANBAO_INDEX", raising=False)

    def command(*arguments: str) -> Done:
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as end:  # --help
            code = int(end.code or 0)
        return Done(code, *capsys.readouterr())

    return command


@pytest.fixture(scope="module")
def samples(built: Callable[[Path], Settings]) -> Settings:
    return built(CORPUS)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "1.html").write_text(_as_html(HOSTILE), encoding="utf-8")
    (folder / "=2\x1b[31m\n.txt").write_text(HOSTILE, encoding="utf-8")
    (folder / "@3\x07.txt").touch()
    chosen = Settings(folders=(str(folder),), index=str(tmp_path_factory.mktemp("index")))
    rebuild(chosen)
    return chosen


def _as_html(text: str) -> str:
    """With controls as references, which a parser gives back as what they say."""
    body = "".join(
        f"&#{ord(char)};" if unicodedata.category(char) in ("Cc", "Cf") and char != "\n" else char
        for char in text
    )
    return "<html><title>x</title>" + "".join(f"<p>{line}</p>" for line in body.splitlines())


def an_error(done: Done, code: int) -> str:
    """Return the one line of an error, after a look at its shape."""
    assert (done.code, done.out) == (code, ""), done
    assert done.err.startswith("jianbao: ")
    assert done.err.endswith("\n")
    assert done.err.count("\n") == 1, done.err
    assert "Traceback" not in done.err
    assert re.search("[\u4e00-\u9fff].*[A-Za-z]{2}", done.err), "both languages"
    return done.err


# Exit codes and errors


def test_each_command_ends_with_0(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "1.txt").write_text(HOSTILE, encoding="utf-8")
    assert run("rebuild").code == 0
    assert run("update").code == 0
    found = run("search", "合唱比赛", "--json")
    id = json.loads(found.out)["hits"][0]["id"]
    for command in (("search", ""), ("show", id), ("verify",), ("report",), ("--help",)):
        assert run(*command).code == 0, command


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "COMMAND"),
        (("index",), "index"),
        (("search",), "QUERY"),
        (("search", "a", "--mode", "fuzzy"), "mode"),
        (("search", "a", "--page", "0"), "page"),
        (("search", "a", "--page", "x"), "page"),
        (("search", "a", "--size", "101"), "size"),
        (("search", "a", "--from", "2020/3"), "from"),
        (("search", "a", "--from", "2021", "--to", "2020"), "from"),
        (("search", "a" * 2001), "2000"),
        (("show", "b-000000000000"), "b-000000000000"),
        (("report", "--csv", "--json"), "csv"),
        (("search", "a", "--config", "nowhere.toml"), "nowhere.toml"),
        (("search", "a", "--config", "bad.toml"), "colour"),
        (("rebuild", "--config", "words.toml"), "nowhere.txt"),
    ],
)
def test_wrong_usage_ends_with_2_and_names_the_option(
    run: Run, samples: Settings, tmp_path: Path, arguments: tuple[str, ...], named: str
) -> None:
    (tmp_path / "bad.toml").write_text('colour = "red"\n')
    (tmp_path / "words.toml").write_text('user_words = "nowhere.txt"\n')
    at = ("--index", samples.index) if arguments and arguments[0] in ("search", "show") else ()
    assert named in an_error(run(*arguments, *at), 2)


@pytest.mark.parametrize("command", ["rebuild", "update"])
def test_bad_input_ends_with_3(run: Run, tmp_path: Path, command: str) -> None:
    assert "corpus" in an_error(run(command), 3)
    (tmp_path / "corpus").mkdir()
    an_error(run(command, "--quiet"), 3)
    (tmp_path / "corpus" / "1.txt").write_text(HOSTILE, encoding="utf-8")
    (tmp_path / "corpus" / "空\x1b[31m\n文件.txt").touch()
    assert "空[31m 文件.txt" in an_error(run(command, "--strict", "--quiet"), 3)
    assert run(command, "--quiet").code == 0


@pytest.mark.parametrize("command", [("search", "a"), ("show", "b"), ("verify",), ("report",)])
def test_without_an_index_commands_end_with_4_and_say_what_to_run(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    said = an_error(run(*command), 4)
    assert "jianbao rebuild" in said
    assert str(tmp_path) not in said
    (tmp_path / "index").mkdir()
    an_error(run(*command), 4)
    (tmp_path / "index" / POINTER).write_text("../../etc\nx\n")
    said = an_error(run(*command), 4)
    assert POINTER in said
    assert str(tmp_path) not in said


def test_another_build_ends_with_5_and_the_error_names_the_holder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "1.txt").write_text(HOSTILE, encoding="utf-8")
    assert run("rebuild", "--quiet").code == 0
    with (tmp_path / "index" / LOCK).open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert f"pid {os.getpid()}" in an_error(run("rebuild", "--quiet"), 5)
    assert run("rebuild", "--quiet").code == 0


def test_a_place_that_cannot_be_written_ends_with_6(run: Run, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "1.txt").write_text(HOSTILE, encoding="utf-8")
    (tmp_path / "file").touch()
    assert "file/index" in an_error(run("rebuild", "--quiet", "--index", "file/index"), 6)


def test_output_that_cannot_be_written_ends_with_6(samples: Settings) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "search", "", "--index", samples.index], stdout=full, stderr=subprocess.PIPE
        )
    an_error(Done(done.returncode, "", done.stderr.decode()), 6)


# Settings


def test_where_the_index_is(
    run: Run, samples: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """--index before JIANBAO_INDEX before the settings file before ./index."""
    (tmp_path / "other.toml").write_text(f"index = {json.dumps(samples.index)}\n")
    assert run("verify", "--draw", "1").code == 4
    assert run("verify", "--draw", "1", "--config", "other.toml").code == 0
    (tmp_path / "other.toml").rename(tmp_path / "jianbao.toml")
    assert run("verify", "--draw", "1").code == 0
    monkeypatch.setenv("JIANBAO_INDEX", "elsewhere")
    assert "elsewhere" in an_error(run("verify"), 4)
    assert run("verify", "--draw", "1", "--index", samples.index).code == 0
    assert "nowhere" in an_error(run("verify", "--index", "nowhere"), 4)


def test_folders_may_stand_in_the_settings_or_on_the_command_line(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(f"{name}\n{HOSTILE}", encoding="utf-8")
    (tmp_path / "jianbao.toml").write_text('folders = ["one"]\n')
    run("rebuild", "--quiet")
    assert [file["path"] for file in json.loads(run("report", "--json").out)["files"]] == [
        "one.txt"
    ]
    run("rebuild", "two", "one", "--quiet")
    assert [file["path"] for file in json.loads(run("report", "--json").out)["files"]] == [
        "two.txt",
        "one.txt",
    ]


def test_quiet_says_nothing_but_errors_and_results(run: Run, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "1.txt").write_text(HOSTILE, encoding="utf-8")
    for command in ("rebuild", "update", "verify"):
        assert run(command, "--quiet") == Done(0, "", "")
    assert "合唱" in run("search", "合唱", "--quiet").out


def test_results_go_to_standard_output_and_everything_else_to_standard_error(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "1.txt").write_text(HOSTILE, encoding="utf-8")
    done = run("rebuild")
    assert done.err == "1/1\n"
    assert "读入 1 期" in done.out
    assert "1 read, 0 refused" in done.out
    assert run("report").out == done.out
    verified = run("verify")
    assert verified.err == "50/50\n"
    assert "抽取 50 条，找到 50 条" in verified.out


# Results


SEARCHES: list[dict[str, Any]] = [
    {"q": "复工复产"},
    {"q": ""},
    {"q": "“复工复产” -合肥", "mode": "any", "size": 3, "page": 2},
    {"q": "质量", "issue": ["27", "8"], "from": "2020-01", "to": "2020-12", "sort": "issue"},
    {"q": "没有这样的话", "year": ["1999"], "mode": "exact"},
    {"q": "(复工"},
    {"q": "“，”"},
]


@pytest.mark.parametrize("asked", SEARCHES, ids=lambda asked: asked["q"] or "empty")
def test_json_is_what_the_web_answers(run: Run, samples: Settings, asked: dict[str, Any]) -> None:
    arguments = [asked["q"], "--json", "--index", samples.index]
    for name, value in asked.items():
        for each in value if isinstance(value, list) else [value]:
            arguments += [] if name == "q" else [f"--{name}", str(each)]
    here = json.loads(run("search", *arguments).out)
    address = f"/api/v1/search?{urlencode(asked, doseq=True)}"
    there = create_app(samples).test_client().get(address).get_json()
    assert here.pop("took_ms") >= 0
    assert there.pop("took_ms") >= 0
    assert here == there


def test_a_bulletin_as_json_is_what_the_web_answers(run: Run, samples: Settings) -> None:
    found = json.loads(run("search", "复工复产", "--json", "--index", samples.index).out)
    client = create_app(samples).test_client()
    for id in [hit["id"] for hit in found["hits"]][:3]:
        here = json.loads(run("show", id, "--json", "--index", samples.index).out)
        assert here == client.get(f"/api/v1/bulletins/{id}").get_json()


def test_the_report_as_json_and_csv_name_every_file(run: Run, samples: Settings) -> None:
    told = json.loads(run("report", "--json", "--index", samples.index).out)
    out = run("report", "--csv", "--index", samples.index).out
    assert out.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert [row["path"] for row in rows] == [file["path"] for file in told["files"]]
    assert {row["outcome"] for row in rows} <= {"read", "refused"}


def test_the_report_shows_the_issues_of_each_series_by_year(run: Run, samples: Settings) -> None:
    out = run("report", "--index", samples.index).out
    assert re.search(r"^  2020  8, .*18–21, 23–27  缺 missing .*, 22$", out, re.MULTILINE)
    assert re.search(r"^  总期号 cumulative  128, .*  缺 missing 129–133, ", out, re.MULTILINE)
    assert re.search(r"^  \d{4}  未标期号 No issue number ×\d$", out, re.MULTILINE)
    told = json.loads(run("report", "--json", "--index", samples.index).out)
    there = create_app(samples).test_client().get("/api/v1/report").get_json()
    assert {name: told[name] for name in ("series", "files", "counts", "generation")} == {
        name: there[name] for name in ("series", "files", "counts", "generation")
    }


def test_without_a_terminal_marks_are_brackets_and_there_is_no_colour(
    run: Run, samples: Settings
) -> None:
    out = run("search", "复工复产", "--index", samples.index).out
    assert "【复工复产】" in out
    assert "\x1b" not in out
    assert re.search(r"^共 \d+ 期 · \d+ bulletins · \d+\.\d ms$", out, re.MULTILINE)
    assert re.search(r"^期号 Issue: .*第[一二三四五六七八九十]+期 \d+", out, re.MULTILINE)


def test_on_a_terminal_marks_are_coloured(samples: Settings) -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [*COMMAND, "search", "复工复产", "--index", samples.index, "--size", "2"], stdout=theirs
    )
    os.close(theirs)
    out = b"".join(iter(lambda: _read(ours), b"")).decode()
    assert child.wait() == 0
    os.close(ours)
    assert "\x1b[1;31m复工复产\x1b[0m" in out
    assert "【" not in re.sub(r"\x1b\[[0-9;]*m", "", out).replace("【复工", "")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side is closed
        return b""


def test_an_empty_answer_shows_the_ways_out(run: Run, samples: Settings) -> None:
    out = run("search", "复工复产", "--year", "1999", "--index", samples.index).out
    assert "共 0 期 · 0 bulletins" in out
    assert re.search(r"^→ 去掉所有筛选条件 without any filter: [1-9]", out, re.MULTILINE)
    assert "✓1999 0" in out


# What a bulletin, a name or a query may do to a terminal or a spreadsheet


def controls(text: str) -> set[str]:
    return {
        char
        for char in text
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char != "\n"
    }


def test_controls_of_a_hostile_bulletin_never_reach_the_terminal(
    run: Run, hostile: Settings
) -> None:
    at = ("--index", hostile.index)
    ids = [hit["id"] for hit in json.loads(run("search", "", "--json", *at).out)["hits"]]
    assert ids
    outputs = [run("search", query, *at) for query in ("", "合唱比赛", "队伍\x1b[31m 掌声\x07")]
    outputs += [run("show", id, *at) for id in ids]
    outputs += [run("report", *at), run("search", "a", "--mode", "\x1b[31m")]
    outputs += [run("show", "\x1b]0;x\x07", *at), run("search", "a", "--index", "\x1b[31m")]
    for done in outputs:
        assert controls(done.out) == controls(done.err) == set(), done
    assert any("合唱比赛" in done.out for done in outputs)


def test_json_keeps_controls_as_references(run: Run, hostile: Settings) -> None:
    for arguments in (("search", ""), ("report",)):
        out = run(*arguments, "--json", "--index", hostile.index).out
        assert {char for char in out if unicodedata.category(char) == "Cc"} <= {"\n", "\x9b"}
        json.loads(out)


def test_no_cell_of_the_csv_is_a_formula(run: Run, hostile: Settings) -> None:
    out = run("report", "--csv", "--index", hostile.index).out.removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(out, newline="")))
    assert len(rows) == 4
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith("'=") for cell in cells)
    assert any(cell.startswith("'@") for cell in cells)
    assert not any(cell[:1] in tuple("=+-@\t\r\n\0＝＋－＠") for cell in cells if cell)
    assert all(re.fullmatch(r'("([^"]|"")*",?)+', line) for line in _records(out))


def _records(out: str) -> list[str]:
    return [record for record in re.split(r'(?<=")\r?\n', out) if record]


def test_a_query_that_is_no_unicode_is_only_a_query(samples: Settings) -> None:
    for form in ((), ("--json",)):
        done = subprocess.run(
            [*COMMAND, "search", b"\xff\xfe", "--index", samples.index, *form], capture_output=True
        )
        assert (done.returncode, done.stderr) == (0, b"")
        done.stdout.decode("utf-8")


# The world around


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "gbk"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=["ascii", "gbk", "C"],
)
def test_output_is_utf_8_whatever_the_locale(
    samples: Settings, environment: dict[str, str]
) -> None:
    done = subprocess.run(
        [*COMMAND, "search", "", "--index", samples.index, "--size", "100"],
        env={**os.environ, **environment},
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "第二十七期" in done.stdout.decode("utf-8")


def test_a_reader_that_has_seen_enough_is_no_error(samples: Settings) -> None:
    with subprocess.Popen(
        [*COMMAND, "search", "", "--index", samples.index, "--size", "100", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()  # long before the first line: the pipe would hold all of it
        said = child.stderr.read()
    assert (child.returncode, said) == (128 + signal.SIGPIPE, b"")


def test_searching_writes_nothing(run: Run, hostile: Settings, tmp_path: Path) -> None:
    index = Path(hostile.index)
    before = {path: path.stat().st_mtime_ns for path in (index, *index.rglob("*"))}
    for command in (("search", "合唱"), ("verify",), ("report",)):
        run(*command, "--index", hostile.index)
    open_searcher(hostile).close()
    assert {path: path.stat().st_mtime_ns for path in (index, *index.rglob("*"))} == before
    assert list(tmp_path.iterdir()) == []


def test_an_update_says_what_changed_and_no_more(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()

    def write(number: int, text: str = "") -> None:
        lines = f"质量工作简报\n第{number}期\n\n第{number}号车间复工复产，工作有序推进。{text}\n"
        (folder / f"{number:03}.txt").write_text(lines)

    for number in range(1, 5):
        write(number)
    assert "读入 4 期" in run("rebuild", "in").out
    write(2, "补记一句。")
    write(5)
    (folder / "004.txt").unlink()
    (folder / "006.bin").write_bytes(b"\x7fELF")
    done = run("update", "in")
    assert done.code == 0
    assert "共 4 期，新增 1，改动 1，去掉 1；未读 1 个文件" in done.out
    assert "4 bulletins, 1 new, 1 changed, 1 gone; 1 files not read" in done.out
    said = [line.strip() for line in done.out.splitlines() if line.startswith("  ")]
    assert said[:3] == ["+ 005.txt", "~ 002.txt", "- 004.txt"]
    assert len(said) == 4
    assert said[3].startswith("✗ 006.bin: ")
    assert "新增 0，改动 0，去掉 0；未读 1 个文件" in run("update", "in").out
    assert "读入 4 期" in run("report").out


def test_an_update_says_which_corrections_took_effect_and_which_are_wrong(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number:03}.txt").write_text(
            f"质量工作简报\n第{number}期\n\n复工复产{number}。\n"
        )
    assert run("rebuild", "in").code == 0
    (folder / "bulletins.csv").write_text("文件,期号\n002.txt,88\n404.txt,3\n")
    out = run("update", "in").out
    assert "新增 0，改动 1，去掉 0" in out
    assert "  ~ 002.txt" in out.splitlines()
    assert [line for line in out.splitlines() if line.startswith("  ✎ bulletins.csv: ")]


def test_a_first_update_says_all_and_a_great_one_names_fifty(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(1, 3):
        (folder / f"{number:03}.txt").write_text(
            f"质量工作简报\n第{number}期\n\n复工复产{number}。\n"
        )
    assert "读入 2 期" in run("update", "in").out
    for number in range(3, 63):
        (folder / f"{number:03}.txt").write_text(
            f"质量工作简报\n第{number}期\n\n复工复产{number}。\n"
        )
    out = run("update", "in").out
    assert "新增 60，改动 0" in out
    assert sum(line.startswith("  + ") for line in out.splitlines()) == 50
    assert "  … +10" in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_when_all_is_done_ends_without_a_word(number: signal.Signals) -> None:
    code = (
        "import contextlib, os, sys, time; from indexer.__main__ import main\n"
        "with contextlib.suppress(SystemExit): main(['--help'])\n"
        "os.kill(os.getpid(), int(sys.argv[1])); time.sleep(9)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(int(number))], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (128 + number, "")
