"""Are these the same names to whoever types?"""

from __future__ import annotations

from dataclasses import fields

from indexer.suggest.names import Names

TEXTS = ("kept", "fresh", "fresh_ends", "texts")


def same(one: Names, other: Names) -> bool:
    """Whether names are the same; their texts may be numbered otherwise."""
    arrays = [field.name for field in fields(Names) if field.name not in TEXTS]
    pairs = [(getattr(one, name), getattr(other, name)) for name in arrays]
    arranged = all(a.dtype == b.dtype and a.tolist() == b.tolist() for a, b in pairs)
    return arranged and [*map(one.text, range(len(one)))] == [*map(other.text, range(len(other)))]
