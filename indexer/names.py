"""Which values of a facet does a name mean?  Full names, other names, and parts of them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from indexer.analysis import spell
from indexer.engines.base import Engine

_PART = "\x1f"


class FacetNames:
    """The names of what an index holds, gathered when they are first asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, Mapping[str, frozenset[str]]] = {}
        self._lock = threading.Lock()

    def values(self, facet: str, written: str) -> tuple[str, ...]:
        """Return the values that are called so; when there are none, those with this in a name.

        Names are compared as texts are: folded, without marks.
        """
        wanted = _plain(written)
        known = self._of(facet)
        if not wanted.strip(_PART):
            return ()
        found = known.get(wanted) or (
            value for name, values in known.items() if wanted in name for value in values
        )
        return tuple(sorted(set(found)))

    def _of(self, facet: str) -> Mapping[str, frozenset[str]]:
        with self._lock:
            if facet not in self._known:
                pairs = [(value, value) for value in self._engine.values(facet)]
                pairs += self._engine.aliases() if facet == "org" else ()
                self._known[facet] = _by_name(pairs)
            return self._known[facet]


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = {}
    for name, value in pairs:
        names.setdefault(_plain(name), set()).add(value)
    return {name: frozenset(values) for name, values in names.items()}


def _plain(name: str) -> str:
    """Return the units of a name with a separator around each, so that parts are whole units."""
    return _PART + _PART.join(spell(name)) + _PART
