"""Pictures and scans are read where the extra is installed, and nothing is left out silently."""

from __future__ import annotations

import io
import socket
import struct
import time
import zlib
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
from handmade_files import pdf, pdf_of
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject
from scanned import OTHER, TEXT, Page, page, pillow, saved

from indexer import SearchRequest, Settings, open_searcher, rebuild, report, update
from indexer.bulletin import Block, Kind, Reading
from indexer.errors import UnreadableFile
from indexer.readers import ConfinedReader, Found, ocr
from indexer.readers.formats import format_of
from indexer.readers.reading import read
from indexer.readers.repair import mend

PNG = b"\x89PNG\r\n\x1a\n"
PHRASE = "有序安全地复工复产"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and is all but empty."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        PNG + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")
    )


def joined(*parts: bytes) -> bytes:
    """The pages of several PDFs in one."""
    writer, file = PdfWriter(), io.BytesIO()
    for part in parts:
        writer.append(io.BytesIO(part))
    writer.write(file)
    return file.getvalue()


PICTURE = pdf_of([b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"])
"""A page that shows a picture of one grey point."""


def blocks(data: bytes) -> tuple[Block, ...]:
    return mend(ocr.extract(data).lines).blocks


def told(data: bytes) -> str:
    return "".join("".join(block.text.split()) for block in blocks(data))


def accuracy(found: str, truth: tuple[str, ...]) -> float:
    """Return the share of the characters that are right, half-width marks counting as full."""
    whole, table = "".join(truth), str.maketrans("(),:;", "（），：；")
    same = SequenceMatcher(None, whole, found.translate(table), autojunk=False)
    return sum(match.size for match in same.get_matching_blocks()) / max(len(whole), len(found))


def reading(path: Path, **chosen: int) -> Reading:
    with ConfinedReader(Settings(**chosen)) as reader:
        text = reader.open(Found(path, path.name)).text()
    assert text is not None
    return text


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def reason(data: bytes, name: str, folder: Path, **chosen: int) -> str:
    with pytest.raises(UnreadableFile) as caught:
        reading(written(folder, name, data), **chosen)
    return caught.value.reason


def codes(text: Reading) -> list[str]:
    return [notice.code for notice in text.notices]


def stamped(text: str) -> bytes:
    """A scan with a text layer that says nothing of what it shows."""
    writer, file = PdfWriter(io.BytesIO(saved(page(OTHER), "PDF"))), io.BytesIO()
    writer.pages[0].merge_page(PdfReader(io.BytesIO(pdf([text]))).pages[0])
    writer.write(file)
    return file.getvalue()


def large_picture(text: str) -> bytes:
    """The same, as far as it is seen without looking at the picture."""
    writer, file = PdfWriter(io.BytesIO(pdf([text]))), io.BytesIO()
    image, name = StreamObject(), NameObject
    image.update({name("/Subtype"): name("/Image")})
    image.update({name(side): NumberObject(1_000) for side in ("/Width", "/Height")})
    shown = DictionaryObject({name("/P"): writer._add_object(image)})
    writer.pages[0]["/Resources"][name("/XObject")] = shown
    writer.write(file)
    return file.getvalue()


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "recognizer", lambda: "")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_a_picture_is_known_by_its_content(form: str) -> None:
    image = pillow()
    assert format_of(saved(image.new("L", (9, 9)), form), ".txt") == "image"


def test_what_only_begins_like_a_picture_is_text() -> None:
    assert format_of("BMW 厂的简报".encode(), ".txt") == "text"
    assert format_of(b"RIFF and RAFF", ".txt") == "text"


@pytest.mark.usefixtures("without")
def test_without_the_extra_a_picture_is_refused_and_the_word_says_what_to_install() -> None:
    with pytest.raises(UnreadableFile) as caught:
        ocr.extract(png(9, 9))
    assert caught.value.reason == "needs_ocr"
    for text in (caught.value.sentence.zh, caught.value.sentence.en):
        assert "jianbao[ocr]" in text


@pytest.mark.usefixtures("without")
def test_without_the_extra_a_scan_is_refused_with_the_same_word(tmp_path: Path) -> None:
    path = written(tmp_path, "a.pdf", PICTURE)
    with pytest.raises(UnreadableFile) as caught:
        read(path, "a.pdf", Settings())
    assert caught.value.reason == "needs_ocr"


@pytest.mark.usefixtures("without")
def test_without_the_extra_the_pages_that_were_not_read_are_named(tmp_path: Path) -> None:
    path = written(
        tmp_path, "a.pdf", joined(pdf([TEXT[0]]), PICTURE, PICTURE, pdf([TEXT[1]]), PICTURE)
    )
    text = read(path, "a.pdf", Settings())
    (notice,) = text.notices
    assert notice.code == "pages_without_text"
    assert "2–3、5" in notice.sentence.zh
    assert "jianbao[ocr]" in notice.sentence.en
    assert {block.page for block in text.blocks} == {1, 4}


def test_a_page_that_shows_nothing_is_not_missed(tmp_path: Path) -> None:
    path = written(tmp_path, "a.pdf", pdf([TEXT[0]], [], [TEXT[1]]))
    assert read(path, "a.pdf", Settings()).notices == ()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "PDF"])
def test_clean_pages_are_recognized(form: str, tmp_path: Path) -> None:
    text = reading(written(tmp_path, f"a.{form.lower()}", saved(page(), form)))
    found = "".join("".join(block.text.split()) for block in text.blocks)
    assert accuracy(found, TEXT) >= 0.98
    assert codes(text) == ["ocr"]


def test_each_page_of_a_fax_is_recognized_with_its_number(tmp_path: Path) -> None:
    first, second = page().convert("1"), page(OTHER).convert("1")
    data = saved(first, "TIFF", second, compression="group4")
    # Longer than the time for a file: each page has its own.
    text = reading(written(tmp_path, "a.tif", data), read_seconds=4)
    assert {block.page for block in text.blocks} == {1, 2}
    found = "".join("".join(block.text.split()) for block in text.blocks)
    assert accuracy(found, (*TEXT, *OTHER)) >= 0.98
    assert "读出 2 页" in text.notices[0].sentence.zh


@pytest.mark.parametrize("turn", [90, 180, 270, 2])
def test_a_page_is_read_however_it_lay_on_the_glass(turn: int) -> None:
    straight = page()
    turned = straight.rotate(turn, expand=True, fillcolor="white")
    assert accuracy(told(saved(turned, "PNG")), TEXT) >= 0.97


def test_a_photograph_is_turned_as_it_says_itself() -> None:
    image = pillow()
    exif = image.Exif()
    exif[0x0112] = 6
    data = saved(page().rotate(90, expand=True), "JPEG", exif=exif)
    assert accuracy(told(data), TEXT) >= 0.98


def test_a_red_masthead_two_columns_and_a_table_are_read_in_order() -> None:
    made = Page(1654, 1400)
    made.line("云州质量工作简报", 40, "#c81414")
    made.line("第二十七期", 16)
    made.line("齐心协力保质量", 22)
    top = made.y
    made.paragraph(TEXT[0], 150, 790)
    made.y, bottom = top, made.y
    made.paragraph(TEXT[1], 880, 1520)
    made.y = max(made.y, bottom) + 60
    table = (
        ("单位", "捐款", "口罩"),
        ("江澜市质量协会", "128.5", "20"),
        ("东湾市质协", "96.0", "12"),
    )
    for cells in table:
        for x, cell in zip((150, 700, 1200), cells, strict=True):
            y = made.y
            made.line(cell, x=x)
            made.y = y
        made.y += 60
    found = blocks(saved(made.picture, "PNG"))
    assert [b.text for b in found if b.kind is Kind.ROW] == ["\t".join(row) for row in table]
    read_out = "".join("".join(block.text.split()) for block in found)
    truth = ("云州质量工作简报第二十七期齐心协力保质量", *TEXT, *("".join(row) for row in table))
    assert accuracy(read_out, truth) >= 0.98


def test_a_long_picture_is_cut_where_no_line_is_harmed() -> None:
    made = Page(800, 2600)
    for text in (*TEXT, *OTHER, *TEXT[::-1]):
        made.paragraph(text)
    data = saved(made.picture, "PNG")
    lines = ocr.extract(data).lines
    assert {line.page for line in lines} == {1, 2}
    found = "".join("".join(line.text.split()) for line in lines)
    assert accuracy(found, (*TEXT, *OTHER, *TEXT[::-1])) >= 0.98


def test_scanned_pages_among_pages_with_text_are_recognized_in_their_place(
    tmp_path: Path,
) -> None:
    first, last = ([text[n : n + 35] for n in range(0, len(text), 35)] for text in TEXT)
    data = joined(pdf(first), saved(page(OTHER), "PDF"), pdf(last))
    text = reading(written(tmp_path, "a.pdf", data))
    pages = {n: "".join(b.text for b in text.blocks if b.page == n) for n in (1, 2, 3)}
    assert "".join(pages.values()) == "".join(block.text for block in text.blocks)
    assert (pages[1], pages[3]) == TEXT
    assert accuracy(pages[2], OTHER) >= 0.98
    assert codes(text) == ["ocr"]


def test_the_mark_of_a_scanning_program_is_no_text_of_the_page(tmp_path: Path) -> None:
    text = reading(written(tmp_path, "a.pdf", stamped("扫描全能王 创建")))
    assert accuracy(text.blocks[0].text, OTHER) >= 0.98


def test_a_scan_with_a_page_number_of_its_own_is_recognized_all_the_same(tmp_path: Path) -> None:
    text = reading(written(tmp_path, "a.pdf", stamped("第 3 页")))
    assert accuracy("".join(block.text for block in text.blocks), OTHER) >= 0.95


@pytest.mark.usefixtures("without")
@pytest.mark.parametrize("stamp", ["扫描全能王 创建", "第 3 页"])
def test_a_scan_is_not_taken_for_the_stamp_on_it(stamp: str, tmp_path: Path) -> None:
    path = written(tmp_path, "a.pdf", large_picture(stamp))
    with pytest.raises(UnreadableFile) as caught:
        read(path, "a.pdf", Settings())
    assert caught.value.reason == "needs_ocr"
    path.write_bytes(joined(pdf([TEXT[0]]), large_picture(stamp)))
    assert codes(read(path, "a.pdf", Settings())) == ["pages_without_text"]


def test_what_cannot_be_made_out_is_said() -> None:
    image = pillow()
    made = Page(900, 300)
    made.line(TEXT[0][:20], 12)
    faint = made.picture.resize((112, 37)).resize((900, 300), image.Resampling.BICUBIC)
    notices = {notice.code: notice for notice in ocr.extract(saved(faint, "PNG")).notices}
    assert "ocr_unsure" in notices


def test_a_picture_without_text_is_empty(tmp_path: Path) -> None:
    image = pillow()
    data = saved(image.new("RGB", (800, 600), "white"), "PNG")
    assert reason(data, "a.png", tmp_path) == "empty"


def test_the_same_page_gives_the_same_text_whatever_was_read_before() -> None:
    data = saved(page(OTHER), "PNG")
    first = ocr.extract(data)
    ocr.extract(saved(page(), "JPEG"))
    assert ocr.extract(data) == first


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(page(OTHER), "PNG")

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert accuracy(told(data), OTHER) >= 0.98


def test_a_picture_that_unpacks_to_too_much_is_refused_at_once(tmp_path: Path) -> None:
    pillow()
    started = time.monotonic()
    assert reason(png(100_000, 100_000), "a.png", tmp_path) == "too_complex"
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("data", [png(9, 9)[:30], PNG + bytes(99), b"II*\0" + bytes(99)])
def test_a_damaged_picture_is_refused_as_such(data: bytes, tmp_path: Path) -> None:
    pillow()
    assert reason(data, "a.png", tmp_path) == "damaged"


def test_pages_beyond_the_limit_are_named(tmp_path: Path) -> None:
    first, second = page(OTHER), page(OTHER)
    for form, name in (("TIFF", "a.tif"), ("PDF", "a.pdf")):
        text = reading(written(tmp_path, name, saved(first, form, second)), ocr_pages=1)
        assert codes(text) == ["ocr", "pages_without_text"]
        assert "第 2 页" in text.notices[1].sentence.zh


@pytest.mark.fault
def test_a_page_that_needs_too_much_is_stopped_and_the_next_file_read(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", saved(page(), "PNG"))
    text = written(tmp_path, "b.txt", TEXT[0].encode())
    for chosen, reasons in (
        ({"ocr_memory_mb": 400}, {"out_of_memory", "crashed"}),
        ({"ocr_seconds": 0}, {"out_of_time"}),
    ):
        with ConfinedReader(Settings(**chosen)) as reader:
            refusal = reader.open(Found(path, "a.png")).refusal
            assert refusal is not None
            assert refusal.reason in reasons
            assert reader.open(Found(text, "b.txt")).text()


def test_a_quotation_of_a_scan_is_found_and_the_report_says_how_it_was_read(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "bulletins"
    folder.mkdir()
    written(folder, "a.png", saved(page(), "PNG"))
    chosen = Settings(folders=(str(folder),), index=str(tmp_path / "index"))
    rebuild(chosen)
    assert open_searcher(chosen).search(SearchRequest(PHRASE, "exact")).total == 1
    (file,) = report(chosen).files
    assert (file.outcome, file.media_type) == ("read", "image/png")
    assert "OCR" in next(n.sentence.en for n in file.notices if n.code == "ocr")


def test_what_was_refused_for_want_of_the_extra_is_read_once_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, hidden = tmp_path / "bulletins", tmp_path / "hidden"
    folder.mkdir()
    hidden.mkdir()
    written(folder, "a.png", saved(page(), "PNG"))
    written(folder, "b.txt", OTHER[0].encode())
    chosen = Settings(folders=(str(folder),), index=str(tmp_path / "index"))
    with monkeypatch.context() as context:
        # The child is an interpreter of its own: it must miss the extra too.
        (hidden / "sitecustomize.py").write_text(
            "import importlib.metadata as m\nfound = m.version\n"
            "def version(name):\n"
            "    if name == 'rapidocr': raise m.PackageNotFoundError(name)\n"
            "    return found(name)\n"
            "m.version = version\n"
        )
        context.setenv("PYTHONPATH", str(hidden))
        context.setattr("indexer.last_build.recognizer", lambda: "")
        assert [file.reason for file in rebuild(chosen).refused] == ["needs_ocr"]
        assert [file.reason for file in update(chosen).refused] == ["needs_ocr"]
    assert update(chosen).read == 2
