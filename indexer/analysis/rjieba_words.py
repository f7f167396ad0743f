"""How does rjieba cut runs of Han?  Into the same words as jieba, many times faster."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import rjieba

_MADE: Final = [
    made for made in [getattr(rjieba.cut, "__self__", None)] if isinstance(made, rjieba.Jieba)
]
"""What rjieba makes for itself as it is imported, with its dictionary: that is a tenth of a second,
and 24 MB, of which the first cutter need not take as much again."""


def cutter(words: Iterable[str]) -> Callable[[str], Iterable[str]]:
    """Return what cuts runs of Han; `words` are added to the dictionary."""
    try:
        native = _MADE.pop()
    except IndexError:
        native = rjieba.Jieba()
    for word in words:
        native.add_word(word, None, None)
    return native.cut
