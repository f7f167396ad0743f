"""Which words are not to be cut?  The operator's own, and the names of known bodies."""

from __future__ import annotations

from indexer.analysis import Segmenter, in_words, read_user_words
from indexer.metadata import Authority
from indexer.settings import Settings


def open_segmenter(settings: Settings, authority: Authority) -> Segmenter:
    """Return the segmenter that builds and searches share.  Raises `WrongUsage`."""
    names = (name for name in authority.full if all(map(in_words, name)))
    return Segmenter([*read_user_words(settings.user_words), *names])
