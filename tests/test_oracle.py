"""Nothing visible is missed, and nothing else is found: random quotations against plain search."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CORPUS
from plain import folded, stands

from indexer import Searcher, SearchRequest, Settings, open_searcher
from indexer.analysis import Segmenter, analyse
from indexer.bulletin import Bulletin
from indexer.engines.base import Engine, EngineQuery
from indexer.engines.memory import MemoryEngine
from indexer.engines.opening import open_engine
from indexer.query import read

DRAWN = 400
SEGMENTER = Segmenter()
Build = Callable[[Path], Settings]


def bulletins_of(engine: Engine, searcher: Searcher) -> list[Bulletin]:
    found = [searcher.bulletin(id) for id in engine.ids()]
    return [bulletin for bulletin in found if bulletin is not None]


def found_by(engine: Engine, quotation: str) -> set[str]:
    query = read(quotation, "exact", SEGMENTER)
    asked = EngineQuery(query.tree, query.words, query.runs, limit=engine.count, grouped=False)
    hits = engine.search(asked)
    return {hit.id for hit in hits.hits}


@pytest.mark.parametrize("source", ["corpus", "real"])
def test_recall_and_precision_of_random_quotations_are_exactly_one(
    source: str, built: Build, request: pytest.FixtureRequest
) -> None:
    folder = CORPUS if source == "corpus" else request.getfixturevalue("real_bulletins")
    settings = built(folder)
    searcher = open_searcher(settings)
    _, whoosh, _ = open_engine(Path(settings.index))
    bulletins = bulletins_of(whoosh, searcher)
    memory = MemoryEngine(analyse(bulletin, SEGMENTER) for bulletin in bulletins)
    texts = {b.id: "\n".join(block.text for block in b.blocks) for b in bulletins}
    plain = {id: folded(text) for id, text in texts.items()}
    rng = random.Random(20200318)
    for _ in range(DRAWN):
        text = texts[rng.choice(sorted(texts))]
        start = rng.randrange(len(text))
        quotation = text[start : start + rng.randint(1, 40)]
        wanted = folded(quotation)
        if not wanted.strip(","):
            continue  # only marks: there is nothing to search for
        expected = {id for id, other in plain.items() if stands(wanted, other)}
        for engine in (whoosh, memory):
            assert found_by(engine, quotation) == expected, (type(engine), quotation)
    whoosh.close()
    searcher.close()


def test_what_stands_in_a_line_of_a_real_file_is_found(built: Build, real_bulletins: Path) -> None:
    """From the bytes on disk, whatever the readers made of them (markup and jump lines aside)."""
    _, engine, _ = open_engine(Path(built(real_bulletins).index))
    searcher = open_searcher(built(real_bulletins))
    by_path = {bulletin.source.path: bulletin.id for bulletin in bulletins_of(engine, searcher)}
    rng = random.Random(25)
    for path in sorted(real_bulletins.iterdir()):
        text = re.sub(r"[#*]|^---$|^\(上接.*\)$", "", path.read_text("utf-8"), flags=re.MULTILINE)
        lines = [line for line in text.splitlines() if folded(line).strip(",")]
        for _ in range(DRAWN // 4):
            line = rng.choice(lines)
            start = rng.randrange(len(line))
            quotation = _whole_words(line, start, start + rng.randint(1, 40))
            if folded(quotation).strip(","):
                assert by_path[path.name] in found_by(engine, quotation), quotation
    engine.close()
    searcher.close()


def _whole_words(line: str, start: int, stop: int) -> str:
    """Leave out the pieces of a number or a Latin word that the cut would halve."""
    if start and line[start - 1].isascii() and line[start - 1].isalnum():
        start += len(re.match(r"[0-9A-Za-z]*", line[start:])[0])  # type: ignore[index]
    piece = line[start:stop]
    if stop < len(line) and line[stop].isascii() and line[stop].isalnum():
        piece = re.sub(r"[0-9A-Za-z]+$", "", piece)
    return piece


STANDING = {
    "复工复产": ["000", "001", "002", "003", "004"],
    "全党全国人民": ["001"],
    "志愿者服务": ["000"],
    "群防群治群控": ["002"],
    "换届工作": ["004"],
    "发挥行业协会、商会": ["001"],
}


@pytest.mark.parametrize("phrase", STANDING)
@pytest.mark.parametrize("mode", ["all", "exact"])
def test_a_phrase_cut_by_lines_pages_or_another_article_is_found_where_it_stands(
    phrase: str, mode: str, built: Build, real_bulletins: Path
) -> None:
    searcher = open_searcher(built(real_bulletins))
    result = searcher.search(SearchRequest(phrase, mode))
    paths = [bulletin.source.path for hit in result.hits if (bulletin := searcher.bulletin(hit.id))]
    assert sorted(path[:3] for path in paths) == STANDING[phrase]
    assert all(hit.unbroken for hit in result.hits)
    for hit in result.hits:
        marked = [s.text[a:b] for s in hit.snippets for a, b in s.marks]
        assert folded(phrase) in {folded(text) for text in marked}, hit.snippets
    searcher.close()
