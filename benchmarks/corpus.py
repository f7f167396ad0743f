"""How does a month of news become any number of bulletins?

Not by repeating it: a corpus ten times as large then had no new word, no new neighbours, and
every quotation ten times as often, which no archive has.  Here

- a bulletin takes its sentences from a few places of the month, so that it keeps to a few subjects
  and words come in clusters, as they do in real ones;
- of the words of the open classes (nouns, verbs, adjectives) a quarter give way to others of the
  same class, as frequent as they are in the month: so words meet new neighbours all the time;
- of the names three quarters give way to others (`growing_names.py`), spelled of the characters
  of such names: so the vocabulary grows by a power of the length of the text (Heaps).

Lengths are log-normal about `MEAN` characters; series have their own publisher and number of
issues a year; organizations are many, few of them often.  The same seed gives the same bulletins,
and a larger corpus begins with the smaller one.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.growing_names import GrowingNames, speller
from benchmarks.tagged_text import Numbers, TaggedText, tag
from indexer.bulletin import Block, Bulletin, IssueNumber, Kind, Organization, Section, Source
from indexer.document import dump, load
from indexer.metadata import describe
from indexer.readers import walk
from indexer.readers.reading import read
from indexer.settings import Settings

MEAN: Final = 2_400
"""Characters of a bulletin on average."""
_SPREAD: Final = 0.7
"""Standard deviation of the logarithm of lengths: one bulletin in twenty is over 6,000."""
_BATCH: Final = 500
_SAMPLES: Final = Path(__file__).parent.parent / "corpus"
_SUBJECTS: Final = 3
_NEAR: Final = 12
"""Sentences on either side of a place that belong to its subject."""
_OPEN: Final = ("n", "v", "a", "vn", "ad", "d", "i", "l", "j")
_NAMES: Final = ("nr", "ns", "nt", "nz")
_REPLACED, _RENAMED = 0.25, 0.75
_SERIES: Final = 60
_FIRST_YEAR, _LAST_YEAR = 2000, 2024


class Corpus:
    """An endless row of bulletins made of a tagged text."""

    def __init__(self, text: TaggedText, seed: int = 1) -> None:
        self._text = text
        self._rng = rng = np.random.default_rng(seed)
        self._open = {name: np.flatnonzero(text.of(name)) for name in _OPEN}
        self._named = {name: self._names(name) for name in _NAMES if text.of(name).any()}
        spell_place = speller(rng, text.examples("ns"))
        self._bodies = GrowingNames(rng, lambda: spell_place() + str(rng.choice(_BODIES)))
        self._series = [_series(rng, spell_place) for _ in range(_SERIES)]
        self._popular = rng.dirichlet(np.full(_SERIES, 0.5))

    def __iter__(self) -> Iterator[Bulletin]:
        while True:
            yield from self._batch()

    def _names(self, name: str) -> GrowingNames:
        return GrowingNames(self._rng, speller(self._rng, self._text.examples(name)))

    def _batch(self) -> Iterator[Bulletin]:
        rng, text = self._rng, self._text
        mean = np.log(MEAN) - _SPREAD**2 / 2
        sizes = rng.lognormal(mean, _SPREAD, _BATCH) / text.lengths.mean()
        counts = np.maximum(sizes.round().astype(np.int64), 3)
        owners = np.repeat(np.arange(_BATCH), counts)
        subjects = rng.integers(len(text.lengths), size=(_BATCH, _SUBJECTS))
        chosen = subjects[owners, rng.integers(_SUBJECTS, size=len(owners))]
        chosen += rng.integers(-_NEAR, _NEAR + 1, size=len(owners))
        sentences = self._spelled(chosen % len(text.lengths))
        ends = np.cumsum(counts).tolist()
        for start, stop in zip([0, *ends], ends, strict=False):
            yield self._bulletin(sentences[start:stop])

    def _spelled(self, sentences: Numbers) -> list[str]:
        """Return sentences with other words and names in them."""
        rng, text = self._rng, self._text
        sizes = np.diff(text.starts)[sentences]
        ends = np.cumsum(sizes)
        places = np.repeat(text.starts[sentences] - ends + sizes, sizes) + np.arange(ends[-1])
        dice, original = rng.random(len(places)), places.copy()
        for name, same in self._open.items():
            at = np.flatnonzero(text.of(name)[original] & (dice < _REPLACED))
            places[at] = same[rng.integers(len(same), size=len(at))]
        vocabulary = text.vocabulary
        words = [vocabulary[at] for at in text.words[places].tolist()]
        for name, names in self._named.items():
            at = np.flatnonzero(text.of(name)[original] & (dice < _RENAMED))
            for where, spelled in zip(at.tolist(), names.next(len(at)), strict=True):
                words[where] = spelled
        bounds = [0, *ends.tolist()]
        return ["".join(words[a:b]) for a, b in pairwise(bounds)]

    def _bulletin(self, sentences: Sequence[str]) -> Bulletin:
        rng = self._rng
        series, publisher, a_year = self._series[int(rng.choice(_SERIES, p=self._popular))]
        number = int(rng.integers(1, a_year + 1)) if rng.random() < 0.97 else None
        date = _date(rng) if rng.random() < 0.98 else ""
        bodies = tuple(dict.fromkeys(self._bodies.next(int(rng.poisson(2)))))
        title = sentences[0][:24].rstrip("，。、；：！？")
        label = f"第{number}期" if number else ""
        masthead = [Block(line, Kind.MASTHEAD) for line in (series, label, publisher, date) if line]
        blocks = [*masthead, Block(title, Kind.TITLE)]
        sections = [Section("", 0, len(blocks))]
        for at, part in enumerate(_parts(sentences[1:], 8)):
            body = bodies[at] if at < len(bodies) else ""
            heading = f"{body}：{part[0][:16]}" if body else part[0][:16]
            start = len(blocks)
            blocks.append(Block(heading, Kind.HEADING, level=2))
            blocks += [Block("".join(lines)) for lines in _parts(part, 3)]
            sections.append(Section(heading, start, len(blocks), (body,) if body else ()))
        return Bulletin(
            "",
            Source("", "text/plain", "utf-8", "", 0),
            title,
            tuple(blocks),
            tuple(sections),
            series,
            IssueNumber(number, label) if number else None,
            date=date,
            publisher=publisher,
            organizations=tuple(Organization(name, (), 1) for name in bodies),
        )


_BODIES: Final = ("质量协会", "市场监督管理局", "机械集团", "电力公司", "医院", "大学", "研究院")
_KINDS: Final = ("工作简报", "情况通报", "会员动态", "信息摘编", "质量月报")


def _series(rng: np.random.Generator, place: Any) -> tuple[str, str, int]:
    publisher = place() + str(rng.choice(_BODIES))
    return publisher + str(rng.choice(_KINDS)), publisher, int(rng.choice([6, 12, 24, 52, 250]))


def _date(rng: np.random.Generator) -> str:
    year = rng.integers(_FIRST_YEAR, _LAST_YEAR + 1)
    return f"{year}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}"


def _parts(lines: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (lines[at : at + size] for at in range(0, len(lines), size))


def generated(text: TaggedText, count: int, seed: int = 1) -> Iterator[Bulletin]:
    """Yield `count` bulletins made of a tagged text."""
    return islice(Corpus(text, seed), count)


def samples() -> TaggedText:
    """Return the text of the sample bulletins, for want of a longer one."""
    return tag(block.text for bulletin in _in_folder(_SAMPLES) for block in bulletin.blocks)


def found(path: Path, count: int) -> Iterator[Bulletin]:
    """Yield the first bulletins of a folder, or of JSON lines of `id`, `title`, `text`, `date`."""
    return islice(_in_folder(path) if path.is_dir() else _in_lines(path), count)


def _in_folder(folder: Path) -> Iterator[Bulletin]:
    for file in walk([folder], Settings().max_file_mb * 1_000_000).files:
        yield describe(read(file.path, file.relative, Settings()), "")


def _in_lines(path: Path) -> Iterator[Bulletin]:
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as lines:
        for item in map(json.loads, lines):
            text = (Block(line) for line in item["text"].splitlines() if line.strip())
            blocks = (Block(item["title"], Kind.TITLE), *text)
            source, series = Source("", "text/plain", "utf-8", "", 0), item.get("source", "")
            date = item.get("date") or ""
            yield Bulletin("", source, item["title"], blocks, series=series, date=date)


def id_of(number: int) -> str:
    """Return the id of the bulletin of that number in a corpus, from 0."""
    return f"b-{number:08}"


def write(bulletins: Iterable[Bulletin], path: Path) -> int:
    """Write bulletins as lines, each with its `id_of`; return how many there are."""
    count = 0
    with path.open("w") as file:
        for count, bulletin in enumerate(bulletins, 1):
            file.write(dump(replace(bulletin, id=id_of(count - 1))) + "\n")
    return count


def read_lines(path: Path, count: int) -> Iterator[Bulletin]:
    """Yield the first bulletins that `write` wrote."""
    with path.open() as file:
        yield from map(load, islice(file, count))
