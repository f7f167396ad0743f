"""Words that are ranked as numbers stand as they would be sorted one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import join
from indexer.engines.whoosh.spellings import ranked

WORD = st.text("质量协会乙z0\U00020000\uffff", min_size=1, max_size=6)


@given(st.lists(WORD, max_size=30))
@settings(max_examples=300, deadline=None)
def test_words_are_ranked_by_their_utf8(words: list[str]) -> None:
    spellings, ranks = ranked(join(words))
    assert spellings == sorted({*words}, key=str.encode)
    assert [spellings[rank] for rank in ranks.tolist()] == words
