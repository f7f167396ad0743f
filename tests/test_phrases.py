"""A bulletin offers what it repeats or puts in headings: as a plain count of strings says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import by_arrays, loops, numbering
from indexer.analysis.by_arrays import ALONE, BEGINS, LONG, SAYS, Facts
from indexer.analysis.numbering import number
from indexer.analysis.phrases import _FLAGS, phrases, without_an_end
from indexer.analysis.words import BREAK, general_dictionary, word_class
from indexer.document import offer

WORDS = (
    "质量",
    "协会",
    "复工",
    "复产",
    "的",
    "会",
    "开展",
    "志愿者服务队",
    "埃博",
    "qc",
    "5",
    BREAK,
)
PART = st.lists(st.sampled_from(WORDS), max_size=40)


@pytest.fixture(params=[by_arrays, loops], ids=["by_arrays", "loops"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """By arrays, and compiled where it was."""
    monkeypatch.setattr(numbering, "numbered", request.param.numbered)
    monkeypatch.setattr(loops, "found", request.param.found)


def may_be(run: Sequence[str]) -> bool:
    """Say whether words one after another may be a phrase."""
    flags = [_FLAGS[word] for word in run]
    if len(run) == 1:
        return bool(flags[0] & ALONE)
    return bool(
        all(flag & SAYS for flag in flags)
        and flags[0] & BEGINS
        and flags[-1] & LONG
        and sum(map(len, run)) <= 10
    )


def plainly(title: list[str], headings: list[str], rest: list[str]) -> list[str]:
    leading = [*title, BREAK, *headings, BREAK]
    words = [*leading, *rest]
    spans = [(a, b) for a in range(len(words)) for b in range(a + 1, a + 5) if b <= len(words)]
    runs = [(a, words[a:b]) for a, b in spans]
    counts = Counter(BREAK.join(run) for _, run in runs if may_be(run))
    prominent = {BREAK.join(run) for at, run in runs if at < len(leading) and may_be(run)}
    repeated = {phrase for phrase, count in counts.items() if count > 1}

    def has_repeated(phrase: str) -> bool:
        parts = phrase.split(BREAK)
        inner = [
            (a, b) for a, b in combinations(range(len(parts) + 1), 2) if 1 < b - a < len(parts)
        ]
        return any(BREAK.join(parts[a:b]) in repeated for a, b in inner)

    found = repeated | {phrase for phrase in prominent if not has_repeated(phrase)}
    longer = {
        phrase: max((counts[p] for p in found if phrase in without_an_end(p)), default=0)
        for phrase in found
    }
    ordered = sorted(found, key=lambda phrase: (-counts[phrase] * len(phrase), phrase))
    return [
        offer("phrase" if counts[p] > longer[p] and (BREAK in p or word_class(p)) else "part", p)
        for p in ordered[:64]
    ]


@pytest.mark.usefixtures("either")
@given(PART, PART, PART)
@settings(max_examples=300, deadline=None)
def test_what_a_bulletin_offers_is_what_a_plain_count_says(title, headings, rest):
    assert phrases(number(title, headings, rest)) == plainly(title, headings, rest)


@pytest.mark.usefixtures("either")
def test_of_a_long_list_those_are_offered_that_fill_most_of_the_text():
    entries = (entry.decode().split(" ") for entry in general_dictionary() if entry)
    words = [word for word, _, name in entries if len(word) == 2 and name == "n"][:150]
    title = [each for word in words for each in (word, BREAK)]
    offered = phrases(number(title, [], [words[140], BREAK]))
    assert offered == plainly(title, [], [words[140], BREAK])
    assert len(offered) == 64
    assert offered[0] == offer("phrase", words[140])


NUMBERS = st.lists(st.integers(0, 9), min_size=1, max_size=120)
FLAGS = st.lists(st.integers(0, 31), min_size=10, max_size=10)
SIZES = st.lists(st.integers(1, 6), min_size=10, max_size=10)


@given(NUMBERS, FLAGS, SIZES, st.integers(0, 200))
def test_whatever_words_are_like_both_find_the_same(numbers, flags, sizes, leading):
    """Of words that no dictionary has; what stands last says nothing, as a break does."""
    numbers = np.array([*numbers, 0])
    flags = np.array([0, *flags[1:]], dtype=np.uint8)
    times = np.bincount(numbers, minlength=10)
    facts = Facts(flags, np.array(sizes), times)
    both = [
        sorted(zip(*map(np.ndarray.tolist, found(numbers, facts, leading)), strict=True))
        for found in (by_arrays.found, loops.found)
    ]
    assert both[0] == both[1]
