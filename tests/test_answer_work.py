"""An answer does its work once: how often it reads, folds and unpacks, whatever the clock says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from handmade import bulletin

from indexer import Searcher, SearchRequest, searcher, snippets
from indexer.analysis import Segmenter, analyse
from indexer.bulletin import Block, Kind
from indexer.engines.memory import MemoryEngine
from indexer.query.parser import Parser

SEGMENTER = Segmenter()
TITLES = [
    f"{one}季复工复产工作会"
    for one in "春夏秋冬东南西北上下左右天地日月星辰山水金木火土风雨雷电云雪"
]


@pytest.fixture
def index() -> Searcher:
    made = [
        bulletin(Block(title, Kind.TITLE), "企业复工复产。" * 9 + before, title=title)
        for before, title in zip((TITLES[-1], *TITLES), TITLES, strict=False)
    ]
    documents = [analyse(each, SEGMENTER) for each in made]
    engine = MemoryEngine(
        type(each)(
            **{name: getattr(each, name) for name in each.__slots__} | {"id": id, "group": id}
        )
        for each, id in zip(documents, (f"b-{n}" for n in range(30)), strict=True)
    )
    return Searcher("000001", engine, SEGMENTER)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what is read, folded (in bulletins) and unpacked."""
    done: Counter[str] = Counter()

    def counted(where: Any, name: str, size: Callable[..., int]) -> None:
        before = getattr(where, name)

        def counting(*given: Any) -> Any:
            done[name] += size(*given)
            return before(*given)

        monkeypatch.setattr(where, name, counting)

    counted(Parser, "query", lambda *_: 1)
    counted(searcher, "load", lambda _: 1)
    counted(MemoryEngine, "standing", lambda *_: 1)
    counted(MemoryEngine, "total", lambda *_: 1)
    counted(snippets, "cut_blocks", lambda texts: sum(text in TITLES for text in texts))
    return done


@pytest.mark.parametrize("mode", ["all", "any", "exact"])
def test_a_query_is_read_once_for_all_modes(index: Searcher, work: Counter[str], mode: str) -> None:
    assert index.search(SearchRequest("企业复工复产", mode)).total == 30
    assert work["query"] == 1


@pytest.mark.parametrize(
    ("text", "mode", "counted"),
    [("企业", "all", 0), ("企业", "exact", 0), ("企业 OR 复工", "all", 1), ("企业 复工", "all", 2)],
)
def test_of_modes_that_ask_for_the_same_one_is_counted(
    index: Searcher, work: Counter[str], text: str, mode: str, counted: int
) -> None:
    modes = index.search(SearchRequest(text, mode)).modes
    assert work["total"] == counted
    assert modes == {each: index.search(SearchRequest(text, each)).total for each in modes}


def test_a_bulletin_is_unpacked_and_folded_once_and_only_if_it_is_shown(
    index: Searcher, work: Counter[str]
) -> None:
    result = index.search(SearchRequest("企业 复工复产 会", size=10))
    assert [len(hit.snippets) > 0 for hit in result.hits] == [True] * 10
    assert work["load"] == work["cut_blocks"] == 10


def test_of_names_that_may_have_been_meant_no_more_are_counted_than_are_worth_it(
    index: Searcher, work: Counter[str]
) -> None:
    result = index.search(SearchRequest("花季复工复产工作会"))
    assert result.corrections
    once = work["standing"]
    assert 1 < once <= 21  # the term, ten that look like it, ten that a part of it sounds like
    index.search(SearchRequest("花季复工复产工作会"))
    assert work["standing"] == once
