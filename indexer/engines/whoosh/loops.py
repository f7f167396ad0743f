"""Which loops over postings are there?  Those that were compiled, else those of numpy.

They give the same (tests/test_loops.py, tests/test_packing.py).  With what is compiled a question
takes a fifth to a half of the time; it is there if a C compiler was when jianbao was installed.
"""

from __future__ import annotations

from indexer.engines.whoosh.by_numpy import VERSION

try:
    from indexer.engines.whoosh.compiled import VERSION as COMPILED
except ImportError:
    COMPILED = 0

if COMPILED == VERSION:
    from indexer.engines.whoosh.compiled import (
        Gains,
        PackedLists,
        Stream,
        best,
        count,
        count_few,
        documents_of,
        frequent,
        in_bits,
        in_list,
        packed,
        put,
    )
else:
    from indexer.engines.whoosh.by_numpy import (
        Gains,
        PackedLists,
        Stream,
        best,
        count,
        count_few,
        documents_of,
        frequent,
        in_bits,
        in_list,
        put,
    )
    from indexer.engines.whoosh.packing import packed

__all__ = [
    "Gains",
    "PackedLists",
    "Stream",
    "best",
    "count",
    "count_few",
    "documents_of",
    "frequent",
    "in_bits",
    "in_list",
    "packed",
    "put",
]
