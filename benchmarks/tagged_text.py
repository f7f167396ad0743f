"""What can be made of a tagged text?  Its sentences, and for each class of words all of its words.

The text is the People's Daily of January 1998 (`benchmarks/organizations.py` says where it is).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

_TOKEN: Final = re.compile(r"\[?(\S+?)/([A-Za-z]+)(?:\]\w+)?")
_ENDS: Final = frozenset("。！？")

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TaggedText:
    """Word `vocabulary[words[i]]` is of class `classes[tags[i]]`; sentence j is from `starts[j]`
    to `starts[j+1]`.  `places[tag]` are the i of a class.
    """

    vocabulary: list[str]
    words: Numbers
    classes: list[str]
    tags: Numbers
    starts: Numbers
    lengths: Numbers
    """Characters of each sentence."""

    def places(self, name: str) -> Numbers:
        """Return where words of a class stand."""
        return np.flatnonzero(self.tags == self.classes.index(name))


def read_tagged(path: Path) -> TaggedText:
    """Read a file of lines of `word/class` parted by spaces."""
    vocabulary: dict[str, int] = {}
    classes: dict[str, int] = {}
    words: list[int] = []
    tags: list[int] = []
    starts = [0]
    for line in path.read_text("utf-8").splitlines():
        for word, tag in _TOKEN.findall(line):
            words.append(vocabulary.setdefault(word, len(vocabulary)))
            tags.append(classes.setdefault(tag, len(classes)))
            if word in _ENDS:
                starts.append(len(words))
        if starts[-1] != len(words):
            starts.append(len(words))
    spelled = list(vocabulary)
    sizes = np.array([len(word) for word in spelled])[np.array(words)]
    lengths = np.add.reduceat(sizes, np.array(starts[:-1]))
    return TaggedText(
        spelled, np.array(words), list(classes), np.array(tags), np.array(starts), lengths
    )
