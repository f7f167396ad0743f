"""How does bm25s answer?  Scores of all bulletins for jieba's words, by sparse matrices.

It ranks by any of the words and knows neither quotations, nor "and", nor "not", nor facets: those
are made here, by numpy, of its scores: a bulletin with a score above nothing has the word.  So a
quotation is read as "all of its words".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import bm25s
import numpy as np
import numpy.typing as npt

from benchmarks.corpus import id_of
from benchmarks.peers.base import TOP, VALUES, Answer, Atom, Peer, Question, passes, words_of
from indexer.analysis import Segmenter, facet_values
from indexer.bulletin import Bulletin
from indexer.document import dump
from indexer.schema import FACET_NAMES

Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]


def _build(bulletins: Iterable[Bulletin], folder: Path) -> None:
    segmenter = Segmenter()
    words, values = [], []
    with (folder / "bulletins.jsonl").open("w") as stored:
        for bulletin in bulletins:
            words.append(words_of(bulletin, segmenter))
            values.append(facet_values(bulletin))
            stored.write(dump(bulletin) + "\n")
    ranker: Any = bm25s.BM25()
    ranker.index(words, show_progress=False)
    ranker.save(str(folder))
    (folder / "facets.json").write_text(json.dumps(values, ensure_ascii=False))


class _Facet:
    def __init__(self, values: Sequence[Sequence[str]]) -> None:
        numbers: dict[str, int] = {}
        self._codes = np.array(
            [numbers.setdefault(one, len(numbers)) for found in values for one in found], dtype=int
        )
        self._owners = np.repeat(np.arange(len(values)), [len(found) for found in values])
        self._numbers, self._names = numbers, [*numbers]

    def counts(self, mask: Mask) -> dict[str, int]:
        counts = np.bincount(self._codes[mask[self._owners]], minlength=len(self._names))
        most = np.argsort(-counts)[:VALUES].tolist()
        return {self._names[at]: int(counts[at]) for at in most if counts[at]}

    def chosen(self, values: Sequence[str], count: int) -> Mask:
        mask = np.zeros(count, dtype=bool)
        wanted = [self._numbers[value] for value in values if value in self._numbers]
        mask[self._owners[np.isin(self._codes, wanted)]] = True
        return mask


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._ranker: Any = bm25s.BM25.load(str(folder), mmap=True)
        values = json.loads((folder / "facets.json").read_text())
        self._count = len(values)
        self._facets = {name: _Facet([each[name] for each in values]) for name in FACET_NAMES}

    def ask(self, question: Question) -> Answer:
        found, scores = self._found(question)
        facets: dict[str, Mapping[str, int]] = {}
        hits: Mask | None = None
        for chosen, names in passes(question.chosen):
            within = self._narrowed(found, chosen)
            hits = within if hits is None else hits
            facets |= {name: self._facets[name].counts(within) for name in names}
        assert hits is not None
        at = np.flatnonzero(hits)
        best = at[np.argsort(-scores[at], kind="stable")[:TOP]]
        return Answer(len(at), tuple(map(id_of, best.tolist())), facets)

    def hits(self, question: Question) -> set[str]:
        found = self._narrowed(self._found(question)[0], question.chosen)
        return {*map(id_of, np.flatnonzero(found).tolist())}

    def close(self) -> None:
        del self._ranker

    def _found(self, question: Question) -> tuple[Mask, Scores]:
        mask, scores = np.ones(self._count, dtype=bool), np.zeros(self._count, dtype=np.float32)
        for atom in question.required:
            has, gained = self._holding(atom)
            mask &= has
            scores += gained
        if question.either:
            each = [self._holding(atom) for atom in question.either]
            mask &= np.any([has for has, _ in each], axis=0)
            scores += np.sum([gained for _, gained in each], axis=0)
        for atom in question.excluded:
            mask &= ~self._holding(atom)[0]
        return mask, scores

    def _holding(self, atom: Atom) -> tuple[Mask, Scores]:
        each = [self._scores(word) for word in atom.words]
        return np.all([scores > 0 for scores in each], axis=0), np.sum(each, axis=0)

    def _scores(self, word: str) -> Scores:
        if word not in self._ranker.vocab_dict:
            return np.zeros(self._count, dtype=np.float32)
        scores: Scores = self._ranker.get_scores([word])
        return scores

    def _narrowed(self, found: Mask, chosen: Mapping[str, tuple[str, ...]]) -> Mask:
        for name, values in chosen.items():
            found = found & self._facets[name].chosen(values, self._count)
        return found


PEER: Final = Peer("bm25s, words", version("bm25s"), _build, _Reader)
