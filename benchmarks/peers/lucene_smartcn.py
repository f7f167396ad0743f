"""How does Lucene answer over words?  Its SmartChineseAnalyzer, quotations as phrases of words.

What it cuts otherwise in the text than in the quotation is not found.
"""

from __future__ import annotations

from typing import Final

from benchmarks.peers.base import Peer
from benchmarks.peers.lucene_program import lucene

PEER: Final[Peer] = lucene("Lucene, SmartChineseAnalyzer", "smartcn")
