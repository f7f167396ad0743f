"""Any text is described, in linear time, without losing or moving a block."""

import importlib
import pkgutil
import re
import time

import pytest
from handmade import reading
from hypothesis import given
from hypothesis import strategies as st

import indexer.metadata
from indexer.bulletin import Kind
from indexer.metadata import describe


@given(st.lists(st.text(max_size=60), max_size=12), st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_described_without_losing_or_moving_a_block(lines, path, title):
    described = describe(reading(*lines, path=path, title=title), "b-1")
    assert [block.text for block in described.blocks] == lines
    at = 0
    for section in described.sections:
        assert section.start == at < section.stop
        if section.heading:
            assert described.blocks[section.start].kind in (Kind.HEADING, Kind.TITLE)
        at = section.stop
    assert at == len(lines)


WORDS = [
    "第27期",
    "简报",
    "2020年3月18日",
    "云岭质量协会",
    "公司",
    "（以下简称“",
    "”）",
    "报送：",
    "、",
    "一、",
]


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map("".join), max_size=15))
def test_any_mixture_of_the_genre_is_described_the_same_twice(lines):
    assert describe(reading(*lines), "b") == describe(reading(*lines), "b")


LONG = 100_000  # bytes in UTF-8
UNITS = [
    "第", "第1", "总第", "一", "十", "2020", "2020年", "2020年1", "民国", "〔", "〔2020", "(",
    "（以下简称", "（以下简称“云岭", "报送：", "报 ", " ", "\t", "、", "协会", "公司", "市",
    "江苏", "江苏省", "云岭质量协会、", "云岭公司：", "#", "No.", "A", "·", "简报", "简 ",
    "主办", "主办单位 ", "年", "2020-", "：", "１", "會", "。报：", "共印", "有限", "江苏的",
    "一、", "（一", "（", "-", "|", "——", "/文", "\n",
]  # fmt: skip
PATTERNS = {
    pattern: f"{module.__name__}.{name}"
    for module in map(
        importlib.import_module,
        (
            f"indexer.metadata.{info.name}"
            for info in pkgutil.iter_modules(indexer.metadata.__path__)
        ),
    )
    for name, pattern in vars(module).items()
    if isinstance(pattern, re.Pattern)
}


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.values())
def test_every_pattern_takes_linear_time_on_its_worst_input(pattern):
    for unit in UNITS:
        text = unit * (LONG // len(unit.encode()))
        took = seconds(pattern, text)
        # Four times as much text takes sixteen times as long where that is not so.
        assert took < 0.1 or took < 8 * seconds(pattern, text[: len(text) // 4]), unit


def seconds(pattern: re.Pattern[str], text: str) -> float:
    started = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - started


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("shape", ["one block", "a line each"])
def test_the_worst_input_takes_linear_time(unit, shape):
    def described(length: int) -> float:
        text = unit * (length // len(unit.encode()))
        cuts = [0] if shape == "one block" else range(0, len(text), 50)
        source = reading(*(text[n:] if len(cuts) == 1 else text[n : n + 50] for n in cuts))
        started = time.process_time()
        describe(source, "b")
        return time.process_time() - started

    took = described(LONG)
    assert took < 1.0 or took < 8 * described(LONG // 4)


def test_thousands_of_different_names_take_linear_time():
    digits = str.maketrans("0123456789", "甲丙丁戊己庚辛壬癸子")
    names = (f"江苏{str(n).translate(digits)}质量协会" for n in range(10_000))
    source = reading("、".join(names))
    started = time.process_time()
    described = describe(source, "b")
    assert time.process_time() - started < 2.0
    assert len(described.organizations) > 5_000
