"""A page is read as a person reads it, whatever the order in which the file paints it."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.bulletin import Kind
from indexer.readers.page_layout import lay_out
from indexer.readers.page_runs import Piece

SIZE = 10.0
PITCH = 15.0
TEXT = (
    "江澜市质量协会组织专家走访二十家会员企业帮助它们恢复生产"
    "云州省把线上课程排成两期报名的班组长超过千人"
)


def at(text: str, left: float, base: float, size: float = SIZE) -> list[Piece]:
    """The characters of one line, as a PDF has them."""
    return [
        Piece(c, left + n * size, left + (n + 1) * size, base, size) for n, c in enumerate(text)
    ]


def column(seed: int, lines: int, width: int) -> list[str]:
    """Running text: full lines, the last one of each paragraph shorter."""
    chance = random.Random(seed)
    full = ["".join(chance.choices(TEXT, k=width)) for _ in range(lines)]
    return [line[: width // 2] if n % 5 == 4 else line for n, line in enumerate(full)]


def page(*columns: list[str], top: float = 100.0, gutter: float = 20.0, skew: float = 0.0):
    """The lines of columns side by side, each with its place."""
    left = 50.0
    placed = []
    for number, lines in enumerate(columns):
        width = max(map(len, lines)) * SIZE
        placed += [at(line, left, top + number * skew + n * PITCH) for n, line in enumerate(lines)]
        left += width + gutter
    return placed


def texts(lines: list[list[Piece]]) -> list[str]:
    return [line.text for line in lay_out([piece for line in lines for piece in line], 1).lines]


def across(lines: list[list[Piece]]) -> list[list[Piece]]:
    """The same lines painted from the top, over all columns."""
    return sorted(lines, key=lambda line: (line[0].base, line[0].left))


@given(
    st.integers(2, 3),
    st.integers(5, 30),
    st.integers(10, 24),
    st.sampled_from([0.0, 4.0, 7.5]),
    st.randoms(use_true_random=False),
)
def test_columns_are_read_one_after_another_in_whatever_order_they_are_painted(
    beside, length, width, skew, chance
):
    columns = [column(chance.randrange(10**6), length, width) for _ in range(beside)]
    lines = page(*columns, skew=skew)
    wanted = [line for each in columns for line in each]
    assert texts(lines) == texts(across(lines)) == wanted
    chance.shuffle(lines)
    assert texts(lines) == wanted


def test_a_headline_over_both_columns_parts_what_is_above_it_from_what_is_below():
    above = [column(n, 6, 18) for n in (1, 2)]
    below = [column(n, 6, 18) for n in (3, 4)]
    headline = at("云州质协全力支持复工复产情况综述", 90, 215, 20)
    lines = [*page(*above), headline, *page(*below, top=250)]
    assert texts(across(lines)) == [
        *(line for each in above for line in each),
        "云州质协全力支持复工复产情况综述",
        *(line for each in below for line in each),
    ]


def test_a_table_over_both_columns_is_read_by_its_rows():
    above = [column(n, 6, 18) for n in (1, 2)]
    cells = [("单位", "数量", "比例"), ("轴承厂", "12", "40%"), ("泵业公司", "18", "60%")]
    rows = [
        [p for x, cell in zip((50, 200, 330), row, strict=True) for p in at(cell, x, 220 + n * 15)]
        for n, row in enumerate(cells)
    ]
    below = [column(n, 6, 18) for n in (3, 4)]
    lines = across([*page(*above), *rows, *page(*below, top=290)])
    found = texts(lines)
    assert found[12:15] == ["\t".join(row) for row in cells]
    assert found[15:] == [line for each in below for line in each]


def test_the_cells_of_a_table_are_no_columns():
    cells = [(f"第{n}车间", "合格", f"{n * 13}", "无") for n in range(1, 9)]
    rows = [
        [p for x, cell in zip((50, 170, 290, 410), row, strict=True) for p in at(cell, x, n * 15)]
        for n, row in enumerate(cells, start=3)
    ]
    pieces = [piece for row in rows for piece in row]
    assert [(line.kind, line.text) for line in lay_out(pieces, 1).lines] == [
        (Kind.ROW, "\t".join(row)) for row in cells
    ]


def test_the_lines_of_one_cell_stay_together():
    first, second = column(1, 3, 8), column(2, 3, 8)
    lines = [*page(first, top=100), *(line for line in page(["x" * 30], second, top=100)[1:])]
    assert texts(lines) == [*first, *second]


def test_a_masthead_and_a_foot_are_no_part_of_a_column():
    columns = [column(n, 12, 18) for n in (1, 2)]
    lines = [
        at("云州质协工作简报", 160, 50, 20),
        [*at("云州质量协会", 70, 70), *at("二月", 410, 70)],
        *page(*columns, top=110),
        at("—1—", 60, 330),
    ]
    assert (
        texts(lines)
        == texts(across(lines))
        == [
            "云州质协工作简报",
            "云州质量协会 二月",
            *(line for each in columns for line in each),
            "—1—",
        ]
    )


def test_a_running_head_over_the_left_column_is_not_joined_with_its_text():
    columns = [column(n, 12, 12) for n in (1, 2, 3)]
    lines = [at("云州质协工作简报第二七", 50, 60), *page(*columns, top=100)]
    found = lay_out([piece for line in lines for piece in line], 1).lines
    assert [(line.text, line.columns) for line in found] == [
        ("云州质协工作简报第二七", 1),
        *((line, 3) for each in columns for line in each),
    ]


def test_a_signature_at_the_right_is_no_column():
    body = ["".join(random.Random(n).choices(TEXT, k=40)) for n in range(5)]
    lines = [
        *page(body),
        at("特此通报", 70, 175),
        at("云州能源集团有限公司", 330, 220),
        at("七月二十二日", 350, 235),
        at("抄报：集团公司", 50, 265),
        at("抄送：工会团委", 50, 280),
    ]
    assert texts(lines) == ["".join(p.text for p in line) for line in lines]


def test_lines_say_their_indent_and_how_far_they_stand_apart():
    lines = [at(TEXT[2:20], 70, 100), *page(column(1, 4, 20), top=115), at(TEXT[:9], 50, 205)]
    found = lay_out([piece for line in lines for piece in line], 7).lines
    assert [line.indent for line in found] == [4, 0, 0, 0, 0, 0]
    assert [line.gap for line in found] == [0, 0, 0, 0, 0, 2]
    assert {line.page for line in found} == {7}


def test_a_headline_in_large_type_that_wraps_is_one_line():
    lines = [at("云州省各地质量协会帮助", 50, 80, 20), at("企业复工", 50, 106, 20)]
    assert texts([*lines, *page(column(1, 6, 22), top=140)])[0] == "云州省各地质量协会帮助企业复工"


def test_words_are_parted_by_gaps_and_letters_are_not():
    latin = [*at("Q", 50, 100), *at("C", 60.5, 100), *at("A", 74, 100), *at("小", 84, 100)]
    assert texts([latin]) == ["QC A小"]


def test_vertical_writing_is_left_in_the_order_of_the_file_and_said():
    lines = [
        [Piece(c, 300 - 20 * n, 310 - 20 * n, 100 + 12 * k, SIZE) for k, c in enumerate(text)]
        for n, text in enumerate((TEXT[:12], TEXT[12:30]))
    ]
    laid = lay_out([piece for line in lines for piece in line], 1)
    assert laid.vertical
    assert [line.text for line in laid.lines] == [TEXT[:12], TEXT[12:30]]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("复工a1。—"),
            st.floats(0, 600, allow_nan=False),
            st.floats(0, 800, allow_nan=False),
            st.floats(1, 40, allow_nan=False),
        ),
        max_size=60,
    )
)
def test_no_character_is_lost_or_read_twice(glyphs):
    pieces = [Piece(c, x, x + size, y, size) for c, x, y, size in glyphs]
    read = "".join(line.text for line in lay_out(pieces, 1).lines)
    assert sorted("".join(read.split())) == sorted(c for c, *_ in glyphs)


@pytest.mark.parametrize("step", [(0.0, 0.0), (20.0, 0.0), (0.0, 15.0), (13.0, 7.0)])
def test_a_page_of_very_many_pieces_is_read_in_proportion(step):
    pieces = [Piece("复", n * step[0], n * step[0] + 1, n * step[1], SIZE) for n in range(20_000)]
    assert sum(len("".join(x.text.split())) for x in lay_out(pieces, 1).lines) == len(pieces)


def test_every_line_is_on_its_page_in_order():
    lines = page(column(1, 9, 18), column(2, 9, 18))
    found = lay_out([piece for line in across(lines) for piece in line], 3).lines
    assert all(line.page == 3 and line.columns == 2 for line in found)
    assert all(a.text != b.text for a, b in pairwise(found))
