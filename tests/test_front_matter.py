"""Front matter is taken off a text, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.corrections import KEYS
from indexer.readers import ConfinedReader, Found
from indexer.readers.front_matter import take_off
from indexer.settings import Settings

TEXT = "云州质协组织志愿者服务队，助力会员单位复工复产。"
KEY = st.sampled_from([*KEYS, *(said.zh for said in KEYS.values())])
VALUE = st.text(st.characters(exclude_categories=["Cc", "Zl", "Zp", "Cs"]), max_size=20).filter(
    lambda value: value == value.strip() and not value.startswith(('"', "'"))
)


@given(
    st.lists(st.tuples(KEY, VALUE), min_size=1, max_size=9),
    st.sampled_from([":", "：", ": "]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.text(max_size=60),
)
def test_what_is_stated_comes_off_and_every_character_below_it_stays(
    pairs: list[tuple[str, str]], colon: str, end: str, below: str
) -> None:
    lines = ["---", *(f"{key}{colon}{value}" for key, value in pairs), "---", below]
    assert take_off(end.join(lines)) == (tuple(pairs), below)


@pytest.mark.parametrize(
    "text",
    [
        f"{TEXT}\n---\n期号：27\n---\n",
        f"---\n{TEXT}\n---\n{TEXT}",
        f"---\n期号：27\n{TEXT}\n---\n",
        f"---\n期号：27\n报送：省质协\n---\n{TEXT}",
        f"---\n期号：27\n\n{TEXT}",
        f"---\n---\n{TEXT}",
        "---\n期号：27",
        "",
    ],
)
def test_anything_else_is_text(text: str) -> None:
    assert take_off(text) == ((), text)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_it_is_neither_shown_nor_lost_on_the_way(tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / name).write_text(f"---\n期号：27\nTitle: '通报'\n---\n\n{TEXT}\n", encoding)
    with ConfinedReader(Settings()) as reader:
        read = reader.open(Found(tmp_path / name, name)).text()
    assert read is not None
    assert [block.text for block in read.blocks] == [TEXT]
    assert read.front == (("期号", "27"), ("Title", "通报"))


def test_a_line_without_end_is_looked_at_once() -> None:
    for text in ("---\n期号：" + " " * 10**6, "---\n" + "期" * 10**6, " " * 10**6 + "---\n"):
        assert take_off(text) == ((), text)
