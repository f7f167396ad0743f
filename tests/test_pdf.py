"""A PDF gives what stands on its pages, in reading order, and says what it could not read."""

import io

import pypdf
import pytest
from handmade_files import pdf, pdf_of

from indexer.errors import UnreadableFile
from indexer.readers import ocr
from indexer.readers import pdf as pdf_reader
from indexer.readers.extract import Extract

LEFT = [
    "江澜市质量协会组织专家走访",
    "二十家会员企业帮助它们恢复",
    "生产并且把常见问题编成一本",
    "小册子送到每一个班组长手里",
]
RIGHT = [
    "云州省质量协会把线上的课程",
    "排成两期报名的班组长超过了",
    "两千人最远的来自边境的三座",
    "水电厂一共有一百二十名学员",
]
MEDIA_BOX = b"/MediaBox [0 0 595 842]"
TURNED = "0.7 0.7 -0.7 0.7"


def shown(text: str, x: float, y: float, matrix: str = "1 0 0 1") -> bytes:
    """A text object that shows `text` from a place of the page on, turned by a matrix."""
    code = text.encode("utf-16-be").hex()
    return f"BT /F1 12 Tf {matrix} {x} {y} Tm <{code}> Tj ET\n".encode()


def read(*streams: bytes, characters: str = "") -> Extract:
    return pdf_reader.extract(pdf_of(streams, characters))


def texts(found: Extract) -> list[str]:
    return [line.text for line in found.lines]


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        pdf_reader.extract(data)
    return caught.value.reason


def test_columns_that_are_painted_line_by_line_are_read_one_after_the_other():
    lines = zip(LEFT, RIGHT, strict=True)
    stream = b"".join(
        shown(one, 72, 700 - 16 * n) + shown(other, 300, 700 - 16 * n)
        for n, (one, other) in enumerate(lines)
    )
    assert texts(read(stream, characters="".join(LEFT + RIGHT))) == [*LEFT, *RIGHT]


@pytest.fixture(autouse=True)
def without_recognition(monkeypatch):
    monkeypatch.setattr(ocr, "recognizer", lambda: "")


def test_what_a_font_does_not_tell_is_counted_and_no_text():
    lines = [*LEFT[:3], "甲乙丙" + RIGHT[0], "丁戊己庚"]
    stream = b"".join(shown(line, 72, 700 - 20 * n) for n, line in enumerate(lines))
    found = read(stream, characters="".join(LEFT + RIGHT))
    assert texts(found) == [*LEFT[:3], "\ufffd" + RIGHT[0]]
    (notice,) = found.notices
    assert notice.code == "unmapped_font"
    assert "7" in notice.sentence.zh
    assert "7 characters on page 1 " in notice.sentence.en


def test_a_page_that_tells_no_character_is_a_scan():
    assert reason(pdf_of([shown("复工复产", 72, 700)])) == "needs_ocr"
    both = read(shown(LEFT[0], 72, 700), shown("甲乙", 72, 700), characters=LEFT[0])
    assert {notice.code for notice in both.notices} == {"pages_without_text", "unmapped_font"}
    assert reason(pdf_of([b"0 0 100 100 re f"])) == "empty"


def test_a_water_mark_comes_after_the_text_that_it_crosses():
    stream = shown("内部资料", 80, 690, TURNED) + shown(LEFT[0], 72, 700) + shown(LEFT[1], 72, 680)
    found = read(stream, characters="内部资料" + "".join(LEFT))
    assert texts(found) == [LEFT[0], LEFT[1], "内部资料"]


@pytest.mark.parametrize(
    ("turn", "matrix", "places"),
    [
        (0, "1 0 0 1", ((72, 700), (72, 680))),
        (90, "0 1 -1 0", ((100, 72), (120, 72))),
        (180, "-1 0 0 -1", ((500, 100), (500, 120))),
        (270, "0 -1 1 0", ((400, 700), (380, 700))),
    ],
)
def test_a_turned_page_is_read_as_it_is_seen(turn, matrix, places):
    first, second = places
    stream = shown(LEFT[1], *second, matrix) + shown(LEFT[0], *first, matrix)
    data = pdf_of([stream], "".join(LEFT))
    data = data.replace(MEDIA_BOX, MEDIA_BOX + b" /Rotate %d" % turn)
    assert texts(pdf_reader.extract(data)) == LEFT[:2]


def test_what_is_cut_off_the_page_is_not_read():
    stream = shown(LEFT[0], 72, 400) + shown(RIGHT[0], 72, 700) + shown(RIGHT[1], 900, 400)
    data = pdf_of([stream], "".join(LEFT + RIGHT))
    data = data.replace(MEDIA_BOX, MEDIA_BOX + b" /CropBox [0 0 595 600]")
    assert texts(pdf_reader.extract(data)) == LEFT[:1]


def test_vertical_writing_is_said():
    stream = b"".join(shown(c, 400, 700 - 14 * n) for n, c in enumerate(LEFT[0]))
    found = read(stream, characters=LEFT[0])
    assert texts(found) == [LEFT[0]]
    assert [notice.code for notice in found.notices] == ["vertical_text"]


def test_a_password_that_only_forbids_printing_does_not_lock():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([LEFT[0]])))
    writer.encrypt("", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert texts(pdf_reader.extract(out.getvalue())) == LEFT[:1]


def test_too_many_pages_or_characters_are_refused(monkeypatch):
    monkeypatch.setattr(pdf_reader, "MOST_PAGES", 2)
    assert reason(pdf(LEFT, LEFT, LEFT)) == "too_complex"
    monkeypatch.setattr(pdf_reader, "MOST_CHARACTERS", 20)
    assert reason(pdf(LEFT)) == "too_complex"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_short_is_refused_or_read_as_far_as_it_goes(share):
    data = pdf(LEFT, RIGHT)
    found, refused = [], ""
    try:
        found = texts(pdf_reader.extract(data[: int(share * len(data))]))
    except UnreadableFile as refusal:
        refused = refusal.reason
    assert set(found) <= {*LEFT, *RIGHT}
    assert found or refused in ("damaged", "empty", "needs_ocr")


def test_text_in_a_font_that_nobody_has_is_read_in_the_order_of_the_file():
    stream = b"".join(shown(c, 72 + 12 * n, 700) for n, c in enumerate(LEFT[0]))
    data = pdf_of([stream, shown(RIGHT[0], 200, 100, "0 1 -1 0")], "".join(LEFT + RIGHT))
    data = data.replace(b"/FontFile2", b"/FontFile9")
    assert [("".join(line.text.split()), line.page) for line in pdf_reader.extract(data).lines] == [
        (LEFT[0], 1),
        (RIGHT[0], 2),
    ]
