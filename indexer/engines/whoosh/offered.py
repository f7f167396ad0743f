"""Which values have how many groups of documents?  A part of the values at a time.

Bulletins offer so many different texts that to have all of them in memory would take more than
everything else that a build does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from indexer.engines.whoosh.columns import Chunk
from indexer.engines.whoosh.pairs import Mask


def counted(
    chunks: Iterable[Chunk], live: Mask, groups: Mapping[int, int], seen: set[int]
) -> Iterator[Mapping[str, int]]:
    """Yield values, each with the number of groups that have it; the numbers of one that is yielded
    repeatedly are to be added up.

    `groups` has the groups of documents that have one together; all others are alone.  `seen` is
    what is known of these groups by now, from segments before this one.
    """
    first = 0
    for vocabulary, counts, codes in chunks:
        last = first + len(counts)
        owners = np.repeat(np.arange(first, last), counts)
        kept = live[owners]
        together = [document for document in groups if first <= document < last]
        alone = kept & ~np.isin(owners, together) if together else kept
        totals = np.bincount(codes[alone], minlength=len(vocabulary))
        rest = kept & ~alone
        for document, code in zip(owners[rest].tolist(), codes[rest].tolist(), strict=True):
            known = hash((groups[document], vocabulary[code]))
            totals[code] += known not in seen
            seen.add(known)
        there = totals.nonzero()[0]
        named = zip(there.tolist(), totals[there].tolist(), strict=True)
        yield {vocabulary[code]: count for code, count in named}
        first = last
