"""The sample bulletins keep what corpus/README.md promises: encodings, numbers, traps, privacy."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest

from indexer.analysis.fold import fold
from indexer.bulletin import Bulletin, Kind
from indexer.metadata import describe
from indexer.readers.reading import read
from indexer.settings import Settings

CORPUS = Path(__file__).parent.parent / "corpus"
README = (CORPUS / "README.md").read_text(encoding="utf-8")
CODECS = {
    "UTF-8": ("utf-8", b""),
    "UTF-8-BOM": ("utf-8", b"\xef\xbb\xbf"),
    "UTF-16-LE-BOM": ("utf-16-le", b"\xff\xfe"),
    "UTF-16-BE": ("utf-16-be", b""),
    "GB18030": ("gb18030", b""),
    "Big5": ("big5", b""),
}
"""What the README calls an encoding: its codec, and the byte order mark that opens the file."""

FORMATS = {"DOCX": b"PK\x03\x04", "PDF": b"%PDF-"}
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
ANTI_EPIDEMIC = "九州质协系统抗击疫情工作简报"
TOPICS = (
    "志愿者服务",
    "质量月",
    "安全生产",
    "乡村振兴",
    "数字化转型",
    "换届工作",
    "团体标准",
    "QC小组",
)
REAL_BODIES = re.compile(
    "中国质量协会|中国质协|国务院国资委|新疆维吾尔|新疆质|江苏|广东|南京|上海|徐州|无锡|合肥"
)
PRIVATE = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}[-－—]\d{7,8}|(?<!\d)\d{7,8}(?!\d)"
    r"|电话[:：]|手机[:：]|邮箱[:：]|身份证号"
)


@dataclass(frozen=True)
class Row:
    """One row of a table of the README; a dash there is nothing here."""

    name: str
    encoding: str
    series: str
    number: str
    date: str
    trap: str

    @property
    def path(self) -> Path:
        return CORPUS / self.name


def rows(text: str) -> list[Row]:
    cells = re.findall(r"^\| `(.+?)` \|(.+)\|$", text, re.MULTILINE)
    split = [(name, *(c.strip().replace("—", "") for c in rest.split("|"))) for name, rest in cells]
    return [Row(*cells) for cells in split]


CHINESE, ENGLISH = (rows(part) for part in README.split("\n---\n"))
ROWS = {row.name: row for row in CHINESE}
TEXTS = [row for row in CHINESE if row.encoding in CODECS]
every_bulletin = pytest.mark.parametrize("row", CHINESE, ids=lambda row: row.name)
every_text = pytest.mark.parametrize("row", TEXTS, ids=lambda row: row.name)


def decoded(name: str) -> str:
    """The characters of a text file, by the encoding of the README, byte order mark left out."""
    codec, mark = CODECS[ROWS[name].encoding]
    return (CORPUS / name).read_bytes()[len(mark) :].decode(codec)


@pytest.fixture(scope="module")
def bulletins() -> dict[str, Bulletin]:
    return {row.name: describe(read(row.path, row.name, Settings()), row.name) for row in CHINESE}


def text_of(bulletin: Bulletin) -> str:
    return "\n".join(block.text for block in bulletin.blocks)


# What the tables say


def test_the_tables_list_every_bulletin_and_nothing_else() -> None:
    there = {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file()}
    assert set(ROWS) == there - {"README.md"}
    assert f"这里的 {len(ROWS)} 份简报" in README
    assert f"These {len(ROWS)} bulletins" in README


def test_both_languages_say_the_same_of_each_file() -> None:
    facts = [
        [(r.name, r.encoding, r.series, r.number, r.date) for r in table]
        for table in (CHINESE, ENGLISH)
    ]
    assert facts[0] == facts[1]
    assert all(row.trap for row in CHINESE + ENGLISH)


@every_text
def test_a_text_is_in_the_encoding_that_its_row_names(row: Row) -> None:
    codec, mark = CODECS[row.encoding]
    data = row.path.read_bytes()
    assert next((m for m in MARKS if data.startswith(m)), b"") == mark
    text = data[len(mark) :].decode(codec)
    assert "\ufffd" not in text
    assert "\ufeff" not in text
    assert sum("一" <= char <= "鿿" for char in text) > 500
    if codec != "utf-8":
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")


@pytest.mark.parametrize("row", [r for r in CHINESE if r.encoding in FORMATS], ids=lambda r: r.name)
def test_a_binary_file_is_of_the_format_that_its_row_names(row: Row) -> None:
    assert row.path.suffix == f".{row.encoding.lower()}"
    assert row.path.read_bytes().startswith(FORMATS[row.encoding])


@every_text
def test_the_reader_finds_the_encoding_out(row: Row, bulletins: dict[str, Bulletin]) -> None:
    assert bulletins[row.name].source.encoding == CODECS[row.encoding][0]


@every_bulletin
def test_a_bulletin_is_understood_as_its_row_says(row: Row, bulletins: dict[str, Bulletin]) -> None:
    bulletin = bulletins[row.name]
    assert (bulletin.series, bulletin.date) == (row.series, row.date)
    if "号" in row.number or not row.number:
        assert (bulletin.issue, bulletin.document_number) == (None, row.number)
    else:
        assert bulletin.issue
        assert bulletin.issue.label in row.number
        total = re.search(r"总第(\d+)期", row.number)
        assert bulletin.issue.cumulative == (int(total[1]) if total else None)


@every_bulletin
def test_a_bulletin_reads_cleanly(row: Row, bulletins: dict[str, Bulletin]) -> None:
    text = text_of(bulletins[row.name])
    assert 600 <= len(re.sub(r"\s", "", text)) <= 3000
    assert not re.search(r"[\ufffd\ue000-\uf8ff\x00-\x08]|function|font-family|\bvar\b", text)
    assert bulletins[row.name].title


@every_bulletin
def test_a_bulletin_is_small(row: Row) -> None:
    assert row.path.stat().st_size < 150_000


# What the collection holds


def test_every_format_and_encoding_is_there() -> None:
    assert {row.encoding for row in CHINESE} == set(CODECS) | set(FORMATS)
    assert {Path(name).suffix for name in ROWS} == {".txt", ".md", ".html", ".docx", ".pdf"}


def test_the_anti_epidemic_series_runs_from_18_to_27_without_22(
    bulletins: dict[str, Bulletin],
) -> None:
    issues = [b.issue for b in bulletins.values() if b.series == ANTI_EPIDEMIC and b.issue]
    assert sorted(i.number for i in issues) == [8, 12, 15, 18, 19, 20, 21, 23, 24, 25, 26, 27]
    assert {"第二十期", "第24期", "第２６期"} <= {i.label for i in issues}


def test_the_monthly_series_covers_three_years_with_running_numbers(
    bulletins: dict[str, Bulletin],
) -> None:
    monthly = [b for b in bulletins.values() if b.series == "会员动态"]
    assert {b.date[:4] for b in monthly} == {"2021", "2022", "2023"}
    for b in monthly:
        assert b.issue
        assert b.issue.cumulative == 12 * int(b.date[:4]) + b.issue.number - 24127


def test_every_year_from_2020_to_2024_is_there_and_one_bulletin_has_no_date() -> None:
    assert {row.date[:4] for row in CHINESE} == {"", "2020", "2021", "2022", "2023", "2024"}
    assert [row.date for row in CHINESE].count("") == 1


def test_three_bulletins_have_neither_issue_nor_document_number() -> None:
    assert [row.number for row in CHINESE].count("") == 3


def test_a_search_for_resumed_production_is_worth_narrowing(bulletins: dict[str, Bulletin]) -> None:
    found = [b for b in bulletins.values() if "复工复产" in text_of(b)]
    assert len(found) >= 25
    assert sum(len(b.organizations) >= 3 for b in found) >= 15
    assert len({b.issue.number for b in found if b.issue}) >= 15


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_recurs(topic: str, bulletins: dict[str, Bulletin]) -> None:
    assert sum(topic in text_of(b) for b in bulletins.values()) >= 5


# The traps


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("九州质协抗疫简报第08期.txt", "复工复产"),
        ("jiuzhou-jianbao-20.txt", "复工复产"),
        ("jiuzhou-jianbao-20.txt", "志愿者服务"),
        ("九州质协抗疫简报第24期.txt", "复工复产"),
        ("九州质协抗疫简报第24期.txt", "志愿者服务"),
        ("jiuzhou-jianbao-27.txt", "复工复产"),
        ("复工复产质量风险提示.txt", "复工复产"),
        ("云能安2023-8号通报.txt", "复工复产"),
    ],
)
def test_a_phrase_is_cut_by_a_line_end_or_page_break(
    name: str, phrase: str, bulletins: dict[str, Bulletin]
) -> None:
    raw = decoded(name)
    whole = re.sub(r"\s", "", raw).count(phrase)
    assert raw.count(phrase) < whole
    assert text_of(bulletins[name]).count(phrase) == whole


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("九州质协抗疫简报第08期.txt", r"工 作 简 报"),
        ("九州质协抗疫简报第08期.txt", r"图1 [\s\S]*图 2 "),
        ("jiuzhou-jianbao-27.txt", r"(?m)^# [\s\S]*^### \*\*[\s\S]*!\["),
        ("九州质协抗疫简报第26期.txt", r"第２６期[\s\S]*２０２０年"),
        ("青屿志愿者服务简讯17.txt", r"ＱＣ小组"),
        ("会员动态2022年第3期（总第140期）.txt", r"二〇二二年三月"),
        ("会员动态2022年第3期（总第140期）.txt", r"2019年第12期[\s\S]*《"),
        ("会员动态2021年第9期（总第134期）.txt", r"本刊2020年第7期《"),
        ("jiuzhou-jianbao-20.txt", r"(?:(?<=\n).{20,29}\r\n\r\n){3}"),
        ("九州质协抗疫简报第24期.txt", r"(?:(?<=\n).{25,32}\r\n){3}"),
        ("云能安2023-8号通报.txt", r"- 1 -\r\n\f"),
        ("huiyuan-dongtai-2021-03.html", r"charset=gb2312"),
        ("jiuzhou-jianbao-23.html", r"<script[\s\S]*<nav[\s\S]*<footer"),
        ("huiyuan-dongtai-2021-03.html", r"东湾泵业公司：去年"),
    ],
)
def test_a_trap_is_where_the_table_says(name: str, pattern: str) -> None:
    assert re.search(pattern, decoded(name))


def test_the_donor_table_adds_up() -> None:
    lines = [x.split("\t") for x in decoded("九州质协抗疫简报第08期.txt").splitlines() if "\t" in x]
    gifts = [float(row[n]) for row in lines[1:-1] for n in (2, 5, 8)]
    assert len(gifts) == 21
    assert sum(gifts) == 50_000


def test_an_interleaved_article_is_cut_inside_a_word_by_its_jump_lines(
    bulletins: dict[str, Bulletin],
) -> None:
    name = "会员动态2022年第3期（总第140期）.txt"
    raw = decoded(name)
    first, second = raw.index("圆满完成换\n（下转第4版）"), raw.index("（上接第1版）\n届工作")
    assert first < raw.index("砂轮不响的那一天") < second
    assert "圆满完成换届工作" in text_of(bulletins[name])


def test_simplified_queries_find_the_traditional_bulletin(bulletins: dict[str, Bulletin]) -> None:
    text = text_of(bulletins["南灣品質促進會-會務簡報-46.txt"])
    for phrase in ("复工复产", "志愿者服务", "数字化转型", "安全生产"):
        assert phrase not in text
        assert fold(phrase).text in fold(text).text


def test_a_rare_character_takes_four_bytes() -> None:
    data = ROWS["青屿志愿者服务简讯17.txt"].path.read_bytes()
    assert "石㙍村".encode("gb18030") in data
    assert len("㙍".encode("gb18030")) == 4


@pytest.mark.parametrize("name", ["jiuzhou-jianbao-12.pdf", "huiyuan-dongtai-2023-01.pdf"])
def test_the_text_of_a_pdf_has_radicals_running_heads_and_page_numbers(name: str) -> None:
    pages = [page.extract_text() for page in pypdf.PdfReader(CORPUS / name).pages]
    assert len(pages) > 1
    assert all(f"— {n} —" in page for n, page in enumerate(pages, 1))
    assert any("\u2e80" <= char <= "\u2fdf" for char in "".join(pages))


@pytest.mark.parametrize(
    ("name", "part", "said"),
    [
        ("九州质协抗疫简报第25期.docx", "word/header1.xml", "第二十五期"),
        ("九州质协抗疫简报第25期.docx", "word/document.xml", "txbxContent"),
        ("乡村振兴帮扶工作简报第3期.docx", "word/footnotes.xml", "耳标由自治区"),
        ("九州质协抗疫简报第15期.docx", "word/header1.xml", "第15期"),
        ("jiuzhou-jianbao-19.docx", "word/footnotes.xml", "按一条计"),
    ],
)
def test_a_docx_keeps_text_outside_its_body(
    name: str, part: str, said: str, bulletins: dict[str, Bulletin]
) -> None:
    assert said in zipfile.ZipFile(CORPUS / name).read(part).decode()
    assert said == "txbxContent" or said in text_of(bulletins[name])


def test_a_text_box_that_is_stored_twice_is_read_once(bulletins: dict[str, Bulletin]) -> None:
    name = "九州质协抗疫简报第15期.docx"
    assert zipfile.ZipFile(CORPUS / name).read("word/document.xml").decode().count("捐赠三问") == 2
    assert text_of(bulletins[name]).count("捐赠三问") == 1


def test_a_page_number_and_a_running_head_cut_a_phrase(bulletins: dict[str, Bulletin]) -> None:
    name = "jiuzhou-jianbao-18.txt"
    furniture = r"志愿者\n\n— 2 —\n\n九州质协系统抗击疫情工作简报\s第十八期\n\n服务队"
    assert re.search(furniture, decoded(name))
    assert "志愿者服务队派去" in text_of(bulletins[name])


@pytest.mark.parametrize("name", ["jiuzhou-jianbao-12.pdf", "会员动态2023年第12期.pdf"])
def test_a_pdf_is_a4_and_breaks_a_page_inside_a_sentence(name: str) -> None:
    pages = list(pypdf.PdfReader(CORPUS / name).pages)
    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages}
    assert sizes == {(595, 842)}
    last_lines = [re.sub(r"\s*— \d —\s*$", "", page.extract_text()) for page in pages[:-1]]
    assert any(not line.endswith(("。", "！", "？")) for line in last_lines)


def test_bulletins_have_captions_tables_short_names_and_distributions(
    bulletins: dict[str, Bulletin],
) -> None:
    all_of_them = bulletins.values()
    assert sum(any(x.kind is Kind.CAPTION for x in b.blocks) for b in all_of_them) >= 10
    assert sum(any(x.kind is Kind.ROW for x in b.blocks) for b in all_of_them) >= 15
    assert sum("以下简称" in text_of(b) for b in all_of_them) >= 15
    assert {k for b in all_of_them for k in b.distribution} >= {"报送", "抄报", "抄送", "发送"}


# What must not be there


@every_bulletin
def test_nobody_can_be_reached(row: Row, bulletins: dict[str, Bulletin]) -> None:
    bulletin = bulletins[row.name]
    texts = [text_of(bulletin), *bulletin.furniture]
    if row.encoding in CODECS:
        texts.append(decoded(row.name))
    if row.encoding == "DOCX":
        archive = zipfile.ZipFile(row.path)
        texts.append(archive.read("docProps/core.xml").decode())
    assert not PRIVATE.search("\n".join(texts))


@pytest.mark.parametrize("said", ["a.b@c.cn", "13" + "8" * 9, "0991-" + "6" * 7, "联系电话：见后"])
def test_a_way_to_reach_somebody_would_be_seen(said: str) -> None:
    assert PRIVATE.search(f"请致{said}。")


def test_real_bodies_stand_in_the_one_bulletin_that_retells_them(
    bulletins: dict[str, Bulletin],
) -> None:
    named = {name for name, b in bulletins.items() if REAL_BODIES.search(text_of(b))}
    assert named == {"zhiliang-xinxi-zhaibian-2020-04.md"}


def test_no_sentence_is_copied_from_the_real_bulletins(
    real_bulletins: Path, bulletins: dict[str, Bulletin]
) -> None:
    def bare(text: str) -> str:
        return re.sub(r"\s", "", text)

    real = bare("".join(p.read_text(encoding="utf-8") for p in real_bulletins.glob("*.txt")))
    length = 20
    runs = {real[n : n + length] for n in range(len(real) - length + 1)}
    for name, bulletin in bulletins.items():
        ours = bare(text_of(bulletin))
        assert not {ours[n : n + length] for n in range(len(ours) - length + 1)} & runs, name
