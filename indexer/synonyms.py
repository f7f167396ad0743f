"""Which words does the operator take for the same?  A file with a group a line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from indexer.errors import WrongUsage

LONGEST: Final = 100
"""Characters of a word."""

_BETWEEN: Final = re.compile(r"[=＝,，、;；\t]+")


def read_synonyms(path: str) -> tuple[tuple[str, ...], ...]:
    """Return the groups of a file (复工复产 = 复产复工、复工达产); none for an empty path.

    Empty lines and those that begin with # say nothing.  Raises `WrongUsage` with the line that
    cannot be used.
    """
    if not path:
        return ()
    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise WrongUsage(
            f"同义词表 {path} 读不了（应为 UTF-8 文本）。",
            f"Cannot read the synonyms {path} (UTF-8 text is expected).",
        ) from None
    groups = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        words = tuple(filter(None, (word.strip() for word in _BETWEEN.split(line))))
        if len(words) < 2 or any(len(word) > LONGEST for word in words):
            raise WrongUsage(
                f"同义词表 {path} 第 {number} 行应有两个以上的词，每个不超过 {LONGEST} 字。",
                f"{path}, line {number}: two words or more are expected, "
                f"each of at most {LONGEST} characters.",
            )
        groups.append(words)
    return tuple(groups)
