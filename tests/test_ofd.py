"""An OFD gives what stands on its pages, in reading order, and says what it could not read."""

import contextlib
import random

import pytest
from handmade_ofd import NAMESPACE, document, lines, ofd, page, text, xml
from hypothesis import given
from hypothesis import strategies as st

from indexer.bulletin import Kind
from indexer.errors import UnreadableFile
from indexer.readers import ofd as ofd_reader
from indexer.readers.extract import Extract
from indexer.readers.formats import format_of
from indexer.readers.reading import read
from indexer.settings import Settings

TEXT = "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产。"
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


def extract(*pages: str, **more) -> Extract:
    return ofd_reader.extract(ofd(document(*pages, **more)))


def texts(found: Extract) -> list[str]:
    return [line.text for line in found.lines]


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        ofd_reader.extract(data)
    return caught.value.reason


def test_an_ofd_is_read_page_by_page_with_its_title(tmp_path):
    path = tmp_path / "简报.ofd"
    path.write_bytes(
        ofd(
            document(page(*lines(["第二十七期", TEXT])), page(text(TEXT[::-1], 20, 40))),
            title="简报",
        )
    )
    reading = read(path, path.name, Settings())
    assert [(b.text, b.page) for b in reading.blocks] == [
        ("第二十七期", 1),
        (TEXT, 1),
        (TEXT[::-1], 2),
    ]
    assert (reading.title, reading.source.media_type) == ("简报", "application/ofd")


def test_an_ofd_is_known_by_its_content():
    data = ofd(document(page(text(TEXT, 20, 40))))
    assert {format_of(data, suffix) for suffix in (".ofd", ".zip", ".pdf", "")} == {"ofd"}


@given(st.randoms(use_true_random=False))
def test_columns_are_read_one_after_the_other_in_whatever_order_they_are_drawn(chance):
    drawn = [*lines(LEFT, 20), *lines(RIGHT, 85)]
    chance.shuffle(drawn)
    heading = text("云州质协工作简报", 40, 20, 8)
    assert texts(extract(page(*drawn, heading))) == ["云州质协工作简报", *LEFT, *RIGHT]


def test_a_line_of_several_objects_is_one_and_a_table_has_rows():
    rows = [("单位", "数量", "比例"), ("轴承厂", "12", "40%"), ("泵业公司", "18", "60%")]
    drawn = [text(TEXT[:10], 20, 40), text(TEXT[10:20], 60, 40), text("QC", 20, 50, deltas=" ")]
    drawn += [text("A4", 26, 50, deltas=" ")]
    drawn += [
        text(cell, 20 + 50 * n, 60 + 6 * m, deltas=" ")
        for m, row in enumerate(rows)
        for n, cell in enumerate(row)
    ]
    found = extract(page(*drawn))
    assert texts(found)[:2] == [TEXT[:20], "QC A4"]
    assert [line.text for line in found.lines if line.kind is Kind.ROW] == [
        "\t".join(row) for row in rows
    ]


def test_templates_are_part_of_the_page():
    head = page(text("云州质协工作简报", 60, 15))
    found = extract(
        page(text(LEFT[0], 20, 40), templates=["1"]),
        page(text(RIGHT[0], 20, 40), templates=["1", "7"]),
        templates=[head],
    )
    assert [(line.text, line.page) for line in found.lines] == [
        ("云州质协工作简报", 1),
        (LEFT[0], 1),
        ("云州质协工作简报", 2),
        (RIGHT[0], 2),
    ]


def test_all_documents_of_a_package_are_read_and_their_pages_counted_on():
    found = ofd_reader.extract(
        ofd(document(page(text(LEFT[0], 20, 40))), document(page(text(RIGHT[0], 20, 40))))
    )
    assert [(line.text, line.page) for line in found.lines] == [(LEFT[0], 1), (RIGHT[0], 2)]


@pytest.mark.parametrize("root", ["", "/Doc_0/", "./", "../Doc_0/", "x/../"])
def test_locations_are_from_the_root_or_from_the_folder(root):
    assert texts(extract(page(text(TEXT, 20, 40)), root=root)) == [TEXT]


@pytest.mark.parametrize(
    ("deltas", "gaps"),
    [
        ('DeltaX="4 4 4 4"', "复工复产了"),
        ('DeltaX="g 4 4"', "复工复产了"),
        ('DeltaX="4 g 2 4 4"', "复工复产了"),
        ('DeltaX="4"', "复工复产了"),
        ("", "复工复产了"),
        (" ", "复工复产了"),
        ('DeltaX="4 g 1 12 4 4"', "复工 复产了"),
        ('DeltaX="g 1 4 g 3 4"', "复工复产了"),
        ('DeltaX="g 999999999 4"', "复工复产了"),
    ],
)
def test_steps_say_where_the_characters_stand(deltas, gaps):
    assert texts(extract(page(text("复工复产了", 20, 40, deltas=deltas)))) == [gaps]


def test_a_matrix_moves_and_stretches():
    moved = text(LEFT[1], 20, 40, CTM="1 0 0 1 0 6")
    small = text(LEFT[2], 20, 60, 1, CTM="4 0 0 4 0 0")
    assert texts(extract(page(small, moved, text(LEFT[0], 20, 40)))) == LEFT[:3]


def test_a_water_mark_comes_after_the_text_and_what_is_hidden_is_not_read():
    mark = text("内部资料", 40, 41, CTM="0.7 0.7 -0.7 0.7 0 0")
    hidden = text("看不见的字", 20, 60, Visible="false")
    assert texts(extract(page(mark, hidden, *lines(LEFT)))) == [*LEFT, "内部资料"]


def test_what_is_used_again_is_read_where_it_is_shown():
    unit = f'<ofd:CompositeGraphicUnit ID="5"><ofd:Content>{text("签发", 0, 4)}</ofd:Content>'
    resources = xml(
        f"Res {NAMESPACE}",
        f"<ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>",
    )
    shown = '<ofd:CompositeObject ResourceID="5" Boundary="20 80 50 10"/>'
    common = "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
    parts = document(page(shown, text(TEXT, 20, 40)), common=common)
    found = ofd_reader.extract(ofd({**parts, "DocumentRes.xml": resources}))
    assert texts(found) == [TEXT, "签发"]


def test_glyphs_without_characters_are_counted():
    drawn = "<ofd:CGTransform CodePosition='0'><ofd:Glyphs>7 8 9</ofd:Glyphs></ofd:CGTransform>"
    found = extract(
        page(
            text(TEXT, 20, 40, inside=drawn),
            text(" ", 20, 60, inside=drawn),
            text("", 20, 70, inside=drawn),
        )
    )
    assert texts(found) == [TEXT]
    (notice,) = found.notices
    assert notice.code == "unmapped_font"
    assert notice.sentence.en.startswith("6 characters on page 1 ")


def test_vertical_writing_and_pages_of_pictures_are_said():
    vertical = text("江澜市质量协会组织", 150, 40, deltas='DeltaY="g 8 5"')
    picture = '<ofd:ImageObject ResourceID="3" Boundary="0 0 210 297"/>'
    found = extract(page(vertical), page(picture), page())
    assert texts(found) == ["江澜市质量协会组织"]
    assert [(n.code, "1" in n.sentence.zh, "2" in n.sentence.zh) for n in found.notices] == [
        ("vertical_text", True, False),
        ("pages_without_text", False, True),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (ofd(document(page())), "empty"),
        (ofd(), "empty"),
        (ofd(document(page(text(TEXT, 1, 1))), **{"Encryptions.xml": "<x/>"}), "encrypted"),
        (ofd(document(), **{"Doc_0/Document.xml": "<broken"}), "damaged"),
        (ofd(**{"OFD.xml": "<a/>"}), "empty"),
        (ofd(document(page(text(TEXT, 1, 1)), root="/../../etc/")), "damaged"),
        (ofd(document(page(text(TEXT, 1, 1, CTM="a b c d e f")))), "damaged"),
        (ofd(document(page(text(TEXT, 1, 1, CTM="1 0 0 inf 0 nan")))), "damaged"),
        (ofd(document(page(text(TEXT, 1, 1, deltas='DeltaX="g -5 1"')))), "damaged"),
        (
            ofd(document(page("<ofd:PageBlock>" * 3_000 + "</ofd:PageBlock>" * 3_000))),
            "too_complex",
        ),
        (ofd(document(page(*[text("复" * 1000, 1, 1)] * 9000))), "too_complex"),
        (
            ofd(document(), **{"Doc_0/Document.xml": '<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>'}),
            "damaged",
        ),
        (
            ofd(
                document(),
                **{
                    "Doc_0/Document.xml": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d/>'
                },
            ),
            "damaged",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data, expected):
    assert reason(data) == expected


def test_a_unit_that_shows_itself_is_refused():
    again = '<ofd:CompositeObject ResourceID="5" Boundary="0 0 9 9"/>'
    inside = f"<ofd:Content>{again}{text('签发', 0, 4)}</ofd:Content>"
    unit = f'<ofd:CompositeGraphicUnit ID="5">{inside}</ofd:CompositeGraphicUnit>'
    resources = xml(f"Res {NAMESPACE}", unit)
    parts = document(page(again), common="<ofd:PublicRes>/Doc_0/Res.xml</ofd:PublicRes>")
    assert reason(ofd({**parts, "Res.xml": resources})) == "too_complex"


def test_too_many_pages_or_characters_are_refused(monkeypatch):
    monkeypatch.setattr(ofd_reader, "MOST_PAGES", 2)
    assert reason(ofd(document(*[page(text(TEXT, 20, 40))] * 3))) == "too_complex"
    monkeypatch.setattr(ofd_reader, "MOST_CHARACTERS", 20)
    assert reason(ofd(document(page(text(TEXT, 20, 40))))) == "too_complex"


@pytest.mark.fault
@pytest.mark.parametrize("seed", range(60))
def test_damage_is_refused_and_never_anything_else(seed):
    chance = random.Random(seed)
    data = bytearray(ofd(document(page(*lines(LEFT)), page(*lines(RIGHT)))))
    for _ in range(chance.randrange(1, 9)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with contextlib.suppress(UnreadableFile):
        assert ofd_reader.extract(bytes(data)).lines
