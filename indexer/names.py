"""What is it called, and what else?  Values of facets by name, other names, synonyms."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Mapping, Sequence

from indexer.analysis import spell, spell_all
from indexer.engines.base import Engine
from indexer.metadata import NONE, Authority

Run = tuple[str, ...]
Groups = Sequence[tuple[str, ...]]

_PART = "\x1f"


class Names:
    """The names in an index, gathered when they are first asked for.

    `authority` adds the names that the operator lists, `synonyms` groups of words that are to
    mean the same.
    """

    def __init__(self, engine: Engine, authority: Authority = NONE, synonyms: Groups = ()) -> None:
        self._engine = engine
        self._authority = authority
        self._synonyms = tuple(synonyms)
        self._known: dict[str, Mapping[str, frozenset[str]]] = {}

    def values(self, facet: str, written: str) -> tuple[str, ...]:
        """Return the values that are called so; when there are none, those with this in a name.
        A body is called by each of its names.

        Names are compared as texts are: folded, without marks.
        """
        wanted = _joined(spell(written))
        if not written.strip() or wanted == _PART:
            return ()
        known = self._of(facet)
        called = self.others(spell(written)) if facet == "org" else None
        names = (wanted, *(_joined(spell(name)) for name in (called[1] if called else ())))
        found = {value for name in names for value in known.get(name, ())} or {
            value for name, values in known.items() if wanted in name for value in values
        }
        return tuple(sorted(found))

    def others(self, run: Run) -> tuple[str, tuple[str, ...]] | None:
        """Return what else a run of units is called: `name` or `synonym`, and the others."""
        return self._others.get(run)

    @functools.cached_property
    def longest(self) -> int:
        """Units of the longest name that has another."""
        return max(map(len, self._others), default=0)

    @functools.cached_property
    def _others(self) -> dict[Run, tuple[str, tuple[str, ...]]]:
        others: dict[Run, tuple[str, tuple[str, ...]]] = {}
        for kind, groups in (("name", self._bodies()), ("synonym", self._synonyms)):
            runs = iter(spell_all([name for group in groups for name in group]))
            for group in groups:
                for run, name in zip(itertools.islice(runs, len(group)), group, strict=True):
                    rest = (other for other in group if other != name)
                    before = others.get(run, (kind, ()))[1]
                    others[run] = kind, tuple(dict.fromkeys((*before, *rest)))
        others.pop((), None)
        return others

    def _bodies(self) -> Groups:
        """Return the names of each body that has several, the full one first."""
        names: dict[str, dict[str, None]] = {}
        for name, full in self._aliases():
            names.setdefault(full, {full: None})[name] = None
        return [tuple(names[full]) for full in sorted(names)]

    def _aliases(self) -> list[tuple[str, str]]:
        authority = self._authority
        listed = (
            (authority.written[name], authority.written[full])
            for name, full in authority.full.items()
            if name != full
        )
        return sorted({*self._engine.aliases(), *listed})

    def _of(self, facet: str) -> Mapping[str, frozenset[str]]:
        if facet not in self._known:
            pairs = [(value, value) for value in self._engine.values(facet)]
            pairs += self._aliases() if facet == "org" else ()
            self._known[facet] = _by_name(pairs)
        return self._known[facet]


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = {}
    called = list(pairs)
    for run, (_, value) in zip(spell_all([name for name, _ in called]), called, strict=True):
        names.setdefault(_joined(run), set()).add(value)
    return {name: frozenset(values) for name, values in names.items()}


def _joined(units: Run) -> str:
    """Return units with a separator around each, so that what is inside is whole units."""
    return _PART + _PART.join(units) + _PART * bool(units)
