"""Bulletins about the same things are shown, and nothing when there are none."""

from __future__ import annotations

from indexer import similar
from indexer.analysis import Segmenter, analyse
from indexer.bulletin import Block, Bulletin, Source
from indexer.engines.memory import MemoryEngine

SEGMENTER = Segmenter()
TEXTS = {
    "b-1": "协会举办合唱比赛，八支合唱队登台，评委为合唱队打分，歌声嘹亮，掌声热烈。",
    "b-2": "合唱比赛圆满落幕，八支合唱队先后登台，歌声嘹亮，评委逐一点评，观众掌声热烈。",
    "b-3": "节水宣传周启动，志愿者走进社区，讲解水表读数和漏水检查的办法。",
    "b-4": "社区志愿者继续节水宣传，检查漏水，更换水表，走进二十个小区。",
    "b-5": "消防演练在仓库举行，灭火器全部更换。",
}


def bulletin(id: str, text: str) -> Bulletin:
    source = Source(f"{id}.txt", "text/plain", "utf-8", "0" * 64, 1)
    return Bulletin(id, source, text[:6], (Block(text),), date="2021-05-05")


def found(texts: dict[str, str], groups: dict[str, str] | None = None) -> dict[str, list[str]]:
    all_ = [bulletin(id, text) for id, text in texts.items()]
    engine = MemoryEngine(analyse(b, SEGMENTER, (groups or {}).get(b.id, "")) for b in all_)
    return {b.id: [s.id for s in similar.similar(engine, SEGMENTER, b)] for b in all_}


def test_those_on_one_subject_find_each_other_and_what_stands_alone_finds_nothing() -> None:
    assert found(TEXTS) == {
        "b-1": ["b-2"],
        "b-2": ["b-1"],
        "b-3": ["b-4"],
        "b-4": ["b-3"],
        "b-5": [],
    }


def test_copies_are_left_out_and_those_of_others_are_shown_once() -> None:
    texts = TEXTS | {"b-6": TEXTS["b-1"], "b-7": TEXTS["b-2"]}
    groups = {"b-6": "b-1", "b-7": "b-2"}
    assert found(texts, groups)["b-1"] == ["b-2"]
    assert len(found(texts, groups)["b-2"]) == 1


def test_likeness_is_a_share_and_the_best_comes_first() -> None:
    texts = {f"b-{n}": TEXTS["b-1"] + "节水宣传漏水水表社区" * n for n in range(12)}
    all_ = [bulletin(id, text) for id, text in (texts | {"b-x": TEXTS["b-5"]}).items()]
    engine = MemoryEngine(analyse(each, SEGMENTER) for each in all_)
    shown = similar.similar(engine, SEGMENTER, all_[0])
    assert len(shown) == similar.MOST
    likeness = [each.likeness for each in shown]
    assert likeness == sorted(likeness, reverse=True)
    assert all(similar.THIN <= each <= 1 for each in likeness)
    assert (shown[0].date, shown[0].title) == ("2021-05-05", TEXTS["b-1"][:6])


def test_without_words_there_is_nothing_alike() -> None:
    assert found({"b-1": "", "b-2": "，。", "b-3": "12 34"}) == {"b-1": [], "b-2": [], "b-3": []}
