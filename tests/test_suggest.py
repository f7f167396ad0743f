"""What is suggested stands in the corpus, as often as it says; every way of typing leads there."""

from __future__ import annotations

import itertools
import random
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from conftest import CORPUS
from handmade import bulletin
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import folded, simplified, stands
from same_names import same

from indexer import SearchRequest, Settings, open_searcher, rebuild, terminal, update
from indexer.analysis import Segmenter, analyse
from indexer.bulletin import Block, Kind
from indexer.document import OFFERED, offer
from indexer.engines.memory import MemoryEngine
from indexer.suggest import Suggester, keep_names, suggester
from indexer.suggest.completion import complete
from indexer.suggest.matching import LONGEST_TERM, pattern
from indexer.suggest.names import KEPT, gather, kept_names
from indexer.suggest.pinyin import readings, sounding, syllables

SEGMENTER = Segmenter()
EVERYTHING = 10**6
TEXTS = (
    "组织企业复工复产，落实防疫措施。复工复产一个都不能少，志愿服务队上门帮忙。志愿服务不停步。",
    "稳妥推进复工复产。首批复工复产企业名单公布，白鹭钢铁公司在内。QC小组课题发布，QC小组交流。",
    "青屿市质量协会开展志愿服务。志愿服务是一面旗帜。质量月活动筹备就绪，质量月活动下周启动。",
    "质量月活动今天启动。质量月活动以青屿市质量协会为主，绿色发展、略有调整，女职工西安行。",
)
TITLES = (
    "复工复产正当时",
    "白鹭钢铁公司：复工先复心",
    "志愿服务暖人心",
    "质量月活动启动，青屿在行动",
)


def engine_of(texts=TEXTS, titles=TITLES):
    documents = []
    for number, (text, title) in enumerate(zip(texts, titles, strict=True)):
        made = bulletin(Block(title, Kind.TITLE), text, title=title)
        document = analyse(made, SEGMENTER)
        id = f"b-{number}"
        offers = {*document.offers, offer("title", title), offer("organization", "青屿市质量协会")}
        changed = {"id": id, "group": id, "offers": tuple(sorted(offers))}
        documents.append(type(document)(**{**_fields(document), **changed}))
    return MemoryEngine(documents)


def _fields(document):
    return {name: getattr(document, name) for name in document.__slots__}


def gathered(offers, bulletins):
    return gather(lambda: (offers,), bulletins)


ENGINE = engine_of()
SUGGESTER = Suggester(ENGINE)
NAMES = gather(ENGINE.offers, ENGINE.count)


def suggested(typed, limit=EVERYTHING):
    return [each.text for each in SUGGESTER.complete(typed, limit)]


def corrected(typed):
    return [each.text for each in SUGGESTER.corrections(typed)]


def spelled(text, rng, initials=0.0):
    """Return the pinyin of a name, one reading of each Han, now and then its initial."""
    return [
        rng.choice(readings()[char])[: 1 if rng.random() < initials else None]
        if char in readings()
        else char
        for char in folded(text)
    ]


@pytest.fixture(scope="module")
def samples(built):
    return open_searcher(built(CORPUS))


def test_frequent_phrases_are_suggested_though_the_segmenter_cuts_them():
    assert list(SEGMENTER.cut("复工复产")) == ["复工", "复产"]
    assert suggested("复")[0] == "复工复产"


@pytest.mark.parametrize(
    "typed",
    [
        *("fugongfuchan", "fgfc", "fugongfc", "fgfuchan", "fugo", "fu gong fu ch", "FuGong"),
        *("fu'gong'fu'chan", "fu4gong1fu4chan3", "fùgōngfùchǎn", "复gong", "复工f", "fugong复"),
    ],
)
def test_pinyin_in_every_shape_leads_to_the_phrase(typed):
    assert "复工复产" in suggested(typed)


@pytest.mark.parametrize("typed", ["lvse", "lüse", "lu:se", "lǜsè", "lv4se4"])
def test_u_with_two_dots_may_be_typed_as_v(typed):
    names = gathered({offer("organization", "绿色协会"): 1}, 1)
    assert [each.text for each in complete(names, typed)] == ["绿色协会"]


def test_syllables_are_parted_in_every_possible_way():
    names = gathered({offer("organization", name): 1 for name in ("西安分会", "先锋队", "先进")}, 9)
    assert {each.text for each in complete(names, "xian")} == {"西安分会", "先锋队", "先进"}
    assert [each.text for each in complete(names, "xi'an")] == ["西安分会"]
    assert {each.text for each in complete(names, "xianf")} == {"西安分会", "先锋队"}


def test_a_latin_word_of_the_corpus_comes_before_what_its_letters_may_be_the_initials_of():
    offers = {offer("organization", name): 9 for name in ("启程协会", "青春社")}
    names = gathered(
        offers | {offer("title", "首个QC小组，QC成果"): 1, offer("title", "QC发布"): 1}, 9
    )
    found = [each.text for each in complete(names, "qc")]
    assert found == ["QC发布", "首个QC小组，QC成果", "启程协会", "青春社"]


def test_an_organization_is_suggested_from_any_of_its_characters_and_a_title_from_each_clause():
    assert "青屿市质量协会" in suggested("质量协")
    assert "青屿市质量协会" in suggested("zlxh")
    assert "质量月活动启动，青屿在行动" in suggested("青屿在")
    assert "质量月活动启动，青屿在行动" not in suggested("活动启")


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("安全 fgf", "安全 复工复产"),
        ("安全 -fgf", "安全 -复工复产"),
        ("(安全 | fgf", "(安全 | 复工复产"),
        ("“fgf", "“复工复产”"),
        ("标题:复工复", "标题:复工复产"),
        ("安全 fu gong fu", "安全 复工复产"),
        ("复工复产正", "复工复产正当时"),
        ("质量月活动启", "“质量月活动启动，青屿在行动”"),
    ],
)
def test_the_last_term_of_a_query_is_completed_and_the_rest_stays(typed, query):
    assert query in [each.query for each in SUGGESTER.complete(typed, EVERYTHING)]


@pytest.mark.parametrize(
    "typed", ["", " ", "复工 ", "-", "“", "复工：", "？", "\x00", "\ud800", "🙂"]
)
def test_nothing_is_suggested_for_nothing(typed):
    assert suggested(typed) == []


@pytest.mark.parametrize("name", range(len(NAMES)), ids=lambda name: NAMES.text(name))
def test_every_beginning_of_a_name_and_of_its_pinyin_suggests_it(name):
    text, rng = NAMES.text(name), random.Random(name)
    for initials in (None, 0.0, 1.0, 0.5):
        written = folded(text) if initials is None else "".join(spelled(text, rng, initials))
        for length in range(1, min(len(written), LONGEST_TERM) + 1):
            assert text in {each.text for each in complete(NAMES, written[:length])}, written[
                :length
            ]


def test_each_suggestion_stands_in_as_many_bulletins_as_it_says(samples):
    texts = [
        folded("\n".join(block.text for block in samples.bulletin(id).blocks))
        for id in samples._engine.ids()
    ]
    groups = {hit.id for hit in samples.search(SearchRequest(size=100)).hits}
    seen = 0
    for letter in {*"abcdefghjklmnopqrstwxyz", *"质复志安"}:
        for each in samples.complete(letter, EVERYTHING):
            seen += 1
            assert each.kind in OFFERED
            found = samples.search(SearchRequest(each.text, mode="exact")).total
            assert each.count == found, each.text
            assert 0 < each.count <= sum(stands(folded(each.text), text) for text in texts)
    assert seen > 100
    assert groups


def test_what_a_build_keeps_is_what_would_be_gathered(samples):
    engine, directory = samples._engine, samples._suggester._directory
    kept = kept_names(directory)
    assert kept is not None
    assert same(kept, gather(engine.offers, engine.count))


def test_an_open_index_gathers_nothing(samples, monkeypatch):
    monkeypatch.setattr(suggester, "gather", None)
    fresh = Suggester(samples._engine, samples._suggester._directory)
    assert [each.text for each in fresh.complete("复", 1)] == ["复工复产"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"names"])
def test_names_that_are_kept_but_cannot_be_read_are_gathered(tmp_path, damage):
    keep_names(ENGINE, tmp_path)
    (tmp_path / KEPT).write_bytes(damage)
    assert [each.text for each in Suggester(ENGINE, tmp_path).complete("复", 1)] == ["复工复产"]


def test_what_was_typed_is_marked(samples):
    for typed in ("复工", "质量协会"):
        for each in samples.complete(typed, 50):
            ((start, stop),) = each.marks
            assert folded(each.text[start:stop]) == typed
    (found,) = [each for each in samples.complete("fugong", 9) if each.text == "复工复产"]
    assert found.marks == ((0, 2),)


@given(st.text(st.sampled_from("复工产质量 abgfuzhn'“(-:１Ａ，\u0301\ue000"), max_size=50))
@settings(max_examples=300, deadline=None)
def test_anything_may_be_typed(typed):
    found = SUGGESTER.complete(typed, 8)
    assert len(found) <= 8
    assert len({each.text for each in found}) == len(found)
    list(itertools.islice(SUGGESTER.corrections(typed), 8))


@pytest.mark.parametrize(
    "typed",
    [
        *("fugongfuchan", "fgfc", "fu gong fu chan", "FGFC"),  # pinyin
        *("复工付产", "复功复产", "付公付产", "复工复铲"),  # other characters, read the same
        *("复宫复产", "复工复常"),  # chan and chang are mixed up
        *("复工复业", "工复复产", "复工产", "复工复产产", "复复工产", "复工工复产"),
    ],
)
def test_a_mistake_leads_to_what_was_meant(typed):
    assert corrected(typed)[0] == "复工复产"


def test_a_mistake_within_a_term_and_beside_others_is_corrected_in_its_place():
    assert "企业复工复产名单" in corrected("企业复工付产名单")
    assert "青屿 复工复产 -安全" in corrected("青屿 复工付产 -安全")


@pytest.mark.parametrize(
    "typed",
    [
        "复工复产",
        "复工复",
        "QC",
        "QC小组",
        "qc",
        "志愿服务",
        "“复工付产”",
        "标题:复工付产",
        "-复工付产",
        "",
        "鲸鱼",
        "zzz",
    ],
)
def test_what_stands_in_the_corpus_or_is_put_in_signs_is_left_alone(typed):
    assert corrected(typed) == []


def test_what_joins_two_terms_is_no_term():
    named = Suggester(engine_of((*TEXTS, "偶然。"), (*TITLES, "偶然")))
    assert [each.text for each in named.corrections("or")] == ["偶然"]
    assert [*named.corrections("企业 OR 复工复产")] == []
    assert [each.text for each in named.corrections("企业 or 复工复产")] == ["企业 偶然 复工复产"]


def test_a_correction_is_offered_with_its_count_and_never_put_in_place(samples):
    for typed in ("fugongfuchan", "fgfc", "复工付产"):
        result = samples.search(SearchRequest(typed))
        assert result.request.text == typed
        first = result.corrections[0]
        assert first.request.text == "复工复产"
        assert first.total == samples.search(first.request).total > 0
        assert "复工复产" in first.sentence.zh
        assert "复工复产" in first.sentence.en
    assert samples.search(SearchRequest("复工复产")).corrections == ()
    assert samples.search(SearchRequest("fgfc", page=2)).corrections == ()


def test_a_correction_keeps_what_was_chosen_and_counts_within_it(samples):
    request = SearchRequest("fgfc", chosen={"year": ("2020",)})
    (first, *_) = samples.search(request).corrections
    assert first.request.chosen == request.chosen
    assert first.total == samples.search(first.request).total
    assert samples.search(SearchRequest("fgfc", chosen={"year": ("1999",)})).corrections == ()


def test_engines_count_alike_and_offer_alike(samples):
    engine = samples._engine
    reference = MemoryEngine(
        analyse(samples.bulletin(id), SEGMENTER, group) for id, group in groups_of(samples).items()
    )
    assert sum(map(Counter, engine.offers()), Counter()) == next(reference.offers())
    rng = random.Random(7)
    for id in engine.ids():
        units = analyse(samples.bulletin(id), SEGMENTER).units.spelled()
        for length in (1, 2, 3, 4, 8):
            start = rng.randrange(len(units) - length)
            run = units[start : start + length]
            assert engine.standing(run) == reference.standing(run), run
    assert engine.standing(("鲸", "鱼")) == reference.standing(("鲸", "鱼")) == 0


def groups_of(searcher):
    """Return the group of each bulletin, as the answers show it."""
    found = searcher.search(SearchRequest(size=100)).hits
    return {id: hit.id for hit in found for id in (hit.id, *(copy.id for copy in hit.copies))}


def test_what_a_bulletin_repeats_comes_before_what_it_puts_around_it_once():
    text = "复工复产是大事。复工复产要安全。复工复产不能等，助力企业。"
    made = bulletin(Block("助力复工复产", Kind.TITLE), text, title="助力复工复产")
    assert offer("phrase", "复工 复产") in analyse(made, SEGMENTER).offers
    assert not any(each.endswith("助力 复工 复产") for each in analyse(made, SEGMENTER).offers)


def test_a_few_bulletins_suffice():
    engine = engine_of(TEXTS[:2], TITLES[:2])
    assert "复工复产" in [each.text for each in Suggester(engine).complete("fgfc", 9)]


def test_nothing_is_completed_from_within_a_latin_word_or_a_number():
    names = gathered({offer("organization", "福昕Foxit2020公司"): 1}, 1)
    assert [each.text for each in complete(names, "foxit")] == ["福昕Foxit2020公司"]
    assert [each.text for each in complete(names, "2020")] == ["福昕Foxit2020公司"]
    assert [*complete(names, "oxit"), *complete(names, "020")] == []


def test_the_terminal_asks_too(samples):
    said = [*terminal.answer(samples.search(SearchRequest("fgfc")), colour=False)]
    assert any(
        line.startswith("→ 您要找的是不是：复工复产 Did you mean 复工复产: ") for line in said
    )


@pytest.mark.parametrize("typed", ["fugongfuchan", "fgfc", "复工付产"])
def test_pinyin_and_a_misprint_lead_to_the_phrase_of_the_real_bulletins(
    typed, real_bulletins, built
):
    searcher = open_searcher(built(real_bulletins))
    (first, *_) = searcher.search(SearchRequest(typed)).corrections
    assert first.request.text == "复工复产"
    assert first.total == searcher.search(first.request).total == 5
    if typed.isascii():
        assert searcher.complete(typed)[0].text == "复工复产"


def test_a_frequent_phrase_is_no_fragment_and_no_chance_meeting():
    together = {offer("phrase", "埃博 拉疫苗"): 4, offer("part", "拉疫苗"): 4}
    loose = {
        offer("phrase", "企业 质量"): 3,
        offer("phrase", "企业"): 90,
        offer("phrase", "质量"): 80,
    }
    rare = {offer("phrase", "只此 一次"): 1}
    names = gathered(together | loose | rare, 100)
    assert {*map(names.text, range(len(names)))} == {"埃博拉疫苗", "企业", "质量"}


def test_an_update_suggests_what_a_rebuild_would(tmp_path: Path):
    folder = tmp_path / "folder"
    folder.mkdir()
    options = Settings(folders=(str(folder),), index=str(tmp_path / "index"))
    for number, text in enumerate(TEXTS[:2]):
        (folder / f"{number}.txt").write_text(f"{TITLES[number]}\n\n{text}\n", "utf-8")
    rebuild(options)
    for number, text in enumerate(TEXTS[2:], 2):
        (folder / f"{number}.txt").write_text(f"{TITLES[number]}\n\n{text}\n", "utf-8")
    (folder / "0.txt").unlink()
    update(options)
    updated = everything(options)
    rebuild(options)
    assert updated == everything(options)
    assert any(text == "质量月活动" for text, *_ in updated)


def everything(options):
    searcher = open_searcher(options)
    found = [
        (each.text, each.kind, each.count)
        for letter in "abcdefghjklmnopqrstwxyz"
        for each in searcher.complete(letter, EVERYTHING)
    ]
    searcher.close()
    return found


def test_every_common_character_has_its_reading_and_every_reading_its_characters():
    assert len(readings()) > 17_000
    for char, spelled_so in {
        "复": "fu",
        "产": "chan",
        "女": "nv",
        "略": "lve",
        "质": "zhi",
    }.items():
        assert spelled_so in readings()[char]
        assert sounding(char)[ord(char)]
    assert {"zhong", "chong"} <= {*readings()["重"]}
    assert {"xing", "hang"} <= {*readings()["行"]}
    assert all(re.fullmatch("[a-z]+", syllable) for syllable in syllables())
    assert not {*readings()} & {*simplified()}, "what is folded away needs no reading"


def test_typed_text_is_folded_as_the_corpus_is():
    assert pattern("復工") == "复工"
    assert pattern("ＦＵ") == "fu"
    assert pattern("fù gōng") == "fu gong"


@pytest.mark.slow
def test_at_a_hundred_thousand_names_of_each_kind_few_are_counted_and_the_times_are_printed(capsys):
    """Times vary with the machine and are printed; what is bounded is what costs them."""
    rng = random.Random(11)
    common = [char for char in readings() if char in "".join(TEXTS + TITLES)] * 4
    chars = common + sorted(readings())[:3000]
    lengths = {"title": 16, "organization": 9, "phrase": 5}
    names = {
        offer(kind, "".join(rng.choices(chars, k=length))): rng.randint(2, 500)
        for kind, length in lengths.items()
        for _ in range(100_000)
    }
    counted = []

    class Counting(MemoryEngine):
        count = 100_000

        def offers(self):
            yield names

        def standing(self, units):
            counted.append(units)
            return 0 if len(units) % 2 else 1

    suggester = Suggester(Counting())
    started = time.perf_counter()
    suggester.complete("a", 8)
    gathered = time.perf_counter() - started
    took = []
    for joined in rng.sample(sorted(names), 400):
        text = joined.partition("\t")[2]
        length = rng.randint(1, min(len(text), 8))
        for typed in (
            text[:length],
            *("".join(spelled(text[:length], rng, n)) for n in (0, 0.5, 1)),
        ):
            counted.clear()
            started = time.perf_counter()
            assert len(suggester.complete(typed, 8)) <= 8
            took.append((time.perf_counter() - started) * 1000)
            assert len(counted) <= 8 + 20
    took.sort()
    with capsys.disabled():
        print(
            f"\n300,000 names gathered in {gathered:.1f} s; {len(took)} completions: median "
            f"{took[len(took) // 2]:.2f} ms, 99 % {took[len(took) * 99 // 100]:.2f} ms"
        )
