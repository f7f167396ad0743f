"""In which encoding a text is written is found out, and what could not be decoded is said."""

import codecs
import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.readers.encoding import UNSURE, decode

DATA = os.environ.get("JIANBAO_DATA", "")
SIMPLIFIED = (
    "九州质量协会近日组织专家走访了三家会员企业，听取意见和建议，并就下一步的工作作了安排。"
    "大家一致认为，质量是干出来的，不是喊出来的；复工复产以后，更要把每一道工序做实、做细。"
    "截至三月底，已有二百一十四家单位报名参加线上课程，比去年同期增长百分之三十五。"
)
TRADITIONAL = (
    "南灣品質促進會近日邀請專家訪問三家會員工廠，聽取意見與建議，並就下一階段的工作做了安排。"
    "大家一致認為，品質是做出來的，不是喊出來的；復工以後，更要把每一道工序做實、做細。"
    "截至三月底，已有二百一十四個單位報名參加線上課程，比去年同期增長百分之三十五。"
)
WRITTEN = [
    *((SIMPLIFIED, name) for name in ("utf-8", "gb2312", "gbk", "gb18030", "hz")),
    *((TRADITIONAL, name) for name in ("utf-8", "big5", "big5hkscs", "gb18030")),
    *((text, name) for text in (SIMPLIFIED, TRADITIONAL) for name in ("utf-16-le", "utf-16-be")),
]


@pytest.mark.parametrize("length", [8, 30, 200])
@pytest.mark.parametrize(("text", "encoding"), WRITTEN)
def test_a_clean_text_is_decoded_exactly(text, encoding, length):
    long = text * 2
    pieces = [long[n : n + length] for n in range(0, len(text), 7)]
    wrong = [piece for piece in pieces if decode(piece.encode(encoding)).text != piece]
    assert not wrong


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_text(mark, encoding):
    decoded = decode(mark + "第二十七期".encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.confidence) == ("第二十七期", encoding, 1.0)


def test_rare_characters_of_four_bytes_are_gb18030():
    text = SIMPLIFIED + "𠮷㐂䶮"
    assert decode(text.encode("gb18030")).text == text


@pytest.mark.parametrize(
    ("text", "encoding"), [(SIMPLIFIED, "utf-8"), (SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5")]
)
@pytest.mark.parametrize("bad", [b"\xff", b"\x80", b"\xff\xff"])
def test_a_bad_byte_changes_neither_encoding_nor_the_rest(text, encoding, bad):
    place = len(text[:60].encode(encoding))
    data = text.encode(encoding)
    decoded = decode(data[:place] + bad + data[place:])
    assert decoded.encoding == encoding
    assert decoded.replaced >= 1
    assert decoded.text.startswith(text[:60])
    assert decoded.text.endswith(text[64:])


def test_a_declaration_that_lies_is_not_believed():
    assert decode(SIMPLIFIED.encode("gb18030"), declared="utf-8").text == SIMPLIFIED
    assert decode(SIMPLIFIED.encode("utf-8"), declared="gb2312").text == SIMPLIFIED
    for declared in ("no-such-codec", "hex", "rot13", "idna", "punycode", "undefined"):
        assert decode(TRADITIONAL.encode("big5"), declared=declared).text == TRADITIONAL


def test_a_declaration_decides_what_the_bytes_leave_open():
    data = "囍龘".encode("utf-16-le")
    assert decode(data).text != "囍龘"
    assert decode(data, declared="utf-16-le").text == "囍龘"


def test_an_override_is_an_order():
    decoded = decode("复工".encode("gb18030"), override="latin-1")
    assert (decoded.text, decoded.encoding) == ("¸´¹¤", "iso8859-1")
    with pytest.raises(LookupError):
        decode(b"", override="no-such-codec")


def test_a_clear_case_is_sure_and_a_short_one_says_its_doubt():
    assert decode(SIMPLIFIED.encode("gb18030")).confidence > UNSURE
    assert decode(TRADITIONAL.encode("big5")).confidence > UNSURE
    assert decode("囍".encode("gb18030")).confidence < UNSURE


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z"))))
def test_clean_utf_8_is_utf_8(text):
    text = text.lstrip("\ufeff")
    assert decode(text.encode()).text == text or "~{" in text


@given(st.binary(max_size=400))
def test_any_bytes_become_some_text(data):
    decoded = decode(data)
    assert 0.0 <= decoded.confidence <= 1.0
    assert decoded.replaced == decoded.text.count("\ufffd")


@pytest.mark.skipif(not DATA, reason="JIANBAO_DATA is not set")
def test_every_real_file_is_decoded_in_its_family():
    families = ({"gb2312", "gbk", "gb18030"}, {"big5", "big5hkscs", "cp950"})
    folder = Path(DATA) / "encodings"
    with (folder / "encodings.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    wrong = []
    for row in rows:
        family = next(names for names in families if row["true_encoding"] in names)
        decoded = decode((folder / row["file"]).read_bytes())
        if decoded.encoding not in family or decoded.replaced:
            wrong.append((row["file"], row["true_encoding"], decoded.encoding, decoded.replaced))
    assert len(rows) == 47
    assert not wrong


SENTENCES = (
    "江澜市质量协会组织专家走访了二十家会员企业。",
    "附：各地来信摘编，另册印发。",
    "请各会员单位按此办理，并于月底前报送情况。",
    "同志们辛苦了，大家继续努力。",
)
IN_BIG5 = str.maketrans(
    "澜质协会组织专访业来请报员单办继续们编发册况", "瀾質協會組織專訪業來請報員單辦繼續們編發冊況"
)


@given(
    st.lists(st.tuples(st.sampled_from(SENTENCES), st.booleans()), min_size=2, max_size=12),
    st.sampled_from(["gb18030", "big5"]),
)
def test_lines_in_two_encodings_are_each_read_in_their_own(
    lines: list[tuple[str, bool]], other: str
) -> None:
    texts = [text if other == "gb18030" else text.translate(IN_BIG5) for text, _ in lines]
    codecs = [other if foreign else "utf-8" for _, foreign in lines]
    data = b"\n".join(text.encode(codec) for text, codec in zip(texts, codecs, strict=True))
    decoded = decode(data)
    assert decoded.text == "\n".join(texts)
    assert bool(decoded.second) == (len(set(codecs)) == 2)
    if decoded.second:
        named = {decoded.encoding.removesuffix("hkscs"), decoded.second.removesuffix("hkscs")}
        assert named == {"utf-8", other}
        assert decoded.second_lines == min(codecs.count(codec) for codec in set(codecs))
