"""Which bulletins are right, and how many have each value?  A plain search of the folded text.

It shares nothing with any engine.  Questions are of Han alone; whatever else stands in a text
(numbers, Latin words, clause marks) parts them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.peers.base import Question, passes, units_of
from indexer.analysis import facet_values
from indexer.bulletin import Bulletin
from indexer.document import FIRST_NAME

Text = str


@dataclass(slots=True)
class Truth:
    """The ids of the hits of a question, and the counts of each facet."""

    ids: set[str] = field(default_factory=set)
    facets: dict[str, Counter[str]] = field(default_factory=dict)


def text_of(bulletin: Bulletin) -> Text:
    """Return the folded text of a bulletin, a space for each unit that is no single character."""
    codes = units_of(bulletin).codes
    return np.where(codes < FIRST_NAME, codes, ord(" ")).tobytes().decode("utf-32-le")


def truths(bulletins: Iterable[Bulletin], questions: Sequence[Question]) -> list[Truth]:
    """Return the truth about each question."""
    found = [Truth() for _ in questions]
    texts = sorted({atom.text for question in questions for atom in question.atoms()})
    for bulletin in bulletins:
        text, values = text_of(bulletin), facet_values(bulletin)
        present = {each for each in texts if each in text}
        for question, truth in zip(questions, found, strict=True):
            if _holds(question, present):
                _count(question, truth, bulletin.id, values)
    return found


def _holds(question: Question, present: set[str]) -> bool:
    return (
        all(atom.text in present for atom in question.required)
        and not any(atom.text in present for atom in question.excluded)
        and (not question.either or any(atom.text in present for atom in question.either))
    )


def _count(
    question: Question, truth: Truth, id: str, values: Mapping[str, tuple[str, ...]]
) -> None:
    for at, (chosen, names) in enumerate(passes(question.chosen)):
        if all(set(wanted) & set(values[name]) for name, wanted in chosen.items()):
            if at == 0:
                truth.ids.add(id)
            for name in names:
                truth.facets.setdefault(name, Counter()).update(values[name])
