"""Words are jieba's and the operator's, the same whichever of the two segmenters cuts."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.analysis import Segmenter, cut, jieba_words, read_user_words
from indexer.analysis.words import general_dictionary, lexicon, word_class
from indexer.errors import WrongUsage

PLAIN = Segmenter(cutter=jieba_words.cutter)


def words(segmenter: Segmenter, text: str) -> list[str]:
    return list(segmenter.words(cut(text).sequence))


def test_han_is_cut_into_words_and_the_rest_is_taken_whole() -> None:
    assert words(PLAIN, "全党全国人民开展QC活动，第27期") == [
        *("全党全国", "人民", "开展", "活动", "第", "期"),
        *("qc", "27"),
    ]


def test_the_compounds_of_the_genre_are_words() -> None:
    assert words(PLAIN, "志愿者服务和换届工作") == ["志愿者服务", "和", "换届工作"]
    assert words(PLAIN, "复工复产") == ["复工", "复产"], "their order changes: two words"
    assert len(set(lexicon())) == len(lexicon())


def test_the_operators_words_are_not_cut() -> None:
    assert words(Segmenter(["云州质协"], cutter=jieba_words.cutter), "云州质协开展") == [
        "云州质协",
        "开展",
    ]
    assert Segmenter(["云州质协"]).fingerprint != Segmenter().fingerprint


def test_a_word_list_is_read_with_its_comments_left_out(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("# 注\n云州质协\n\n 江澜机械 \n", "utf-8-sig")
    assert read_user_words(str(file)) == ["云州质协", "江澜机械"]
    with pytest.raises(WrongUsage, match="nowhere"):
        read_user_words(str(tmp_path / "nowhere"))


def test_both_segmenters_give_the_same_words() -> None:
    pytest.importorskip("rjieba", reason="the extra `fast` is not installed")
    rjieba_words = importlib.import_module("indexer.analysis.rjieba_words")
    native = Segmenter(["云州质协"], cutter=rjieba_words.cutter)
    plain = Segmenter(["云州质协"], cutter=jieba_words.cutter)
    assert native.fingerprint == plain.fingerprint
    corpus = Path(__file__).parent.parent / "corpus"
    texts = [path.read_text("utf-8", "replace") for path in sorted(corpus.glob("*.txt"))]
    for text in [*texts, "云州质协与志愿者服务队", "㐀㐁𠀀复工" * 3]:
        assert words(native, text) == words(plain, text)


def test_the_dictionary_that_rjieba_loads_is_used_once_and_words_are_not_shared() -> None:
    pytest.importorskip("rjieba", reason="the extra `fast` is not installed")
    code = (
        "from indexer.analysis import rjieba_words; import rjieba; made = rjieba.cut.__self__;"
        "cutters = [rjieba_words.cutter(words) for words in (['云州质协会'], [], ['云州质'])];"
        "print([cut.__self__ is made for cut in cutters]);"
        "print(*('/'.join(cut('云州质协会')) for cut in cutters))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, cut = done.stdout.splitlines()
    assert first == "[True, False, False]"
    assert cut.split()[0] == "云州质协会"
    assert cut.split()[2].startswith("云州质/")
    assert "云州质" not in cut.split()[1].split("/")


def test_a_run_of_a_million_characters_is_cut_in_pieces() -> None:
    assert sum(map(len, words(Segmenter(), "复工复产" * 25_000))) == 100_000


def test_a_word_has_the_class_that_the_general_dictionary_gives_it() -> None:
    entries = [entry.decode().split(" ") for entry in general_dictionary() if entry]
    assert len(entries) > 300_000
    assert [word_class(word) for word, _, _ in entries] == [name for _, _, name in entries]
    for other in ("", " ", "云州质协", "全国 ", "全", "\ud800", "全国 48874"):
        assert word_class(other) == (None if other != "全" else "a"), other


def test_jieba_is_not_loaded_where_rjieba_cuts() -> None:
    """It would load pkg_resources, and every command would take a tenth of a second longer."""
    pytest.importorskip("rjieba", reason="the extra `fast` is not installed")
    code = (
        "import sys; from indexer.analysis import Segmenter, word_class; Segmenter();"
        "print(word_class('全国'), 'jieba' in sys.modules, 'rjieba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["n", "False", "True"]


def test_no_cache_file_is_read_or_written(tmp_path: Path) -> None:
    """jieba's cache has a predictable name in a shared folder and is loaded with marshal."""
    poison = tmp_path / "jieba.cache"
    poison.write_bytes(b"not a dictionary")
    code = (
        "from indexer.analysis import Segmenter, jieba_words;"
        "s = Segmenter(cutter=jieba_words.cutter);"
        "print(*s.cut('全国人民'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["全国", "人民"]
    assert sorted(tmp_path.iterdir()) == [poison]
    assert poison.read_bytes() == b"not a dictionary"
