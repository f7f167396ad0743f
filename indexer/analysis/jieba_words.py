"""How does jieba cut runs of Han into words, the operator's own among them?

jieba keeps a cache of its dictionary under a name that anybody can guess in the shared temporary
folder and loads it with `marshal`; ours is loaded from the package each time instead, and nothing
is cached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import jieba


def cutter(words: Iterable[str]) -> Callable[[str], Iterable[str]]:
    """Return what cuts runs of Han; `words` are added to the dictionary."""
    tokenizer = jieba.Tokenizer()
    # What `initialize` does, less the cache file.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in words:
        tokenizer.add_word(word)
    return tokenizer.cut  # type: ignore[no-any-return]
