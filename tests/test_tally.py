"""What is suggested is a function of what is offered, however the offers came and went."""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from itertools import chain, combinations, pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from same_names import same

from indexer import Settings, builder, offering, open_searcher, rebuild, update, verify
from indexer.analysis.fold import MARK
from indexer.arrays import write_arrays
from indexer.document import OFFERED, PART, offer, offered
from indexer.engines.base import Engine
from indexer.engines.generations import current
from indexer.engines.whoosh import WhooshEngine
from indexer.suggest import arranging, choosing, keep_names, keeping, loops, names
from indexer.suggest import tally as tallying
from indexer.suggest.keeping import keep_tally
from indexer.suggest.names import Names, gather, kept_names, renew_names
from indexer.suggest.tally import EMPTY, grown
from indexer.suggest.texts import NO_KEYS, Numbering, _codes, keys

COMPILED = importlib.util.find_spec("indexer.suggest.compiled") is not None
WORDS = ["质", "量", "月", "质量", "复工", "A", "\ud800"]
PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
CALLED = st.lists(st.sampled_from([*WORDS, " ", "，", "b", "20"]), min_size=2, max_size=5).map(
    "".join
)
OFFERS = st.builds(offer, st.sampled_from(["phrase", PART]), PHRASES) | st.builds(
    offer, st.sampled_from(OFFERED[:-1]), CALLED
)
BULLETINS = st.lists(st.sets(OFFERS, max_size=12), max_size=12)


@pytest.fixture(params=["arrays", "loops"], autouse=True, scope="module")
def how(request: pytest.FixtureRequest) -> Iterator[str]:
    """Names are chosen and arranged as without a C compiler, and as with one."""
    if request.param == "loops" and not COMPILED:
        pytest.skip("nothing was compiled: no C compiler was there when jianbao was installed")
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "arrays":
            patched.setattr(names, "chosen", choosing.chosen)
            patched.setattr(names, "arranged", arranging.arranged)
        yield request.param


def counted(bulletins: list[set[str]]) -> Counter[str]:
    return Counter(chain.from_iterable(bulletins))


def gathered(offers: Mapping[str, int], bulletins: int) -> Names:
    return gather(lambda: (offers,), bulletins)


@settings(deadline=None, max_examples=100)
@given(BULLETINS, BULLETINS, BULLETINS)
def test_names_that_come_and_go_leave_what_was_there_from_the_beginning(
    stay: list[set[str]], go: list[set[str]], come: list[set[str]]
) -> None:
    changes = counted(come)
    changes.subtract(counted(go))
    tally = grown(grown(EMPTY, counted(stay + go)), changes)
    for bulletins in (1, 10, 1000):
        found = names._names(tally, bulletins)
        assert same(found, gathered(counted(stay + come), bulletins))


@settings(deadline=None, max_examples=100)
@given(st.lists(BULLETINS, max_size=4))
def test_what_is_counted_in_parts_is_what_is_counted_at_once(parts: list[list[set[str]]]) -> None:
    tally = tallying.counted(lambda: map(counted, parts))
    once = grown(EMPTY, counted([*chain.from_iterable(parts)]))
    for part, other in zip(
        (tally.texts, tally.called, tally.phrases),
        (once.texts, once.called, once.phrases),
        strict=True,
    ):
        for field in fields(part):
            one, another = (getattr(each, field.name) for each in (part, other))
            assert (one.dtype, one.tolist()) == (another.dtype, another.tolist()), field.name


@settings(deadline=None, max_examples=100)
@given(BULLETINS, st.sampled_from([1, 10, 1000]), st.sampled_from([1, 3, 1000]))
def test_names_are_chosen_as_is_said(bulletins: list[set[str]], size: int, most: int) -> None:
    with patch.object(choosing, "MOST", dict.fromkeys(OFFERED, most)):
        found = gathered(counted(bulletins), size)
    texts = [(found.text(at), found.kind(at)) for at in range(len(found))]
    assert texts == plainly(counted(bulletins), size, most)


def plainly(offers: Mapping[str, int], bulletins: int, most: int) -> list[tuple[str, str]]:
    """Choose names as architecture.md has it, by dictionaries."""
    told: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    named: dict[str, Counter[str]] = {kind: Counter() for kind in OFFERED}
    for joined, count in offers.items():
        kind, text = offered(joined)
        if kind in ("phrase", PART):
            told[text] += count
            alone[text] += count * (kind == "phrase")
        elif len(name := " ".join(text.split())) > 1:
            named[kind][name] += count
    repeated = {phrase: count for phrase, count in told.items() if count >= 2}
    longer: Counter[str] = Counter()
    for body, count in named["organization"].items():
        for start, stop in combinations(range(len(body) + 1), 2) if count >= 2 else ():
            longer[body[start:stop]] = max(longer[body[start:stop]], count)
    for phrase, count in repeated.items():
        for inner in (phrase.partition(" ")[2], phrase.rpartition(" ")[0]):
            inner = inner.replace(" ", "")
            longer[inner] = max(longer[inner], count)
    for phrase, count in repeated.items():
        text = phrase.replace(" ", "")
        whole = longer[text] < 0.7 * count or alone[phrase] > (1 - 0.7) * count
        if whole and all(each >= 0.3 for each in associations(phrase, repeated, bulletins)):
            named["phrase"][text] = max(named["phrase"][text], count)
    chosen: dict[str, tuple[int, int]] = {}
    for number, kind in enumerate(OFFERED):
        frequent = sorted(named[kind].items(), key=lambda each: (-each[1], each[0]))[:most]
        for text, count in frequent:
            chosen.setdefault(text, (-count, number))
    return [
        (text, OFFERED[chosen[text][1]]) for text in sorted(chosen, key=lambda t: (chosen[t], t))
    ]


def associations(phrase: str, repeated: Mapping[str, int], bulletins: int) -> Iterator[float]:
    """Yield the normalized pointwise mutual information of the parts, however it is cut."""
    both, words = repeated[phrase], phrase.split(" ")
    every = max(bulletins, both) + 30
    for at in range(1, len(words)):
        one, other = (
            max(repeated.get(" ".join(part), 0), both) for part in (words[:at], words[at:])
        )
        yield math.log(both * every / (one * other)) / math.log(every / both)


@settings(deadline=None, max_examples=200)
@given(st.lists(BULLETINS, min_size=1, max_size=3), st.sampled_from([1, 10, 1000]))
def test_names_are_arranged_so_that_one_may_type_from_the_middle(
    parts: list[list[set[str]]], size: int
) -> None:
    """From each clause of a title and each character of a body, but for the last one, and from
    nowhere inside a Latin word or a number.
    """
    found = gathered(counted([*chain.from_iterable(parts)]), size)
    bounds = [*found.begins.tolist(), len(found.codes)]
    inner = []
    for name, (begin, end) in enumerate(pairwise(bounds)):
        codes = "".join(map(chr, found.codes[begin:end].tolist()))
        assert codes == "".join(map(chr, texts_codes(found.text(name))))
        for at in range(1, len(codes) - 2):
            pair = codes[at - 1 : at + 1]
            free = found.kind(name) == "organization" or (
                found.kind(name) == "title" and pair[0] == MARK
            )
            if free and not (pair.isascii() and (pair.isdigit() or pair.isalpha())):
                inner.append((begin + at, name))
    rows = [*zip(found.rows.tolist(), found.owners.tolist(), strict=True)]
    assert rows == [*zip(found.begins.tolist(), range(len(found)), strict=True), *inner]
    assert sorted(rows) == sorted({*rows})


def texts_codes(text: str) -> list[int]:
    codes: list[int] = _codes([text]).tolist()
    return codes


DAMAGE: dict[str, tuple[str, str, int]] = {
    "a text that is not there": ("called", "texts", 99),
    "a kind that is not there": ("called", "kinds", 9),
    "the text of a phrase that is not there": ("phrases", "texts", 99),
    "a part that is not there": ("phrases", "cuts", -2),
    "a phrase that is cut and not there": ("phrases", "cut_of", 99),
    "a place in the order that is not there": ("texts", "ordered", -1),
    "a body that is not there": ("called", "around", 99),
    "as many bulletins as there are none": ("called", "counts", (1 << 31) - 1),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_tally_that_leads_out_of_itself_is_refused_and_all_is_counted_again(
    damage: str, how: str, tmp_path: Path
) -> None:
    if how == "arrays":
        pytest.skip("arrays look after themselves")
    offers = [
        offer("phrase", "质量 月"),
        offer("organization", "云州质量月"),
        offer("title", "质量"),
    ]
    tally = grown(EMPTY, dict.fromkeys(offers, 3))
    part, name, value = DAMAGE[damage]
    damaged = getattr(getattr(tally, part), name).copy()
    assert len(damaged)
    damaged[-1] = value
    damaged = replace(tally, **{part: replace(getattr(tally, part), **{name: damaged})})
    with pytest.raises(ValueError, match="damaged"):
        loops.chosen(damaged, 5)
    keep_tally(damaged, tmp_path)
    assert not renew_names(tmp_path / "next", tmp_path, {}, 5, as_many=False)


@pytest.mark.parametrize("width", [0, 1, 3])
def test_pairs_that_are_no_pairs_are_refused(width: int, how: str) -> None:
    if how == "arrays":
        pytest.skip("arrays look after themselves")
    tally = grown(EMPTY, {offer("phrase", "质量 月"): 2, offer("organization", "云州质量月"): 2})
    around = np.zeros((4, width), dtype=np.int32)
    with pytest.raises(ValueError, match="damaged"):
        loops.chosen(replace(tally, called=replace(tally.called, around=around)), 5)


@pytest.mark.parametrize("text", ["3", "null", '["a"]', '{"x": "y"}', "{"])
def test_changes_that_are_no_counts_are_counted_again(text: str, tmp_path: Path) -> None:
    keep_tally(grown(EMPTY, {offer("title", "质量"): 2}), tmp_path)
    (tmp_path / "tally.json").write_text(text)
    (tmp_path / "next").mkdir()
    changes = {offer("title", "质量"): 1}
    assert not renew_names(tmp_path / "next", tmp_path, changes, 5, as_many=False)


def test_names_in_another_form_are_not_kept_on(tmp_path: Path) -> None:
    tally = grown(EMPTY, {offer("title", "质量"): 2})
    keep_tally(tally, tmp_path)
    names._keep(names._names(tally, 5), tmp_path)
    for next_one, in_form in ((tmp_path / "a", True), (tmp_path / "b", False)):
        next_one.mkdir()
        if not in_form:
            write_arrays(tmp_path / "names.npy", [np.zeros(3)] * 10)
        assert renew_names(next_one, tmp_path, {}, 5, as_many=True)
        linked = (next_one / "names.npy").stat().st_nlink > 1
        assert linked == in_form
        assert kept_names(next_one) is not None


def test_ends_that_lead_out_of_the_codes_are_refused(how: str) -> None:
    if how == "arrays":
        pytest.skip("arrays look after themselves")
    tally = grown(EMPTY, {offer("title", "质量"): 2, offer("title", "复工"): 2})
    codes, ends = tally.texts.codes, tally.texts.code_ends
    texts, kinds = loops.chosen(tally, 5)
    for wrong in (ends + np.int32(9), ends - np.int32(9), ends[::-1].copy()):
        with pytest.raises(ValueError, match="damaged"):
            loops.arranged(codes, wrong, texts, kinds)


@pytest.mark.parametrize("version", ["0", "'1'"])
def test_what_was_not_compiled_of_this_version_is_not_used(version: str) -> None:
    program = (
        "import sys, types; module = types.ModuleType('compiled');"
        f"module.VERSION = {version}; sys.modules['indexer.suggest.compiled'] = module;"
        "from indexer.suggest import loops; print(loops.chosen.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "indexer.suggest.choosing\n"


def test_what_was_compiled_is_used() -> None:
    assert loops.chosen.__module__.endswith("compiled" if COMPILED else "choosing")


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(max_size=6)), st.lists(st.text(max_size=6)))
def test_a_text_keeps_its_number_when_others_come(old: list[str], new: list[str]) -> None:
    first = Numbering(NO_KEYS, old)
    then = Numbering(first.keys, [*new, *old])
    numbers = dict(zip(old, first.of(keys(old)).tolist(), strict=True))
    assert sorted({*numbers.values()}) == [*range(len({*old}))]
    assert then.of(keys(old)).tolist() == [numbers[text] for text in old]
    assert sorted({*then.of(keys([*old, *new])).tolist()}) == [*range(len({*old, *new}))]


def test_what_is_kept_goes_on_from_update_to_update(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir(), there.mkdir()
    keep_tally(grown(EMPTY, {offer("phrase", "质量 月"): 1}), here)
    changes = {offer("phrase", "质量 月"): 2, offer("title", "\ud800复工"): 1}
    assert renew_names(there, here, changes, 5, as_many=True)
    assert renew_names(tmp_path, there, {offer("title", "\ud800复工"): -1}, 5, as_many=True)
    kept = kept_names(tmp_path)
    assert kept is not None
    assert same(kept, gathered({offer("phrase", "质量 月"): 3}, 5))


@pytest.mark.parametrize("damage", ["", "tally.npy", "tally.json"])
def test_what_is_not_whole_is_counted_again(tmp_path: Path, damage: str) -> None:
    keep_tally(grown(EMPTY, {offer("phrase", "质量 月"): 2}), tmp_path)
    (tmp_path / "next").mkdir()
    if damage:
        path = tmp_path / damage
        path.write_bytes(path.read_bytes()[:-1])
    renewed = renew_names(tmp_path / "next", tmp_path, {}, 5, as_many=False)
    assert renewed != bool(damage)
    assert [path.name for path in sorted((tmp_path / "next").iterdir())] == (
        [] if damage else ["names.npy", "tally.json", "tally.npy"]
    )


def test_what_has_changed_much_is_counted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_MOST_CHANGES", 1)
    keep_tally(EMPTY, tmp_path)
    (tmp_path / "next").mkdir()
    offers = {offer("title", name): 1 for name in ("复工", "质量")}
    assert not renew_names(tmp_path / "next", tmp_path, offers, 5, as_many=False)


@pytest.mark.parametrize("most", [200, 2])
def test_an_update_counts_only_what_has_changed_unless_that_is_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Bulletins are added, changed, removed, and copied, which counts once and then once more."""
    folder = tmp_path / "folder"
    folder.mkdir()
    options = Settings(folders=(str(folder),), index=str(tmp_path / "index"))
    body = "云州质协组织志愿者服务队，助力会员单位复工复产，开展安全生产检查。" * 3

    def write(name: str, text: str) -> None:
        (folder / name).write_text(f"云州质协工作简报\n\n第9期\n\n{text}\n", "utf-8")

    for number in range(6):
        write(f"{number}.txt", f"质量月活动第{number}场启动，质量月活动下周再来。")
    rebuild(options)
    counted_anew: list[Path] = []

    def keep(engine: Engine, directory: Path) -> None:
        counted_anew.append(directory)
        keep_names(engine, directory)

    monkeypatch.setattr(builder, "keep_names", keep)
    monkeypatch.setattr(offering, "_MOST", most)
    steps = (
        lambda: write("a.txt", body),
        lambda: write("b.txt", body + "又一页"),
        lambda: (folder / "a.txt").unlink(),
        lambda: write("3.txt", "志愿者服务队出发，志愿者服务队到达。"),
        lambda: write("c.txt", body + "又一页，再一页"),
        lambda: (folder / "b.txt").unlink(),
        lambda: (folder / "4.txt").rename(folder / "d.txt"),
        lambda: [write(name, body + name) for name in ("e.txt", "f.txt", "g.txt")],
        lambda: [(folder / name).unlink() for name in ("e.txt", "f.txt", "0.txt", "1.txt")],
    )
    for step in steps:
        step()
        update(options)
        name = current(Path(options.index))
        assert name is not None
        directory = Path(options.index) / name
        engine = WhooshEngine(directory)
        kept = kept_names(directory)
        assert kept is not None
        assert same(kept, gather(engine.offers, engine.count))
        engine.close()
    assert bool(counted_anew) == (most < 200)
    open_searcher(options).close()


def test_an_update_after_which_the_same_is_offered_links_the_names(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    options = Settings(folders=(str(folder),), index=str(tmp_path / "index"))
    for number in range(3):
        (folder / f"{number}.txt").write_text(
            f"质量月活动第{number}场启动，质量月活动再来。\n", "utf-8"
        )
    rebuild(options)

    def files_of_names() -> set[tuple[str, int]]:
        name = current(Path(options.index))
        assert name is not None
        found = [Path(options.index, name, kept) for kept in names._FILES]
        return {(path.name, path.stat().st_ino) for path in found}

    before = files_of_names()
    for text, same_names in (
        ("质量月活动第1场启动，质量月活动再来！", True),
        ("合唱比赛。", False),
    ):
        (folder / "1.txt").write_text(text, "utf-8")
        update(options)
        assert (files_of_names() == before) == same_names, text
        assert verify(options).whole
