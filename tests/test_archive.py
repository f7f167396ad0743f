"""Each bulletin in an archive is read by itself, and none can harm another or the machine."""

from __future__ import annotations

import io
import os
import random
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from handmade_files import docx, p, pdf, pdf_of
from hypothesis import given
from hypothesis import strategies as st
from test_confine import PATIENT, TOO_LONG

from indexer import BuildReport, SearchRequest, Settings, open_searcher, rebuild, update
from indexer.errors import REFUSALS, UnreadableFile
from indexer.readers import ConfinedReader, Found, Opened, Room
from indexer.readers.archive import Archive
from indexer.readers.container import Member, safe_name, told_apart
from webui import create_app

TEXT = "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产。"


def text(number: int = 1) -> bytes:
    return f"江澜质协工作简报\n第{number}期\n\n{TEXT}这是第{number}次走访。\n".encode()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def raw(names: Iterable[bytes], extra: Callable[[bytes], bytes] = lambda name: b"") -> bytes:
    """An archive as Windows writes it: names in bytes that nothing is said of."""
    local, central = b"", b""
    for name in names:
        data, more = name * 2, extra(name)
        facts = struct.pack(
            "<HHHHHLLLHH", 20, 0, 0, 0, 33, zlib.crc32(data), *[len(data)] * 2, len(name), len(more)
        )
        central += b"PK\1\2\x14\0" + facts + struct.pack("<HHHLL", 0, 0, 0, 0, len(local))
        central += name + more
        local += b"PK\3\4" + facts + name + more + data
    count = len(list(names))
    end = struct.pack("<HHHHLLH", 0, 0, count, count, len(central), len(local), 0)
    return local + central + b"PK\5\6" + end


def names(data: bytes) -> list[str]:
    return [member.name for member in Archive(data, Settings()).members]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(UnreadableFile) as caught:
        call()
    return caught.value.reason


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    return made


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    return Settings(folders=(str(folder),), index=str(tmp_path / "index"))


def outcomes(built: BuildReport) -> dict[str, str]:
    assert len({file.path for file in built.files}) == len(built.files)
    return {file.path: file.reason or file.outcome for file in built.files}


# Found, shown and cited as if it lay in a folder


def test_each_member_is_a_bulletin_of_its_own(folder: Path, settings: Settings) -> None:
    members = [
        ("第1期.txt", text(1)),
        ("2020/第2期.docx", docx(p("江澜质协工作简报") + p("第2期") + p(TEXT))),
        ("2020/第3期.pdf", pdf([TEXT])),
    ]
    (folder / "2020年.zip").write_bytes(zipped(*members))
    built = rebuild(settings, strict=True)
    assert outcomes(built) == {
        "2020年.zip": "opened",
        "2020年.zip/2020/第2期.docx": "read",
        "2020年.zip/2020/第3期.pdf": "read",
        "2020年.zip/第1期.txt": "read",
    }
    assert [file.size for file in built.files[1:]] == [len(members[n][1]) for n in (1, 2, 0)]
    searcher = open_searcher(settings)
    hits = searcher.search(SearchRequest("第1次走访", "exact")).hits
    found = searcher.bulletin(hits[0].id)
    assert found is not None
    assert (found.source.path, found.source.size) == ("2020年.zip/第1期.txt", len(text(1)))
    searcher.close()


def test_the_pages_name_a_member_by_where_it_is(folder: Path, settings: Settings) -> None:
    (folder / "2020年.zip").write_bytes(zipped(("<b>/第1期.txt", text(1)), ("x.png", b"\x89PNG")))
    shown = rebuild(settings).files[1]
    client = create_app(settings).test_client()
    page = client.get(f"/b/{shown.id}").get_data(as_text=True)
    assert "2020年.zip/&lt;b&gt;/第1期.txt" in page
    listed = client.get("/report?show=all").get_data(as_text=True)
    assert "2020年.zip/&lt;b&gt;/第1期.txt" in listed
    assert '2020年.zip</span> <span class="made">ZIP</span>' in listed
    assert "里面的文件各自列在后面" in listed


def test_what_is_in_a_folder_and_in_an_archive_is_there_once(
    folder: Path, settings: Settings
) -> None:
    (folder / "a.txt").write_bytes(text(1))
    (folder / "b.zip").write_bytes(zipped(("1.txt", text(1)), ("2.txt", text(2))))
    (folder / "c.zip").write_bytes(zipped(("2.txt", text(2))))
    assert outcomes(rebuild(settings)) == {
        "a.txt": "read",
        "b.zip": "opened",
        "b.zip/1.txt": "duplicate",
        "b.zip/2.txt": "read",
        "c.zip": "opened",
        "c.zip/2.txt": "duplicate",
    }


def test_archives_are_read_three_within_one_another(folder: Path, settings: Settings) -> None:
    inner = zipped(("4.txt", text(4)))
    for number in (3, 2, 1):
        inner = zipped((f"{number}.txt", text(number)), ("里层.zip", inner))
    (folder / "a.zip").write_bytes(inner)
    assert outcomes(rebuild(settings)) == {
        "a.zip": "opened",
        "a.zip/1.txt": "read",
        "a.zip/里层.zip": "opened",
        "a.zip/里层.zip/2.txt": "read",
        "a.zip/里层.zip/里层.zip": "opened",
        "a.zip/里层.zip/里层.zip/3.txt": "read",
        "a.zip/里层.zip/里层.zip/里层.zip": "too_deep",
    }


def test_a_document_that_is_a_zip_is_no_archive_and_an_archive_of_documents_is_one(
    folder: Path, settings: Settings
) -> None:
    document = docx(p(TEXT))
    for name in ("a.zip", "b.docx", "c"):
        (folder / name).write_bytes(document + name.encode())
    stored = zipped(("1.docx", document), ("2.pdf", pdf([TEXT])), method=zipfile.ZIP_STORED)
    (folder / "d").write_bytes(stored)
    (folder / "e.docx").write_bytes(zipped(("1.pdf", pdf([TEXT])), method=zipfile.ZIP_STORED))
    said = outcomes(rebuild(settings))
    assert [said[name] for name in ("a.zip", "b.docx", "c", "d", "e.docx")] == [
        *["read"] * 3,
        *["opened"] * 2,
    ]
    assert {"d/1.docx", "d/2.pdf", "e.docx/1.pdf"} < set(said)


def test_spreadsheets_and_slides_are_no_archives(folder: Path, settings: Settings) -> None:
    for name in ("表.xlsx", "演示.pptx", "无后缀"):
        package = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>"))
        (folder / name).write_bytes(package)
    said = outcomes(rebuild(settings, allow_empty=True))
    assert set(said.values()) == {"unknown_format"}
    assert len(said) == 3


def test_what_the_operator_states_outside_holds_inside(folder: Path, settings: Settings) -> None:
    data = "江澜质协工作简报\n第9期\n\n質量協會的簡報\n".encode("big5", "ignore")
    (folder / "a.zip").write_bytes(zipped(("第9期.txt", data), ("里/第8期.txt", text(8))))
    (folder / "a.zip.toml").write_text("编码 = 'utf-8'\n期号 = 5\n", "utf-8")
    (folder / "bulletins.csv").write_text(
        "文件,期号,编码\na.zip/第9期.txt,7,big5\na.zip\\里\\第8期.txt,6,\na.zip/无.txt,1,\n",
        "utf-8",
    )
    built = rebuild(settings)
    found = {file.path: file for file in built.files}
    assert [found[f"a.zip/{n}"].number for n in ("第9期.txt", "里/第8期.txt")] == [7, 6]
    assert [found[f"a.zip/{n}"].encoding for n in ("第9期.txt", "里/第8期.txt")] == [
        "big5",
        "utf-8",
    ]
    assert "没有正文" in found["a.zip"].notices[0].sentence.zh
    assert [notice.sentence.zh for notice in found["bulletins.csv"].notices] == [
        "bulletins.csv：没有“a.zip/无.txt”这份文件。"
    ]
    assert [f.number for f in update(settings).files] == [f.number for f in built.files]
    (folder / "bulletins.csv").write_text("文件,期号\na.zip/里/第8期.txt,3\n", "utf-8")
    assert {f.path: f.number for f in update(settings).files}["a.zip/里/第8期.txt"] == 3


def test_the_encoding_of_an_archive_is_that_of_all_that_is_in_it(
    folder: Path, settings: Settings
) -> None:
    inner = zipped(("2.txt", "第2期，質量協會的簡報".encode("big5")), ("3.txt", b"QC 3"))
    (folder / "a.zip").write_bytes(zipped(("1.txt", b"QC 1"), ("b.zip", inner)))
    (folder / "a.zip.toml").write_text("encoding = 'big5'\n", "utf-8")
    (folder / "bulletins.toml").write_text("['a.zip/b.zip/3.txt']\n编码 = 'gbk'\n", "utf-8")
    found = {file.path: file for file in rebuild(settings).files}
    names = ("a.zip/1.txt", "a.zip/b.zip/2.txt", "a.zip/b.zip/3.txt")
    assert [found[name].encoding for name in names] == ["big5", "big5", "gbk"]
    assert not found["a.zip"].notices
    (folder / "a.zip.toml").unlink()
    assert {f.path: f.encoding for f in update(settings).files}["a.zip/1.txt"] == "utf-8"


def test_what_states_something_or_is_hidden_inside_is_no_bulletin(
    folder: Path, settings: Settings
) -> None:
    hidden = [("__MACOSX/._1.txt", b"x"), (".DS_Store", b"x"), ("a/.b/c.txt", b"x"), ("空/", b"")]
    stating = [("1.txt.toml", b"issue = 3"), ("bulletins.csv", b"file,issue\n1.txt,3\n")]
    (folder / "a.zip").write_bytes(zipped(("1.txt", text(1)), *hidden, *stating))
    (folder / "b.zip").write_bytes(zipped(*hidden))
    built = rebuild(settings)
    assert outcomes(built) == {
        "a.zip": "opened",
        "a.zip/1.txt": "read",
        "a.zip/1.txt.toml": "unknown_format",
        "a.zip/bulletins.csv": "unknown_format",
        "b.zip": "empty",
    }
    assert built.files[1].number == 1


# Names


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-8", "cp437"])
def test_names_are_read_in_whatever_encoding_they_are_written(encoding: str) -> None:
    written = {
        "cp437": ["Résumé.txt", "Übersicht.pdf"],
        "big5": ["質量協會/第一期簡報.docx", "會議紀要.txt"],
    }.get(encoding, ["2020年简报/第一期简报.docx", "会议纪要.txt", "质协\u3000通报.pdf"])
    assert names(raw([name.encode(encoding) for name in written])) == sorted(written)


def test_names_in_two_encodings_are_told_one_by_one() -> None:
    mixed = ["第一期简报.txt".encode("gbk"), "第二期简报.txt".encode(), b"plain.txt"]
    assert set(names(raw(mixed))) == {"第一期简报.txt", "第二期简报.txt", "plain.txt"}


def test_the_extra_field_with_the_name_counts_before_guesses_unless_for_another_name() -> None:
    def better(name: bytes) -> bytes:
        field = b"\1" + zlib.crc32(b"a.txt").to_bytes(4, "little") + "甲.txt".encode()
        return b"\x99\x99\2\0xx" + struct.pack("<HH", 0x7075, len(field)) + field

    assert names(raw([b"a.txt", b"b.txt"], better)) == ["b.txt", "甲.txt"]


@given(st.text(max_size=300))
def test_a_name_leads_nowhere_and_shows_as_it_is(written: str) -> None:
    name = safe_name(written)
    assert 0 < len(name) <= 240
    assert name.encode()
    assert not set(name) & set("\\\0\n\r\t\x1b\u202e\u2028")
    assert all(step not in ("", ".", "..") for step in name.split("/"))
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\简报\\第1期.txt", "简报/第1期.txt"),
        ("a/./b//c.txt", "a/b/c.txt"),
        ("a\nb\u202e.txt", "a\ufffdb\ufffd.txt"),
        ("", "未命名"),
        ("..", "未命名"),
    ],
)
def test_roots_drives_and_controls_are_taken_off(written: str, name: str) -> None:
    assert safe_name(written) == name


@given(st.lists(st.sampled_from(["a.txt", "a (2).txt", "a (3).txt", "x/a.txt", "a"]), max_size=12))
def test_names_that_come_again_are_told_apart(written: list[str]) -> None:
    apart = told_apart(written)
    assert len(set(apart)) == len(apart) == len(written)
    assert set(written) <= set(apart)


def test_members_of_one_name_are_all_there_and_nothing_is_written(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    outside = "../" * 10 + "escaped.txt"
    members = [("1.txt", text(1)), ("1.txt", text(2)), (outside, text(3)), ("/abs.txt", text(4))]
    (folder / "a.zip").write_bytes(zipped(*members))
    assert outcomes(rebuild(settings)) == {
        "a.zip": "opened",
        **{f"a.zip/{name}": "read" for name in ("1 (2).txt", "1.txt", "abs.txt", "escaped.txt")},
    }
    assert {path.name for path in tmp_path.iterdir()} == {"bulletins", "index"}


# Hazards


def test_one_bad_member_harms_no_other(folder: Path, settings: Settings) -> None:
    whole = bytearray(zipped(("1.txt", text(1)), ("2.txt", text(2)), ("3.txt", text(3))))
    info = zipfile.ZipFile(io.BytesIO(whole)).getinfo("2.txt")
    whole[info.header_offset + 40] ^= 0xFF
    (folder / "a.zip").write_bytes(whole)
    said = outcomes(rebuild(settings))
    assert (said["a.zip/1.txt"], said["a.zip/3.txt"]) == ("read", "read")
    assert said["a.zip/2.txt"] == "damaged"


def test_a_member_with_a_password_is_refused_alone() -> None:
    data = bytearray(zipped(("1.txt", text(1)), ("2.txt", text(2))))
    data[data.index(b"PK\1\2") + 8] |= 1
    archive = Archive(bytes(data), Settings())
    assert refusal(lambda: archive.data(0)) == "encrypted"
    assert archive.data(1) == text(2)


def test_bombs_are_refused_before_they_go_off() -> None:
    bomb = zipped(("0.txt", bytes(40 << 20)), ("1.txt", text(1)))
    archive = Archive(bomb, Settings())
    assert refusal(lambda: archive.data(0)) == "too_complex"
    assert archive.data(1) == text(1)
    large = Archive(bomb, Settings(archive_ratio=10_000, max_file_mb=30))
    assert refusal(lambda: large.data(0)) == "too_large"
    lying = bytearray(bomb)
    at = lying.index(b"PK\1\2") + 24
    lying[at : at + 4] = (1000).to_bytes(4, "little")
    assert refusal(lambda: Archive(bytes(lying), Settings()).data(0)) == "damaged"


def test_members_that_lie_within_one_another_are_refused() -> None:
    data = zipped(("1.txt", text(1)), ("2.txt", text(2)), ("3.txt", text(3)))
    first, second, _ = (at for at in range(len(data)) if data[at : at + 4] == b"PK\1\2")
    same = bytearray(data)
    same[second + 42 : second + 46] = data[first + 42 : first + 46]
    archive = Archive(bytes(same), Settings())
    assert archive.data(0) == text(1)
    assert refusal(lambda: archive.data(1)) == "damaged"
    assert archive.data(2) == text(3)


@pytest.mark.parametrize("streamed", [False, True])
def test_what_stands_before_the_damage_is_read(
    folder: Path, settings: Settings, streamed: bool
) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return not streamed

    file = Pipe()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in (1, 2, 3):
            archive.writestr(f"第{number}期.txt", text(number))
    whole = file.getvalue()
    third = whole.rindex(b"PK\3\4")
    (folder / "a.zip").write_bytes(whole[: third + 60])
    (folder / "b.zip").write_bytes(whole[:9])
    said = outcomes(rebuild(settings))
    assert said == {
        "a.zip": "damaged",
        "a.zip/第1期.txt": "read",
        "a.zip/第2期.txt": "read",
        "a.zip/第3期.txt": "damaged",
        "b.zip": "damaged",
    }
    assert outcomes(update(settings)) == said


def test_an_archive_that_brings_too_much_is_read_as_far_as_there_is_room(
    folder: Path, settings: Settings
) -> None:
    inner = zipped(*((f"{n}.txt", text(n)) for n in range(3)))
    (folder / "a.zip").write_bytes(zipped(("a.zip", inner), *((f"{n}.txt", text(9)) for n in "bc")))
    few = replace(settings, archive_members=5)
    said = outcomes(rebuild(few))
    assert said["a.zip/a.zip"] == "too_many"
    assert said["a.zip"] == "opened"
    assert len(said) == 1 + 5
    assert outcomes(update(few)) == said
    assert outcomes(update(settings))["a.zip/a.zip"] == "opened", "more room: read again"


@given(st.lists(st.integers(0, 20), max_size=8), st.integers(0, 8), st.integers(0, 60))
def test_room_is_for_the_first_members_and_never_for_more(
    sizes: list[int], most: int, bytes_: int
) -> None:
    members = [Member(str(n), size) for n, size in enumerate(sizes)]
    fitting = Room(most, bytes_).first(members)
    assert list(fitting) == members[: len(fitting)]
    assert len(fitting) <= most
    left = Room(most, bytes_).without(member.size for member in fitting)
    assert left.members >= 0
    assert left.bytes >= 0
    rest = members[len(fitting) :]
    assert not rest or left.members == 0 or left.bytes < rest[0].size


def test_an_archive_that_holds_itself_comes_to_an_end(folder: Path, settings: Settings) -> None:
    """Three archives deep is as far as anything is read, however much is in them."""
    inner = zipped(("1.txt", text(1)))
    for _ in range(6):
        inner = zipped(*((f"{n}.zip", inner) for n in range(3)))
    (folder / "r.zip").write_bytes(inner)
    said = outcomes(rebuild(settings, allow_empty=True))
    assert len(said) == 1 + 3 + 9 + 27
    assert set(list(said.values())[3:]) == {"opened", "too_deep"}


@pytest.mark.fault
def test_damaged_archives_end_with_text_or_a_reason(tmp_path: Path) -> None:
    chance = random.Random(3)
    whole = zipped(
        *((f"第{n}期.txt", text(n) * 20) for n in range(4)), ("a.zip", zipped(("b", b"c")))
    )
    said = set()
    with ConfinedReader(Settings(read_seconds=10)) as reader:
        for _ in range(300):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 12)):
                data[chance.randrange(4, len(data))] ^= 1 << chance.randrange(8)
            (tmp_path / "a.zip").write_bytes(
                data[: chance.choice([len(data), chance.randrange(len(data))])]
            )
            found = Found(tmp_path / "a.zip", "a.zip")
            opened = reader.open(found)
            each = [opened]
            for place, member in enumerate(opened.members):
                each.append(reader.open(found.member(place, member.name, member.size)))
            said |= {one.refusal.reason if one.refusal else "read" for one in each}
    assert said <= {"read", *REFUSALS}
    assert not said & {"crashed", "out_of_time", "out_of_memory", "changed"}


# The limits of the child


@pytest.mark.slow
def test_the_time_limit_is_for_each_member(folder: Path, settings: Settings) -> None:
    slow = pdf_of([b"BT /F1 12 Tf " + b"(a) Tj " * 40_000 + b"ET"])
    (folder / "a.zip").write_bytes(zipped(*((f"{n}.pdf", slow + b"%d" % n) for n in range(12))))
    started = time.monotonic()
    said = outcomes(rebuild(replace(settings, read_seconds=3), allow_empty=True))
    assert time.monotonic() - started > 3
    assert "out_of_time" not in said.values()


@pytest.mark.fault
def test_a_member_that_takes_too_long_is_refused_alone(folder: Path, settings: Settings) -> None:
    members = [("1.txt", text(1)), ("2.pdf", TOO_LONG), ("3.txt", text(3))]
    (folder / "a.zip").write_bytes(zipped(*members))
    said = outcomes(rebuild(replace(PATIENT, folders=settings.folders, index=settings.index)))
    assert said["a.zip/2.pdf"] == "out_of_time"
    assert (said["a.zip/1.txt"], said["a.zip/3.txt"]) == ("read", "read")


def test_a_member_is_not_taken_for_another_when_the_archive_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(("1.txt", text(1)), ("2.txt", text(2))))
    found = Found(path, "a.zip")
    second = found.member(1, "2.txt", 1)
    with ConfinedReader(Settings()) as reader:
        assert len(reader.open(found).members) == 2
        path.write_bytes(zipped(("0.txt", text(1)), ("1.txt", text(2))))
    with ConfinedReader(Settings()) as reader:
        refused = reader.open(second).refusal
    assert refused is not None
    assert refused.reason == "changed"


def test_an_unchanged_archive_is_not_read_again(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.zip", "b.zip"):
        (folder / name).write_bytes(
            zipped((f"{name}1.txt", text(ord(name[0]))), ("x.png", b"\x89PNG"))
        )
        os.utime(folder / name, (1, 1))
    rebuild(settings)
    (folder / "c.txt").write_bytes(text(77))
    (folder / "b.zip").write_bytes(zipped(("b.zip1.txt", text(99))))
    asked: list[str] = []
    really = ConfinedReader.open

    def opened(self: ConfinedReader, file: Found, encoding: str, room: Room) -> Opened:
        asked.append(file.relative)
        return really(self, file, encoding, room)

    monkeypatch.setattr(ConfinedReader, "open", opened)
    update(settings)
    assert asked == ["b.zip", "b.zip/b.zip1.txt", "c.txt"]
