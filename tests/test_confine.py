"""A hostile file harms nothing but itself: it is read in a child process with limits."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from ending import is_gone, within
from handmade_files import docx, p, pdf, pdf_of, table

from indexer.bulletin import Reading
from indexer.errors import REFUSALS, UnreadableFile
from indexer.readers import ConfinedReader, Found
from indexer.readers.confine import PROGRAM
from indexer.readers.container import Member, Opened
from indexer.readers.reading import read
from indexer.readers.transfer import dump, load
from indexer.settings import Settings

TEXT = "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产。"
TOO_LONG = pdf_of([b"BT /F1 12 Tf " + b"(a) Tj " * 2_000_000 + b"ET"] * 2)
"""Two pages, each about three seconds of work and more than a gigabyte."""
PATIENT = Settings(read_seconds=1, read_memory_mb=12_000)
"""Lets such a file run out of time, and not of memory."""


def text_in(reader: ConfinedReader, path: Path, relative: str, encoding: str = "") -> Reading:
    text = reader.open(Found(path, relative), encoding).text()
    assert text is not None
    return text


def reason(reader: ConfinedReader, path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        text_in(reader, path, path.name)
    return caught.value.reason


def children() -> set[int]:
    found = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "indexer.readers.child"],
        capture_output=True,
        text=True,
        check=False,
    )
    return set(map(int, found.stdout.split()))


def open_files() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


def samples() -> dict[str, bytes]:
    return {
        "a.txt": TEXT.encode("gb18030"),
        "b.md": f"# 简报\n\n{TEXT}\n\n(上接p21)\n\n**结尾**\n\n- 一\n- 二".encode(),
        "c.html": f"<html><title>题</title><p>{TEXT}</p></html>".encode("big5", "ignore"),
        "d.docx": docx(p(TEXT) + table(["甲", "乙"])),
        "e.pdf": pdf([TEXT], [TEXT], title="题"),
        "f.rtf": rb"{\rtf1\ansi{\header A}{\b\'b8\'b4}\trowd\u22797?\cell B\cell\row}",
    }


@pytest.fixture
def folder(tmp_path):
    for name, data in samples().items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_it_gives_what_reading_here_gives(folder):
    with ConfinedReader(Settings()) as reader:
        for path in sorted(folder.iterdir()):
            assert text_in(reader, path, path.name) == read(path, path.name, Settings())


def test_refusals_encodings_and_odd_names_cross_the_border(folder):
    odd = folder / os.fsdecode(b"\xff\n.txt")
    odd.write_bytes("質量".encode("big5"))
    (folder / "empty.txt").touch()
    with ConfinedReader(Settings(max_file_mb=1)) as reader:
        assert text_in(reader, odd, "甲/\\xff.txt", "big5").blocks[0].text == "質量"
        assert reason(reader, folder / "empty.txt") == "empty"
        assert reason(reader, folder / "nowhere.txt") == "changed"
        with pytest.raises(LookupError):
            text_in(reader, odd, "a", "no-such-codec")


def test_one_child_reads_many_files_and_nothing_stays_behind(folder):
    before = open_files()
    with ConfinedReader(Settings()) as reader:
        assert children() == set()
        for _ in range(20):
            text_in(reader, folder / "a.txt", "a.txt")
            assert len(children()) == 1
    assert children() == set()
    assert open_files() == before


def test_the_detour_costs_at_most_two_milliseconds_a_file(folder):
    path = folder / "a.txt"
    with ConfinedReader(Settings()) as reader:
        text_in(reader, path, "a.txt")
        confined = min(_seconds(lambda: text_in(reader, path, "a.txt")) for _ in range(50))
    here = min(_seconds(lambda: read(path, "a.txt", Settings())) for _ in range(50))
    assert confined - here < 0.002


def _seconds(call) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def test_a_child_loads_neither_engines_nor_dictionaries(folder):
    with ConfinedReader(Settings()) as reader:
        text_in(reader, folder / "a.txt", "a.txt")
        (child,) = children()
        mapped = Path(f"/proc/{child}/maps").read_text()
        loaded = Path(f"/proc/{child}/statm").read_text().split()[1]
    assert not [name for name in ("numpy", "rjieba") if name in mapped]
    assert int(loaded) * os.sysconf("SC_PAGE_SIZE") < 90 << 20


def test_who_reads_no_file_loads_no_library_for_any():
    """Commands, searches and updates start sooner; the workers of a build too."""
    done = subprocess.run(
        [sys.executable, "-c", "import indexer.commands, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"pypdf", "pypdfium2", "lxml", "chardet"} & {*done.stdout.split()}


def test_the_time_that_a_child_takes_to_start_is_not_the_files(folder, monkeypatch):
    slow = f"import time; time.sleep(1.5)\n{PROGRAM}"
    monkeypatch.setattr("indexer.readers.confine.PROGRAM", slow)
    with ConfinedReader(Settings(read_seconds=1)) as reader:
        assert text_in(reader, folder / "a.txt", "a.txt").blocks


def test_what_reads_a_format_takes_nothing_from_the_memory_of_its_files(tmp_path):
    """It is loaded before, whatever the first file is."""
    (tmp_path / "a.html").write_text(f"<p>{TEXT}</p>")
    (tmp_path / "b.pdf").write_bytes(pdf(["word"]))
    with ConfinedReader(Settings(read_memory_mb=8)) as reader:
        for name in ("a.html", "b.pdf"):
            assert text_in(reader, tmp_path / name, name).blocks


def test_a_process_with_very_many_files_open_reads_too(folder):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4_096, hard), hard))
    try:
        with ExitStack() as opened:
            for _ in range(1_100):
                opened.enter_context(Path(os.devnull).open("rb"))
            with ConfinedReader(Settings()) as reader:
                assert text_in(reader, folder / "a.txt", "a.txt").blocks
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.fault
def test_a_killed_child_is_replaced(folder):
    with ConfinedReader(Settings()) as reader:
        text_in(reader, folder / "a.txt", "a.txt")
        (first,) = children()
        os.kill(first, signal.SIGKILL)
        assert text_in(reader, folder / "a.txt", "a.txt").blocks
        assert first not in children()


@pytest.mark.fault
def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_read(folder):
    (folder / "long.pdf").write_bytes(TOO_LONG)
    with ConfinedReader(PATIENT) as reader:
        text_in(reader, folder / "a.txt", "a.txt")
        started = time.monotonic()
        assert reason(reader, folder / "long.pdf") == "out_of_time"
        assert time.monotonic() - started < 30  # fresh children have started meanwhile
        assert text_in(reader, folder / "a.txt", "a.txt").blocks


@pytest.mark.fault
def test_a_library_that_gets_no_memory_and_aborts_is_said_to_need_too_much(folder):
    (folder / "long.pdf").write_bytes(TOO_LONG)
    with ConfinedReader(Settings(read_memory_mb=300)) as reader:
        assert reason(reader, folder / "long.pdf") == "out_of_memory"
        assert text_in(reader, folder / "a.txt", "a.txt").blocks


@pytest.mark.fault
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", "复工复产，质量先行。\n".encode() * 500_000),
        ("a.html", b"<p>" + "复".encode() * 5_000_000),
        ("a.docx", docx(p("复") * 190_000, padding=random.Random(1).randbytes(400_000))),
    ],
)
def test_a_file_that_needs_too_much_memory_is_stopped_and_the_next_one_read(folder, name, data):
    (folder / "big").mkdir()
    (folder / "big" / name).write_bytes(data)
    with ConfinedReader(Settings(read_memory_mb=40)) as reader:
        assert reason(reader, folder / "big" / name) in ("out_of_memory", "crashed")
        assert text_in(reader, folder / "e.pdf", "e.pdf").blocks


def test_the_child_may_take_only_so_much_and_write_nothing(folder):
    with ConfinedReader(Settings(read_seconds=7, read_memory_mb=100)) as reader:
        text_in(reader, folder / "a.txt", "a.txt")
        (child,) = children()
        rows = Path(f"/proc/{child}/limits").read_text().splitlines()[1:]
    limits = {row[:26].strip(): row[26:].split()[0] for row in rows}
    assert 7 <= int(limits["Max cpu time"]) <= 10
    assert int(limits["Max address space"]) < 1 << 30
    assert (limits["Max file size"], limits["Max core file size"]) == ("0", "0")


@pytest.mark.fault
def test_the_child_dies_with_its_parent(folder):
    program = (
        "import os, sys, time; from pathlib import Path\n"
        "from indexer.readers import ConfinedReader, Found; from indexer.settings import Settings\n"
        "reader = ConfinedReader(Settings()); reader.open(Found(Path(sys.argv[1]), 'a'))\n"
        "print(reader._child.pid, flush=True); reader.open(Found(Path(sys.argv[2]), 'b'))"
    )
    (folder / "long.pdf").write_bytes(TOO_LONG)
    files = [str(folder / "a.txt"), str(folder / "long.pdf")]
    arguments = [sys.executable, "-c", program, *files]
    root = str(Path(__file__).parent.parent)
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=root) as parent:
        child = int(parent.stdout.readline())
        time.sleep(0.3)
        assert not is_gone(child)
        parent.kill()
    assert within(5, lambda: is_gone(child))


def test_what_a_child_says_is_checked(folder):
    text = read(folder / "a.txt", "a.txt", Settings())
    opened = Opened("text/plain", text, (Member("附件.pdf", 3),), UnreadableFile("damaged", "x"))
    arrived = load(dump(opened))
    assert (arrived.media_type, arrived.reading, arrived.members) == (
        opened.media_type,
        opened.reading,
        opened.members,
    )
    assert str(arrived.refusal) == str(opened.refusal)
    said = json.loads(dump(opened))
    wrong = [b"", b"{}", b"[]", b"\x80", b"null", b"[" * 10**6]
    for change in (
        {"reading": {**said["reading"], "blocks": [{"text": "", "kind": "script"}]}},
        {"members": [{"name": "\ud800", "size": 1}]},
        {"members": [{"name": "a", "size": "1"}]},
        {"refusal": {"reason": "no such reason", "detail": ""}},
    ):
        wrong.append(json.dumps({**said, **change}).encode())
    for message in wrong:
        refusal = load(message).refusal
        assert refusal is not None
        assert refusal.reason == "crashed"


@pytest.mark.parametrize("later", [f"乙{TEXT}", f"甲{TEXT}{TEXT}", "甲", ""])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch, later):
    path = tmp_path / "a.txt"
    path.write_text(f"甲{TEXT}", encoding="utf-8")
    os.utime(path, (0, 0))
    opened = os.dup

    def changed(handle: int) -> int:
        path.write_text(later, encoding="utf-8")
        return opened(handle)

    monkeypatch.setattr("indexer.readers.contents.os.dup", changed)
    with pytest.raises(UnreadableFile) as caught:
        read(path, "a.txt", Settings())
    assert caught.value.reason == "changed"


@pytest.mark.fault
def test_a_thousand_damaged_files_end_with_text_or_a_reason_of_their_own(tmp_path):
    chance = random.Random(27)
    whole = list(samples().items())
    outcomes = set()
    with ConfinedReader(Settings(read_seconds=10)) as reader:
        for n in range(1000):
            name, data = chance.choice(whole)
            suffix = chance.choice([name, name, chance.choice(whole)[0]])
            path = tmp_path / f"{n}-{suffix}"
            path.write_bytes(_damaged(data, chance.choice(whole)[1], chance))
            outcomes.add(_outcome_of(reader, path))
    assert outcomes <= {"read", "opened", *REFUSALS}
    assert not outcomes & {"crashed", "out_of_time", "out_of_memory"}


def _outcome_of(reader: ConfinedReader, path: Path) -> str:
    try:
        text = reader.open(Found(path, path.name)).text()
    except UnreadableFile as refusal:
        return refusal.reason
    return "read" if text else "opened"  # a damaged DOCX may be taken for an archive


def _damaged(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Flip bits, cut the end off, or put a piece of another file in."""
    place = chance.randrange(len(data))
    kind = chance.choice(["flip", "cut", "splice"])
    if kind == "cut":
        return data[:place]
    if kind == "splice":
        return data[:place] + other[chance.randrange(len(other)) :]
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)
