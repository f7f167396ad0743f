"""Which bulletins are about the same things?  More like this, by its weightiest words.

The words of a bulletin that say most about it, by tf·idf, are asked for as any search is, and the
engine ranks.  There is no index for it, and nothing to keep up to date.
"""

from __future__ import annotations

from typing import Final

from indexer.analysis import Segmenter, analyse, spell
from indexer.answer import Alike
from indexer.bulletin import Bulletin
from indexer.document import Document, WordCount, load
from indexer.engines.base import Engine, EngineQuery
from indexer.engines.ranking import K1, WEIGHTS, idf
from indexer.query import Any, Word

WORDS: Final = 25
"""Words asked for: what Lucene's MoreLikeThis takes, too."""
MOST: Final = 8
"""Bulletins that are shown."""
THIN: Final = 0.15
"""The least likeness that is shown.  Of pairs of news items above it most are of one affair or one
kind (the same conference, two laws on one matter); below it most share words and no more."""


def similar(engine: Engine, segmenter: Segmenter, bulletin: Bulletin) -> tuple[Alike, ...]:
    """Return the bulletins most alike, best first; none of them less than `THIN`.

    The bulletin itself and its copies are left out, and other copies are shown once.
    """
    own = {bulletin.id, *engine.copies(bulletin.id)}
    words = _weighed(engine, analyse(bulletin, segmenter))
    greatest = sum(weight for weight, _ in words[:WORDS]) * (K1 + 1.0)
    # What nobody else has finds nobody; it only makes everybody else less alike.
    asked = [word for weight, word in words if weight < idf(engine.count, len(own))][:WORDS]
    tree = Any(tuple(Word(spell(word), word) for word in asked))
    hits = engine.search(EngineQuery(tree, asked, limit=MOST + 1)).hits
    likeness = {hit.id: min(hit.score / greatest, 1.0) for hit in hits if hit.id not in own}
    shown = [id for id, share in likeness.items() if share >= THIN][:MOST]
    found = (load(text) for text in engine.stored(shown) if text is not None)
    return tuple(_alike(other, likeness[other.id]) for other in found)


def _weighed(engine: Engine, document: Document) -> list[tuple[float, str]]:
    """Return idf and spelling of the words, those with the greatest tf·idf first.

    Numbers and single characters are about nothing.
    """
    counts = document.words.each()
    words = [word for word in counts if len(word) > 1 and not word.isdecimal()]
    weights = (idf(engine.count, frequency) for frequency in engine.frequencies(words))
    return sorted(
        zip(weights, words, strict=True),
        key=lambda each: (-_times(counts[each[1]]) * each[0], each[1]),
    )


def _times(count: WordCount) -> float:
    times = zip(WEIGHTS, (count.title, count.heading, count.body), strict=True)
    return sum(weight * number for weight, number in times)


def _alike(other: Bulletin, likeness: float) -> Alike:
    return Alike(
        id=other.id,
        title=other.title,
        series=other.series,
        issue=other.issue,
        date=other.date,
        publisher=other.publisher,
        likeness=round(likeness, 4),
    )
