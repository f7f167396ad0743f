"""The engine stays ahead of Whoosh's own postings and of tantivy.

A small part of `python -m benchmarks.peers`: ratios alone, of the best of several rounds and over
all classes of questions together, with room enough for a busy machine.  docs/benchmarks.md has
what the ratios are when there is time to measure; here, on a busy machine, they are 0.49 and 0.07
with compiled loops, 0.77 and 0.11 without.
"""

from typing import Any

import numpy as np
import pytest

from benchmarks import corpus
from benchmarks.peers import registry
from benchmarks.peers.base import Peer
from benchmarks.peers.report import figures, lines
from benchmarks.peers.run import OURS, run
from indexer.engines.whoosh import by_numpy
from indexer.engines.whoosh.loops import Gains

BULLETINS = 300
TANTIVY, WHOOSH = "tantivy, pairs of units", "Whoosh's own codec, our terms"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    pytest.importorskip("tantivy", reason="tantivy is not installed: nothing to compare with")
    folder = tmp_path_factory.mktemp("peers")
    corpus.write(corpus.generated(corpus.samples(), BULLETINS), folder / "corpus.jsonl")
    peers = [registry.peer(module) for module in (OURS, "tantivy_pairs", "whoosh_codec")]
    there = [peer for peer in peers if isinstance(peer, Peer)]
    return figures(run(folder / "corpus.jsonl", BULLETINS, there, 6, 4, folder / "w", print))


def times_as_long(found: dict[str, Any], other: str) -> float:
    """Return how many times as long as `other` jianbao takes: the geometric mean of classes."""
    ratios = [1 / answers[other]["ratio"] for answers in found["classes"].values()]
    return float(np.exp(np.mean(np.log(ratios))))


def test_it_answers_in_less_than_a_quarter_of_the_time_of_whooshs_own_codec(found: dict[str, Any]):
    assert times_as_long(found, WHOOSH) < 0.25


def test_it_answers_before_tantivy_with_loops_that_were_compiled(found: dict[str, Any]):
    compiled = Gains is not by_numpy.Gains
    assert times_as_long(found, TANTIVY) < (1.0 if compiled else 1.6)


def test_it_builds_with_less_than_the_work_of_whooshs_own_codec(found: dict[str, Any]):
    engines = found["engines"]
    assert engines[OURS]["build_cpu_s"] < 0.7 * engines[WHOOSH]["build_cpu_s"]
    assert engines[OURS]["index_bytes"] < 0.5 * engines[WHOOSH]["index_bytes"]


def test_engines_that_are_compared_answer_the_same(found: dict[str, Any]):
    for kind, answers in found["classes"].items():
        for name in (OURS, TANTIVY):
            one = answers[name]
            assert one["exact"] == one["questions"], (kind, name)
            assert one["recall"] == one["precision"] == 1.0, (kind, name)


def test_the_report_has_every_class_and_every_engine(found: dict[str, Any]):
    said = "\n".join(lines(found))
    for name in (OURS, TANTIVY, WHOOSH, *found["classes"]):
        assert name in said
    assert found["limit"]["bytes_per_second"] > 0
    assert found["pages"]["all"]["median_ms"] > 0
