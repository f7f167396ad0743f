"""Why is this bulletin in an answer, or why is it not?  The query, term by term, on one bulletin.

What a term does is tried, not retold: each is asked alone of the one bulletin by the reference
engine, and what a word or run adds to the score is the score with it less that without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from indexer.analysis import Segmenter, analyse, date_key, facet_values
from indexer.answer import Explanation, Place, ScorePart, SearchRequest, Suggestion, TermFate
from indexer.bulletin import Bulletin
from indexer.engines.base import LARGEST_WINDOW, Engine, EngineQuery
from indexer.engines.memory import MemoryEngine
from indexer.language import Sentence
from indexer.query import All, Latest, Most, Node, Not, Query, Widened
from indexer.schema import FACETS, MODES
from indexer.snippets import Highlighter

Read = Callable[[SearchRequest], Query]
Ask = Callable[[SearchRequest, Query], EngineQuery]

MOST_PLACES: Final = 20
"""Paragraphs that are named for one term."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains the answers of one index.  `read` understands a request, `ask` puts it to the
    engine, `total` counts what another request would give.
    """

    engine: Engine
    segmenter: Segmenter
    read: Read
    ask: Ask
    total: Callable[[SearchRequest], int]

    def explain(self, request: SearchRequest, query: Query, bulletin: Bulletin) -> Explanation:
        """Return why a bulletin answers `query`, which `request` was understood as, or does not."""
        asked = self.ask(request, query)
        rank, score, shown = self._rank(asked, bulletin.id)
        alone = MemoryEngine([analyse(bulletin, self.segmenter)])
        fates = tuple(self._fates(query.tree, alone, bulletin))
        return Explanation(
            id=bulletin.id,
            title=bulletin.title,
            rank=rank,
            score=score,
            terms=fates,
            parts=self._parts(asked, bulletin) if rank else (),
            ways_in=() if rank else self._ways_in(request, query, bulletin, alone, fates),
            shown_as=shown if shown != bulletin.id else "",
        )

    def _rank(self, asked: EngineQuery, id: str) -> tuple[int, float, str]:
        """Return place, score and id of the hit that a bulletin is, or a copy of it."""
        hits = self.engine.search(asked._replace(offset=0, limit=LARGEST_WINDOW)).hits
        for place, hit in enumerate(hits, 1):
            if id == hit.id or id in hit.copies:
                return place, hit.score, hit.id
        return 0, 0.0, ""

    def _fates(self, tree: Node, alone: MemoryEngine, bulletin: Bulletin) -> Iterator[TermFate]:
        """Yield what became of each part of a query that must or must not hold."""
        for clause in tree.children if isinstance(tree, All | Most) else (tree,):
            for node in _choices(_inner(clause)):
                holds = self._holds(node, alone, bulletin.id)
                yield TermFate(
                    str(node), not isinstance(clause, Not), holds, _places(node, bulletin)
                )

    def _holds(self, node: Node, alone: MemoryEngine, id: str) -> bool:
        if isinstance(node, Latest):  # which issues are the latest depends on the others
            found = self.engine.search(EngineQuery(node, limit=LARGEST_WINDOW, grouped=False))
            return any(hit.id == id for hit in found.hits)
        return alone.total(EngineQuery(node)) > 0

    def _parts(self, asked: EngineQuery, bulletin: Bulletin) -> tuple[ScorePart, ...]:
        """Return what adds up to the score: words and runs, the most first, then near and age."""
        shares = self.engine.shares(asked, bulletin.id)
        parts = [ScorePart(word, adds) for word, adds in shares.words.items()]
        parts += [ScorePart(_spelled(run), adds, "run") for run, adds in shares.runs.items()]
        parts.sort(key=_most_first)
        parts += [ScorePart("", shares.near, "near"), ScorePart(bulletin.date, shares.age, "age")]
        return tuple(part for part in parts if part.adds)

    def _ways_in(
        self,
        request: SearchRequest,
        query: Query,
        bulletin: Bulletin,
        alone: MemoryEngine,
        fates: Sequence[TermFate],
    ) -> tuple[Suggestion, ...]:
        """Return what keeps a bulletin out of an answer, each with the search that lets it in."""
        first = replace(request, page=1)
        found = [*_filters(first, bulletin)]
        if request.text and not alone.total(EngineQuery(query.tree)):
            found += self._other_ways(first, alone)
            found += _without_what_keeps_out(first, query, fates)
        return tuple(Suggestion(said, other, self.total(other)) for said, other in found)

    def _other_ways(
        self, request: SearchRequest, alone: MemoryEngine
    ) -> Iterator[tuple[Sentence, SearchRequest]]:
        """Yield how the same text can be asked for so that the bulletin has it."""
        if request.without:
            wider = replace(request, without=())
            if alone.total(EngineQuery(self.read(wider).tree)):
                yield _WRITTEN_OTHERWISE, wider
        modes = list(MODES)
        for mode in modes[modes.index(request.mode) + 1 :]:
            looser = replace(request, mode=mode, without=())
            if alone.total(EngineQuery(self.read(looser).tree)):
                said = MODES[mode]
                yield (
                    Sentence(
                        f"字都有，但没有连在一起，或者写法不同：按“{said.zh}”检索",
                        f"it is there, but apart or written otherwise: search by “{said.en}”",
                    ),
                    looser,
                )
                return


_WRITTEN_OTHERWISE: Final = Sentence(
    "用的是另一种写法：其他写法也找", "it is written otherwise: take in other writings"
)


def _filters(
    request: SearchRequest, bulletin: Bulletin
) -> Iterator[tuple[Sentence, SearchRequest]]:
    """Yield the filters that a bulletin does not pass, each with the search without it."""
    values = facet_values(bulletin)
    for facet in FACETS:
        chosen = request.chosen.get(facet.parameter, ())
        if chosen and not set(chosen) & set(values[facet.parameter]):
            others = {name: v for name, v in request.chosen.items() if name != facet.parameter}
            is_zh, is_en = (_shown(values[facet.parameter], sign) for sign in "、,")
            yield (
                Sentence(
                    f"{facet.name.zh}不符（这一期是：{is_zh}）：不限{facet.name.zh}",
                    f"another {facet.name.en.lower()} (this one: {is_en}): "
                    f"any {facet.name.en.lower()}",
                ),
                replace(request, chosen=others),
            )
    date = date_key(bulletin.date)
    since, until = date_key(request.since), date_key(request.until, missing="9")
    if (since or until) and not (date and since <= date and (not until or date <= until)):
        zh, en = bulletin.date or "未标日期", bulletin.date or "no date"
        yield (
            Sentence(f"日期不符（这一期是：{zh}）：不限日期", f"another date ({en}): any date"),
            replace(request, since="", until=""),
        )


def _shown(values: Sequence[str], comma: str) -> str:
    return comma.join(values[:5]) or "—"


def _without_what_keeps_out(
    request: SearchRequest, query: Query, fates: Sequence[TermFate]
) -> Iterator[tuple[Sentence, SearchRequest]]:
    """Yield the query without the terms that the bulletin lacks, or has and should not."""
    clauses = query.tree.children if isinstance(query.tree, All) else (query.tree,)
    wrong = {fate.text for fate in fates if fate.wanted != fate.holds}
    kept = [clause for clause in clauses if not wrong & set(map(str, _choices(_inner(clause))))]
    if wrong and kept and len(kept) < len(clauses):
        names = [fate.text for fate in fates if fate.text in wrong]
        yield (
            Sentence(f"去掉 {'、'.join(names)}", f"leave away {', '.join(names)}"),
            replace(request, text=str(All(tuple(kept))), mode="all"),
        )


def _inner(clause: Node) -> Node:
    return clause.child if isinstance(clause, Not) else clause


def _most_first(part: ScorePart) -> float:
    return -part.adds


def _choices(node: Node) -> tuple[Node, ...]:
    """Return a clause, or what was typed and the other writings of it apart."""
    return node.children if isinstance(node, Widened) else (node,)


def _places(node: Node, bulletin: Bulletin) -> tuple[Place, ...]:
    query = Query(node)
    marks = Highlighter(query).marks(bulletin.blocks)
    return tuple(Place(block + 1, len(found)) for block, found in marks.items())[:MOST_PLACES]


def _spelled(run: Sequence[str]) -> str:
    """Return units as people write them: spaces only between Latin words and numbers."""
    between = (a[-1] + b[0] for a, b in pairwise(run))
    gaps = [" " if both.isascii() and both.isalnum() else "" for both in between]
    return "".join(unit + gap for unit, gap in zip(run, (*gaps, ""), strict=True))
