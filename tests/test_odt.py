"""An ODT gives the text that a word processor shows, with the white space that counts."""

import contextlib
import io
import re
import time
import zipfile
from xml.sax.saxutils import escape, quoteattr

import pytest
from handmade_files import docx, p, part, table
from hypothesis import given
from hypothesis import strategies as st

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers import docx as docx_reader
from indexer.readers.extract import Extract
from indexer.readers.formats import extract
from indexer.readers.repair import mend

URN = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(
    f'xmlns:{prefix}="{URN}{name}:1.0"'
    for prefix, name in {
        **{name: name for name in ("office", "text", "table", "style", "meta", "manifest")},
        "draw": "drawing",
        "svg": "svg-compatible",
    }.items()
)
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
MIMETYPE = "application/vnd.oasis.opendocument.text"
TEXT = "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产。"


def root(name: str, inside: str) -> str:
    return f'<?xml version="1.0"?><office:{name} {SPACES} {DC}>{inside}</office:{name}>'


def odt(body: str, automatic: str = "", **members: str) -> bytes:
    """An ODT of a body, automatic styles, and other members without their `.xml`."""
    styles = f"<office:automatic-styles>{automatic}</office:automatic-styles>"
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        package.writestr("content.xml", root("document-content", styles + text))
        for name, inside in members.items():
            package.writestr(f"{name.replace('__', '/')}.xml", inside)
    return file.getvalue()


def flat(body: str) -> bytes:
    meta = "<office:meta><dc:title>简报</dc:title></office:meta>"
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    whole = root("document", meta + text)
    return whole.replace(
        "<office:document ", f'<office:document office:mimetype="{MIMETYPE}" '
    ).encode()


def para(inside: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{inside}</text:p>'


def lines(data: bytes, suffix: str = ".odt") -> list[str]:
    return [line.text for line in extract(data, suffix).lines]


def shown(found: Extract) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, block.text) for block in mend(found.lines).blocks]


def refusal(data: bytes, suffix: str = ".odt") -> str:
    with pytest.raises(UnreadableFile) as caught:
        extract(data, suffix)
    return caught.value.reason


# Characters and white space.

PIECES = st.one_of(
    st.tuples(st.just("text"), st.text(st.sampled_from("复工A𠮷😀，。<&\"'1"), min_size=1)),
    st.tuples(st.just("folded"), st.text(st.sampled_from(" \t\r\n"), min_size=1)),
    st.tuples(st.just("spaces"), st.integers(1, 5)),
    st.tuples(st.sampled_from(["tab", "break", "page"]), st.none()),
)


def written(kind: str, what) -> str:
    return {
        "text": lambda: escape(what),
        "folded": lambda: what.replace("\r", "&#13;"),
        "spaces": lambda: "<text:s/>" if what == 1 else f"<text:s text:c='{what}'/>",
        "tab": lambda: "<text:tab/>",
        "break": lambda: "<text:line-break/>",
        "page": lambda: "<text:soft-page-break/>",
    }[kind]()


def oracle(pieces) -> list[str]:
    """What the format's chapter on white space says, over marks instead of elements."""
    marks = {"spaces": lambda n: "\ue000" * n, "tab": lambda _: "\ue001", "break": lambda _: "\n"}
    plain = "".join(
        re.sub("[ \t\r\n]", "\ue002", what)
        if kind in ("text", "folded")
        else marks.get(kind, lambda _: "")(what)
        for kind, what in pieces
    )
    folded = re.sub("\ue002+", "\ue002", plain).strip("\ue002")
    text = folded.translate(str.maketrans("\ue000\ue001\ue002", " \t "))
    return [line.strip() for line in text.split("\n") if line.strip()]


@given(st.lists(st.tuples(PIECES, st.booleans())))
def test_any_text_with_odd_white_space_is_read_as_the_format_says(pieces):
    body = "".join(
        f"<text:span>{written(*piece)}</text:span>" if span else written(*piece)
        for piece, span in pieces
    )
    assert lines(odt(para(body))) == oracle([piece for piece, _ in pieces])


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1))
def test_any_text_is_read_exactly_packed_and_flat(text):
    assert lines(odt(para(escape(text)))) == lines(flat(para(escape(text)))) == [text]


# What is seen and what is not.


def test_what_a_word_processor_does_not_show_is_no_text():
    hidden = (
        "<style:style style:name='T1' style:family='text'>"
        "<style:text-properties text:display='none'/></style:style>"
        "<style:style style:name='P1' style:family='paragraph'>"
        "<style:text-properties text:display='none'/></style:style>"
    )
    body = (
        "<office:forms>x</office:forms><text:tracked-changes><text:changed-region><text:deletion>"
        f"{para('deleted')}</text:deletion></text:changed-region></text:tracked-changes>"
        + para(
            "A<text:change text:change-id='a'/><office:annotation><text:p>x</text:p>"
            "</office:annotation><text:span text:style-name='T1'>x</text:span>B<!-- x -->"
            "<text:hidden-text text:is-hidden='true'>x</text:hidden-text>"
            "<text:ruby><text:ruby-base>C</text:ruby-base><text:ruby-text>x</text:ruby-text>"
            "</text:ruby><text:page-number>1</text:page-number><text:a>D</text:a>"
        )
        + para("x", "P1")
        + f"<text:section text:display='none'>{para('x')}</text:section>"
        + "<text:table-of-content><text:table-of-content-source>x<text:p>x</text:p>"
        f"</text:table-of-content-source><text:index-body>{para('目录')}</text:index-body>"
        "</text:table-of-content>"
    )
    assert lines(odt(body, hidden)) == ["ABC1D", "目录"]


def test_boxes_follow_their_paragraph_and_notes_the_text():
    frame = (
        "<draw:frame><draw:text-box><text:p>第二十七期</text:p></draw:text-box>"
        "<svg:title>x</svg:title><svg:desc>x</svg:desc></draw:frame>"
    )
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>脚注一条。</text:p></text:note-body></text:note>"
    )
    body = (
        frame
        + para(f"甲{frame}{note}乙")
        + para("<draw:g><draw:rect><text:p>丙</text:p></draw:rect></draw:g>")
    )
    assert lines(odt(body)) == ["第二十七期", "甲乙", "第二十七期", "丙", "脚注一条。"]


def test_a_wide_cell_is_one_cell_and_repeated_cells_are_many():
    rows = (
        "<table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="
        "'2'><text:p>甲</text:p></table:table-cell><table:covered-table-cell/><table:table-cell>"
        "<text:p>乙</text:p></table:table-cell></table:table-row></table:table-header-rows>"
        "<table:table-row><table:table-cell table:number-columns-repeated='2'><text:p>丙</text:p>"
        "</table:table-cell><table:table-cell><text:p>丁</text:p><text:p>戊<text:tab/></text:p>"
        "</table:table-cell></table:table-row>"
    )
    found = extract(odt(f"<table:table>{rows}</table:table>"), ".odt").lines
    assert [(line.kind, line.text) for line in found] == [
        (Kind.ROW, "甲\t乙"),
        (Kind.ROW, "丙\t丙\t丁 戊"),
    ]


def level(place: int, form: str, **more: str) -> str:
    others = " ".join(
        f"{name.replace('_', ':', 1).replace('_', '-')}={quoteattr(value)}"
        for name, value in more.items()
    )
    return (
        f"<text:list-level-style-number text:level='{place}' style:num-format='{form}' {others}/>"
    )


ONE = "text:style-name='L1'"
LIST_STYLE = (
    "<text:list-style style:name='L1'>"
    + level(1, "一, 二, 三, ...", style_num_suffix="、")
    + level(2, "1", style_num_suffix=".", text_display_levels="1", text_start_value="3")
    + "</text:list-style><text:list-style style:name='L2'>"
    + "<text:list-level-style-bullet text:level='1' text:bullet-char='•'/></text:list-style>"
)


def items(*inside: str, said: str = "") -> str:
    each = "".join(f"<text:list-item>{item}</text:list-item>" for item in inside)
    return f"<text:list {said}>{each}</text:list>"


def test_the_numbers_of_lists_are_read_as_they_are_shown():
    deep = items(para("乙"), para("丙"))
    body = (
        items(para("甲") + para("续") + deep, para("丁"), said=ONE)
        + para("间")
        + items(para("戊"), said=f"{ONE} text:continue-numbering='true'")
        + items(para("己"), said=ONE)
        + items(para("点"), said="text:style-name='L2'")
    )
    assert lines(odt(body, LIST_STYLE)) == [
        *("一、甲", "续", "3. 乙", "4. 丙", "二、丁", "间", "三、戊", "一、己", "点")
    ]


def test_headings_have_their_level_and_the_numbers_of_the_outline():
    chapters = level(2, "1", style_num_prefix="第", style_num_suffix="章")
    outline = f"<text:outline-style>{chapters}</text:outline-style>"
    heading = "<text:h text:outline-level='{}'>{}</text:h>".format
    body = heading(1, "甲") + 2 * heading(2, "乙")
    styles = root("document-styles", f"<office:styles>{outline}</office:styles>")
    assert shown(extract(odt(body, styles=styles), ".odt")) == [
        (Kind.HEADING, 1, "甲"),
        (Kind.HEADING, 2, "第1章乙"),
        (Kind.HEADING, 2, "第2章乙"),
    ]


# Heads.


def master(name: str, inside: str) -> str:
    return f"<style:master-page style:name='{name}'>{inside}</style:master-page>"


UNSHOWN = "style:display='false'"


def head(kind: str, text: str, more: str = "") -> str:
    return f"<style:{kind} {more}>{para(text)}</style:{kind}>"


@pytest.mark.parametrize(
    ("pages", "masthead", "aside"),
    [
        (master("Standard", head("header", "报头") + head("footer", "页脚")), ["报头"], ("页脚",)),
        (
            master("Standard", head("header", "页眉") + head("header-first", "报头")),
            ["报头"],
            ("页眉",),
        ),
        (
            master(
                "Standard",
                head("header", "报头") + head("header-left", "x", "style:display='false'"),
            ),
            ["报头"],
            (),
        ),
        (
            master("Standard", head("header", "页眉")) + master("First", head("header", "报头")),
            ["页眉"],
            ("报头",),
        ),
    ],
)
def test_the_head_of_the_first_page_is_text_and_the_others_are_furniture(pages, masthead, aside):
    styles = root("document-styles", f"<office:master-styles>{pages}</office:master-styles>")
    found = extract(odt(para("正文"), styles=styles), ".odt")
    assert [line.text for line in found.lines] == [*masthead, "正文"]
    assert found.furniture == aside


def test_the_first_page_may_be_of_a_kind_of_its_own():
    pages = master("Standard", head("header", "页眉")) + master("First", head("header", "报头"))
    styles = root("document-styles", f"<office:master-styles>{pages}</office:master-styles>")
    first = (
        "<style:style style:family='paragraph' style:name='P1' style:master-page-name='First'/>"
        "<style:style style:family='paragraph' style:name='P2' style:parent-style-name='P1'/>"
    )
    found = extract(odt(para("正文", "P2"), first, styles=styles), ".odt")
    assert ([line.text for line in found.lines], found.furniture) == (["报头", "正文"], ("页眉",))


def test_a_masthead_that_is_repeated_in_the_body_is_read_once():
    pages = master("Standard", head("header", "九州 简报"))
    styles = root("document-styles", f"<office:master-styles>{pages}</office:master-styles>")
    assert lines(odt(para("九州简报") + para("正文"), styles=styles)) == ["九州简报", "正文"]


def test_the_title_is_the_documents():
    meta = root("document-meta", "<office:meta><dc:title> 第二十七期 </dc:title></office:meta>")
    assert extract(odt(para("A"), meta=meta), ".odt").title == "第二十七期"
    assert extract(flat(para("A")), ".fodt").title == "简报"


def test_a_bulletin_gives_the_same_blocks_as_odt_and_as_docx():
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell>{para(cell)}</table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in (["单位", "数量"], ["轴承厂", "12"], [TEXT + "一格。"])
    )
    names = (
        "<style:style style:family='paragraph' style:name='Heading_20_2'/><style:style "
        "style:family='paragraph' style:name='P1' style:parent-style-name='Heading_20_2'/>"
    )
    body = para("栏目名称", "P1") + para(TEXT) + f"<table:table>{cells}</table:table>"
    body += "<text:h text:outline-level='1'>结语</text:h>"
    same = docx(
        p("栏目名称", "a2")
        + p(TEXT)
        + table(["单位", "数量"], ["轴承厂", "12"], [TEXT + "一格。"])
        + p("结语", "a1"),
        styles=part(
            "styles",
            '<w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style>'
            '<w:style w:styleId="a2"><w:name w:val="heading 2"/></w:style>',
        ),
    )
    found = shown(extract(odt(body, names), ".odt"))
    assert found == shown(docx_reader.extract(same))
    assert (found[0][1], found[-1][1]) == (2, 1)


# What is refused.


def test_what_is_no_text_document_or_closed_is_refused_with_its_reason():
    sheet = odt("").replace(b"opendocument.text", b"opendocument.sheet")
    entry = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    manifest = f"<manifest:manifest {SPACES}>{entry}</manifest:manifest>"
    assert refusal(odt("", **{"META-INF__manifest": manifest})) == "encrypted"
    assert refusal(odt("")[:300]) == "damaged"
    assert refusal(b"not even a package") == "damaged"
    assert refusal(b"") == "empty"
    assert refusal(sheet, ".ods") == "unknown_format"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "damaged"),
        ('<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>', "damaged"),
        (root("document-content", "<text:section>" * 20_000), "too_complex"),
        ("<a", "damaged"),
        (root("document-content", "<office:body/>"), "unknown_format"),
        (root("document-content", "<office:body><office:text>" + "<table:table><table:table-row>"
         "<table:table-cell table:number-columns-repeated='999999'><text:p>a</text:p>"
         "</table:table-cell></table:table-row></table:table></office:text></office:body>"),
         "too_complex"),
    ],
)  # fmt: skip
def test_hostile_xml_is_refused(content, reason):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
    assert refusal(file.getvalue()) == reason


@given(st.randoms(use_true_random=False))
def test_any_damage_gives_text_or_a_refusal(chance):
    data = bytearray(odt(para(TEXT * 9) + items(para("甲"), said=ONE), LIST_STYLE))
    for _ in range(chance.randint(1, 9)):
        data[chance.randrange(30, len(data))] ^= 1 << chance.randrange(8)
    with contextlib.suppress(UnreadableFile):
        extract(bytes(data), ".odt")


def test_what_unpacks_to_too_much_is_refused_unopened():
    assert refusal(odt(para("复" * 30_000_000))) == "too_complex"
    assert refusal(odt(para(TEXT) * 300_000)) == "too_complex"


@pytest.mark.parametrize(
    "body",
    [
        "<text:p/>" * 300_000,
        para("<text:s text:c='999999'/>" * 10_000),
        para("<text:span/>" * 200_000),
        para(" \n" * 500_000),
        items(*[para("a")] * 50_000, said=ONE),
    ],
    ids=range(5),
)
def test_hostile_bodies_are_read_or_refused_in_time(body):
    data = flat(body)
    started = time.process_time()
    with contextlib.suppress(UnreadableFile):
        extract(data, ".fodt")
    assert time.process_time() - started < 4
