"""An old Word file is converted without harm, and gives the blocks that it gives as a DOCX."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CORPUS
from ending import is_gone, within
from handmade_files import docx, p

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers import ConfinedReader, converter, guard
from indexer.readers import docx as docx_reader
from indexer.readers.converter import Program, convert
from indexer.readers.doc import from_docbook
from indexer.readers.extract import Extract
from indexer.readers.formats import extract
from indexer.readers.found import Found
from indexer.readers.repair import mend
from indexer.settings import Settings

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is missing")
needs_antiword = pytest.mark.skipif(not shutil.which("antiword"), reason="antiword is missing")

SAMPLES = sorted(CORPUS.glob("*.docx"))
BOXED = "九州质协抗疫简报第25期"
"""Its text box is lost when LibreOffice 7.4 writes RTF."""

TEXT = "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产。"


@pytest.fixture(scope="session")
def saved_as(tmp_path_factory):
    """The folder in which the sample DOCX are saved in another format."""
    done = {}

    def saved(suffix: str) -> Path:
        if suffix not in done:
            folder = done[suffix] = tmp_path_factory.mktemp(suffix)
            profile = f"-env:UserInstallation=file://{folder}/profile"
            command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir"]
            subprocess.run(
                [*command, folder, *SAMPLES], check=True, capture_output=True, timeout=120
            )
        return done[suffix]

    return saved


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files, which must be empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    yield folder
    deadline = time.monotonic() + 5
    while list(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(folder.iterdir())


def everything(found: Extract) -> tuple[object, ...]:
    mended = mend(found.lines)
    blocks = [(block.kind, block.level, block.text) for block in mended.blocks]
    return blocks, sorted((*found.furniture, *mended.furniture)), found.title, found.notices


def refusal(data: bytes, suffix: str = ".doc") -> str:
    with pytest.raises(UnreadableFile) as caught:
        extract(data, suffix)
    return caught.value.reason


def ole(name: str, flags: int = 0) -> bytes:
    """A container with a directory of one stream, in whose head `flags` stand."""
    entry = name.encode("utf-16-le").ljust(116, b"\0") + (1).to_bytes(4, "little") + bytes(8)
    head = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(30, b"\0") + b"\x09\0").ljust(512, b"\0")
    stream = b"\xec\xa5\xc1\0".ljust(10, b"\0") + flags.to_bytes(2, "little")
    return head + entry.ljust(512, b"\0") + stream.ljust(4096, b"\0")


# What an office saved.


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["doc", "odt", "fodt", "rtf"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_bulletin_gives_the_same_blocks_in_whichever_format_it_was_saved(
    sample, suffix, saved_as
):
    if (sample.stem, suffix) == (BOXED, "rtf"):
        pytest.skip("LibreOffice loses the text box on writing RTF")
    data = (saved_as(suffix) / f"{sample.stem}.{suffix}").read_bytes()
    assert everything(extract(data, f".{suffix}")) == everything(
        docx_reader.extract(sample.read_bytes())
    )


@needs_office
def test_a_doc_is_read_under_any_name_and_in_a_confined_reader(saved_as, tmp_path, temporary):
    data = (saved_as("doc") / f"{BOXED}.doc").read_bytes()
    path = tmp_path / "a.wps"
    path.write_bytes(data)
    with ConfinedReader(Settings()) as reader:
        reading = reader.open(Found(path, "a.wps")).text()
    assert reading.source.media_type == "application/msword"
    assert any("九州质协公益课程表" in block.text for block in reading.blocks)
    assert extract(data, ".txt").media_type == "application/msword"


@needs_office
@needs_antiword
def test_antiword_is_used_where_libreoffice_is_not_and_the_reader_is_told(
    saved_as, monkeypatch, temporary
):
    here = shutil.which("antiword")
    monkeypatch.setattr("shutil.which", lambda name: here if name == "antiword" else None)
    for sample in SAMPLES:
        result = extract((saved_as("doc") / f"{sample.stem}.doc").read_bytes(), ".doc")
        whole = docx_reader.extract(sample.read_bytes())
        headings = [line.text for line in whole.lines if line.kind is Kind.HEADING]
        found = [line.text for line in result.lines if line.kind is Kind.HEADING]
        assert set(found) <= set(headings)
        assert len(found) > len(headings) / 2  # it takes some for paragraphs
        long = {line.text for line in whole.lines if len(line.text) > 60 and not line.solid}
        assert {text for text in long if "\t" not in text} <= {line.text for line in result.lines}
        assert [notice.code for notice in result.notices] == ["read_by_antiword"]


def test_docbook_gives_headings_rows_and_notes():
    book = """<?xml version="1.0" encoding="utf-8"?>
    <!DOCTYPE book PUBLIC "-//OASIS//DTD DocBook XML V4.1.2//EN" "http://example.org/a.dtd">
    <book><title>x</title><bookinfo><title>x</title></bookinfo><chapter>
    <title><emphasis role='bold'>栏目</emphasis></title><sect1><title>小节</title>
    <para>\n正文<footnote><para>\n注\n</para></footnote>在此。\n</para><para>[pic]</para>
    <informaltable><tgroup cols='2'><colspec/><tbody><row><entry><para>甲</para></entry><entry>
    <para>乙</para></entry></row></tbody></tgroup></informaltable></sect1></chapter></book>"""
    assert [(line.kind, line.level, line.text) for line in from_docbook(book.encode()).lines] == [
        (Kind.HEADING, 1, "栏目"),
        (Kind.HEADING, 2, "小节"),
        (Kind.PARAGRAPH, 0, "正文在此。"),
        (Kind.PARAGRAPH, 0, "注"),
        (Kind.ROW, 0, "甲\t乙"),
    ]


# What only has the name.


def test_another_document_of_the_same_kind_is_not_given_to_a_converter():
    assert refusal(ole("Workbook"), ".xls") == "unknown_format"
    assert refusal(ole("EncryptedPackage"), ".doc") == "encrypted"


@pytest.mark.parametrize("suffix", [".doc", ".wps"])
def test_the_content_of_a_doc_decides(suffix):
    assert extract(docx(p(TEXT)), suffix).media_type.endswith("wordprocessingml.document")
    assert extract(b"{\\rtf1 a}", suffix).media_type == "application/rtf"
    assert extract(f"<html><p>{TEXT}".encode(), suffix).media_type == "text/html"
    assert extract(TEXT.encode("gb18030"), suffix).lines[0].text == TEXT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (bytes(range(256)) * 20, "not_text"),
        (ole("WordDocument", 0x0100), "encrypted"),
        (ole("WordDocument")[:700], "needs_converter"),
        (ole("WordDocument"), "needs_converter"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><a/>', "needs_converter"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data, reason, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    if reason == "empty":
        assert not extract(data, ".doc").lines
    else:
        assert refusal(data) == reason


@pytest.mark.parametrize("data", [ole("WordDocument"), ole("WordDocument")[:700], ole("X")[:513]])
def test_what_no_program_reads_is_damaged(data, temporary):
    if not any(converter.installed()):
        pytest.skip("neither LibreOffice nor antiword is installed")
    assert refusal(data) == "damaged"


# What a converter may do.


def python(code: str, result: str = "stdout") -> Program:
    return Program("test", (sys.executable, "-c", code), result)


def said(code: str) -> str:
    return convert(python(code), b"old").decode().strip()


def reason_of(program: Program) -> str:
    with pytest.raises(UnreadableFile) as caught:
        convert(program, b"old")
    assert caught.value.detail == "test"
    return caught.value.reason


def test_a_program_gets_the_file_and_knows_nothing_but_its_folder(temporary, monkeypatch):
    monkeypatch.setenv("SECRET", "x")
    assert said("print(open('old').read())") == "old"
    home, here, secret = json.loads(
        said("import json, os; e = os.environ; print(json.dumps([e['HOME'], os.getcwd(), [*e]]))")
    )
    assert home == here
    assert Path(home).parent == temporary
    assert "SECRET" not in secret


def test_a_program_is_bound_in_memory_time_and_what_it_writes(temporary):
    limits = said("import resource as r; print([r.getrlimit(w)[0] for w in "
                  "(r.RLIMIT_DATA, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)])")  # fmt: skip
    assert json.loads(limits) == [converter.MEMORY, converter.SECONDS, guard.MOST_BYTES, 0]
    assert reason_of(python("bytearray(1 << 31)")) == "damaged"


def test_a_program_has_no_network(temporary):
    allowed = [sys.executable, "-c", "import ctypes, sys\n"
               "sys.exit(ctypes.CDLL(None).unshare(0x50000000) != 0)"]  # fmt: skip
    if subprocess.run(allowed, check=False).returncode:
        pytest.skip("this machine does not let a process leave its network")
    code = "import socket; socket.create_connection(('127.0.0.1', {}))"
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert reason_of(python(code.format(server.getsockname()[1]))) == "damaged"


@pytest.mark.parametrize(
    ("code", "result", "reason"),
    [
        ("", "new", "damaged"),
        ("raise SystemExit(1)", "stdout", "damaged"),
        ("import os; os.symlink('/etc/hostname', 'new')", "new", "damaged"),
        ("import os; os.mkdir('new')", "new", "damaged"),
        ("import os; os.kill(os.getpid(), 11)", "stdout", "crashed"),
        ("raise SystemExit(81)", "stdout", "damaged"),
    ],
)
def test_what_fails_has_a_reason_and_leaves_nothing(code, result, reason, temporary):
    assert reason_of(python(code, result)) == reason


def test_a_program_that_asks_to_be_started_again_is(temporary):
    assert said("import os; print('again') if os.path.exists('made') else "
                "open('made', 'w').close() or exit(81)") == "again"  # fmt: skip


def test_a_program_that_is_not_there_has_crashed(temporary):
    assert reason_of(Program("test", ("/nonexistent/program",), "stdout")) == "crashed"


FOREVER = "import os, sys, time; os.fork(); open(sys.argv[1], 'a').write(f'{os.getpid()} '); "
SLEEP, WORK = FOREVER + "time.sleep(99)", FOREVER + "[0 for _ in iter(int, 1)]"


def are_gone(pids: Path) -> bool:
    """Tell whether both processes that wrote their numbers there are no more, within a while."""

    def gone() -> bool:
        found = pids.read_text().split() if pids.exists() else []
        return len(found) == 2 and all(is_gone(int(pid)) for pid in found)

    return within(5, gone)


@pytest.mark.fault
@pytest.mark.parametrize("code", [SLEEP, WORK])
def test_a_program_that_takes_too_long_is_ended_with_all_it_started(
    code, temporary, tmp_path, monkeypatch
):
    monkeypatch.setattr("indexer.readers.converter.SECONDS", 1)
    pids = tmp_path / "pids"
    program = Program("test", (sys.executable, "-c", code, str(pids)), "stdout")
    started = time.monotonic()
    assert reason_of(program) == "out_of_time"
    assert time.monotonic() - started < 3
    assert are_gone(pids)


@pytest.fixture
def endless_office(tmp_path, monkeypatch):
    """A LibreOffice that never ends, and the file in which it writes its processes."""
    pids = tmp_path / "pids"
    office = tmp_path / "bin" / "soffice"
    office.parent.mkdir()
    office.write_text(f"#!{sys.executable}\nimport sys; sys.argv = ['', '{pids}']\n{SLEEP}\n")
    office.chmod(0o755)
    monkeypatch.setenv("PATH", f"{office.parent}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "a.doc").write_bytes(ole("WordDocument"))
    return pids


@pytest.mark.fault
def test_a_reader_that_is_ended_takes_its_converter_along(endless_office, tmp_path, temporary):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with ConfinedReader(Settings(read_seconds=2)) as reader:
        reader.open(Found(tmp_path / "a.txt", "a.txt"))
        opened = reader.open(Found(tmp_path / "a.doc", "a.doc"))
    assert opened.refusal.reason == "out_of_time"
    assert are_gone(endless_office)


@pytest.mark.fault
def test_a_build_that_is_killed_takes_its_converters_along(endless_office, tmp_path, temporary):
    code = (
        "import sys; from pathlib import Path; from indexer.readers import ConfinedReader\n"
        "from indexer.readers.found import Found; from indexer.settings import Settings\n"
        "ConfinedReader(Settings()).open(Found(Path(sys.argv[1]), 'a.doc'))"
    )
    root = Path(__file__).parent.parent
    with subprocess.Popen([sys.executable, "-c", code, tmp_path / "a.doc"], cwd=root) as build:
        deadline = time.monotonic() + 10
        while not endless_office.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.2)
        assert list(temporary.iterdir())
        build.kill()
    assert are_gone(endless_office)
