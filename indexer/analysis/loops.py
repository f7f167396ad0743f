"""Which loops over a text are there?  Those that were compiled, else those by arrays.

They give the same (tests/test_units.py, tests/test_phrases.py).  Compiled ones are there if a C
compiler was when jianbao was installed.
"""

from __future__ import annotations

from typing import Final

from indexer.analysis.by_arrays import VERSION

try:
    from indexer.analysis.compiled import VERSION as COMPILED
except ImportError:
    COMPILED = 0

IS_COMPILED: Final = COMPILED == VERSION

if IS_COMPILED:
    from indexer.analysis.compiled import found, numbered
else:
    from indexer.analysis.by_arrays import found, numbered

__all__ = ["IS_COMPILED", "found", "numbered"]
