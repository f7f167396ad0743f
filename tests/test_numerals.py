"""A numeral means the same number however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.numerals import LARGEST, to_chinese, to_int

numbers = st.integers(0, LARGEST)


@given(numbers)
def test_a_number_written_in_chinese_reads_back_as_itself(number):
    assert to_int(to_chinese(number)) == number


@given(numbers, st.integers(0, 4))
def test_arabic_digits_of_either_width_and_with_leading_zeros_read_the_same(number, zeros):
    narrow = "0" * zeros + str(number)
    wide = narrow.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert to_int(narrow) == to_int(wide) == number


@given(numbers)
def test_digits_spelled_one_by_one_read_by_place(number):
    spelled = str(number).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    assert to_int(spelled) == number


@given(st.text(max_size=20))
def test_any_string_has_a_number_in_range_or_none(text):
    value = to_int(text)
    assert value is None or 0 <= value <= LARGEST


def bare(written):
    """Zeros only part places, and the 一 of 一十 may be left out."""
    return written.replace("零", "").replace("一十", "十")


@given(st.text(alphabet="零一二三四五六七八九十百千万", min_size=1, max_size=9))
def test_a_numeral_with_units_means_what_it_would_be_written_as(text):
    value = to_int(text)
    if value is not None and set(text) & set("十百千万"):
        assert bare(to_chinese(value)) == bare(text)


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("二十七", 27),
        ("廿五", 25),
        ("卅", 30),
        ("二五", 25),
        ("〇", 0),
        ("零二七", 27),
        ("２７", 27),
        ("027", 27),
        ("一百二十八", 128),
        ("一百零三", 103),
        ("一百十二", 112),
        ("十", 10),
        ("两千零二十", 2020),
        ("二○二○", 2020),
        ("贰拾柒", 27),
        ("九万九千九百九十九", 99_999),
    ],
)
def test_the_usual_writings(numeral, number):
    assert to_int(numeral) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "十百",
        "百十",
        "二十十",
        "二三十",
        "一百二",
        "一百零",
        "一千二千",
        "27期",
        "2七",
        "-1",
        "100000",
        "十万",
    ],
)
def test_what_is_not_a_numeral_in_range_is_none(text):
    assert to_int(text) is None


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_a_number_out_of_range_cannot_be_written(number):
    with pytest.raises(ValueError, match=str(number)):
        to_chinese(number)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "零"),
        (10, "十"),
        (27, "二十七"),
        (103, "一百零三"),
        (110, "一百一十"),
        (10_010, "一万零一十"),
    ],
)
def test_numbers_are_written_as_usual(number, written):
    assert to_chinese(number) == written
