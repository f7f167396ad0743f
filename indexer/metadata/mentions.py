"""Which bodies does a bulletin mention besides those that it is about?

Computed when a bulletin is opened, so that a build does not wait for it; no facet counts them.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from indexer.analysis import Segmenter
from indexer.bulletin import Bulletin, Kind, Organization
from indexer.metadata.running_text import bodies_in
from indexer.metadata.wording import plain, without_space

REACH: Final = 20_000
"""Characters that are looked at, which takes some 40 milliseconds; a bulletin has 2,400."""
_SILENT: Final = (Kind.MASTHEAD, Kind.DISTRIBUTION)


def mentioned(bulletin: Bulletin, segmenter: Segmenter) -> tuple[Organization, ...]:
    """Return the bodies by number of mentions, then by where they are first named.

    What is part of the name of a body that the bulletin is about is left out.
    """
    counts: Counter[str] = Counter()
    left = REACH
    for block in bulletin.blocks:
        if block.kind not in _SILENT and left > 0:
            text = block.text[:left]
            left -= len(text)
            counts.update(without_space(text[slice(*r)]) for r in bodies_in(text, segmenter))
    about = [plain(name) for body in bulletin.organizations for name in (body.name, *body.aliases)]
    return tuple(
        Organization(name, (), count)
        for name, count in counts.most_common()
        if not any(plain(name) in known for known in about)
    )
