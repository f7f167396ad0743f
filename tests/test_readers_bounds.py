"""No input makes a reader's work grow out of bounds."""

import contextlib
import time

import pytest

from indexer.errors import UnreadableFile
from indexer.readers import html, text
from indexer.readers.encoding import decode
from indexer.readers.extract import split_lines
from indexer.readers.repair import mend

TEXT = "江澜市质量协会组织专家走访会员企业。"
LENGTH = 100_000
SECONDS = 2  # a quadratic pattern takes minutes
PIECES = (
    *"（(【〔[<*_~`|#>-=!\\&1一第图 \t\n。“a复",
    *("- ", "* ", "[]", "[a](", "![", "<a ", "<!--", "**a", "*a ", "|-", "-|", "a:\n", "> "),
    *("（一", "1.", "1 ", "第1", "上接1", "年1月", "~{!", "<script", "a_", "\\*", "()", "(("),
)


@pytest.mark.parametrize("form", [text.extract, text.extract_markdown, html.extract])
@pytest.mark.parametrize("piece", PIECES)
def test_no_repetition_makes_reading_slow(piece, form):
    data = (TEXT + piece * (LENGTH // len(piece)) + TEXT).encode()
    started = time.process_time()
    with contextlib.suppress(UnreadableFile):
        mend(form(data).lines)
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    "line",
    [
        "(上接p21)",
        "图1 现场",
        "— 1 —",
        "复工复产" * 12,
        "一、",
        "报送：",
        "甲\t乙",
        "1",
        "复\f",
        "，",
    ],
)
def test_mending_takes_time_in_proportion_to_the_lines(line):
    lines = split_lines(f"{line}\n" * 50_000)
    started = time.process_time()
    mend(lines)
    assert time.process_time() - started < 5


def test_a_text_of_ten_million_characters_is_decoded_and_split_at_once():
    data = ("复工复产" * 2_500_000).encode("gb18030")
    started = time.process_time()
    assert len(split_lines(decode(data).text)) == 1
    assert time.process_time() - started < 3
