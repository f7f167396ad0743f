"""What is measured?  One size: every engine built, judged and asked, one beside the other."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.corpus import read_lines
from benchmarks.peers import limit, measuring
from benchmarks.peers.base import Peer, Question
from benchmarks.peers.judging import Judged, judge
from benchmarks.peers.measuring import Built, Started, Times
from benchmarks.peers.page import whole_answers
from benchmarks.peers.questions import SAMPLE, Log
from benchmarks.peers.truth import truths
from indexer.analysis import Segmenter

OURS = "jianbao"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Limit:
    """Bytes that each question of the main classes must read, and bytes a second of this memory."""

    bandwidth: float
    questions: Mapping[str, limit.Bytes]


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that was found at one size; `times` and `judged` by the names of engines."""

    count: int
    text_bytes: int
    questions: Sequence[Question]
    versions: Mapping[str, str]
    built: Mapping[str, Built]
    started: Mapping[str, Started]
    times: Mapping[str, Times]
    judged: Mapping[str, Sequence[Judged]]
    pages: Times
    limit: Limit


def run(
    corpus: Path, count: int, peers: Sequence[Peer], each: int, rounds: int, work: Path, say: Say
) -> Run:
    """Measure the peers over the first `count` bulletins of a corpus; `work` is emptied again."""
    questions = _questions(corpus, count, each)
    built, started = {}, {}
    for at, peer in enumerate(peers):
        say(f"{count:,} bulletins: building {peer.name}")
        built[peer.name] = measuring.build(peer, corpus, count, work / str(at))
        started[peer.name] = measuring.start(peer, work / str(at), questions)
    readers = {peer.name: peer.open(work / str(at)) for at, peer in enumerate(peers)}
    say(f"{count:,} bulletins: comparing {len(questions)} questions with a plain search")
    true = truths(read_lines(corpus, count), questions)
    judged = {
        name: [judge(reader, *one) for one in zip(questions, true, strict=True)]
        for name, reader in readers.items()
    }
    say(f"{count:,} bulletins: asking, {rounds} rounds")
    times = measuring.ask(readers, questions, rounds)
    for reader in readers.values():
        reader.close()
    pages = whole_answers(work / "0", questions, rounds)
    size = sum(len(b.text.encode()) for one in read_lines(corpus, count) for b in one.blocks)
    found = _limit(corpus, count, questions)
    shutil.rmtree(work)
    versions = {peer.name: peer.version for peer in peers}
    return Run(count, size, questions, versions, built, started, times, judged, pages, found)


def _questions(corpus: Path, count: int, each: int) -> list[Question]:
    """Draw from the first bulletins, so that the questions are the same at every size."""
    sample = list(read_lines(corpus, min(count, SAMPLE)))
    return Log(sample, Segmenter()).questions(each)


def _limit(corpus: Path, count: int, questions: Sequence[Question]) -> Limit:
    main = [question for question in questions if question.kind in limit.KINDS]
    found = limit.bytes_read(read_lines(corpus, count), main)
    kinds = np.array([question.kind for question in main])
    return Limit(limit.bandwidth(), {kind: found[kinds == kind] for kind in limit.KINDS})
