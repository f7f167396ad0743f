"""What do workers do with a bulletin of a corpus?  They analyse it, as those of a build do."""

from __future__ import annotations

from typing import Self

from indexer.analysis import Segmenter, analyse, word_classes
from indexer.bulletin import Bulletin
from indexer.document import Document


class Analysing:
    """Makes documents of bulletins."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter

    def prepare(self) -> None:
        """Load what workers share."""
        word_classes()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def __call__(self, bulletin: Bulletin) -> Document:
        """Return the document of a bulletin."""
        return analyse(bulletin, self._segmenter)
