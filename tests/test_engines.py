"""Every engine answers as the reference does, and the reference as plain inspection does."""

from __future__ import annotations

import dataclasses
import gc
import random
from collections import defaultdict
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage

from indexer.analysis import Segmenter, analyse, spell
from indexer.bulletin import Block, Bulletin, IssueNumber, Kind, Organization, Source
from indexer.document import Document, dump, load
from indexer.engines.base import Engine, EngineQuery, Hits, Shares
from indexer.engines.memory import MemoryEngine
from indexer.engines.whoosh import (
    WhooshEngine,
    WhooshWriter,
    by_numpy,
    columns,
    evaluation,
    facets,
    inversion,
    layout,
    link,
    scoring,
    standing,
    unit_bits,
    vocabulary,
    windows,
)
from indexer.engines.whoosh.postings import MappedStorage
from indexer.engines.whoosh.texts import TextColumn
from indexer.query import (
    All,
    Any,
    Between,
    Gap,
    Having,
    InTitle,
    Latest,
    Most,
    Near,
    Node,
    Not,
    Numeral,
    Quotation,
    Width,
    read,
)
from indexer.schema import SORTS

spans = import_module("indexer.query.spans")  # the package has a function of that name
SEGMENTER = Segmenter()
SOURCE = Source("a.txt", "text/plain", "utf-8", "", 0)
# Few characters, so that runs repeat; two of them fold, some vanish, some form words.
ALPHABET = "复工复产质协會会二十12Qc，。 \t“”"
ORGANIZATIONS = ("甲协会", "乙公司", "丙学院")

texts = st.text(ALPHABET, min_size=1, max_size=40)


@st.composite
def bulletins(draw: st.DrawFn, number: int) -> Bulletin:
    title, *rest = draw(st.lists(texts, min_size=1, max_size=4))
    kinds = st.sampled_from([Kind.PARAGRAPH, Kind.HEADING, Kind.ROW])
    issue = draw(st.none() | st.integers(0, 3))
    cumulative = draw(st.none() | st.integers(0, 5))
    names = draw(st.lists(st.sampled_from(ORGANIZATIONS), unique=True, max_size=2))
    return Bulletin(
        id=f"b-{number:04d}",
        source=SOURCE,
        title=title,
        blocks=(Block(title, Kind.TITLE), *(Block(text, draw(kinds)) for text in rest)),
        series=draw(st.sampled_from(["", "工作简报", "通报"])),
        issue=None if issue is None else IssueNumber(issue, f"第{issue}期", cumulative),
        date=draw(st.sampled_from(["", "2020", "2020-03", "2020-03-18", "2021-01-01"])),
        publisher=draw(st.sampled_from(["", "宣传部"])),
        organizations=tuple(Organization(name, (name[:2],)) for name in names),
    )


@st.composite
def collections(draw: st.DrawFn) -> list[Document]:
    count = draw(st.integers(0, 8))
    # Some are copies of one before them.
    groups = [draw(st.just("") | st.integers(0, n).map("b-{:04d}".format)) for n in range(count)]
    return [analyse(draw(bulletins(n)), SEGMENTER, groups[n]) for n in range(count)]


def quotations() -> st.SearchStrategy[Node]:
    units = st.text(ALPHABET, min_size=1, max_size=5).map(spell).filter(bool)
    return units.map(lambda found: Quotation(found, "".join(found)))


def gaps() -> st.SearchStrategy[Node]:
    pieces = st.lists(quotations().map(lambda node: node.units), min_size=2, max_size=3)  # type: ignore[union-attr]
    width = st.builds(
        lambda low, more, clause: Width(low, low + more, clause),
        st.integers(0, 2),
        st.integers(0, 4),
        st.booleans(),
    )
    return pieces.flatmap(
        lambda found: st.lists(width, min_size=len(found) - 1, max_size=len(found) - 1).map(
            lambda widths: Gap(tuple(found), tuple(widths), "")
        )
    )


nearnesses = st.builds(
    lambda parts, slack: Near(tuple(dict.fromkeys(parts)), slack, ""),
    st.lists(quotations().map(lambda node: node.units), min_size=1, max_size=3),  # type: ignore[union-attr]
    st.integers(0, 8),
)
numerals = st.sampled_from(["二", "二十", "十工", "复二", "工十产"]).map(
    lambda text: Numeral(tuple(text), text)
)
passages = quotations() | gaps() | nearnesses | numerals
filters = (
    st.builds(
        lambda facet, values: Having(facet, tuple(values), ""),
        st.just("org"),
        st.lists(st.sampled_from([*ORGANIZATIONS, "没有"]), max_size=2),
    )
    | st.builds(
        lambda column, low, more: Between(column, low, low + more, ""),
        st.sampled_from(["issue", "cumulative"]),
        st.integers(0, 3),
        st.integers(0, 3),
    )
    | st.builds(
        lambda low, high: Between("date", low, high, ""),
        st.sampled_from([1, 20200000, 20200300, 20200318]),
        st.sampled_from([20200399, 20209999, 99999999]),
    )
    | st.builds(lambda count: Latest(count, ""), st.integers(1, 3))
)
trees = st.recursive(
    passages | passages.map(InTitle) | filters,  # type: ignore[arg-type]
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda nodes: All(tuple(nodes)))
        | st.lists(inner, max_size=3).map(lambda nodes: Any(tuple(nodes)))
        | st.lists(inner, max_size=3).map(lambda nodes: Most(tuple(nodes)))
        | inner.map(Not)
    ),
    max_leaves=6,
)
chosen = st.fixed_dictionaries(
    {},
    optional={
        "issue": st.lists(st.sampled_from(["none", "1", "2", "9"]), max_size=2).map(tuple),
        "org": st.lists(st.sampled_from(ORGANIZATIONS), max_size=2).map(tuple),
        "year": st.lists(st.sampled_from(["none", "2020"]), max_size=2).map(tuple),
    },
)
runs = st.lists(quotations().map(lambda node: node.units), max_size=2)  # type: ignore[union-attr]
questions = st.builds(
    EngineQuery,
    tree=trees,
    words=st.lists(st.sampled_from(["复工", "复产", "质", "12", "qc", "没有"]), max_size=4),
    runs=runs,
    chosen=chosen,
    since=st.sampled_from([0, 0, 20200300, 20200318]),
    until=st.sampled_from([0, 0, 20200399, 20209999]),
    sort=st.sampled_from(sorted(SORTS)),
    offset=st.integers(0, 4),
    limit=st.integers(1, 5),
    values=st.sampled_from([0, 1, 2, 100]),
    grouped=st.booleans(),
    recency_days=st.sampled_from([0, 0, 1, 365, -30]),
    also=st.lists(trees, max_size=2),
)


def whoosh(
    folder: Path, documents: list[Document], batch_units: int, segment_places: int = 1 << 31
) -> WhooshEngine:
    writer = WhooshWriter(folder, batch_units, segment_places)
    for document in documents:
        writer.add(document)
    writer.finish()
    return WhooshEngine(folder)


@given(
    collections(),
    st.lists(questions, min_size=1, max_size=8),
    st.integers(1, 200),
    st.sampled_from([1, 600, 1 << 31]),
    st.sampled_from([0, 1, 8]),
    st.sampled_from([0, 1, 64]),
    st.sampled_from([1, 3, 65_000]),
    st.sampled_from([1, 2, 16]),
    st.sampled_from([0, 1, 64]),
    st.sampled_from([1, 9, 1 << 17]),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whoosh_gives_exactly_what_the_reference_gives(
    tmp_path_factory: pytest.TempPathFactory,
    documents: list[Document],
    asked: list[EngineQuery],
    batch_units: int,
    segment_places: int,
    few: int,
    sparse: int,
    values: int,
    dense: int,
    least: int,
    places: int,
) -> None:
    """Whatever makes a batch, a segment, a list that is short beside another, few hits, as many
    values as are remembered, a term that has bits, and a window of the stream.
    """
    reference = MemoryEngine(documents)
    with ExitStack() as changed:
        changed.enter_context(patch.object(columns, "MOST_VALUES", values))
        changed.enter_context(patch.object(layout, "DENSE", dense))
        changed.enter_context(patch.object(layout, "LEAST", least))
        changed.enter_context(patch.object(unit_bits, "_CHUNK_BITS", 8 if few else 22))
        engine = whoosh(tmp_path_factory.mktemp("index"), documents, batch_units, segment_places)
    for query in asked:
        answer = reference.search(query)
        with ExitStack() as changed:
            for module in (by_numpy, standing, scoring):
                changed.enter_context(patch.object(module, "FEW", few))
            changed.enter_context(patch.object(scoring, "SPARSE", sparse))
            changed.enter_context(patch.object(facets, "_FEW", few))
            changed.enter_context(patch.object(windows, "PLACES", places))
            changed.enter_context(patch.object(spans, "FEW", few))
            assert engine.search(query) == answer, query
        for hit in answer.hits:
            shares = engine.shares(query, hit.id)
            assert made_up(shares) == pytest.approx(hit.score, abs=1e-5)
            assert made_up(reference.shares(query, hit.id)) == pytest.approx(hit.score, abs=1e-5)
            assert shares.words == pytest.approx(reference.shares(query, hit.id).words)
        for run in query.runs:
            assert engine.occurrences(run, query) == reference.occurrences(run, query), query
    ids = reference.ids()
    assert engine.ids() == ids
    assert sorted(engine.values("org")) == sorted(reference.values("org"))
    assert sorted(engine.aliases()) == sorted(reference.aliases())
    assert engine.stored([*ids, "b-none"]) == reference.stored([*ids, "b-none"])
    of_documents(engine, reference, documents)
    engine.close()


@given(collections(), st.integers(1, 200), st.sampled_from([1, 5, 1 << 20]))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_batches_are_merged_into_the_arrays_that_one_batch_would_have_given(
    tmp_path_factory: pytest.TempPathFactory,
    documents: list[Document],
    batch_units: int,
    postings: int,
) -> None:
    folders = [tmp_path_factory.mktemp("index") for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "_RANGE", 8)
        patch.setattr(vocabulary, "_STEP", 2)
        patch.setattr(inversion, "_PORTION", postings)
        for folder, units in zip(folders, (batch_units, 1 << 30), strict=True):
            whoosh(folder, documents, units).close()
            assert not list(folder.glob("spool*"))
    merged, whole = ([path.read_bytes() for path in folder.glob("*.pst")] for folder in folders)
    assert merged == whole
    assert len(whole) == (1 if documents else 0)


def made_up(shares: Shares) -> float:
    return sum(shares.words.values()) + shares.near + sum(shares.runs.values()) + shares.age


def of_documents(engine: Engine, reference: Engine, documents: list[Document]) -> None:
    """What is asked of a document's own terms, beside searches, is the same too."""
    words = [*dict.fromkeys(word for each in documents for word in each.words.spellings()), "没有"]
    assert engine.frequencies(words) == reference.frequencies(words)
    for id in reference.ids():
        assert engine.copies(id) == reference.copies(id)
    offered: dict[str, int] = defaultdict(int)
    for part in engine.offers():
        for offer, count in part.items():
            offered[offer] += count
    assert [offered] == [*reference.offers()]
    runs = [each.units.spelled()[at : at + 3] for each in documents for at in (0, 2)]
    runs = [run for run in runs if run]
    for most in (0, 1, 9):
        assert engine.holders(runs, most) == reference.holders(runs, most)


@given(st.lists(collections(), min_size=2, max_size=4), st.lists(questions, max_size=4), st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_index_that_was_changed_answers_as_one_built_anew(
    tmp_path_factory: pytest.TempPathFactory,
    batches: list[list[Document]],
    asked: list[EngineQuery],
    data: st.DataObject,
) -> None:
    """Each batch replaces the documents that have its ids, and some others go."""
    left: dict[str, Document] = {}
    before: Path | None = None
    for batch in batches:
        folder = tmp_path_factory.mktemp("index")
        gone = {id for id in left if data.draw(st.booleans())} | {d.id for d in batch}
        # Drawn before a writer is open: Hypothesis may stop at any draw.
        least = data.draw(st.sampled_from([0, 1, 64]))
        if before is not None:
            link(before, folder)
        writer = WhooshWriter(
            folder, batch_units=50, segment_places=data.draw(st.just(600) | st.just(1 << 31))
        )
        if before is not None:
            writer.remove(gone)
        left = {id: document for id, document in left.items() if id not in gone}
        left |= {document.id: document for document in batch}
        for document in batch:
            writer.add(document)
        with patch.object(layout, "LEAST", least), patch.object(layout, "DENSE", 2):
            writer.finish()
        before = folder
    assert before is not None
    few = patch.object(evaluation, "_LOOK", data.draw(st.sampled_from([0, 10])))
    most = patch.object(evaluation, "MOST_TIMES", data.draw(st.sampled_from([1, 255])))
    engine, reference = WhooshEngine(before), MemoryEngine(left.values())
    assert engine.ids() == reference.ids()
    assert engine.stored([*left, "b-none"]) == reference.stored([*left, "b-none"])
    for query in asked:
        with few, most:
            assert in_order(engine.search(query)) == in_order(reference.search(query)), query
    of_documents(engine, reference, [*left.values()])
    engine.close()


def in_order(hits: Hits) -> tuple[Hits, list[list[str]]]:
    """Return an answer and its facet values in their order, which the equality of maps ignores."""
    return hits, [[*counts] for counts in hits.facets.values()]


@pytest.mark.parametrize("batch_units", [1, 1 << 20])
def test_frequent_pairs_have_a_bit_for_each_document(tmp_path: Path, batch_units: int) -> None:
    """In long documents, too, and in the last; in what was turned inside out together or not."""
    texts = ["复工" * 200, "复工", "甲" * 700, "复产", "工复" * 300]
    documents = [
        analyse(Bulletin(f"b-{at}", SOURCE, "", (Block(text),)), SEGMENTER)
        for at, text in enumerate(texts)
    ]
    with patch.object(layout, "LEAST", 1), patch.object(layout, "DENSE", 3):
        engine = whoosh(tmp_path, documents, batch_units)
    (segment,) = engine._segments
    for pair in map(tuple, ("复工", "工复", "复产", "甲甲", "产甲")):
        held = [at for at, text in enumerate(texts) if "".join(pair) in text]
        found = segment.known(pair).held
        assert (found and found.documents.tolist()) == (held if len(held) > 1 else None)


def test_where_a_unit_stands_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each chunk of the stream in which it is asked for; the next question has it at hand."""
    monkeypatch.setattr(unit_bits, "_CHUNK_BITS", 8)
    drawn = random.Random(1)
    bodies = ["".join(drawn.choices("复工产质", k=600)) for _ in range(40)]
    documents = [
        analyse(Bulletin(f"b-{at:02}", SOURCE, "", (Block(text),)), SEGMENTER)
        for at, text in enumerate(bodies)
    ]
    (segment,) = whoosh(tmp_path, documents, 1 << 20)._segments
    places = np.array(drawn.sample(range(segment.limit + 9), 999))
    wanted = [place in {*segment.positions(("复",)).tolist()} for place in places]
    for _ in range(2):
        assert segment.stands_at("复", places).tolist() == wanted
    bits = segment._unit_bits._bits.cache_info()
    assert bits.misses == bits.currsize == len({*(places >> 8).tolist()}) > 99


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_what_was_removed_counts_for_nothing_however_often_it_had_a_unit(
    tmp_path: Path, gone: int
) -> None:
    """A byte for each document says how often a unit stands there, up to 255 times."""
    texts = ["复工", "复" * 700 + "工", "复工复" * 90]
    documents = [
        analyse(Bulletin(f"b-{at}", SOURCE, "", (Block(text),)), SEGMENTER)
        for at, text in enumerate([*texts, *["协会"] * 999])
    ]
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    whoosh(before, documents, 1 << 20).close()
    after.mkdir()
    link(before, after)
    writer = WhooshWriter(after, 1 << 20)
    writer.remove({f"b-{gone}"})
    writer.finish()
    engine = WhooshEngine(after)
    (segment,) = engine._segments
    left = [text for at, text in enumerate(texts) if at != gone]
    for part in ("复", "工", "复工"):
        counts = sum(text.count(part) for text in left), sum(part in text for text in left)
        assert segment.counts(tuple(part)) == counts


@pytest.mark.parametrize("places", [1, 10, 1000])
def test_windows_are_whole_documents_with_so_many_places_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: int
) -> None:
    """All of them together are the stream, so that nothing is left out or found twice."""
    monkeypatch.setattr(windows, "PLACES", places)
    bodies = [Bulletin(f"b-{at:02}", SOURCE, "", (Block("复工" * 10),)) for at in range(50)]
    engine = whoosh(tmp_path, [analyse(each, SEGMENTER) for each in bodies], 1 << 20)
    (segment,) = engine._segments
    found = [*windows._windows(segment, [("复",)])]
    bounds = [0, segment.bounds[-1]] if found[0].within is None else []
    bounds = bounds or [0, *(each.within[1] for each in found)]
    assert bounds == sorted({*bounds} & {*segment.bounds.tolist()})
    assert (bounds[0], bounds[-1]) == (0, segment.bounds[-1])
    each = [len(window.places(["复"])) for window in found]
    assert sum(each) == 500
    assert max(each) <= max(2 * places, 10)


def test_many_small_segments_are_taken_together(tmp_path: Path) -> None:
    documents = [
        analyse(Bulletin(f"b-{n}", SOURCE, "", (Block(f"复工{n}"),)), SEGMENTER) for n in range(6)
    ]
    folder = tmp_path / "0"
    folder.mkdir()
    whoosh(folder, documents[:1], 10_000).close()
    for number, document in enumerate(documents[1:], 1):
        after = tmp_path / str(number)
        after.mkdir()
        link(folder, after)
        folder = after
        writer = WhooshWriter(folder, 10_000)
        taken = writer.take_small(most=3)
        assert len(taken) == (4 if number == 4 else 0)
        for stored, group in taken:
            writer.add(analyse(load(stored), SEGMENTER, group))
        writer.add(document)
        writer.finish()
    assert len(list(folder.glob("*.trm"))) == 2
    engine = WhooshEngine(folder)
    assert engine.ids() == [document.id for document in documents]
    query = EngineQuery(read("复工", "all", SEGMENTER).tree, ("复工",), limit=9)
    assert in_order(engine.search(query)) == in_order(MemoryEngine(documents).search(query))


def folded(text: str) -> str:
    """Plain folding for the alphabet of these tests, written another way than the product's."""
    kept = "".join("," if char in "，。" else char for char in text if char not in "\t “”")
    return kept.lower().replace("會", "会")


@given(st.lists(texts, min_size=1, max_size=5), st.data())
@settings(max_examples=200, deadline=None)
def test_a_quotation_is_found_in_exactly_the_texts_in_which_it_stands(
    bodies: list[str], data: st.DataObject
) -> None:
    bulletin_of = {
        f"b-{number}": Bulletin(
            f"b-{number}",
            SOURCE,
            "",
            (Block(body),),
        )
        for number, body in enumerate(bodies)
    }
    engine = MemoryEngine(analyse(bulletin, SEGMENTER) for bulletin in bulletin_of.values())
    source = data.draw(st.sampled_from(bodies))
    start = data.draw(st.integers(0, len(source) - 1))
    quotation = source[start : start + data.draw(st.integers(1, 10))]
    query = read(quotation, "exact", SEGMENTER)
    found = {hit.id for hit in engine.search(EngineQuery(query.tree, limit=100)).hits}
    wanted = spell(quotation)
    texts_of = {id: bulletin.blocks[0].text for id, bulletin in bulletin_of.items()}
    stands = {id for id, text in texts_of.items() if _stands(wanted, spell(text))}
    assert found == (stands if query.runs else set())
    if query.runs and not any(char.isalnum() and char.isascii() for char in quotation):
        assert found == {id for id, text in texts_of.items() if folded(quotation) in folded(text)}


@given(st.lists(texts, min_size=1, max_size=5), st.text("复工产质", min_size=1, max_size=2))
@settings(max_examples=100, deadline=None)
def test_occurrences_are_as_many_as_plain_counting_finds(bodies: list[str], phrase: str) -> None:
    documents = [
        analyse(Bulletin(f"b-{n}", SOURCE, "", (Block(body),), date=f"20{20 + n}"), SEGMENTER)
        for n, body in enumerate(bodies)
    ]
    query = read(phrase, "exact", SEGMENTER)
    found = MemoryEngine(documents).occurrences(spell(phrase), EngineQuery(query.tree))
    counts = [
        sum(folded(body)[at:].startswith(phrase) for at in range(len(folded(body))))
        for body in bodies
    ]
    assert found.total == (sum(counts), sum(map(bool, counts)))
    years = {f"20{20 + n}": (count, 1) for n, count in enumerate(counts) if count}
    assert found.by["year"] == found.by["month"] == years
    standing = [f"b-{n}" for n, count in enumerate(counts) if count]
    assert (found.first, found.last) == ((standing[0], standing[-1]) if standing else ("", ""))


def _stands(wanted: tuple[str, ...], units: tuple[str, ...]) -> bool:
    return any(units[at : at + len(wanted)] == wanted for at in range(len(units) - len(wanted) + 1))


@pytest.mark.parametrize("recency_days", [0, 30])
def test_a_bulletin_with_the_whole_run_comes_before_any_newer_one_that_repeats_its_words(
    tmp_path: Path, recency_days: int
) -> None:
    apart = "复工。复产。" * 30
    documents = [
        analyse(
            Bulletin(id, SOURCE, "", (Block(text, kind), Block("文")), date=date),
            SEGMENTER,
        )
        for id, text, kind, date in (
            ("b-1", apart, Kind.TITLE, "2024-05-01"),
            ("b-2", "复工复产" + "闲话" * 500, Kind.PARAGRAPH, "2020"),
            ("b-3", "复工复产" + "闲话" * 500, Kind.TITLE, "2019-12"),
        )
    ]
    query = read("复工复产", "all", SEGMENTER)
    engine = whoosh(tmp_path, documents, 10_000)
    asked = EngineQuery(query.tree, query.words, query.runs, recency_days=recency_days)
    hits = engine.search(asked).hits
    assert hits == MemoryEngine(documents).search(asked).hits
    assert [hit.id for hit in hits] == ["b-3", "b-2", "b-1"]


def test_age_counts_from_the_newest_that_is_left(tmp_path: Path) -> None:
    documents = [
        analyse(Bulletin(f"b-{n}", SOURCE, "", (Block("复工"),), date=f"202{n}-05-01"), SEGMENTER)
        for n in range(3)
    ]
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
    whoosh(before, documents, 10_000).close()
    link(before, after)
    writer = WhooshWriter(after, 10_000)
    writer.remove({"b-2"})
    writer.finish()
    query = EngineQuery(read("复工", "all", SEGMENTER).tree, ("复工",), recency_days=365)
    left = MemoryEngine(documents[:2]).search(query)
    assert WhooshEngine(after).search(query) == left
    assert left.hits[0].score > left.hits[1].score


@pytest.mark.parametrize("sort", sorted(SORTS))
def test_the_order_does_not_depend_on_the_order_of_adding(sort: str, tmp_path: Path) -> None:
    rng = random.Random(4)
    documents = [
        analyse(
            Bulletin(
                f"b-{number:03d}",
                SOURCE,
                "",
                (Block("复工" * rng.randint(1, 3)),),
                date=rng.choice(["", "2020", "2020-03-18"]),
                issue=rng.choice([None, IssueNumber(3, "第3期")]),
            ),
            SEGMENTER,
        )
        for number in range(40)
    ]
    query = EngineQuery(read("复工", "all", SEGMENTER).tree, ("复工",), sort=sort, limit=40)
    orders = []
    for turn in range(3):
        rng.shuffle(documents)
        folder = tmp_path / str(turn)
        folder.mkdir()
        orders.append(whoosh(folder, documents, 20).search(query).hits)
    assert orders[0] == orders[1] == orders[2]


def test_an_engine_that_is_closed_and_forgotten_keeps_no_file_open(tmp_path: Path) -> None:
    document = analyse(Bulletin("b-1", SOURCE, "", (Block("复工复产"),)), SEGMENTER)
    gc.disable()
    try:
        before = len(list(Path("/proc/self/fd").iterdir()))
        engine = whoosh(tmp_path, [document], 10_000)
        query = read("复工", "all", SEGMENTER)
        assert engine.search(EngineQuery(query.tree, query.words, query.runs)).total == 1
        engine.close()
        del engine
        assert len(list(Path("/proc/self/fd").iterdir())) == before
    finally:
        gc.enable()


def test_a_unit_whose_number_is_larger_than_that_of_any_unit_behind_another_is_not_behind_it(
    tmp_path: Path,
) -> None:
    """Numbers are kept in the narrowest type: in titles of few characters that is a byte."""
    many = "".join(map(chr, range(0x4E00, 0x4E00 + 400)))
    blocks = (Block("一丁", Kind.TITLE), Block(many))
    engine = whoosh(tmp_path, [analyse(Bulletin("b-1", SOURCE, "一丁", blocks), SEGMENTER)], 10_000)
    last = many[-2:]
    for mode, total in (("exact", 1), ("any", 1)):
        query = read(last, mode, SEGMENTER)
        assert engine.search(EngineQuery(query.tree, query.words, query.runs)).total == total
    assert engine.search(EngineQuery(Quotation(("一", last[-1]), ""))).total == 0
    engine.close()


@given(st.lists(st.text("复工\n\U00020000\ue5e5é\x00" + "甲" * 3, max_size=40_000), max_size=4))
@example(["复工复产" * 20_000, "甲", "", "复工复产" * 20_000])
@settings(max_examples=30, deadline=None)
def test_what_is_stored_comes_back_whatever_characters_it_has(texts: list[str]) -> None:
    """Some fill the dictionary that texts share, some not."""
    with TemporaryDirectory() as folder:
        storage = FileStorage(folder)
        file = storage.create_file("texts")
        writer = TextColumn().writer(file)
        for number, text in enumerate(texts):
            writer.add(number, text)
        writer.finish(len(texts))
        length = file.tell()
        file.close()
        mapped = MappedStorage(Path(folder)).open_file("texts")
        reader = TextColumn().reader(mapped, 0, length, len(texts))
        assert [reader[number]["stored"] for number in range(len(texts))] == texts


@pytest.mark.parametrize("number", [0, (1 << 64) - 1, 1 << 64, 10**30])
def test_a_bulletin_with_a_number_of_any_size_comes_back(number: int) -> None:
    issue = IssueNumber(number, f"第{number}期", number)
    bulletin = Bulletin("b-1", SOURCE, "", (Block("复工复产"),), issue=issue)
    found = load(dump(bulletin))
    assert found == bulletin
    assert found.issue
    assert isinstance(found.issue.number, int)


def test_a_bulletin_whose_file_has_a_name_in_no_encoding_comes_back(tmp_path: Path) -> None:
    source = dataclasses.replace(SOURCE, path="\udcb8\udcb4.txt")
    bulletin = Bulletin("b-1", source, "", (Block("复工复产"),))
    engine = whoosh(tmp_path, [analyse(bulletin, SEGMENTER)], 10_000)
    (stored,) = engine.stored(["b-1"])
    assert stored is not None
    assert load(stored) == bulletin
    engine.close()


def test_the_words_of_an_index_can_be_read_by_whoosh_itself(tmp_path: Path) -> None:
    from whoosh.index import FileIndex
    from whoosh.query import Term

    document = analyse(
        Bulletin("b-1", SOURCE, "", (Block("复工复产，复工", Kind.TITLE),)),
        SEGMENTER,
    )
    whoosh(tmp_path, [document], 10_000).close()
    with FileIndex(MappedStorage(tmp_path)).searcher() as searcher:
        assert searcher.doc_frequency("words", "复工") == 1
        assert searcher.frequency("words", "复工") == 2.0
        assert [hit["stored"] for hit in searcher.search(Term("words", "复产"))] == [
            document.stored
        ]
