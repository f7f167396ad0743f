"""Each format gives the text that a reader of the file would see, and no other."""

import hashlib
from pathlib import Path

import docx as python_docx
import pytest
from handmade_files import docx, p, part, pdf, table

from indexer.bulletin import Kind, Reading
from indexer.errors import REFUSALS, UnreadableFile
from indexer.readers import recognizer
from indexer.readers.reading import read
from indexer.settings import Settings

TEXT = "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产。"
MORE = "云州省质量协会把线上课程排成两期，报名的班组长超过两千人。"
OTHER = "石门坎村的合作社请来三位工程师，把烘干房的温度记录逐日补齐。"


@pytest.fixture
def reading(tmp_path):
    def written(data: bytes | str, name: str = "简报.txt", encoding: str = "") -> Reading:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read(path, f"甲/{name}", Settings(), encoding)

    return written


@pytest.fixture
def refusal(reading):
    def written(data: bytes | str, name: str = "简报.txt") -> str:
        with pytest.raises(UnreadableFile) as caught:
            reading(data, name)
        return caught.value.reason

    return written


def shown(reading: Reading) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in reading.blocks]


def texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


# The file.


def test_the_source_is_that_of_the_bytes_that_were_read(reading):
    data = TEXT.encode("gb18030")
    source = reading(data).source
    assert (source.path, source.size) == ("甲/简报.txt", len(data))
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert (source.media_type, source.encoding) == ("text/plain", "gb18030")


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "empty"),
        (b" \r\n\t \n", "a.txt", "empty"),
        ("　\ufeff\n".encode(), "a.md", "empty"),
        (b"<html><body><script>1</script></body></html>", "a.html", "empty"),
        (b"\x7fELF" + bytes(range(256)), "a.txt", "not_text"),
        (b"\xff\xd8\xff\xe0JFIF" + bytes(200), "a.txt", "damaged" if recognizer() else "needs_ocr"),
        (hashlib.shake_256(b"1").digest(5000), "a.txt", "not_text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "unknown_format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            "encrypted",
        ),
        (b"{\\rtf1 }", "a.txt", "empty"),
        (b"PK\x03\x04" + bytes(100), "a.docx", "damaged"),
        (b"plain", "a.docx", "damaged"),
        (b"plain", "a.pdf", "damaged"),
        (b"body { color: red }", "a.css", "unknown_format"),
        (b"%PDF-1.7 and nothing more", "a.pdf", "damaged"),
        (pdf([]), "a.pdf", "empty"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(refusal, data, name, reason):
    assert refusal(data, name) == reason
    assert reason in REFUSALS


def test_the_content_decides_before_the_name(reading):
    assert reading(pdf([TEXT]), "a.txt").source.media_type == "application/pdf"
    assert reading(docx(p(TEXT)), "a.pdf").source.media_type.endswith("document")
    assert reading(f"<!DOCTYPE html><p>{TEXT}", "a.txt").source.media_type == "text/html"
    assert reading(f"<html><p>{TEXT}".encode("utf-16"), "a").source.media_type == "text/html"
    assert reading(TEXT, "A.TXT").source.media_type == "text/plain"


def test_links_folders_and_what_is_gone_are_not_read(tmp_path):
    (tmp_path / "file.txt").write_text(TEXT)
    (tmp_path / "link.txt").symlink_to(tmp_path / "file.txt")
    reasons = {}
    for name in ("link.txt", "", "gone.txt"):
        with pytest.raises(UnreadableFile) as caught:
            read(tmp_path / name, name, Settings())
        reasons[name] = caught.value.reason
    assert reasons == {"link.txt": "symlink", "": "not_a_file", "gone.txt": "changed"}


def test_a_file_over_the_limit_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(UnreadableFile) as caught:
        read(path, "a.txt", Settings(max_file_mb=1))
    assert caught.value.reason == "too_large"


# Plain text.


def test_invisible_characters_are_no_text(reading):
    text = "复\u200b工\ufeff复\u202e产\x00，质\u00ad量\x1b先行。" + TEXT
    assert texts(reading(text)) == ["复工复产，质量先行。" + TEXT]


def test_a_form_feed_begins_a_page(reading):
    pages = reading(f"{TEXT}\f{MORE}").blocks
    assert [(block.text, block.page) for block in pages] == [(TEXT, 1), (MORE, 2)]


def test_cells_parted_by_tabs_are_a_row(reading):
    assert shown(reading(f"{TEXT}\n\n序号\t单位\n1\t江澜轴承厂")) == [
        (Kind.PARAGRAPH, TEXT),
        (Kind.ROW, "序号\t单位"),
        (Kind.ROW, "1\t江澜轴承厂"),
    ]


def test_a_bad_byte_and_a_guess_are_told(reading):
    damaged = (TEXT + MORE).encode()
    read_ = reading(damaged[:33] + b"\xff" + damaged[33:])
    assert [notice.code for notice in read_.notices] == ["characters_replaced"]
    assert read_.source.encoding == "utf-8"
    assert [notice.code for notice in reading("囍".encode("gb18030")).notices] == [
        "encoding_unsure"
    ]


def test_the_operators_encoding_is_taken(reading):
    assert texts(reading("質量".encode("big5"), encoding="big5")) == ["質量"]


# Markdown.

MARKDOWN = f"""---
title: 第二十七期
---
# 九州质协简报

第二十七期

## **江澜市质量协会：先摸底**

{TEXT}见[通知](https://example.org/a_(b))和`代码*星*`。

    {MORE}

![图1 走访现场](1.jpg)

- 第一项
* 第二项

| 单位 | 数量 |
|:---|---:|
| 江澜轴承厂 | **12** |
| 东湾\\|泵业 | 3 |

> 引文一句。

<!-- 看不见 --><b>粗体</b>与*斜体*，2*3*4，snake_case_name。

***

**报送：**协会党委
"""


def test_markdown_is_read_without_its_markup(reading):
    for name in ("a.md", "a.txt"):
        result = reading(MARKDOWN, name)
        assert shown(result) == [
            (Kind.HEADING, "九州质协简报"),
            (Kind.PARAGRAPH, "第二十七期"),
            (Kind.HEADING, "江澜市质量协会：先摸底"),
            (Kind.PARAGRAPH, f"{TEXT}见通知和代码*星*。"),
            (Kind.PARAGRAPH, MORE),
            (Kind.CAPTION, "图1 走访现场"),
            (Kind.PARAGRAPH, "第一项"),
            (Kind.PARAGRAPH, "第二项"),
            (Kind.ROW, "单位\t数量"),
            (Kind.ROW, "江澜轴承厂\t12"),
            (Kind.ROW, "东湾|泵业\t3"),
            (Kind.PARAGRAPH, "引文一句。"),
            (Kind.PARAGRAPH, "粗体与斜体，2*3*4，snake_case_name。"),
            (Kind.PARAGRAPH, "报送：协会党委"),
        ]
        assert (result.title, result.source.media_type) == ("第二十七期", "text/markdown")
        assert [b.level for b in result.blocks if b.kind is Kind.HEADING] == [1, 2]


def test_a_text_with_one_hash_or_star_is_no_markdown(reading):
    text = f"#1 机组的检修*见附注*完成。\n\n{TEXT}"
    result = reading(text)
    assert texts(result) == ["#1 机组的检修*见附注*完成。", TEXT]
    assert result.source.media_type == "text/plain"


def test_an_image_and_its_caption_are_one(reading):
    assert texts(reading(f"# 通讯\n\n![图1 现场](a.png)\n\n图1 现场照片\n\n{TEXT}", "a.md")) == [
        "通讯",
        "图1 现场照片",
        TEXT,
    ]


# HTML.

HTML = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title> 第二十七期 </title>
<style>p {{ color: red }}</style><base href="https://example.org/"></head><body>
<nav><a href="/">首页</a></nav>
<article><h1>九州质协<br>简报</h1><p>{TEXT}<script>var hidden = 1;</script><!-- 注释 --></p>
<p hidden>隐藏</p><p style="display : none">隐藏</p><noscript>没有脚本</noscript>
<p>&lt;script&gt;&#x590d;工&nbsp;复产 <b>粗</b><i>体</i>。</p>
<table><tr><th>单位</th><th>数量</th></tr><tr><td><p>江澜轴承厂</p></td><td>12</td></tr></table>
<table><tr><td><table><tr><td>{MORE}</td></tr></table></td></tr></table>
<ul><li>第一项</li><li>第二项</li></ul>
<figure><img src="1.jpg" alt="照片"><figcaption>走访现场</figcaption></figure>
<pre>甲乙
丙丁</pre>
</article><footer>版权所有</footer></body></html>"""


def test_html_is_read_as_a_browser_shows_its_main_text(reading):
    result = reading(HTML, "a.html")
    assert shown(result) == [
        (Kind.HEADING, "九州质协"),
        (Kind.HEADING, "简报"),
        (Kind.PARAGRAPH, TEXT),
        (Kind.PARAGRAPH, "<script>复工\u00a0复产 粗体。"),
        (Kind.ROW, "单位\t数量"),
        (Kind.ROW, "江澜轴承厂\t12"),
        (Kind.PARAGRAPH, MORE),
        (Kind.PARAGRAPH, "第一项"),
        (Kind.PARAGRAPH, "第二项"),
        (Kind.CAPTION, "走访现场"),
        (Kind.PARAGRAPH, "甲乙"),
        (Kind.PARAGRAPH, "丙丁"),
    ]
    assert result.title == "第二十七期"


def test_menus_of_links_are_left_out_and_links_in_text_stay(reading):
    menu = "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(6))
    page = f"<html><body><ul>{menu}</ul><p>{TEXT}见<a href='/a'>附件</a>。</p></body></html>"
    assert texts(reading(page, "a.htm")) == [f"{TEXT}见附件。"]


@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "big5", "nonsense"])
def test_a_page_whose_declaration_lies_is_read_right(reading, declared):
    page = f"<html><meta charset={declared}><p>{TEXT}</p></html>"
    assert texts(reading(page.encode("gb18030"), "a.html")) == [TEXT]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<div>" * 100_000, "</div>" * 100_000),
        ("<b>" * 100_000, ""),
        ("<table><tr><td>" * 20_000, ""),
        (f"<p>{'复' * 5_000_000}</p><hr>", ""),
        (f"<img src='data:image/png;base64,{'A' * 10_000_000}'>", ""),
        ("", "<!--" * 100_000),
        ("", "<a " * 100_000),
    ],
    ids=["divs", "bolds", "tables", "long", "data-uri", "comments", "tags"],
)
def test_hostile_html_loses_no_text(reading, before, after):
    assert texts(reading(f"<html><body>{before}{TEXT}{after}", "a.html"))[-1] == TEXT


# DOCX.


def test_docx_is_read_in_order(reading):
    notes = part("footnotes", f"<w:footnote>{p('脚注一条。')}</w:footnote>")
    box = (
        "<w:p><w:r><w:t>图文</w:t></w:r><w:r><w:pict><w:txbxContent>"
        f"{p('文本框里的字')}</w:txbxContent></w:pict></w:r></w:p>"
    )
    cut = (
        "<w:p><w:r><w:t>复工</w:t></w:r><w:del><w:r><w:delText>旧字</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>复产</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        "<w:r><w:tab/><w:t>。</w:t></w:r></w:p>"
    )
    styles = part(
        "styles",
        '<w:style w:styleId="a1"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="a2"><w:name w:val="栏目"/><w:basedOn w:val="a1"/></w:style>',
    )
    body = p("栏目名称", "a2") + p(TEXT) + table(["单位", "数量"], ["轴承厂", "12"]) + box + cut
    body += table([MORE])
    result = reading(docx(body, footnotes=notes, styles=styles), "a.docx")
    assert shown(result) == [
        (Kind.HEADING, "栏目名称"),
        (Kind.PARAGRAPH, TEXT),
        (Kind.ROW, "单位\t数量"),
        (Kind.ROW, "轴承厂\t12"),
        (Kind.PARAGRAPH, "图文"),
        (Kind.PARAGRAPH, "文本框里的字"),
        (Kind.PARAGRAPH, "复工复产\t。"),
        (Kind.PARAGRAPH, MORE),
        (Kind.PARAGRAPH, "脚注一条。"),
    ]
    assert result.blocks[0].level == 2


def level(place: int, text: str, form: str, start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def item(text: str, number: int, place: int = 0) -> str:
    listed = f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{number}"/></w:numPr>'
    return p(text).replace("<w:p>", f"<w:p><w:pPr>{listed}</w:pPr>")


def test_the_numbers_of_lists_in_a_docx_are_read_as_they_are_shown(reading):
    levels = (
        level(0, "%1、", "chineseCounting", 9)
        + level(1, "（%2）", "chineseCountingThousand")
        + level(2, "%1.%3", "decimal")
    )
    lists = part(
        "numbering",
        f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1">{level(0, "●", "bullet")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>',
    )
    styles = part(
        "styles",
        '<w:style w:styleId="a1"><w:name w:val="条"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>',
    )
    paragraphs = {
        item("甲", 1): "九、甲",
        item("乙", 1, 1): "（一）乙",
        item("", 1, 1): "",  # It counts, though nobody sees it.
        item("丙", 1, 1): "（三）丙",
        item("丁", 1, 2): "九.1 丁",
        p("无"): "无",
        p("戊", "a1"): "十、戊",
        item("己", 1, 1): "（一）己",
        item("点", 2): "点",
        item("庚", 3): "一、庚",
        item("辛", 9): "辛",
    }
    found = texts(reading(docx("".join(paragraphs), numbering=lists, styles=styles), "a.docx"))
    assert found == [text for text in paragraphs.values() if text]


def test_a_docx_of_a_word_processor_gives_headings_heads_and_title(tmp_path):
    document = python_docx.Document()
    document.core_properties.title = "第二十七期"
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "九州质协简报"
    section.header.paragraphs[0].text = "九州质协系统"
    section.footer.paragraphs[0].text = "内部资料"
    document.add_heading("先摸底，再开工", 2)
    document.add_paragraph(TEXT)
    document.save(str(tmp_path / "a.docx"))
    result = read(tmp_path / "a.docx", "a.docx", Settings())
    assert shown(result) == [
        (Kind.PARAGRAPH, "九州质协简报"),
        (Kind.HEADING, "先摸底，再开工"),
        (Kind.PARAGRAPH, TEXT),
    ]
    assert set(result.furniture) == {"九州质协系统", "内部资料"}
    assert result.title == "第二十七期"


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("<broken", "damaged"),
        ('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>', "damaged"),
        (f"{LAUGHS}<d>&i;</d>", "damaged"),
        ("<d>" * 20_000, "too_complex"),
    ],
    ids=["broken", "external", "laughs", "nested"],
)
def test_hostile_xml_in_a_docx_is_refused(refusal, document, reason):
    data = docx("", document=document)
    assert refusal(data, "a.docx") in (reason, "too_complex")


def test_a_docx_that_unpacks_to_too_much_is_refused_unopened(refusal):
    assert refusal(docx(p("复" * 30_000_000)), "a.docx") == "too_complex"
    assert refusal(docx(p(TEXT) * 300_000), "a.docx") == "too_complex"


def test_a_docx_without_its_document_is_damaged(refusal):
    data = docx("").replace(b"word/document.xml", b"word/dokument.xml")
    assert refusal(data, "a.docx") == "damaged"


# PDF.


def test_pdf_is_read_page_by_page(reading):
    result = reading(pdf(["第二十七期", TEXT, "— 1 —"], [MORE, "— 2 —"], title="简报"), "a.pdf")
    assert [(block.text, block.page) for block in result.blocks] == [
        ("第二十七期", 1),
        (TEXT, 1),
        (MORE, 2),
    ]
    assert result.furniture == ("— 1 —", "— 2 —")
    assert (result.title, result.source.media_type) == ("简报", "application/pdf")


def test_lines_and_tables_of_a_pdf_are_mended(reading):
    long = (TEXT + MORE + OTHER + MORE).replace("。", "，")[:-1] + "。"
    lines = [long[n : n + 30] for n in range(0, len(long), 30)]
    rows = ["单位 数量 比例", "轴承厂 12 40%", "泵业公司 18 60%"]
    result = reading(pdf(["复工复产", *lines[:3]], [*lines[3:], *rows, MORE]), "a.pdf")
    assert shown(result)[1:] == [
        (Kind.PARAGRAPH, long),
        *((Kind.ROW, "\t".join(row.split())) for row in rows),
        (Kind.PARAGRAPH, MORE),
    ]


def test_many_short_lines_do_not_hide_that_a_pdf_is_wrapped(reading):
    long = (TEXT + MORE + OTHER + MORE).replace("。", "，")[:-1] + "。"
    names = [f"第{n}组、第{n}车间" for n in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"]
    lines = [long[n : n + 30] for n in range(0, len(long), 30)]
    assert texts(reading(pdf([*names, *lines]), "a.pdf"))[-1] == long


def test_words_side_by_side_without_numbers_are_no_table(reading):
    lines = ["协会 概况 党建", "简报 标准 服务", "通知 公告 联系"]
    assert Kind.ROW not in {kind for kind, _ in shown(reading(pdf([*lines, TEXT]), "a.pdf"))}


def test_radicals_of_a_pdf_stay_as_they_are(reading):
    assert texts(reading(pdf(["⼯作⼈员⽤⼼做好复⼯复产。"]), "a.pdf")) == [
        "⼯作⼈员⽤⼼做好复⼯复产。"
    ]


def test_an_encrypted_pdf_is_said_to_be(refusal, tmp_path):
    from pypdf import PdfWriter

    (tmp_path / "plain.pdf").write_bytes(pdf([TEXT]))
    writer = PdfWriter(clone_from=str(tmp_path / "plain.pdf"))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(str(tmp_path / "closed.pdf"))
    assert refusal((tmp_path / "closed.pdf").read_bytes(), "a.pdf") == "encrypted"


def test_every_sample_is_read():
    corpus = Path(__file__).parent.parent / "corpus"
    samples = [
        path
        for path in corpus.iterdir()
        if path.suffix in (".txt", ".md", ".html", ".docx", ".pdf")
    ]
    for path in samples:
        if path.name != "README.md":
            result = read(path, path.name, Settings())
            assert result.blocks, path.name
            assert not {notice.code for notice in result.notices} - {"jump_line"}, path.name
