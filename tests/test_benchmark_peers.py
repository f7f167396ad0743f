"""What engines are measured by is itself right: the bulletins, the questions, the truth.

`python -m benchmarks.peers` measures; tests/test_benchmark_guard.py runs a small part of it.
"""

from itertools import islice, pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks import corpus
from benchmarks.growing_names import GROWTH, GrowingNames
from benchmarks.peers import chart
from benchmarks.peers.jianbao import PEER
from benchmarks.peers.judging import judge
from benchmarks.peers.questions import Log
from benchmarks.peers.truth import truths
from benchmarks.tagged_text import TaggedText
from indexer.analysis import Segmenter, facet_values
from indexer.bulletin import Bulletin
from indexer.schema import FACET_NAMES


@pytest.fixture(scope="module")
def text() -> TaggedText:
    return corpus.samples()


@pytest.fixture(scope="module")
def bulletins(text: TaggedText, tmp_path_factory: pytest.TempPathFactory) -> list[Bulletin]:
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    corpus.write(corpus.generated(text, 120), path)
    return list(corpus.read_lines(path, 120))


def test_a_larger_corpus_begins_with_the_smaller_one(text: TaggedText):
    small, large = (list(corpus.generated(text, count)) for count in (5, 8))
    assert large[:5] == small


def test_another_seed_makes_other_bulletins(text: TaggedText):
    first, second = (next(corpus.generated(text, 1, seed)) for seed in (1, 2))
    assert first.blocks != second.blocks


def test_bulletins_are_about_as_long_as_they_should_be(text: TaggedText):
    made = islice(corpus.Corpus(text), 400)
    mean = np.mean([sum(len(block.text) for block in bulletin.blocks) for bulletin in made])
    assert 0.8 * corpus.MEAN < mean < 1.25 * corpus.MEAN


def test_names_grow_by_a_power_of_the_length():
    count = 0

    def spell() -> str:
        nonlocal count
        count += 1
        return str(count)

    names = GrowingNames(np.random.default_rng(1), spell)
    row = [name for _ in range(40) for name in names.next(2_500)]
    different = [len({*row[:length]}) for length in (1_000, 10_000, 100_000)]
    for fewer, more in pairwise(different):
        assert 0.8 * 10**GROWTH < more / fewer < 1.25 * 10**GROWTH


def test_every_facet_has_several_values(bulletins: list[Bulletin]):
    for name in FACET_NAMES:
        assert len({value for one in bulletins for value in facet_values(one)[name]}) > 5


def test_every_class_has_questions_and_jianbao_answers_them_exactly(
    bulletins: list[Bulletin], tmp_path_factory: pytest.TempPathFactory
):
    questions = Log(bulletins, Segmenter()).questions(4)
    assert len({question.kind for question in questions}) >= 10
    folder = tmp_path_factory.mktemp("index")
    PEER.build(bulletins, folder)
    reader = PEER.open(folder)
    for question, truth in zip(questions, truths(bulletins, questions), strict=True):
        judged = judge(reader, question, truth)
        assert judged.exact, question
        assert judged.found == judged.right == judged.true, question
    reader.close()


def test_questions_are_the_same_every_time(bulletins: list[Bulletin]):
    segmenter = Segmenter()
    first, second = (Log(bulletins, segmenter).questions(3) for _ in range(2))
    assert [question.text for question in first] == [question.text for question in second]


def test_drawings_are_whole_and_name_every_engine():
    def answers(ratio: float) -> dict[str, float]:
        ends = {"ratio": ratio, "ratio_low": ratio / 2, "ratio_high": ratio * 2}
        return {**ends, "recall": 1.0, "precision": 1.0, "median_ms": ratio}

    classes = {"words <&>": {"jianbao": answers(1.0), "other": answers(30.0)}}
    runs = [
        {"bulletins": count, "classes": classes, "engines": {"jianbao": {}, "other": {}}}
        for count in (100, 1000)
    ]
    for drawn in (chart.ratios(runs[0]), chart.growth(runs, {"words <&>": (0.5, 0.6)})):
        said = "".join(ElementTree.fromstring(drawn).itertext())
        assert "words <&>" in said
        assert "jianbao" in said
