"""What can be made of a tagged text?  Its sentences, and for each class of words all of its words.

The text is the People's Daily of January 1998 (`benchmarks/organizations.py` says where it is), or
any other, whose words and classes are then jieba's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.analysis import Segmenter, word_class

_TOKEN: Final = re.compile(r"\[?(\S+?)/([A-Za-z]+)(?:\]\w+)?")
_RUN: Final = re.compile(r"[\u4e00-\u9fd5]+|[^\u4e00-\u9fd5\s]")
_ENDS: Final = frozenset("。！？")
_OTHER: Final = "x"

Numbers = npt.NDArray[np.int64]
Line = list[tuple[str, str]]
"""Words, each with its class."""


@dataclass(frozen=True, slots=True)
class TaggedText:
    """Word `vocabulary[words[i]]` is of class `classes[tags[i]]`; sentence j is from `starts[j]`
    to `starts[j+1]`, and has `lengths[j]` characters.
    """

    vocabulary: list[str]
    words: Numbers
    classes: list[str]
    tags: Numbers
    starts: Numbers
    lengths: Numbers

    def of(self, name: str) -> npt.NDArray[np.bool_]:
        """Say of each word whether it is of a class."""
        number = self.classes.index(name) if name in self.classes else -1
        same: npt.NDArray[np.bool_] = self.tags == number
        return same

    def examples(self, name: str) -> list[str]:
        """Return the words of a class, each as often as it stands."""
        return [self.vocabulary[at] for at in self.words[self.of(name)].tolist()]


def read_tagged(path: Path) -> TaggedText:
    """Read a file of lines of `word/class` parted by spaces."""
    return _gathered(_TOKEN.findall(line) for line in path.read_text("utf-8").splitlines())


def tag(lines: Iterable[str]) -> TaggedText:
    """Cut lines into jieba's words, and give each its class in jieba's dictionary."""
    segmenter = Segmenter()
    return _gathered(list(_tagged(line, segmenter)) for line in lines)


def _tagged(line: str, segmenter: Segmenter) -> Iterator[tuple[str, str]]:
    for run in _RUN.findall(line):
        for word in segmenter.cut(run) if len(run) > 1 else [run]:
            yield word, word_class(word) or _OTHER


def _gathered(lines: Iterable[Line]) -> TaggedText:
    vocabulary: dict[str, int] = {}
    classes: dict[str, int] = {}
    words: list[int] = []
    tags: list[int] = []
    starts = [0]
    for line in lines:
        for word, name in line:
            words.append(vocabulary.setdefault(word, len(vocabulary)))
            tags.append(classes.setdefault(name, len(classes)))
            if word in _ENDS:
                starts.append(len(words))
        if starts[-1] != len(words):
            starts.append(len(words))
    spelled = list(vocabulary)
    sizes = np.array([len(word) for word in spelled])[words]
    return TaggedText(
        spelled,
        np.array(words),
        list(classes),
        np.array(tags),
        np.array(starts),
        np.add.reduceat(sizes, starts[:-1]),
    )
