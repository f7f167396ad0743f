"""A text is a sequence of units, each with its place."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import cut, cut_blocks, loops, spell
from indexer.analysis.fold import fold
from indexer.analysis.units import cut_folded

COMPILED = importlib.util.find_spec("indexer.analysis.compiled") is not None

anything = st.text(st.characters(codec=None), max_size=40)
mixed = st.text("第2７期27QC Ａb，。（） \t复工①é", max_size=40)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("第27期", ["第", "27", "期"]),
        ("QC小组2020年", ["qc", "小", "组", "2020", "年"]),
        ("TCL、立白", ["tcl", ",", "立", "白"]),
        ("34461.73元", ["34461", ",", "73", "元"]),
        ("超过30%", ["超", "过", "30", "%"]),
        ("COVID19", ["covid", "19"]),
        ("500\t23", ["500", "23"]),
        ("カナ한글", ["カ", "ナ", "한", "글"]),
        ("", []),
        (" “” ", []),
    ],
)
def test_units(text: str, units: list[str]) -> None:
    assert list(spell(text)) == units


@given(anything)
def test_each_unit_is_spelled_by_its_own_place(text: str) -> None:
    units = cut(text)
    for unit, start, stop in zip(units.sequence.spelled(), units.starts, units.stops, strict=True):
        assert unit in spell(text[start:stop])
    assert (units.starts[1:] >= units.starts[:-1]).all()


@given(st.one_of(anything, mixed, st.text("aB1２ \u200b\u0301①½㎡é复，(", max_size=40)))
def test_a_text_is_cut_as_what_it_folds_to(text: str) -> None:
    """In one loop, where that was compiled, and by arrays."""
    quick, plain = cut(text), cut_folded(fold(text))
    assert quick.sequence.names == plain.sequence.names
    assert quick.sequence.codes.tolist() == plain.sequence.codes.tolist()
    assert quick.starts.tolist() == plain.starts.tolist()
    assert quick.stops.tolist() == plain.stops.tolist()
    assert quick.sequence.codes.dtype == plain.sequence.codes.dtype
    assert quick.starts.dtype == quick.stops.dtype == plain.starts.dtype


def test_what_was_compiled_is_used() -> None:
    assert loops.IS_COMPILED == COMPILED


@pytest.mark.parametrize("version", ["None", "-1"])
def test_what_was_not_compiled_of_this_version_is_not_used(version: str) -> None:
    program = (
        "import sys, types; module = types.ModuleType('compiled'); module.cut = None;"
        f"module.VERSION = {version}; sys.modules['indexer.analysis.compiled'] = module;"
        "from indexer.analysis import spell; print(len(spell('第27期')))"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "3\n"


@given(mixed, mixed)
def test_white_space_between_two_texts_parts_only_words_and_numbers(a: str, b: str) -> None:
    assert spell(a) + spell(b) == spell(f"{a}\n{b}")


@given(st.lists(mixed, max_size=5))
def test_blocks_are_cut_as_one_text_and_no_unit_spans_two(texts: list[str]) -> None:
    units = cut_blocks(texts)
    assert units.sequence.spelled() == spell("\n".join(texts))
    for unit, block, start, stop in zip(
        units.sequence.spelled(), units.blocks, units.starts, units.stops, strict=True
    ):
        assert 0 <= start < stop <= len(texts[block])
        assert unit in spell(texts[block][start:stop])


def test_what_combines_with_nothing_belongs_to_its_own_text():
    units = cut_blocks(["复", "\u0301工"])
    assert units.sequence.spelled() == ("复", "\u0301", "工")
    places = zip(
        *(part.tolist() for part in (units.blocks, units.starts, units.stops)), strict=True
    )
    assert list(places) == [(0, 0, 1), (1, 0, 1), (1, 1, 2)]
