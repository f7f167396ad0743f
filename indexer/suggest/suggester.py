"""What does this index suggest, and in how many of its bulletins does it stand?"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from indexer.analysis import spell
from indexer.answer import Completion
from indexer.engines.base import Engine
from indexer.suggest.completion import Candidate, complete
from indexer.suggest.correction import by_look, by_sound, inner_by_sound
from indexer.suggest.matching import has_pinyin, pattern
from indexer.suggest.names import Names, gather, kept_names

_RARE: Final = 2
"""A term that stands in more bulletins than this is no mistake."""
_FAR_MORE: Final = 10
"""How many times as many bulletins a correction must give."""
_LONG: Final = 4
"""Characters of a term of which one can be wrong without doubt about the others: of 214 pairs of
words that stood nowhere in 15,000 news items, 14 were so corrected."""
_SEEN: Final = 2
"""Bulletins that must have a name for a wrong character to be taken for one of its own."""
_LOOKED_AT: Final = 10
"""Names that are counted for one term."""
_ABSENT: Final = 20
"""Names that are passed over because they stand in no text (a title that only a file declares)."""
_COUNTED: Final = 10_000
"""Counts that are kept: completions of the same letters are asked for again and again."""

_NO_NAMES: Final = gather(tuple, 0)
_TERM: Final = re.compile(r"(?<!\S)(?!OR(?!\S))\w+(?!\S)")
_SYLLABLES: Final = re.compile(r"\s*[A-Za-z]+(?:['’\s]+[A-Za-z]+)+\s*")
_PLAIN: Final = re.compile(r"\w+")
_QUOTES: Final = dict.fromkeys(map(ord, '“”"„＂「」『』'))
_OPEN: Final = {'"': '"', "“": "”", "„": "”", "＂": "＂", "「": "」", "『": "』"}


@dataclass(frozen=True, slots=True)
class Correction:
    """A query without a mistake, and the name that took the mistaken term's place.

    `sure` says that it is worth a word even where the words of the query stand scattered: the
    name is read as what was typed, or all of a long term but one character is right.
    """

    text: str
    name: str
    sure: bool


class Suggester:
    """Suggests names of an open index; several threads may share it."""

    def __init__(self, engine: Engine, directory: Path | None = None) -> None:
        """`directory` may be where `keep_names` has kept those of the engine."""
        self._engine = engine
        self._directory = directory
        self._gathered: Names | None = None
        self._gathering = threading.Lock()
        self._count = functools.lru_cache(maxsize=_COUNTED)(self._counted)

    def complete(self, text: str, limit: int) -> tuple[Completion, ...]:
        """Return what may be meant by a query whose last term is not finished."""
        likely = islice(complete(self._names(), text), limit + _ABSENT)
        counted = ((candidate, self._count(candidate.text)) for candidate in likely)
        standing = ((candidate, count) for candidate, count in counted if count)
        return tuple(_completion(each, count) for each, count in islice(standing, limit))

    def corrections(self, text: str) -> Iterator[Correction]:
        """Yield the queries that may be meant where a term is found hardly anywhere."""
        if _SYLLABLES.fullmatch(text):
            yield from (Correction(name, name, True) for name in self._in_pinyin(text))
            return
        for term in _TERM.finditer(text):
            for wrong, name, sure in self._of_term(term[0]):
                start = term.start() + term[0].index(wrong)
                changed = text[:start] + name + text[start + len(wrong) :]
                yield Correction(changed, name, sure)

    def _of_term(self, term: str) -> Iterator[tuple[str, str, bool]]:
        """Yield the mistaken part of a term, the name that is meant, and whether that is sure."""
        if has_pinyin(pattern(term)):
            yield from ((term, name, True) for name in self._in_pinyin(term))
            return
        standing = self._count(term)
        if standing > _RARE:
            return
        enough = max(1, _FAR_MORE * standing)
        sounding = self._frequent(by_sound(self._names(), term), enough)
        yield from ((term, name, True) for name in sounding)
        yield from (
            (term, name, len(term) >= _LONG)
            for name in self._frequent(by_look(self._names(), term), max(enough, _SEEN))
            if name not in sounding
        )
        if not standing and not sounding:
            inner = islice(inner_by_sound(self._names(), term), _LOOKED_AT)
            yield from ((part, name, True) for part, name in inner if not self._count(part))

    def _in_pinyin(self, text: str) -> list[str]:
        """Return the names that letters may be the pinyin of, unless they stand somewhere."""
        if self._count(text):
            return []
        return self._frequent(by_sound(self._names(), text), 1)

    def _frequent(self, names: Iterable[str], enough: int) -> list[str]:
        first = islice(dict.fromkeys(islice(names, 2 * _LOOKED_AT)), _LOOKED_AT)
        return [name for name in first if self._count(name) >= enough]

    def _names(self) -> Names:
        """Return the names, which are loaded when they are first asked for.

        Where none were kept, to gather them takes some seconds in a large index.  Whoever asks
        meanwhile gets none: it is better to suggest nothing than to keep all threads waiting.
        """
        if self._gathered is not None or not self._gathering.acquire(blocking=False):
            return _NO_NAMES if self._gathered is None else self._gathered
        try:
            names = kept_names(self._directory) if self._directory else None
            if names is None:
                names = gather(self._engine.offers, self._engine.count)
            self._gathered = names
            return names
        finally:
            self._gathering.release()

    def _counted(self, text: str) -> int:
        """Return in how many bulletins a text stands unbroken."""
        units = spell(text)
        return self._engine.standing(units) if units else 0


def _completion(candidate: Candidate, count: int) -> Completion:
    text = candidate.text
    if not _PLAIN.fullmatch(text):
        text = f"“{text.translate(_QUOTES)}”"
    before = candidate.before
    if before[-1:] in _OPEN:
        text = candidate.text.translate(_QUOTES) + _OPEN[before[-1]]
    marks = ((candidate.start, candidate.stop),)
    return Completion(candidate.text, candidate.kind, count, before + text, marks)
