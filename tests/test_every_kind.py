"""A folder with every kind of file, good and bad, in one run: a true report and nothing lost."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from handmade_files import docx, p, part, pdf, table
from handmade_ofd import document, lines, ofd, page
from scanned import Page
from test_archive import zipped
from test_doc import ole
from test_mail import attach, mail
from test_odt import flat, odt, para
from test_rtf import codes, rtf

from indexer import BuildReport, SearchRequest, Settings, open_searcher, rebuild, report, update
from indexer.__main__ import main
from indexer.readers import recognizer
from indexer.readers.converter import installed

OPENING = "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产，"
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "big5hkscs": "big5",
    "hz": "hz",
}
"""What a text is written in, and what the report may call it."""


def phrase(name: str) -> str:
    """Words that stand in one file alone."""
    number = sum(ord(character) * 7**at for at, character in enumerate(name)) % 97_777
    written = "".join("零壹贰叁肆伍陆柒捌玖"[int(digit)] for digit in f"{number:05}")
    return f"查证字号{written}"


def body(name: str) -> str:
    return f"{OPENING}{phrase(name)}，请各会员单位按此办理。"


def text(name: str) -> str:
    return f"江澜质协工作简报\n第3期\n江澜市质量协会秘书处编\u30002021年5月5日\n\n{body(name)}\n"


def traditional(name: str) -> str:
    said = phrase(name).translate(str.maketrans("证号贰陆", "證號貳陸"))
    return (
        "江瀾質協工作簡報\n第4期\n2021年6月5日\n\n江瀾市質量協會組織專家走訪了二十家會員企業，"
        f"幫助它們恢復生產，{said}，請各會員單位按此辦理。\n"
    )


def good() -> Iterator[tuple[str, bytes]]:
    """Files that are read, by name; each has its own phrase."""
    for codec in ENCODINGS:
        name = f"编码-{codec}.txt"
        written = traditional(name) if codec.startswith("big5") else text(name)
        yield name, written.encode(codec)
    yield "四字节.txt", (text("四字节.txt") + "这是𠮷字和㐂字。").encode("gb18030")
    lying = f"<html><meta charset='big5'><body><p>{body('谎报.html')}</p></body></html>"
    yield "谎报.html", lying.encode("gb18030")
    broken = text("坏一个字节.txt").encode("gb18030")
    yield "坏一个字节.txt", broken.replace("第3期".encode("gb18030"), b"\xb5\xda3\xff\xc6\xda", 1)
    mixed = text("两种编码.txt").encode("utf-8")
    yield "两种编码.txt", mixed + "附：各地来信摘编，另册印发。".encode("gb18030")
    yield "前注.md", f"---\n期号：27\n---\n# 简报\n\n{body('前注.md')}\n".encode()
    yield "网页.html", f"<title>简报</title><nav>首页</nav><p>{body('网页.html')}</p>".encode()
    head = part("hdr", p("江澜质协工作简报") + p("第5期"))
    yield "页眉.docx", docx(p(body("页眉.docx")) + table(["项目", "数量"]), header1=head)
    yield "富文本.rtf", rtf(r"\f1 " + codes(body("富文本.rtf")) + r"\par")
    yield "开放.odt", odt(para(body("开放.odt")))
    yield "平铺.fodt", flat(para(body("平铺.fodt")))
    yield "版式.pdf", pdf(_broken(body("版式.pdf")))
    yield "版式.ofd", ofd(document(page(*lines(_broken(body("版式.ofd"))))))
    letter = mail(body=body("来信.eml"))
    attach(letter, "附件.txt", text("来信.eml/附件.txt").encode())
    yield "来信.eml", letter.as_bytes()
    packed = {f"包内{n}.txt": text(f"打包.zip/包内{n}.txt").encode() for n in (1, 2)}
    yield "打包.zip", _gbk(packed)
    yield "旧版其实是网页.doc", f"<html><p>{body('旧版其实是网页.doc')}</p></html>".encode()


def _broken(whole: str) -> list[str]:
    return [whole[at : at + 28] for at in range(0, len(whole), 28)]


def _gbk(members: dict[str, bytes]) -> bytes:
    """An archive as Windows writes it, names in GBK and no flag."""
    coded = [name.encode("gbk") for name in members]
    places = [f"{at:0{len(name)}}" for at, name in enumerate(coded)]
    archive = zipped(*zip(places, members.values(), strict=True))
    for place, name in zip(places, coded, strict=True):
        archive = archive.replace(place.encode(), name)
    return archive


def bad() -> Iterator[tuple[str, bytes, str]]:
    """Files that cannot be read, with the reason."""
    yield "空.txt", b"", "empty"
    yield "只有空白.txt", b" \n \n", "empty"
    yield "二进制.txt", bytes(range(256)) * 40, "not_text"
    yield "程序.exe", b"MZ\x90\0" + bytes(99), "not_text"
    yield "表格.xls", ole("Workbook"), "unknown_format"
    yield "截断.docx", docx(p(body("x")))[:300], "damaged"
    yield "截断.pdf", pdf([body("x")])[:200], "damaged"
    yield "截断.ofd", ofd(document(page(*lines(["甲"]))))[:200], "damaged"
    yield "截断.odt", odt(para("甲"))[:200], "damaged"
    yield "截断.zip", zipped(("a.txt", text("x").encode()))[:40], "damaged"
    yield "名不副实.pdf", text("x").encode(), "damaged"
    yield "无字.rtf", rb"{\rtf1\ansi }", "empty"
    yield "加密.docx", ole("EncryptedPackage"), "encrypted"
    yield "太大.txt", "大".encode() * 400_000, "too_large"
    yield (
        "坏图.png",
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        "needs_ocr" if not recognizer() else "damaged",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("every") / "简报"
    made.mkdir()
    for name, data in good():
        (made / name).write_bytes(data)
    for name, data, _ in bad():
        (made / name).write_bytes(data)
    (made / "重复.txt").write_bytes((made / "编码-gbk.txt").read_bytes())
    (made / "编码-utf-8.txt.toml").write_text('期号 = "第九期"\n', "utf-8")
    (made / "bulletins.csv").write_text("文件,期号\n没有这个.txt,3\n网页.html,8\n", "utf-8")
    (made / ".隐藏.txt").write_text(text("隐藏"), "utf-8")
    (made / "链接.txt").symlink_to(made / "编码-gbk.txt")
    os.mkfifo(made / "管道.txt")
    (made / os.fsdecode("国标名.txt".encode("gbk"))).write_text(text("国标名"), "utf-8")
    if any(installed()):
        (made / "旧.doc").write_bytes(ole("WordDocument"))
    return made


@pytest.fixture(scope="module")
def chosen(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    index = tmp_path_factory.mktemp("index") / "index"
    return Settings(folders=(str(folder),), index=str(index), max_file_mb=1)


@pytest.fixture(scope="module")
def built(chosen: Settings) -> BuildReport:
    return rebuild(chosen)


def test_every_good_file_is_found_by_its_own_words(built: BuildReport, chosen: Settings) -> None:
    searcher = open_searcher(chosen)
    names = [name for name, _ in good() if name != "打包.zip"]
    names += ["来信.eml/附件.txt", "打包.zip/包内1.txt", "打包.zip/包内2.txt"]
    for name in names:
        found = searcher.search(SearchRequest(phrase(name), "exact")).hits
        paths = {searcher.bulletin(hit.id).source.path for hit in found}  # type: ignore[union-attr]
        paths |= {copy.path for hit in found for copy in hit.copies}
        assert name in paths, name
    assert searcher.search(SearchRequest(phrase("国标名"), "exact")).total == 1
    assert searcher.search(SearchRequest(phrase("隐藏"), "exact")).total == 0
    searcher.close()


def test_every_bad_file_is_reported_with_its_reason(built: BuildReport) -> None:
    reasons = {file.path: (file.outcome, file.reason) for file in built.files}
    for name, _, reason in bad():
        assert reasons[name] == ("refused", reason), name
    assert reasons["链接.txt"] == ("refused", "symlink")
    assert reasons["管道.txt"] == ("refused", "not_a_file")
    twins = {"重复.txt", "编码-gbk.txt", "编码-gb2312.txt", "编码-gb18030.txt"}
    assert sum(reasons[name] == ("refused", "duplicate") for name in twins) >= 1
    assert ".隐藏.txt" not in reasons


def test_encodings_and_doubts_are_told(built: BuildReport) -> None:
    files = {file.path: file for file in built.files}
    for codec, called in ENCODINGS.items():
        file = files[f"编码-{codec}.txt"]
        if file.reason != "duplicate":
            assert file.encoding.removesuffix("hkscs") == called, codec
    assert files["谎报.html"].encoding == "gb18030"
    for name in ("坏一个字节.txt", "两种编码.txt"):
        assert files[name].doubts, name
    assert files["编码-utf-8.txt"].issue == "第九期"
    assert files["前注.md"].issue == "第27期"
    assert any(notice.code == "override_invalid" for notice in files["bulletins.csv"].notices)


def test_nothing_is_lost_and_nothing_is_there_twice(built: BuildReport, folder: Path) -> None:
    listed = Counter(file.path for file in built.files)
    assert max(listed.values()) == 1
    stated = {"编码-utf-8.txt.toml"}  # told of the bulletin that it belongs to
    there = {os.fsencode(path.name) for path in folder.iterdir() if not path.name.startswith(".")}
    top = {os.fsencode(file.path) for file in built.files if not file.inside}
    missing = {name.decode("utf-8", "replace") for name in there - top} - stated
    assert {name for name in missing if "\ufffd" not in name} == set()
    assert len(missing) <= 1  # the name that is no UTF-8 is shown in another way
    assert built.read + len(built.refused) + len(built.stating) + sum(
        file.outcome == "opened" for file in built.files
    ) == len(built.files)


def test_an_update_changes_nothing(built: BuildReport, chosen: Settings) -> None:
    again = update(chosen)
    assert {(file.path, file.outcome, file.reason) for file in again.files} == {
        (file.path, file.outcome, file.reason) for file in built.files
    }


def test_the_command_line_tells_the_same(
    built: BuildReport, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "jianbao.toml"
    config.write_text("max_file_mb = 1\n", "utf-8")
    where = ["--index", str(tmp_path / "index"), "--config", str(config)]
    assert main(["rebuild", str(folder), "--quiet", *where]) == 0
    capsys.readouterr()
    assert main(["report", "--json", *where]) == 0
    said = json.loads(capsys.readouterr().out)
    told = {file["path"]: file["outcome"] for file in said["files"]}
    expected = {file.path: file.outcome for file in built.files}
    assert {path: told[path] for path in told if path in expected} == told
    assert len(told) == len(expected)


def test_an_old_word_file_is_read_or_says_what_it_needs(tmp_path: Path) -> None:
    shutil.copy(Path(__file__), tmp_path / "a.txt")
    (tmp_path / "旧.wps").write_bytes(ole("WordDocument"))
    chosen = Settings(folders=(str(tmp_path),), index=str(tmp_path / "index"))
    rebuild(chosen)
    [old] = [file for file in report(chosen).files if file.path == "旧.wps"]
    assert old.reason == ("damaged" if any(installed()) else "needs_converter")


def test_a_scan_is_read_or_says_what_it_needs(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "a.txt").write_text(text("a.txt"), "utf-8")
    if recognizer():
        paper = Page()
        paper.line("江澜质协工作简报", 24, "red")
        paper.line("这一页是扫描来的，机器也要认得", 14)
        paper.picture.save(folder / "扫描.png")
    else:
        (folder / "扫描.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    chosen = Settings(folders=(str(folder),), index=str(tmp_path / "index"))
    [scan] = [file for file in rebuild(chosen).files if file.path == "扫描.png"]
    if not recognizer():
        assert scan.reason == "needs_ocr"
        return
    searcher = open_searcher(chosen)
    assert searcher.search(SearchRequest("扫描来的", "exact")).total == 1
    searcher.close()
