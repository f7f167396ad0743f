"""What stands elsewhere too is found whole, where it is, and formulae do not count."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import folded
from test_overlap import plain_runs

from indexer import reprints
from indexer.analysis import Segmenter, analyse, cut
from indexer.analysis.overlap import Run
from indexer.answer import Ranges, Reprint
from indexer.bulletin import Block, Bulletin, Kind, Source
from indexer.document import UnitSequence
from indexer.engines.memory import MemoryEngine
from indexer.engines.whoosh import WhooshEngine, WhooshWriter

SEGMENTER = Segmenter()
HAN = "复工产会质量协志愿者海棠市举办合唱比赛节水宣传"
LONG = (
    "走访组一行先后到三家纺织厂，看了来料检验和车间温湿度记录，提出了改进的意见，"
    "学习班讲解了测量系统分析的做法，学员用自带的卡尺当堂练习。"
)


def bulletin(id: str, *lines: str, date: str = "") -> Bulletin:
    source = Source(f"{id}.txt", "text/plain", "utf-8", "0" * 64, 1)
    return Bulletin(id, source, f"题{id}", tuple(Block(line) for line in lines), date=date)


def engine_of(*bulletins: Bulletin, group: str = "") -> MemoryEngine:
    return MemoryEngine(analyse(each, SEGMENTER) for each in bulletins)


def text_of(found: Bulletin, ranges: Ranges) -> str:
    return "\n".join(found.blocks[block].text[start:stop] for block, start, stop in ranges)


def covered(ranges: Ranges) -> set[tuple[int, int]]:
    return {(block, at) for block, start, stop in ranges for at in range(start, stop)}


@st.composite
def collections(draw: st.DrawFn) -> list[list[str]]:
    """Up to eight texts that were put together of a few pieces, some new text between."""
    rng = random.Random(draw(st.integers(0, 9999)))
    pieces = ["".join(rng.choices(HAN, k=rng.randint(2, 14))) for _ in range(5)]

    def line() -> str:
        new = ("".join(rng.choices(HAN, k=rng.randint(0, 5))) for _ in range(9))
        return "".join(rng.choice([rng.choice(pieces), each]) for each in new)

    return [[line() for _ in range(rng.randint(1, 3))] for _ in range(draw(st.integers(1, 8)))]


@settings(deadline=None, max_examples=150)
@given(collections())
def test_they_are_all_long_runs_that_two_bulletins_share_with_rare_seeds(
    texts: list[list[str]],
) -> None:
    with pytest.MonkeyPatch.context() as smaller:
        for name, value in (("LEAST", 9), ("SEED", 4), ("STRIDE", 3), ("FEW", 2)):
            smaller.setattr(reprints, name, value)
        bulletins = [bulletin(f"b-{n}", *lines) for n, lines in enumerate(texts)]
        engine = engine_of(*bulletins)
        found = {each.id: each for each in reprints.reprints(engine, bulletins[0])}
        units = [cut("\n".join(lines)).sequence.spelled() for lines in texts]
        for other, theirs in list(zip(bulletins, units, strict=True))[1:]:
            expected: set[tuple[int, int]] = set()
            for run in plain_runs(units[0], theirs, 9):
                seeds = [
                    units[0][at : at + 4]
                    for at in range(0, len(units[0]), 3)
                    if run.here <= at and at + 4 <= run.here + run.length
                ]
                rare = [seed for seed in seeds if sum(map(stands_in(seed), units[1:])) <= 2]
                if 2 * len(rare) >= len(seeds):
                    expected |= places(texts[0], run.here, run.length)
            passages = found[other.id].passages if other.id in found else ()
            assert set().union(*(covered(each.here) for each in passages)) == expected
            for each in passages:
                assert each.text == text_of(bulletins[0], each.here)
                assert folded(each.text) == folded(text_of(other, each.there))


def stands_in(seed: tuple[str, ...]):  # type: ignore[no-untyped-def]
    return lambda units: any(units[at : at + len(seed)] == seed for at in range(len(units)))


def places(lines: list[str], start: int, length: int) -> set[tuple[int, int]]:
    """Return block and character of the units of a text that is all Han."""
    every = [(block, at) for block, line in enumerate(lines) for at in range(len(line))]
    return set(every[start : start + length])


def test_a_passage_is_found_over_breaks_and_other_writings_of_its_characters() -> None:
    torn = LONG.replace("提出了", "提出\n了").replace("，", ",").replace("学", "學")
    one = bulletin("b-1", "前言不同。" + LONG[:30], LONG[30:] + "后语不同。")
    other = bulletin("b-2", "另有一段", "别的话：" + torn + "此外还有别的。")
    (found,) = reprints.reprints(engine_of(one, other), one)
    (passage,) = found.passages
    assert not {passage.text[0], passage.text[-1]} & set("，。")
    assert [block for block, *_ in passage.here] == [0, 1]
    assert [block for block, *_ in passage.there] == [1]
    assert text_of(one, passage.here).replace("\n", "").strip("。") in LONG
    assert folded(text_of(other, passage.there)) == folded(text_of(one, passage.here))


def test_what_stands_in_many_bulletins_is_a_formula() -> None:
    few = [bulletin(f"b-{n}", f"第{n}份", LONG) for n in range(reprints.FEW + 1)]
    assert len(reprints.reprints(engine_of(*few), few[0])) == reprints.FEW
    many = [*few, bulletin("b-9", LONG)]
    assert reprints.reprints(engine_of(*many), few[0]) == ()


def test_what_is_shorter_does_not_count() -> None:
    same = LONG[: reprints.LEAST - 1]
    for shared, wanted in ((same, 0), (LONG[: reprints.LEAST], 1)):
        one, other = bulletin("b-1", shared + "甲"), bulletin("b-2", shared + "乙")
        assert len(reprints.reprints(engine_of(one, other), one)) == wanted


@pytest.mark.parametrize("before", range(reprints.STRIDE))
@pytest.mark.parametrize("common", range(3))
def test_the_shortest_passage_is_found_wherever_it_begins_with_two_of_its_three_seeds_rare(
    before: int, common: int
) -> None:
    one = bulletin("b-1", "甲" * before + LONG[: reprints.LEAST])
    other = bulletin("b-2", "乙" + LONG[: reprints.LEAST])
    at = -before % reprints.STRIDE + common * reprints.STRIDE
    many = [bulletin(f"b-3{n}", f"丙{LONG[at : at + reprints.SEED]}丙") for n in range(9)]
    (found,) = reprints.reprints(engine_of(one, other, *many), one)
    assert found.id == "b-2"


def test_who_shares_fewer_seeds_than_any_passage_is_not_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[int] = []
    honest = reprints.common_runs

    def counting(one: UnitSequence, other: UnitSequence, least: int) -> list[Run]:
        compared.append(len(other.spelled()))
        return honest(one, other, least)

    monkeypatch.setattr(reprints, "common_runs", counting)
    one, passage = bulletin("b-1", LONG), bulletin("b-2", LONG + "丙丁")
    fragment = bulletin("b-3", "丙" + LONG[: reprints.SEED] + "丙")
    found = reprints.reprints(engine_of(one, passage, fragment), one)
    assert [each.id for each in found] == ["b-2"]
    assert compared == [len(cut(LONG + "丙丁").sequence.spelled())]


def test_masthead_and_distribution_do_not_count() -> None:
    for kind in (Kind.MASTHEAD, Kind.DISTRIBUTION):
        one, other = (
            replace(bulletin(id, f"第{id}份"), blocks=(Block(LONG, kind), Block(f"第{id}份")))
            for id in ("b-1", "b-2")
        )
        assert reprints.reprints(engine_of(one, other), one) == ()


def test_copies_of_the_bulletin_are_no_reprints_and_other_copies_are_shown_once() -> None:
    groups = {"b-1": "b-1", "b-2": "b-1", "b-3": "b-3", "b-4": "b-3", "b-5": "b-5"}
    all_ = [bulletin(id, LONG) for id in groups]
    engine = MemoryEngine(analyse(each, SEGMENTER, groups[each.id]) for each in all_)
    assert [each.id for each in reprints.reprints(engine, all_[0])] == ["b-3", "b-5"]


@pytest.mark.parametrize(
    ("theirs", "order"),
    [
        ("2020-03-17", "earlier"),
        ("2019", "earlier"),
        ("2020-03-19", "later"),
        ("2020-03-18", "same"),
        ("2020-03", "unknown"),
        ("2020", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_earlier_date_comes_first_and_no_date_is_stretched(theirs: str, order: str) -> None:
    one = bulletin("b-1", LONG, date="2020-03-18")
    last = bulletin("b-0", LONG)
    other = bulletin("b-2", LONG, date=theirs)
    found = reprints.reprints(engine_of(one, other, last), one)
    assert {each.id: each.order for each in found} == {"b-2": order, "b-0": "unknown"}
    assert [each.id for each in found] == (["b-2", "b-0"] if theirs else ["b-0", "b-2"])


def test_both_engines_give_the_same(tmp_path: Path) -> None:
    all_ = [bulletin(f"b-{n}", LONG[n * 3 :], f"第{n}份") for n in range(4)]
    documents = [analyse(each, SEGMENTER) for each in all_]
    writer = WhooshWriter(tmp_path, batch_units=100)
    for document in documents:
        writer.add(document)
    writer.finish()
    engine = WhooshEngine(tmp_path)
    for each in all_:
        found: tuple[Reprint, ...] = reprints.reprints(engine, each)
        assert found == reprints.reprints(MemoryEngine(documents), each)
        assert len(found) == 3
    engine.close()


def test_marks_never_touch_and_hold_all_passages() -> None:
    passages: list[Ranges] = [((0, 3, 9), (1, 0, 4)), ((0, 8, 12),), ((0, 20, 22),)]
    assert reprints.marks(passages) == {0: ((3, 12), (20, 22)), 1: ((0, 4),)}
