"""How does Lucene answer over pairs of Han?  Its CJKAnalyzer, quotations as phrases.

A single character is a term only where it stands between others that are no Han.
"""

from __future__ import annotations

from typing import Final

from benchmarks.peers.base import Peer
from benchmarks.peers.lucene_program import lucene

PEER: Final[Peer] = lucene("Lucene, CJKAnalyzer", "cjk")
