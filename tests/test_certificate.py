"""Random quotations show what a byte check cannot: that everything that can be read is found."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from conftest import CORPUS
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import folded
from plain import stands as plainly_stands

from indexer import Settings, builder, checking, rebuild, update, verify
from indexer.__main__ import main
from indexer.analysis import Segmenter, analyse, cut, is_mark
from indexer.analysis.fold import fold
from indexer.bulletin import Block, Bulletin, Source
from indexer.certificate import LEAST, LONGEST, certify, selections, stands
from indexer.document import Document
from indexer.engines.base import EngineQuery, Hit, Hits
from indexer.engines.generations import current, open_current
from indexer.engines.memory import MemoryEngine
from indexer.engines.whoosh.inversion import Inverter, Postings
from indexer.errors import IndexDamaged

SEGMENTER = Segmenter()
TIMELESS = 1e9
SNAGS = "复工会，。、（）“”《》 \n\t\u3000②①㈠㍿ﬁＱc3QC１2é\u0301々ノ한\u200b\u00ad⺟臺ß·—…%:："
"""What folding does something with, in one alphabet."""


def bulletin(id: str, *lines: str) -> Bulletin:
    source = Source(f"{id}.txt", "text/plain", "utf-8", "0" * 64, 1)
    return Bulletin(id, source, "", tuple(Block(line) for line in lines))


def engine_of(*bulletins: Bulletin) -> MemoryEngine:
    return MemoryEngine(analyse(each, SEGMENTER) for each in bulletins)


# The draw


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(SNAGS, max_size=30), min_size=1, max_size=4), st.integers(0, 99))
def test_a_sound_index_is_never_accused_whatever_the_text(lines: list[str], seed: int) -> None:
    engine = engine_of(bulletin("b-1", *lines), bulletin("b-2", "复工3QC会"))
    certificate = certify(engine, SEGMENTER, ["b-1"], 10, TIMELESS, seed)
    assert certificate.whole, certificate
    assert certificate.found == certificate.drawn <= 10


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(SNAGS, max_size=80), min_size=1, max_size=4), st.integers(0, 99))
def test_a_selection_stands_in_the_text_where_it_says_and_cuts_no_word(
    lines: list[str], seed: int
) -> None:
    quotation = next(selections(bulletin("b-1", *lines), random.Random(seed)), None)
    if quotation is None:
        return
    text = "\n".join(lines)
    at = sum(len(line) + 1 for line in lines[: quotation.paragraph - 1]) + quotation.offset
    assert text[at : at + len(quotation.text)] == quotation.text != ""
    assert quotation.offset <= len(lines[quotation.paragraph - 1])
    assert plainly_stands(folded(quotation.text), folded(text))


def test_selections_are_of_every_length_over_paragraph_breaks_and_of_marks_digits_and_latin() -> (
    None
):
    text = ("全市共有2134家企业（QC小组86个）参加活动，", "其中优秀的有“红旗”等3个；") * 3
    drawn = {
        quotation.text if quotation else ""
        for quotation in islice(selections(bulletin("b-1", *text), random.Random(1)), 2000)
    }
    assert {len(each) for each in drawn} >= set(range(1, LONGEST + 1))
    assert {"2134", "QC", "其"} <= drawn
    assert not {"21", "Q", "13"} & drawn
    assert any("\n" in each for each in drawn)
    assert any(each[0] in "，；（“" for each in drawn if each)


def test_a_seed_draws_the_same_and_another_seed_something_else() -> None:
    asked: list[EngineQuery] = []

    class Listening(MemoryEngine):
        def search(self, query: EngineQuery) -> Hits:
            asked.append(query)
            return super().search(query)

    engine = Listening([analyse(bulletin("b-1", "海棠市举办合唱比赛，共有八队参加。"), SEGMENTER)])
    first, again, other = (
        (asked.clear(), certify(engine, SEGMENTER, ["b-1"], 9, TIMELESS, seed), [*asked])[2]
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_what_has_nothing_to_look_for_is_not_drawn_from() -> None:
    engine = engine_of(bulletin("b-1", "，。", "  "), bulletin("b-2"), bulletin("b-3", ""))
    certificate = certify(engine, SEGMENTER, engine.ids(), 5, TIMELESS, 1)
    assert (certificate.drawn, certificate.whole) == (0, True)


def test_every_bulletin_is_drawn_from_once_before_any_is_twice_and_time_ends_it() -> None:
    engine = engine_of(*(bulletin(f"b-{n:02}", "海棠市举办合唱比赛") for n in range(60)))
    told: list[str] = []
    certificate = certify(
        engine, SEGMENTER, engine.ids(), 3, TIMELESS, 1, lambda done, total, id: told.append(id)
    )
    assert told == [*engine.ids()] * 3
    assert (certificate.drawn, certificate.drawn_from, certificate.bulletins) == (180, 60, 60)
    hurried = certify(engine, SEGMENTER, engine.ids(), 3, 0.0, 1)
    assert (hurried.drawn, hurried.drawn_from) == (LEAST, LEAST)


# What is wrong is named


def test_what_is_not_found_is_named_with_bulletin_place_and_text() -> None:
    whole = bulletin("b-1", "海棠市举办", "合唱比赛，共有八队参加")
    lacking = replace(analyse(bulletin("b-1", "海棠市举办"), SEGMENTER), stored="")
    stored = analyse(whole, SEGMENTER).stored
    engine = MemoryEngine([replace(lacking, stored=stored)])
    certificate = certify(engine, SEGMENTER, ["b-1"], 30, TIMELESS, 1)
    assert not certificate.whole
    assert 0 < certificate.found < 30
    for missed in certificate.missing:
        assert missed.id == "b-1"
        lines = "海棠市举办\n合唱比赛，共有八队参加"
        at = missed.offset + (6 if missed.paragraph == 2 else 0)
        assert lines[at:].startswith(missed.text)
    with pytest.raises(IndexDamaged, match=r"b-1.*没有查到") as refused:
        checking.refuse_unless_whole(certificate)
    assert "".join(certificate.missing[0].text.split()) in str(refused.value).replace(" ", "")


def test_what_is_found_where_it_does_not_stand_is_named_too() -> None:
    class Generous(MemoryEngine):
        def search(self, query: EngineQuery) -> Hits:
            return Hits(self.count, tuple(Hit(id, 0.0) for id in self.ids()), {})

    documents = [
        analyse(bulletin(id, text), SEGMENTER) for id, text in (("b-1", "合唱"), ("b-2", "节水"))
    ]
    certificate = certify(Generous(documents), SEGMENTER, ["b-1"], 5, TIMELESS, 1)
    assert (certificate.found, certificate.whole) == (5, False)
    assert {other for _, other in certificate.wrong} == {"b-2"}
    with pytest.raises(IndexDamaged, match="b-2"):
        checking.refuse_unless_whole(certificate)


@settings(deadline=None, max_examples=200)
@given(st.text(SNAGS, max_size=12), st.text(SNAGS, max_size=4))
def test_the_plain_search_is_the_oracles(text: str, wanted: str) -> None:
    quotation = folded(wanted)
    if quotation and not all(map(is_mark, cut(wanted).sequence.spelled())):
        assert stands(fold(wanted), fold(text)) == plainly_stands(quotation, folded(text))


# A damaged index


HONEST = Inverter.postings


def drops_every_hundredth_posting(self: Inverter) -> Postings:
    """The place of every 100th posting is that of the one before: it is found there no more."""
    postings = HONEST(self)
    positions = postings.pairs.positions.copy()
    hundredths = np.arange(100, len(positions), 100)
    positions[hundredths] = positions[hundredths - 1]
    return replace(postings, pairs=replace(postings.pairs, positions=positions))


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    return Settings(folders=(str(CORPUS),), index=str(tmp_path / "index"))


@pytest.mark.fault
@pytest.mark.parametrize("build", [rebuild, update])
def test_a_draft_that_lost_every_hundredth_posting_is_not_switched_to(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch, build: Callable[[Settings], object]
) -> None:
    rebuild(chosen)
    # With another encoding set an update reads everything anew.
    changed = replace(chosen, encoding="utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(Inverter, "postings", drops_every_hundredth_posting)
        with pytest.raises(IndexDamaged, match="没有查到"):
            build(changed)
    assert current(Path(chosen.index)) == "000001"
    assert verify(chosen, 5).whole


@pytest.mark.fault
def test_an_update_draws_from_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One new bulletin among many is the one that is lost."""
    folder = tmp_path / "bulletins"
    folder.mkdir()
    for number in range(150):
        (folder / f"{number}.txt").write_text(f"第{number}批节水宣传活动举行", "utf-8")
    chosen = Settings(folders=(str(folder),), index=str(tmp_path / "index"))
    rebuild(chosen)
    (folder / "new.txt").write_text("海棠市举办合唱比赛，共有八队参加。", "utf-8")
    add = builder.WhooshWriter.add

    def loses_the_end(self: builder.WhooshWriter, document: Document) -> None:
        units = replace(document.units, codes=document.units.codes[:-3])
        add(self, replace(document, units=units))

    with monkeypatch.context() as broken:
        broken.setattr(builder.WhooshWriter, "add", loses_the_end)
        with pytest.raises(IndexDamaged, match="没有查到"):
            update(chosen)
    assert update(chosen).read == 151


@pytest.mark.fault
def test_verify_finds_what_a_byte_check_cannot(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Inverter, "postings", drops_every_hundredth_posting)
        broken.setattr(builder, "check_draft", lambda *_: None)
        rebuild(chosen)
    open_current(Path(chosen.index), whole=True)  # every byte is as it was written
    certificate = verify(chosen, 5, seed=7)
    assert certificate.found < certificate.drawn == 5 * 35
    code = main(["verify", "--index", chosen.index, "--draw", "5", "--seed", "7"])
    said = capsys.readouterr()
    assert code == 4
    assert f"逐字核验：抽取 175 条，找到 {certificate.found} 条（" in said.out
    assert "100%" not in said.out
    failures = len(certificate.missing) + len(certificate.wrong)
    assert said.out.count("✗") == min(failures, 20)
    first = certificate.missing[0]
    assert f"✗ {first.id} 第 {first.paragraph} 段第 {first.offset + 1} 字" in said.out
    (error,) = [line for line in said.err.splitlines() if line.startswith("jianbao: ")]
    assert first.id in error


# The command


def test_the_command_prints_what_was_drawn_and_found_and_the_seed(
    built: Callable[[Path], Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", built(CORPUS).index]
    assert main(["verify", *index, "--seed", "3"]) == 0
    zh, en = capsys.readouterr().out.splitlines()
    assert zh.startswith("逐字核验：抽取 1,750 条，找到 1,750 条（100%）；共 35 期，")
    assert zh.endswith("随机种子 3。")
    assert en.startswith("Recall certificate: 1,750 drawn, 1,750 found (100%); 35 bulletins, ")
    main(["verify", *index, "--seconds", "0"])
    said = capsys.readouterr().out
    assert f"抽取 {LEAST} 条" in said
    assert f"时限已到，抽了 {LEAST} 期，共 35 期" in said
    assert f"out of time after {LEAST} of 35 bulletins" in said


def test_the_json_has_every_figure(
    built: Callable[[Path], Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--index", built(CORPUS).index, "--draw", "2", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer.pop("seconds") >= 0
    assert 0 <= answer.pop("seed") < 1_000_000
    assert answer == {
        "bulletins": 35,
        "drawn_from": 35,
        "drawn": 70,
        "found": 70,
        "whole": True,
        "missing": [],
        "wrong": [],
    }
