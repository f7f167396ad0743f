"""How are names chosen and arranged?  By compiled loops, else by arrays.

They give the same (tests/test_tally.py).  Compiled ones are there if a C compiler was when jianbao
was installed.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = 1
"""The compiled loops that are used."""

try:
    from indexer.suggest.compiled import VERSION as COMPILED
except ImportError:
    COMPILED = 0

if COMPILED == VERSION:
    from indexer.suggest.compiled import arranged, chosen
else:
    from indexer.suggest.arranging import arranged
    from indexer.suggest.choosing import chosen

__all__ = ["arranged", "chosen"]
