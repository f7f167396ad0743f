"""How does rjieba cut runs of Han?  Into the same words as jieba, many times faster."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import rjieba


def cutter(words: Iterable[str]) -> Callable[[str], Iterable[str]]:
    """Return what cuts runs of Han; `words` are added to the dictionary."""
    native = rjieba.Jieba()
    for word in words:
        native.add_word(word, None, None)
    return native.cut
