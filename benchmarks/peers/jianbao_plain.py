"""How does jianbao build without rjieba?  jieba itself cuts the same words, more slowly."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers import jianbao
from benchmarks.peers.base import Peer
from indexer.analysis import Segmenter, jieba_words
from indexer.bulletin import Bulletin


def _build(bulletins: Iterable[Bulletin], folder: Path) -> None:
    jianbao.build(bulletins, folder, Segmenter(cutter=jieba_words.cutter))


PEER = Peer("jianbao, jieba alone", version("jianbao"), _build, jianbao.Reader)
