"""What can an answer be narrowed or widened to?  Facets with their counts, and ways out."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import itemgetter

from indexer.analysis.numerals import to_chinese, to_int
from indexer.answer import FacetCount, SearchRequest
from indexer.language import Sentence
from indexer.requests import plain_values
from indexer.schema import FACETS, MODES, NONE


def facet_counts(
    name: str, counts: Mapping[str, int], request: SearchRequest
) -> tuple[FacetCount, ...]:
    """Return the values of a facet, labelled, the most frequent first, and equally frequent ones as
    they come in `counts`; then what is chosen in vain.
    """
    chosen = plain_values(name, request.chosen.get(name, ()))
    shown = sorted(counts.items(), key=itemgetter(1), reverse=True)
    shown += {value: 0 for value in chosen if value not in counts}.items()
    return tuple(
        [
            FacetCount(value, facet_label(name, value), count, value in chosen)
            for value, count in shown
        ]
    )


@functools.lru_cache(maxsize=4096)
def facet_label(facet: str, value: str) -> Sentence:
    """Return how a value of a facet is shown: issue 27 is 第二十七期."""
    absent = next(known.absent for known in FACETS if known.parameter == facet)
    if value == NONE and absent is not None:
        return absent
    number = to_int(value) if facet == "issue" else None
    if number is not None:
        return Sentence(f"第{to_chinese(number)}期", f"No. {number}")
    return Sentence(value, value)


def changes(request: SearchRequest) -> Iterator[tuple[Sentence, SearchRequest]]:
    """Yield what a reader could change, the smallest change first."""
    first = replace(request, page=1)
    narrowed = [facet for facet in FACETS if request.chosen.get(facet.parameter)]
    for facet in narrowed if len(narrowed) > 1 else []:
        others = {name: v for name, v in request.chosen.items() if name != facet.parameter}
        yield (
            Sentence(f"不限{facet.name.zh}", f"any {facet.name.en.lower()}"),
            replace(first, chosen=others),
        )
    if request.since or request.until:
        yield Sentence("不限日期", "any date"), replace(first, since="", until="")
    if narrowed:
        free = replace(first, chosen={}, since="", until="")
        yield Sentence("去掉所有筛选条件", "without any filter"), free
    modes = list(MODES)
    for mode in modes[modes.index(request.mode) + 1 :] if request.text else []:
        said = MODES[mode]
        sentence = Sentence(f"改按“{said.zh}”检索", f"search by “{said.en}”")
        yield sentence, replace(first, mode=mode)
