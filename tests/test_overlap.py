"""All runs that two texts share, and none that could be longer: against the plain table."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.analysis import cut
from indexer.analysis.overlap import Run, common_runs

TEXTS = st.text("复工会，A1 ", max_size=60)


def plain_runs(one: tuple[str, ...], other: tuple[str, ...], least: int) -> list[Run]:
    """Every pair of places whose units differ before and after, and agree between."""
    found = []
    for here in range(len(one)):
        for there in range(len(other)):
            if here and there and one[here - 1] == other[there - 1]:
                continue
            length = 0
            for mine, theirs in zip(one[here:], other[there:], strict=False):
                if mine != theirs:
                    break
                length += 1
            if length >= least:
                found.append(Run(here, there, length))
    return sorted(found)


@settings(deadline=None, max_examples=400)
@given(TEXTS, TEXTS, st.text("复工会，A1 ", max_size=20), st.integers(2, 6))
@example("A复工", "1复工", "", 2)
def test_they_are_those_of_the_table(one: str, other: str, shared: str, least: int) -> None:
    mine, theirs = cut(one + shared).sequence, cut(shared + other).sequence
    expected = plain_runs(mine.spelled(), theirs.spelled(), least)
    assert common_runs(mine, theirs, least) == expected


def test_a_text_that_repeats_itself_does_not_take_all_memory() -> None:
    sequence = cut("复工" * 20_000).sequence
    assert len(common_runs(sequence, sequence, 20)) < 20_000
