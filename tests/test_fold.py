"""Two characters are the same where a reader takes them for the same."""

from __future__ import annotations

import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain import folded as plainly_folded

from indexer.analysis.fold import fold

anything = st.text(st.characters(codec=None), max_size=60)
chinese = st.text(
    "第２７期27期QCqc，。、…！ \t\n“”（）〔〕國国後后⼯工㈠①②10³é\u0301\u200b─", max_size=60
)


@pytest.mark.parametrize(
    ("text", "folded", "why"),
    [
        ("第２７期", "第27期", "full width is a matter of typesetting"),
        ("⼯作⾼效", "工作高效", "PDF files spell with radicals"),
        ("國務院、後來", "国务院,后来", "traditional characters, one by one"),
        ("QC小组", "qc小组", "case is a matter of style"),
        ("复工\n 复\u3000产", "复工复产", "a word is cut by lines, pages and typesetting"),
        (
            "QC (PDCA) 500\t23",
            "qc pdca 500 23",
            "white space parts Latin words",
        ),
        (
            "“新疆质协”《章程》〔2020〕15号",
            "新疆质协章程2020 15号",
            "brackets vanish, but part numbers",
        ),
        ("，。；：！？、…", "," * 8, "a clause mark is a clause mark"),
        ("①②，10③", "1 2,10 3", "a circled number is a number of its own"),
        ("⑴（一）㈠", "1一一", "and so is one in parentheses"),
        ("㎡ ℃", "m2°c", "one sign for several letters"),
        ("cafe\u0301", "café", "a letter and its accent are one character"),
        ("复\u200b工\ufeff复\u00ad产", "复工复产", "what is invisible is not there"),
        ("x\ud800y", "xy", "nor is half a character"),
    ],
)
def test_folding(text: str, folded: str, why: str) -> None:
    assert fold(text).text == folded, why


@given(chinese)
def test_it_is_what_the_contract_says(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert fold(text).text == plainly_folded(composed)


@given(anything)
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(anything)
def test_every_folded_character_says_where_it_came_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.codes) == len(folded.classes) == len(folded.starts) == len(folded.stops)
    assert (folded.starts < folded.stops).all()
    assert (folded.starts[1:] >= folded.starts[:-1]).all()
    assert not len(folded.stops) or folded.stops.max() <= len(text)


@given(chinese)
def test_the_origin_of_a_character_folds_to_it(text: str) -> None:
    folded = fold(text)
    for char, start, stop in zip(folded.text, folded.starts, folded.stops, strict=True):
        assert char == " " or char in fold(text[start:stop]).text


def test_folding_is_linear() -> None:
    def seconds(text: str) -> float:
        started = time.perf_counter()
        fold(text)
        return time.perf_counter() - started

    for unit in ("复", "①", "e\u0301", " ", "a ", "\u0301", "（"):
        seconds(unit)
        assert seconds(unit * 100_000) < 1.0, unit


def test_all_of_unicode_folds() -> None:
    text = "".join(map(chr, range(0x110000)))
    assert isinstance(fold(text).codes, np.ndarray)
