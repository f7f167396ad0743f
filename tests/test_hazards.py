"""What files may do to a build: each harms itself alone, and exactly as is said of it.

One of three: what other tests hold of the list is named with it in docs/reliability.md.
"""

from __future__ import annotations

import io
import os
import struct
import time
import unicodedata
import zipfile
from pathlib import Path

import pypdf
import pytest
from handmade_files import docx, p, pdf, pdf_of

from indexer import SearchRequest, Settings, open_searcher, rebuild
from indexer.readers import Walked, walk
from webui import create_app

TEXT = "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产。"
GOOD = "好.txt"
SEEN = "走访了二十家会员企业"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    (made / GOOD).write_text(f"江澜质协工作简报\n第1期\n\n{TEXT}\n", encoding="utf-8")
    return made


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    return Settings(folders=(str(folder),), index=str(tmp_path / "index"))


def told(settings: Settings) -> dict[str, str]:
    """What a build says of each file but the good one, which is read and found whatever the others
    are; and nothing is written but the index.
    """
    files = rebuild(settings).files
    told = {file.path: file.reason or file.outcome for file in files}
    assert len(told) == len(files)
    assert told.pop(GOOD) == "read"
    assert GOOD in found(settings, SEEN)
    place = Path(settings.index).parent
    assert sorted(path.name for path in place.iterdir()) == ["bulletins", "index"]
    return told


def found(settings: Settings, phrase: str) -> set[str]:
    """The paths of all files in which a phrase stands, copies too."""
    searcher = open_searcher(settings)
    hits = searcher.search(SearchRequest(phrase, "exact")).hits
    ids = [id for hit in hits for id in (hit.id, *(copy.id for copy in hit.copies))]
    bulletins = [searcher.bulletin(id) for id in ids]
    searcher.close()
    return {bulletin.source.path for bulletin in bulletins if bulletin}


# C2, C3, C4, C8, C9: documents that take more than they should, or would do more.


def many_members() -> bytes:
    file = io.BytesIO(docx(p(TEXT)))
    with zipfile.ZipFile(file, "a") as package:
        for number in range(5_000):
            package.writestr(f"word/{number}.xml", "")
    return file.getvalue()


def lying() -> bytes:
    """A bomb of 290 kB that says of itself that it unpacks to a kilobyte."""
    size = 300_000_000
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b" " * size)
    return file.getvalue().replace(struct.pack("<I", size), struct.pack("<I", 1_000))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.docx", many_members(), "too_complex"),
        ("a.docx", lying(), "damaged"),
        ("a.docx", docx("<w:p/>" * 1_200_000), "too_complex"),
        ("a.docx", docx("<w:tbl><w:tr><w:tc>" * 20_000), "too_complex"),
        ("a.docx", docx(p(TEXT), **{"..__..__etc__passwd": p("外面")}), "read"),
        ("a.docm", docx(p(TEXT), vbaProject="Sub AutoOpen()"), "read"),
    ],
    ids=["members", "lies", "paragraphs", "nested tables", "names that lead outside", "macros"],
)
def test_c2_c3_c4_a_docx_takes_no_more_than_it_may(
    name: str, data: bytes, said: str, folder: Path, settings: Settings
) -> None:
    (folder / name).write_bytes(data)
    assert told(settings) == {name: said}
    assert not found(settings, "外面")


def loaded() -> bytes:
    """A PDF that brings a script and an attachment."""
    writer, file = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([TEXT]))), io.BytesIO()
    writer.add_attachment("附件.txt", "附件里的话。".encode())
    writer.write(file)
    catalog = b"/Type /Catalog"
    script = b"/OpenAction << /S /JavaScript /JS (app.alert('outside')) >>"
    return file.getvalue().replace(catalog, catalog + b" " + script)


PLAIN = pdf([TEXT])
TABLE = PLAIN[PLAIN.rindex(b"startxref") :].split()[1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdf_of([b"BT /F1 12 Tf " + b"(a) Tj " * 3_300_000 + b"ET"]), "too_complex"),
        (pdf_of([b"0 0 m 1 1 l S " * 1_650_000]), "too_complex"),
        (pdf_of([b" " * 276_000_000]), "too_complex"),
        (PLAIN.replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"), "damaged"),
        (PLAIN.replace(b"/Info", b"/Prev " + TABLE + b" /Info"), "read"),
        (PLAIN.replace(b"startxref", b"startxxxx"), "read"),
        (PLAIN.replace(b"/Encoding /Identity-H", b"/Encoding /..#2f..#2fH"), "read"),
        (loaded(), "read"),
    ],
    ids=[
        *("23 MB of text", "23 MB of lines", "276 MB", "pages in a circle"),
        *("tables in a circle", "no table", "a map outside", "a script and an attachment"),
    ],
)
def test_c8_c9_a_pdf_takes_no_more_than_it_may(
    data: bytes, said: str, folder: Path, settings: Settings
) -> None:
    (folder / "a.pdf").write_bytes(data)
    assert told(settings) == {"a.pdf": said}
    assert found(settings, SEEN) == ({GOOD, "a.pdf"} if said == "read" else {GOOD})
    assert not found(settings, "附件里的话") | found(settings, "outside")


# C11: characters.


@pytest.mark.parametrize(
    "odd",
    ["\0", "\ufeff", "\x01\x1b[2J\x08", "\u202e\u2066", "\ue000", "\ud800"],
    ids=["NUL", "marks within", "controls", "bidi", "private use", "half a surrogate"],
)
def test_c11_odd_characters_harm_neither_text_nor_marks(
    odd: str, folder: Path, settings: Settings
) -> None:
    said = f"江澜{odd}简报\n第2期\n\n{TEXT * 5}请各{odd}单位照办。\n"
    (folder / "a.txt").write_bytes(said.encode("utf-8", "surrogatepass"))
    assert told(settings) == {"a.txt": "read"}
    searcher = open_searcher(settings)
    (hit,) = searcher.search(SearchRequest("恢复生产。请各", "exact")).hits
    searcher.close()
    (snippet,) = (snippet for snippet in hit.snippets if snippet.marks)
    ((start, end),) = snippet.marks
    assert snippet.text[start:end] == "恢复生产。请各"
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in snippet.text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    ["复工复产" * 250_000, "a" * 10_000_000, "复 " * 2_500_000],
    ids=["a million Han", "10 MB of one word", "10 MB of words"],
)
def test_c11_a_line_without_end_is_read_to_its_end(
    line: str, folder: Path, settings: Settings
) -> None:
    (folder / "a.txt").write_text(f"{line}，尾巴。", encoding="utf-8")
    started = time.process_time()
    assert told(settings) == {"a.txt": "read"}
    assert time.process_time() - started < 60
    assert found(settings, "尾巴") == {"a.txt"}


# C12: names.


NAMES = (
    *("长" * 80 + ".txt", "a\nb.txt", "<img src=x onerror=alert(1)>.txt", "-rf.txt"),
    *("尾.txt ", "点.txt.", "CON.txt", "%2e%2e%2f.txt", "=1+1.txt", "A.txt", "a.txt"),
    *(unicodedata.normalize("NFC", "é.txt"), unicodedata.normalize("NFD", "é.txt")),
)


def test_c12_any_name_is_reported_shown_and_leads_to_its_bulletin(
    folder: Path, settings: Settings
) -> None:
    for number, name in enumerate((*NAMES, os.fsdecode(b"\xbc\xf2\xff.txt")), 2):
        said = f"云州质协简报\n第{number}期\n\n{TEXT}这是第{number}份名称特别的简报。\n"
        (folder / name).write_text(said, encoding="utf-8")
    assert told(settings) == dict.fromkeys((*NAMES, "\\xbc\\xf2\\xff.txt"), "read")
    client = create_app(settings).test_client()
    pages = [client.get("/report"), client.get("/")]
    for file in client.get("/api/v1/report").get_json()["files"]:
        assert file["id"].removeprefix("b-").isalnum()
        pages.append(client.get(f"/b/{file['id']}"))
    assert {page.status_code for page in pages} == {200}
    assert not any("<img src=x" in page.get_data(as_text=True) for page in pages)


def test_c12_folders_deeper_than_a_path_may_be_long_are_named(
    folder: Path, settings: Settings
) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(20):  # each step by itself, since the whole path cannot be said
        os.mkdir("d" * 250, dir_fd=here)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    ((path, said),) = told(settings).items()
    assert (set(path), said) == ({"d", "/"}, "no_permission")


# C13, C14: what changes between the look and the reading, and what is there more than once.


def test_c13_a_file_that_becomes_a_link_after_the_look_is_not_followed(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = folder / ".secret"
    secret.write_text("外面的文字不可读入。", encoding="utf-8")
    (folder / "a.txt").write_text("里面的文字可以读入。", encoding="utf-8")

    def then_swapped(*arguments: object) -> Walked:
        walked = walk(*arguments)  # type: ignore[arg-type]
        (folder / "a.txt").unlink()
        (folder / "a.txt").symlink_to(secret)
        return walked

    monkeypatch.setattr("indexer.builder.walk", then_swapped)
    assert told(settings) == {"a.txt": "symlink"}
    assert not found(settings, "外面的文字")


def test_c14_one_title_twice_is_two_bulletins(folder: Path, settings: Settings) -> None:
    for number, more in ((2, "轴承厂复产。"), (3, "纺织厂改造。")):
        said = f"江澜质协工作简报\n第{number}期\n\n春耕\n\n{more}" * 3
        (folder / f"{number}.txt").write_text(said, encoding="utf-8")
    assert told(settings) == {"2.txt": "read", "3.txt": "read"}
    assert found(settings, "春耕") == {"2.txt", "3.txt"}


# C15: too much of it.


def test_c15_a_file_over_the_limit_is_not_even_opened(folder: Path, settings: Settings) -> None:
    with (folder / "large.txt").open("wb") as file:
        file.truncate(1 << 30)
    started = time.monotonic()
    assert told(settings) == {"large.txt": "too_large"}
    assert time.monotonic() - started < 30


@pytest.mark.slow
def test_c15_very_many_small_files_are_all_reported(folder: Path, settings: Settings) -> None:
    for number in range(5_000):
        (folder / f"{number}.txt").write_text(f"第{number}号通知。", encoding="utf-8")
    assert set(told(settings).values()) == {"read"}
    assert found(settings, "第4321号通知") == {"4321.txt"}
