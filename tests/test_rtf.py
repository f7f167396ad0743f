"""An RTF gives the text that Word shows, in whichever way its writer spelled the characters."""

import contextlib
import re
import time

import pytest
from handmade_files import docx, p, part, table
from hypothesis import given
from hypothesis import strategies as st

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers import docx as docx_reader
from indexer.readers import rtf as rtf_reader
from indexer.readers.extract import Extract
from indexer.readers.formats import extract
from indexer.readers.repair import mend

FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0\fprq2{\*\panose 02020603050405020304}Times New Roman;}"
    r"{\f1\fnil\fcharset134\fprq2 \'cb\'ce\'cc\'e5{\*\falt SimSun};}"
    r"{\f2\fnil\fcharset136 PMingLiU;}{\f3\ftech\fcharset2 Wingdings;}{\f4\fcharset204 Arial;}}"
)
TEXT = "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产。"


def rtf(body: str, head: str = r"\ansi\ansicpg936\deff1\uc1", fonts: str = FONTS) -> bytes:
    return (r"{\rtf1" + head + fonts + r"\viewkind4\pard\plain " + body + "}").encode("latin-1")


def codes(text: str, codec: str = "gb18030") -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode(codec))


def units(text: str, fallback: str = "?") -> str:
    """`text` as \\uN, the numbers signed as Word writes them."""
    pairs = text.encode("utf-16-le")
    numbers = (int.from_bytes(pairs[n : n + 2], "little") for n in range(0, len(pairs), 2))
    return "".join(f"\\u{n - 0x10000 if n > 0x7FFF else n}{fallback}" for n in numbers)


def lines(data: bytes) -> list[str]:
    return [line.text for line in extract(data, ".rtf").lines]


def shown(found: Extract) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, block.text) for block in mend(found.lines).blocks]


# Characters.

GBK = st.sampled_from("复工产质量镕喆〇啰，。“”、—…①２㎡€".replace("€", "")) | st.characters(
    codec="gbk", categories=["Lo", "Ll", "Lu", "Nd", "Po", "Sm"], exclude_characters="\u3000"
)
ANY = st.sampled_from("复工，。A\\{}ß𠮷𡈽😀ﷺ~") | st.characters(
    codec="utf-8", categories=["L", "N", "P", "S"]
)


def escaped(text: str) -> str:
    return re.sub(r"[\\{}]", r"\\\g<0>", text)


def as_codes(character: str) -> str:
    return escaped(character) if character.isascii() else codes(character)


def same(data: bytes, text: str) -> bool:
    return lines(data) == [line.text for line in extract(text.encode("utf-8-sig"), ".txt").lines]


@given(st.text(GBK, min_size=1))
def test_any_text_written_as_bytes_of_gbk_is_read_exactly(text):
    assert same(rtf("".join(map(as_codes, text))), text)


@given(st.text(ANY, min_size=1), st.sampled_from(["?", r"\'3f", ""]))
def test_any_text_written_as_unicode_is_read_exactly(text, fallback):
    uc = r"\uc1 " if fallback else r"\uc0 "
    assert same(rtf(uc + units(text, fallback or " ")), text)


WAYS = st.sampled_from(["bytes", "unicode", "both", "run", "font"])


@given(st.lists(st.tuples(GBK, WAYS), min_size=1))
def test_any_mixture_of_bytes_and_unicode_is_read_exactly(pieces):
    def written(character: str, way: str) -> str:
        coded = as_codes(character)
        size = len(character.encode("gb18030"))
        return {
            "bytes": coded,
            "unicode": units(character),
            "both": rf"{{\uc{size}{units(character, ' ' + coded)}}}",
            "run": rf"{{\b\fs32 {coded}}}",
            "font": rf"{{\f0\loch\af0\dbch\f1 {coded}}}",
        }[way]

    text = "".join(character for character, _ in pieces)
    assert same(rtf("".join(written(*piece) for piece in pieces)), text)


@given(st.text(st.sampled_from("复工产质量协会許功蓋"), min_size=1), st.data())
def test_a_character_may_be_cut_between_runs_groups_and_lines_of_the_file(text, data):
    seams = st.sampled_from(["", "}{", "}{\\b\\f1 ", "\r\n", r"{\*\bkmkstart a}", r"\lang2052 "])
    cut = (piece + data.draw(seams) for piece in re.findall(r"\\'..", codes(text)))
    assert lines(rtf("{" + "".join(cut) + "}")) == [text]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"\f1 " + codes("复工"), "复工"),
        (r"\f2 " + codes("質量許功", "big5"), "質量許功"),
        (r"\f2\'b3\\\'a5\'5c", "許功"),
        (r"\'83\'65\'83X".replace("\\'83", "\\'81"), "乪乆"),
        (r"\f4 " + codes("завод", "cp1251"), "завод"),
        (r"\f0\'93QC\'94", "“QC”"),
        (r"\f0 " + codes("复工"), "复工"),
        (r"\f3 \'d8\f1 " + codes("复工"), "复工"),
        (r"\u65?\u-10179?\u-8704?", "A😀"),
        (r"\u128512?", "😀"),
        (r"\u22797\u24037?", "复工"),
        (r"\u8212\emdash A", "—A"),
        (r"{\uc2\u22797\'b8\'b4}\u24037?", "复工"),
        (r"\ldblquote A\rdblquote\emdash B\~C\_D\-E\endash\bullet", "“A”—B\u00a0C-DE–•"),
        ("A\tB\\tab C\\\tD", "A\tB\tC\tD"),
    ],
)
def test_characters_are_those_of_the_font_and_of_the_words_for_them(body, text):
    assert lines(rtf(body)) == [text]


def test_the_code_page_is_that_of_the_file_where_no_font_says_otherwise():
    western = r"{\fonttbl{\f0\fcharset0 Arial;}}"
    assert lines(rtf(codes("复工"), r"\ansi\ansicpg936", western)) == ["复工"]
    assert lines(rtf(codes("復工許", "big5"), r"\ansi\ansicpg950", "")) == ["復工許"]
    assert lines(rtf(r"caf\'e9", r"\ansi\ansicpg1252", western)) == ["café"]
    assert lines(rtf(r"caf\'8e", r"\mac", "")) == ["café"]


def test_a_file_that_names_no_code_page_is_read_as_what_its_bytes_seem_to_be():
    assert lines(rtf(codes(TEXT), r"\ansi", "")) == [TEXT]
    assert lines(rtf(r"caf\'e9", r"\ansi", "")) == ["café"]
    assert (
        rtf_reader.extract(rtf(codes("質量", "big5"), r"\ansi", ""), "big5").lines[0].text == "質量"
    )


def test_bytes_that_are_no_character_are_told():
    (notice,) = extract(rtf(codes(TEXT) + r"\'ff\'ff"), ".rtf").notices
    assert notice.code == "characters_replaced"


# What is seen and what is not.


def test_what_word_does_not_show_is_no_text():
    unseen = (
        r"{\info{\title T}{\author \'d5\'c5}{\operator x}}{\colortbl;\red0\green0\blue0;}"
        r"{\*\generator Riched20}{\*\unknown{\shptxt x\par}x}{\*\listtable{\list{\listname x;}}}"
        r"{\pict\wmetafile8 0102ff}{\v hidden}{\deleted gone}{\mvf moved}{\*\bkmkstart _x}"
        r"{\field{\*\fldinst{ HYPERLINK x}}{\fldrslt }}{\xe{index}}{\*\annotation comment}"
        r"{\object\objemb{\*\objdata 0102}{\result{\pict 00}}}{\pict\bin7 }}{\\{{a}"
        r"{\*\ftnsep\chftnsep}{\ftnsepc x}{\upr{x}{\*\ud{" + units("上") + "}}}"
    )
    assert lines(rtf("A" + unseen + r"{\v x\v0 B\v y\plain C}")) == ["A上BC"]


def test_paragraphs_lines_and_pages_end_lines():
    assert lines(rtf("A\\par B\\line C\\page D\\sect E\\\nF\\column G\\softpage H")) == [
        *("A", "B", "C", "D", "E", "F", "GH")
    ]


def test_the_result_of_a_field_is_text():
    assert lines(rtf(r"A{\field{\*\fldinst{ REF x }}{\fldrslt{\b B}}}C")) == ["ABC"]


def test_the_number_of_a_list_is_read_as_it_is_shown_and_bullets_are_not():
    bullet = r"{\listtext\f3 \'b7\tab}{\*\pn\pnlvlblt{\pntxtb x}}"
    han = r"{\listtext\pard " + codes("一、") + r"\tab}"
    assert lines(rtf(han + r"A\par" + r"{\pntext 2.\tab}B\par" + bullet + r"C\par D")) == [
        *("一、A", "2. B", "C", "D")
    ]


def test_the_declared_title_is_kept():
    title = extract(rtf(r"{\info{\title " + codes("简报") + r"}{\subject x}}A"), ".rtf").title
    assert title == "简报"


# The same bulletin as a DOCX.

SHEET = (
    r"{\stylesheet{\snext0 Normal;}{\s1\sbasedon0\outlinelevel0 heading 1;}{\s2 heading 2;}"
    r"{\*\cs10 Default Paragraph Font;}{\s15\sbasedon2 " + codes("栏目") + r";}{\s16 Title;}}"
)
STYLES = part(
    "styles",
    '<w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="a2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="a15"><w:name w:val="栏目"/><w:basedOn w:val="a2"/></w:style>',
)


def cells(*row: str) -> str:
    inside = "".join(rf"\pard\intbl {codes(cell)}\cell" for cell in row)
    return rf"\trowd\cellx1000\cellx2000 {inside}\pard\intbl\row\pard "


def test_a_bulletin_gives_the_same_blocks_as_rtf_and_as_docx():
    box = (
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt "
        + codes("第二十七期")
        + r"\par}}{\shprslt x}}"
    )
    body = (
        rf"\pard\s15 {codes('栏目名称')}\par\pard {codes(TEXT)}{{\shp{box}{{\shprslt x}}}}"
        rf"{{\footnote\pard\plain{{\super\chftn}} {codes('脚注一条。')}}}\par "
        + cells("单位", "数量")
        + cells("轴承厂", "12")
        + cells(TEXT + "一格。")
        + rf"\pard\outlinelevel0 {codes('结语')}\par\pard {codes('完。')}"
    )
    drawn = f"<w:r><w:pict><w:txbxContent>{p('第二十七期')}</w:txbxContent></w:pict></w:r></w:p>"
    same = docx(
        p("栏目名称", "a15")
        + p(TEXT).replace("</w:p>", drawn)
        + table(["单位", "数量"], ["轴承厂", "12"], [TEXT + "一格。"])
        + p("结语", "a1")
        + p("完。"),
        styles=STYLES,
        footnotes=part("footnotes", f"<w:footnote>{p('脚注一条。')}</w:footnote>"),
    )
    found = shown(extract(rtf(SHEET + body), ".rtf"))
    assert found == shown(docx_reader.extract(same))
    assert [kind for kind, _, _ in found].count(Kind.HEADING) == 2
    assert [kind for kind, _, _ in found].count(Kind.ROW) == 2


def test_nested_tables_are_read_like_those_of_a_docx():
    inner = (
        r"\pard\intbl\itap2 a\nestcell b\nestcell{\*\nesttableprops\trowd\nestrow}"
        r"{\nonesttables\par}\pard\intbl\itap1 "
    )
    two = rf"\trowd\pard\intbl x\cell {inner}y\cell\row\pard "
    one = rf"\trowd\pard\intbl z\par {inner}\cell\row\pard end"
    assert [(line.kind, line.text) for line in extract(rtf(two + one), ".rtf").lines] == [
        (Kind.ROW, "x\ta b y"),
        (Kind.PARAGRAPH, "z"),
        (Kind.ROW, "a\tb"),
        (Kind.PARAGRAPH, "end"),
    ]


@pytest.mark.parametrize(
    ("heads", "masthead", "aside"),
    [
        (r"{\header A}{\footer F}", ["A"], ("F",)),
        (r"\titlepg{\header A}{\headerf B}", ["B"], ("A",)),
        (r"{\header A}{\headerf B}", ["A"], ("B",)),
        (r"\facingp{\headerl A}{\headerr B}", ["B"], ("A",)),
        (r"{\header A\par}x\sect\sectd{\header B}", ["A", "x"], ("B",)),
        (r"{\header{\shp{\*\shpinst{\shptxt A\par}}}}", ["A"], ()),
        (r"{\header {\field{\*\fldinst PAGE}{\fldrslt 1}}}{\header body}", ["1"], ("body",)),
    ],
)
def test_the_head_of_the_first_page_is_text_and_the_others_are_furniture(heads, masthead, aside):
    found = extract(rtf(heads + "body"), ".rtf")
    assert [line.text for line in found.lines] == [*masthead, "body"]
    assert found.furniture == aside


def test_a_masthead_that_is_repeated_in_the_body_is_read_once():
    assert lines(rtf(r"{\header A B}A  B\par body")) == ["A  B", "body"]


# Hostile input.


@pytest.mark.parametrize(
    "data",
    [
        b"{\\rtf1 " + b"{" * 1_000_000,
        b"{\\rtf1 " + b"}" * 1_000_000,
        b"{\\rtf1 " + b"{}" * 500_000,
        b"{\\rtf1 " + b"\\'" * 1_000_000,
        b"{\\rtf1 " + b"\\'b8" * 1_000_000,
        b"{\\rtf1\\ansicpg936 " + b"\\'b8 " * 300_000,
        b"{\\rtf1 " + b"\\u22797?" * 300_000,
        b"{\\rtf1 " + b"\\" * 1_000_001,
        b"{\\rtf1 " + b"\\*" * 1_000_000,
        b"{\\rtf1 " + b"\\bin9999999999" * 100_000,
        b"{\\rtf1 \\uc999999999\\u1" + b"a" * 1_000_000,
        b"{\\rtf1 " + b"\\par\\cell\\row" * 60_000,
        b"{\\rtf1 \\intbl " + b"a\\par " * 150_000,
        b"{\\rtf1 \\itap999999999 " + b"\\nestcell\\nestrow" * 20_000,
        b"{\\rtf1 {\\fonttbl" + b"{\\f1\\fcharset134 a;}" * 50_000 + b"}}",
        b"{\\rtf1 {\\stylesheet{\\s1\\sbasedon2 a;}{\\s2\\sbasedon1 b;}}" + b"\\s1 a\\par" * 50_000,
        b"{\\rtf1\\ansicpg99999\\deff-5\\f-3\\u-99999999?\\u2000000000 \\uc-4 \\u65 a}",
        b"{\\rtf1 " + b"a" * 5_000_000,
        b"{\\rtf1 \\" + b"a" * 5_000_000,
        b"{\\rtf1 \\a" + b"1" * 5_000_000,
    ],
    ids=range(20),
)
def test_hostile_input_is_read_or_refused_in_time(data):
    started = time.process_time()
    with contextlib.suppress(UnreadableFile):
        extract(data, ".rtf")
    assert time.process_time() - started < 4


def test_too_many_braces_are_too_complex():
    with pytest.raises(UnreadableFile) as caught:
        extract(b"{\\rtf1 " + b"{" * 1_000_000, ".rtf")
    assert caught.value.reason == "too_complex"


WORDS = """
par cell row nestcell nestrow intbl itap3 pard footnote header shptxt title listtext
u22797 fonttbl stylesheet f1 fcharset134 uc2 upr ud v deleted plain bin3 sect s1
"""
PIECES = [*(rf"\{word} " for word in WORDS.split()), "{", "}", r"\*", r"\'b8", "a", "\\"]


@given(st.lists(st.sampled_from(PIECES)))
def test_any_order_of_words_is_read_without_a_crash(pieces):
    extract(("{\\rtf1 " + "".join(pieces)).encode(), ".rtf")
