"""A mark is never wrong and never missing, and a passage is the bulletin's own text."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import folded, folded_char, is_word

from indexer import snippets
from indexer.analysis import Segmenter
from indexer.bulletin import Block, Bulletin, Kind, Source
from indexer.query import leaves, read
from indexer.snippets import MOST, WIDTH, Highlighter, Passage, Range, View

SEGMENTER = Segmenter()
SOURCE = Source("a.txt", "text/plain", "utf-8", "", 0)
ELLIPSIS = "……"
# Few characters, so that terms repeat, touch and overlap; some fold, some vanish.
ALPHABET = "复工复产质协會会12QcＱ，。 “”"
FILLER = "近日各有关单位听取情况介绍并就下一步工作作出安排，"

texts = st.text(ALPHABET, min_size=1, max_size=30)
words = st.text("复工产质协会12Qc，", min_size=1, max_size=4)
queries = st.lists(words | words.map(lambda word: f'"{word}"'), min_size=1, max_size=4).map(
    " ".join
)
modes = st.sampled_from(["exact", "all", "any"])


def bulletin(*blocks: Block | str) -> Bulletin:
    made = (block if isinstance(block, Block) else Block(block) for block in blocks)
    return Bulletin("b-1", SOURCE, "", tuple(made))


def highlighter(text: str, mode: str = "all") -> Highlighter:
    return Highlighter(read(text, mode, SEGMENTER))


def view_of(highlighter: Highlighter, bulletin: Bulletin) -> View:
    (view,) = highlighter.views([bulletin])
    return view


def terms(text: str, mode: str) -> set[str]:
    """The folded terms of a query, and its runs as they were typed."""
    query = read(text, mode, SEGMENTER)
    units = {leaf.units for leaf in leaves(query.tree)} | set(query.runs)
    return {comparable(" ".join(part)) for part in units}


def comparable(text: str) -> str:
    """Fold; between a number and a Latin word, which are parted anyway, a space says nothing."""
    return re.sub(r"(?<=[0-9]) (?=[a-z])|(?<=[a-z]) (?=[0-9])", "", folded(text))


def occurrences(term: str, text: str) -> set[tuple[int, int]]:
    """Every least piece of a text that folds to the term and cuts no word, by plain trial."""
    plain = [folded_char(char) for char in text]
    found = set()
    for start in range(len(text)):
        if plain[start] != term[0]:
            continue
        for stop in range(start + 1, len(text) + 1):
            if comparable(text[start:stop]) == term and plain[stop - 1] == term[-1]:
                if not (_joined(plain, start) or _joined(plain, stop)):
                    found.add((start, stop))
                break
    return found


def _joined(plain: list[str], at: int) -> bool:
    """Say whether one word or number stands on both sides of a place."""
    if not 0 < at < len(plain):
        return False
    before, after = plain[at - 1], plain[at]
    return bool(is_word(before)) and is_word(before) == is_word(after)


def expected_marks(texts: list[str], wanted: set[str]) -> dict[int, list[tuple[int, int]]]:
    """Which characters of each text stand in a term, as ranges; terms may span two texts."""
    joined = "\n".join(texts)
    marked: list[tuple[int, int]] = []
    for start, stop in sorted(place for term in wanted for place in occurrences(term, joined)):
        if marked and start <= marked[-1][1]:
            marked[-1] = (marked[-1][0], max(stop, marked[-1][1]))
        else:
            marked.append((start, stop))
    found: dict[int, list[tuple[int, int]]] = {}
    begin = 0
    for number, text in enumerate(texts):
        end = begin + len(text)
        inside = [(max(a, begin) - begin, min(b, end) - begin) for a, b in marked]
        # What vanishes at the edge of a block is not part of the term there.
        trimmed = (_trimmed(text, a, b) for a, b in inside if a < b)
        if ranges := [(a, b) for a, b in trimmed if a < b]:
            found[number] = ranges
        begin = end + 1
    return found


def _trimmed(text: str, start: int, stop: int) -> tuple[int, int]:
    while start < stop and folded_char(text[start]).strip() == "":
        start += 1
    while start < stop and folded_char(text[stop - 1]).strip() == "":
        stop -= 1
    return start, stop


@given(st.lists(texts, min_size=1, max_size=4), queries, modes)
@settings(max_examples=300, deadline=None)
def test_exactly_what_stands_in_a_term_is_marked(blocks: list[str], query: str, mode: str) -> None:
    marks = highlighter(query, mode).marks(list(map(Block, blocks)))
    assert {block: list(found) for block, found in marks.items()} == expected_marks(
        blocks, terms(query, mode)
    )


@given(st.lists(texts, min_size=1, max_size=4), queries, modes)
@settings(max_examples=200, deadline=None)
def test_marks_ascend_never_touch_and_lie_inside(blocks: list[str], query: str, mode: str) -> None:
    view = view_of(highlighter(query, mode), bulletin(*blocks))
    for passage in view.passages:
        bounds = [at for mark in passage.marks for at in mark]
        assert bounds == sorted(set(bounds)), passage
        assert all(0 <= at <= len(passage.text) for at in bounds)


@given(
    st.lists(st.tuples(st.lists(texts, max_size=3), words), max_size=4),
    st.one_of(
        queries, st.sampled_from(['"复 产"~9', "复*产", "复?产", "标题:复工", "-协会 标题:协*工"])
    ),
    modes,
    st.integers(1, 200),
)
@settings(max_examples=300, deadline=None)
def test_a_bulletin_is_shown_as_it_would_be_alone_whatever_is_shown_with_it(
    made: list[tuple[list[str], str]], query: str, mode: str, together: int
) -> None:
    bulletins = [
        replace(bulletin(Block(title if blocks else "另一题", Kind.TITLE), *blocks), title=title)
        for blocks, title in made
    ]
    marker = highlighter(query, mode)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snippets, "_TOGETHER", together)
        found = marker.views(bulletins)
    assert found == [view_of(marker, each) for each in bulletins]


def cut_from(passage: Passage, text: str) -> list[tuple[int, range]]:
    """Where a passage may have been cut from: its place in the text, and what is not ellipsis."""
    found = []
    for before in {0, len(ELLIPSIS) * passage.text.startswith(ELLIPSIS)}:
        for after in {0, len(ELLIPSIS) * passage.text.endswith(ELLIPSIS)}:
            inner = range(before, len(passage.text) - after)
            piece = passage.text[inner.start : inner.stop]
            at = text.find(piece)
            while at >= 0:
                found.append((at - before, inner))
                at = text.find(piece, at + 1)
    return found


long_texts = st.lists(texts | st.just(FILLER), min_size=1, max_size=30).map("".join)


@given(st.lists(long_texts, min_size=1, max_size=3), queries, modes)
@settings(max_examples=150, deadline=None)
def test_a_passage_is_a_piece_of_its_block_with_all_the_marks_there(
    blocks: list[str], query: str, mode: str
) -> None:
    marker = highlighter(query, mode)
    marks = marker.marks(list(map(Block, blocks)))
    for passage in view_of(marker, bulletin(*blocks)).passages:
        assert len(passage.text) <= 2 * WIDTH
        places = cut_from(passage, blocks[passage.block])
        assert any(
            passage.marks == _shown(marks.get(passage.block, ()), at, inner) for at, inner in places
        ), passage


@given(st.lists(long_texts, min_size=1, max_size=3), queries)
@settings(max_examples=100, deadline=None)
def test_no_passage_begins_or_ends_inside_a_term(blocks: list[str], query: str) -> None:
    marker = highlighter(query)
    marks = marker.marks(list(map(Block, blocks)))
    for passage in view_of(marker, bulletin(*blocks)).passages:
        text = blocks[passage.block]
        whole = {text[a:b] for a, b in marks.get(passage.block, ())}
        if all(len(mark) <= WIDTH // 4 for mark in whole):
            assert {passage.text[a:b] for a, b in passage.marks} <= whole


def _shown(marks: Iterable[Range], at: int, inner: range) -> tuple[Range, ...]:
    """The marks of a block as they must stand in a passage of it."""
    clipped = ((max(a - at, inner.start), min(b - at, inner.stop)) for a, b in marks)
    return tuple((a, b) for a, b in clipped if a < b)


@given(st.lists(long_texts, min_size=1, max_size=6), words)
@settings(max_examples=150, deadline=None)
def test_where_the_whole_run_stands_only_passages_with_it_are_shown(
    blocks: list[str], run: str
) -> None:
    wanted = comparable(run)
    if not wanted.strip(","):
        return
    places = {n for n, text in enumerate(blocks) if occurrences(wanted, text)}
    if not places:
        return
    view = view_of(highlighter(run), bulletin(*blocks))
    assert view.unbroken
    expected = expected_marks(blocks, {wanted})
    across = {n for n, ranges in expected.items() if ranges}
    assert {passage.block for passage in view.passages} <= across
    assert len(view.passages) == min(MOST, len(across))
    for passage in view.passages:
        shared = len(expected[passage.block]) > len(occurrences(wanted, blocks[passage.block]))
        if passage.block in places and not shared:  # with a run that the block before begins
            marked = [passage.text[a:b] for a, b in passage.marks]
            assert any(wanted in comparable(text) for text in marked), passage


@pytest.mark.parametrize("mode", ["exact", "all"])
def test_a_run_that_two_blocks_share_is_marked_in_both(mode: str) -> None:
    blocks = (f"{FILLER}推动企业复工", f"复产的协会，{FILLER}")
    view = view_of(highlighter("复工复产", mode), bulletin(*blocks))
    assert view.unbroken
    marked = [passage.text[a:b] for passage in view.passages for a, b in passage.marks]
    assert marked == ["复工", "复产"]


def test_a_run_that_many_short_blocks_share_is_marked_in_each() -> None:
    marks = highlighter("复工复产", "exact").marks(
        [Block(text) for text in ("一复", "工", "", "复", "产二")]
    )
    assert marks == {0: ((1, 2),), 1: ((0, 1),), 3: ((0, 1),), 4: ((0, 1),)}


def test_scattered_words_are_shown_closest_together() -> None:
    text = f"协会。{FILLER * 8}复工。{FILLER * 8}协会支持企业复工。{FILLER * 8}复工"
    (passage,) = view_of(highlighter("协会 复工"), bulletin(text)).passages
    assert "协会支持企业复工" in passage.text
    assert passage.text.startswith(ELLIPSIS) or text[: text.index(passage.text[:5])][-1] in "，。"


def test_passages_of_the_text_come_before_the_title_which_is_shown_anyway() -> None:
    title = Block("复工复产简报", Kind.TITLE)
    shown = view_of(highlighter("复工复产"), bulletin(title, FILLER, "企业复工复产")).passages
    assert [passage.block for passage in shown] == [2]
    shown = view_of(highlighter("复工复产"), bulletin(title, FILLER)).passages
    assert [passage.block for passage in shown] == [0]


def test_the_passages_with_most_are_shown_in_reading_order() -> None:
    blocks = ["协会", "协会与复工", "闲话", "复工与协会", "复工", "协会复工"]
    shown = view_of(highlighter("协会 复工"), bulletin(*blocks)).passages
    assert [passage.block for passage in shown] == [1, 3, 5]


@pytest.mark.parametrize("query", ["", "没有的话", "，"])
def test_without_any_term_the_beginning_of_the_text_is_shown(query: str) -> None:
    heading = Block("一、要闻", Kind.HEADING)
    view = view_of(highlighter(query), bulletin(heading, "短句。", FILLER * 20))
    (passage,) = view.passages
    assert passage.block == 2
    assert passage.text.startswith(FILLER)
    assert passage.text.endswith(ELLIPSIS) or len(passage.text) <= 2 * WIDTH
    assert passage.marks == ()
    assert not view.unbroken


def test_of_a_quotation_that_fills_a_page_the_beginning_is_shown_and_marked() -> None:
    quotation = "".join(chr(0x4E00 + n) for n in range(480))
    (passage,) = view_of(
        highlighter(quotation, "exact"), bulletin(f"开头。{quotation}结尾。")
    ).passages
    (mark,) = passage.marks
    assert passage.text[slice(*mark)].startswith(quotation[:200])
    assert len(passage.text) <= 4 * WIDTH


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("复" * 200_000, "复"),
        ("复，" * 100_000, "复"),
        ("复工" * 100_000, "复工 工复 复 工"),
        ("12 " * 66_666, "12"),
        ("复" * 200_000, "复" * 500),
    ],
    ids=["touching", "apart", "overlapping", "numbers", "long"],
)
def test_a_block_full_of_one_term_is_no_more_work_than_its_length(text: str, query: str) -> None:
    marker = highlighter(query, "exact" if len(query) == 500 else "all")
    long = bulletin(text)
    view_of(marker, bulletin("复工12"))  # tables that are filled once
    started = time.process_time()
    view = view_of(marker, long)
    assert time.process_time() - started < 0.5
    assert len(view.passages) == 1


def test_many_blocks_with_a_term_are_no_more_work_than_their_number() -> None:
    table = bulletin(*(Block("复", Kind.ROW) for _ in range(20_000)))
    marker = highlighter("复复复", "exact")
    view_of(marker, bulletin("复"))
    started = time.perf_counter()
    view = view_of(marker, table)
    assert time.perf_counter() - started < 0.5
    assert [passage.block for passage in view.passages] == [0, 1, 2]
