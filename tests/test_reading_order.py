"""What stands on a page is read once, columns one after the other and tables row by row."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.bulletin import Kind
from indexer.readers.reading_order import Piece, in_order

HEIGHT, PITCH, EM = 30.0, 50.0, 30.0


def at(x: float, row: float, text: str) -> Piece:
    top = row * PITCH
    return Piece(text, x, top, x + len(text) * EM, top + HEIGHT)


def texts(pieces: list[Piece]) -> list[str]:
    return [line.text for line in in_order(pieces)]


LEFT = [f"左边第{n}行是连续的正文" for n in "一二三四五六"]
RIGHT = [f"右边第{n}行是连续的正文" for n in "一二三四五六"]
"""Running text, in which each line goes on with the one above."""


def columns(left: list[str], right: list[str], first: int = 0) -> list[Piece]:
    return [
        *(at(0, first + n, text) for n, text in enumerate(left)),
        *(at(450, first + n, text) for n, text in enumerate(right)),
    ]


def test_a_line_that_is_full_goes_on_in_the_next_unless_that_is_indented() -> None:
    pieces = [
        at(60, 0, "第一段首空两格到行末共十六字为止"),
        at(0, 1, "第一段的第二行也是满的一共十八个字左右"),
        at(0, 2, "二、四两天。"),
        at(60, 3, "第二段首空两格到行末共十六字。没"),
        at(0, 4, "有完。"),
    ]
    first, second = "".join(p.text for p in pieces[:3]), "".join(p.text for p in pieces[3:])
    assert texts(pieces) == [first, second]


def test_columns_are_read_one_after_the_other() -> None:
    assert texts(columns(LEFT, RIGHT)) == ["".join(LEFT), "".join(RIGHT)]


def test_a_longer_column_stays_whole() -> None:
    for short, long in ((LEFT[:4], RIGHT), (LEFT, RIGHT[:4])):
        assert texts(columns(short, long)) == ["".join(short), "".join(long)]


def test_a_title_across_parts_what_is_above_from_what_is_below() -> None:
    title = at(100, 7, "一个横贯两栏的标题也就是通栏标题")
    pieces = [*columns(LEFT, RIGHT), title, *columns(RIGHT, LEFT, 9)]
    left, right = "".join(LEFT), "".join(RIGHT)
    assert texts(pieces) == [left, right, title.text, right, left]


def test_what_stands_far_below_the_columns_is_read_after_them() -> None:
    assert texts([*columns(LEFT, RIGHT), at(0, 9, "报送：各单位")])[-1] == "报送：各单位"


def test_a_table_is_read_row_by_row() -> None:
    rows = [["单位", "捐款", "口罩"], ["江澜质协", "128.5", "20"], ["东湾质协", "96", "12"]]
    pieces = [at(300 * n, r, cell) for r, row in enumerate(rows) for n, cell in enumerate(row)]
    lines = in_order([*pieces, at(0, 3, "说明：以上各项由各单位自行填报")], page=2)
    assert [line.text for line in lines[:3]] == ["\t".join(row) for row in rows]
    assert {line.kind for line in lines[:3]} == {Kind.ROW}
    assert lines[3].kind is Kind.PARAGRAPH
    assert {line.page for line in lines} == {2}


def test_two_things_on_one_line_are_one_line() -> None:
    assert texts([at(0, 0, "云州质协编"), at(600, 0.1, "2020年3月18日"), at(0, 2, "正文")]) == [
        "云州质协编    2020年3月18日",
        "正文",
    ]


def test_indents_and_gaps_are_counted() -> None:
    pieces = [at(60, 0, "空两格的一行"), at(0, 1, "顶格的一行"), at(0, 3, "隔了一行")]
    pieces += [at(0, 4, "顶格"), at(0, 5, "顶格而且更长的一行到此为止")]
    assert [(line.indent, line.gap) for line in in_order(pieces)][:3] == [(4, 0), (0, 0), (0, 1)]


@given(
    st.lists(
        st.builds(
            at,
            st.integers(0, 40).map(lambda n: n * 25.0),
            st.integers(0, 60).map(lambda n: n / 4),
            st.text("甲乙丙丁", min_size=1, max_size=12),
        ),
        max_size=40,
    )
)
@settings(deadline=None)
def test_every_piece_is_read_exactly_once_wherever_it_stands(pieces: list[Piece]) -> None:
    read = Counter("".join("".join(texts(pieces)).split()))
    assert read == Counter("".join(piece.text for piece in pieces))
