"""What do workers do with a bulletin of a corpus?  They analyse it, as those of a build do.

It comes as JSON, which is quicker than a pickle of all its blocks.
"""

from __future__ import annotations

from typing import Self

from indexer.analysis import Segmenter, analyse, general_dictionary
from indexer.document import Document, load


class Analysing:
    """Makes documents of bulletins."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter

    def prepare(self) -> None:
        """Load what workers share."""
        general_dictionary()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def __call__(self, stored: str) -> Document:
        """Return the document of a bulletin as `dump` wrote it."""
        return analyse(load(stored), self._segmenter)
