"""The samples hold what `corpus/README.md` promises: encodings, series, traps, nothing private."""

import os
import re
import unicodedata
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from pypdf import PdfReader

from indexer.analysis.fold import fold
from indexer.bulletin import Bulletin
from indexer.metadata import describe
from indexer.readers import read, walk
from indexer.settings import Settings

CORPUS = Path(__file__).parent.parent / "corpus"
README = (CORPUS / "README.md").read_text("utf-8")
CHINESE, ENGLISH = README.split("\n## English\n")
CODECS = {
    "UTF-8": "utf-8",
    "UTF-8 BOM": "utf-8-sig",
    "GB18030": "gb18030",
    "Big5": "big5",
    "UTF-16 LE BOM": "utf-16",
    "UTF-16 BE": "utf-16-be",
}
MARKS = {"UTF-8 BOM": b"\xef\xbb\xbf", "UTF-16 LE BOM": b"\xff\xfe"}
TOPICS = {
    "志愿者服务": 15,
    "质量月": 10,
    "安全生产": 10,
    "乡村振兴": 6,
    "数字化转型": 8,
    "换届工作": 5,
    "团体标准": 10,
    "QC小组": 20,
}


class Row(NamedTuple):
    file: str
    encoding: str
    number: str
    date: str

    @property
    def path(self) -> Path:
        return CORPUS / self.file


def table(text: str) -> list[Row]:
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|", text, re.MULTILINE)
    return [Row(*cells) for cells in rows]


ROWS = table(CHINESE)
TEXTS = [row for row in ROWS if row.encoding in CODECS]
every_bulletin = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.file)
every_text = pytest.mark.parametrize("row", TEXTS, ids=lambda row: row.file)


@cache
def understood(row: Row) -> Bulletin:
    return describe(read(row.path, row.file, Settings()), "b")


def words_of(row: Row) -> str:
    return "\n".join(block.text for block in understood(row).blocks)


def found_in(words: str) -> list[Row]:
    """The bulletins in which `words` stand, compared as a search compares them."""
    return [row for row in ROWS if fold(words).text in fold(words_of(row)).text]


def raw(file: str) -> str:
    row = next(row for row in TEXTS if row.file == file)
    text = row.path.read_bytes().decode(CODECS[row.encoding])
    return text.replace("\r\n", "\n")


def columns(line: str) -> int:
    """The width of a line in half-width columns: quotation marks are as wide as Han."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)


def part(file: str, name: str) -> str:
    with zipfile.ZipFile(CORPUS / file) as package:
        return package.read(name).decode("utf-8")


def pages(file: str) -> list[str]:
    return [page.extract_text() for page in PdfReader(CORPUS / file).pages]


def test_the_readme_lists_every_bulletin_once_in_both_languages():
    there = [found.relative for found in walk([CORPUS], 1 << 20)]
    assert sorted(row.file for row in ROWS) == sorted(there)
    assert table(ENGLISH) == ROWS
    assert f"这里的 {len(ROWS)} 期" in CHINESE
    assert f"These {len(ROWS)} bulletins" in ENGLISH


def test_all_formats_and_encodings_are_there():
    counts = Counter(row.encoding for row in ROWS)
    assert set(counts) == {*CODECS, "DOCX", "PDF"}
    suffixes = Counter(row.path.suffix for row in ROWS)
    assert set(suffixes) == {".txt", ".md", ".html", ".docx", ".pdf"}
    assert min(suffixes.values()) >= 4


@every_text
def test_a_text_is_in_the_encoding_that_the_readme_says(row):
    data = row.path.read_bytes()
    text = data.decode(CODECS[row.encoding])
    assert data.startswith(MARKS.get(row.encoding, b""))
    assert not text.startswith("\ufeff")
    assert "\ufffd" not in text
    if row.encoding in ("GB18030", "Big5"):
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")
    if row.encoding == "UTF-16 BE":
        assert not data.startswith((b"\xfe\xff", b"\xff\xfe"))


@every_text
def test_the_reader_recognizes_the_encoding(row):
    text = row.path.read_bytes().decode(CODECS[row.encoding])
    assert text.encode(understood(row).source.encoding, "strict").strip(b"\xff\xfe") in (
        row.path.read_bytes().removeprefix(MARKS.get(row.encoding, b"")),
        row.path.read_bytes(),
    )


@every_bulletin
def test_a_bulletin_is_neither_a_scrap_nor_a_book_and_reads_cleanly(row):
    text = words_of(row)
    assert 600 <= len(re.sub(r"\s", "", text)) <= 2500
    assert "\ufffd" not in text
    assert not [
        c for c in text if unicodedata.category(c) in ("Co", "Cn", "Cc") and c not in "\t\n"
    ]


@every_bulletin
def test_number_and_date_are_the_ones_of_the_readme(row):
    bulletin = understood(row)
    issue, total = bulletin.issue, ""
    if issue and issue.cumulative:
        total = f"（总第{issue.cumulative}期）"
    number = issue.label + total if issue else bulletin.document_number
    assert unicodedata.normalize("NFKC", number or "—") == unicodedata.normalize("NFKC", row.number)
    assert (bulletin.date or "—") == row.date


def test_the_national_series_lacks_issue_22_only():
    issues = [
        bulletin.issue
        for bulletin in map(understood, ROWS)
        if bulletin.publisher == "九州质量协会宣传部" and bulletin.issue
    ]
    numbers = sorted(issue.number for issue in issues)
    assert numbers == [8, 12, 15, 18, 19, 20, 21, 23, 24, 25, 26, 27]
    assert {issue.label for issue in issues} >= {"第八期", "第15期", "第２６期", "第二十七期"}


def test_the_monthly_counts_its_issues_without_a_gap():
    issues = [
        (int(bulletin.date[:4]), bulletin.issue)
        for bulletin in map(understood, ROWS)
        if bulletin.series == "会员动态" and bulletin.issue
    ]
    assert {year for year, _ in issues} == {2021, 2022, 2023}
    assert len(issues) >= 8
    assert all(i.cumulative == (year - 2021) * 12 + i.number + 125 for year, i in issues)


def test_the_circulars_have_document_numbers():
    numbers = {understood(row).document_number for row in ROWS}
    assert {"云能安〔2023〕8号", "云能安〔2024〕15号"} <= numbers
    assert len(numbers - {""}) >= 5


def test_years_run_from_2020_to_2024_and_some_things_are_missing():
    dates = [row.date for row in ROWS]
    assert {date[:4] for date in dates if date != "—"} == {"2020", "2021", "2022", "2023", "2024"}
    assert dates.count("—") == 1
    assert [row.number for row in ROWS].count("—") == 3


def test_a_search_for_resumed_work_can_be_narrowed_by_issue_and_organization():
    bulletins = [understood(row) for row in found_in("复工复产")]
    assert len(bulletins) >= 20
    assert len({bulletin.issue.number for bulletin in bulletins if bulletin.issue}) >= 15
    organizations = Counter(body.name for found in bulletins for body in found.organizations)
    assert len([name for name, count in organizations.items() if count >= 3]) >= 8


@pytest.mark.parametrize(("topic", "least"), TOPICS.items())
def test_a_topic_recurs_without_being_everywhere(topic, least):
    assert least <= len(found_in(topic)) < len(ROWS)


@every_bulletin
def test_nothing_private_is_there(row):
    text = unicodedata.normalize("NFKC", words_of(row))
    if row in TEXTS:
        text += unicodedata.normalize("NFKC", raw(row.file))
    assert not re.search(r"[\w.]+@\w+\.\w+", text)
    assert not re.search(
        r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}[- ]\d{7,8}|400[- ]\d{3}[- ]\d{4})(?!\d)", text
    )


def test_nothing_was_copied_from_the_real_bulletins():
    folder = os.environ.get("JIANBAO_BULLETINS")
    if not folder:
        pytest.skip("JIANBAO_BULLETINS does not name the folder of the real bulletins")
    length = 18
    real = "".join(fold(p.read_text("utf-8")).text for p in sorted(Path(folder).glob("*.txt")))
    runs = {real[i : i + length] for i in range(len(real) - length + 1)}
    for row in ROWS:
        text = fold("".join(words_of(row).split())).text
        ours = {text[i : i + length] for i in range(len(text) - length + 1)}
        assert not ours & runs, row.file


@pytest.mark.parametrize(
    ("file", "cut"),
    [
        ("九州质协抗疫简报第08期.txt", "课堂搬\n\n到线上"),
        ("九州质协抗疫简报第24期.txt", "复工\n复产"),
        ("九州质协抗疫简报第24期.txt", "志愿\n者服务"),
        ("jiuzhou-jianbao-20.txt", "志愿者服\n\n务队"),
        ("jiuzhou-jianbao-27.txt", "复工复\n\n产"),
    ],
)
def test_a_word_is_cut_by_a_line_end_and_still_whole_for_a_reader(file, cut):
    row = next(row for row in ROWS if row.file == file)
    assert cut in raw(file)
    assert cut.replace("\n", "") in words_of(row)


def test_page_numbers_and_running_heads_cut_a_word():
    head = r"志愿者\n\n— \d —\n\n九州质协系统抗击疫情工作简报\s第十八期\n\n服务"
    assert re.search(head, raw("jiuzhou-jianbao-18.txt"))
    assert "\f" in raw("云能安2023-8号通报.txt")


@pytest.mark.parametrize(
    ("file", "width"),
    [
        ("jiuzhou-jianbao-20.txt", 28),
        ("复工复产质量风险提示.txt", 29),
        ("九州质协抗疫简报第24期.txt", 30),
    ],
)
def test_lines_are_wrapped_by_hand(file, width):
    lengths = [columns(line) / 2 for line in raw(file).split("\n") if line]
    assert max(lengths) <= width + 1
    assert sum(length >= width - 1 for length in lengths) > len(lengths) / 2


def test_the_donor_table_has_tabs_and_no_private_names():
    rows = [
        line.split("\t") for line in raw("九州质协抗疫简报第08期.txt").split("\n") if "\t" in line
    ]
    assert len(rows) == 9
    assert rows[0] == ["序号", "捐款单位或个人", "金额/元"] * 3
    given = [float(row[n]) for row in rows[1:-1] for n in (2, 5, 8)]
    assert sum(given) == 50000


@pytest.mark.parametrize(
    ("file", "trap"),
    [
        ("九州质协抗疫简报第08期.txt", "工 作 简 报"),
        ("九州质协抗疫简报第08期.txt", "图 2"),
        ("会员动态2021年第9期（总第134期）.txt", "会　员　动　态"),
        ("会员动态2021年第9期（总第134期）.txt", "2020年第7期"),
        ("会员动态2022年第3期（总第140期）.txt", "（下转第4版）"),
        ("会员动态2022年第3期（总第140期）.txt", "（上接第1版）"),
        ("会员动态2022年第3期（总第140期）.txt", "二〇二二年三月"),
        ("会员动态2022年第3期（总第140期）.txt", "2019年第12期"),
        ("jiuzhou-jianbao-27.txt", "](images/27-1.jpg)"),
        ("jiuzhou-jianbao-20.txt", "北岭供电公司：复工复产"),
        ("九州质协抗疫简报第26期.txt", "２０２０年３月１６日"),
        ("青屿志愿者服务简讯17.txt", "ＱＣ小组"),
        ("青屿志愿者服务简讯17.txt", "㙍"),
        ("jiuzhou-jianbao-23.html", "<script>"),
        ("jiuzhou-jianbao-23.html", "<nav"),
        ("jiuzhou-jianbao-23.html", "<footer"),
        ("huiyuan-dongtai-2021-03.html", "charset=gb2312"),
    ],
)
def test_a_trap_is_where_the_readme_says(file, trap):
    assert trap in raw(file)


@pytest.mark.parametrize("label", ["报送", "抄报", "抄送", "发送"])
def test_distribution_blocks_are_there(label):
    assert sum(label in understood(row).distribution for row in ROWS) >= 5


def test_word_files_have_a_masthead_in_the_header_a_text_box_footnotes_and_tables():
    assert "第15期" in "".join(
        part("九州质协抗疫简报第15期.docx", f"word/header{n}.xml") for n in (1, 2)
    )
    assert part("九州质协抗疫简报第15期.docx", "word/document.xml").count("捐赠三问") == 2
    assert words_of(next(r for r in ROWS if "第15期" in r.file)).count("捐赠三问") == 1
    assert "按一条计" in part("jiuzhou-jianbao-19.docx", "word/footnotes.xml")
    assert all(
        "<w:tbl>" in part(row.file, "word/document.xml") for row in ROWS if row.encoding == "DOCX"
    )


@pytest.mark.parametrize("file", [row.file for row in ROWS if row.encoding == "PDF"])
def test_a_pdf_is_small_a4_and_of_several_pages(file):
    assert (CORPUS / file).stat().st_size < 150_000
    boxes = [page.mediabox for page in PdfReader(CORPUS / file).pages]
    assert len(boxes) >= 2
    assert {(round(box.width), round(box.height)) for box in boxes} == {(595, 842)}


def test_a_pdf_has_running_heads_page_numbers_sentences_across_pages_and_radicals():
    first, second, *_ = pages("jiuzhou-jianbao-12.pdf")
    assert not first.rstrip().endswith(("。", "！", "？"))
    assert "— 2 —" in second
    assert "⼯作简报" in second
    assert unicodedata.normalize("NFKC", "⼯作简报") == "工作简报"


def test_traditional_characters_are_found_by_simplified_queries():
    row = next(row for row in ROWS if row.encoding == "Big5")
    assert all(row in found_in(words) for words in ("复工复产", "志愿者服务", "品质促进会"))
    assert "復工復產" in words_of(row)
