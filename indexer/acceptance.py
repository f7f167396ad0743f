"""Can an operator have meant a build?  An index is not replaced by accident."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from indexer.engines.generations import open_current
from indexer.errors import BadInput, IndexUnavailable
from indexer.kept_report import Reports

_SHRINKS: Final = 0.5
"""A build with fewer than this share of the last one's bulletins is an accident until forced."""


def accept(files: Reports, index: Path, *, strict: bool, allow_empty: bool, force: bool) -> None:
    """Raise `BadInput` when the build is not what the operator can have meant."""
    if strict and (refused := files.refused):
        raise BadInput(
            f"有 {len(refused)} 个文件读不了，第一个是 {refused[0].path}。",
            f"{len(refused)} files could not be read, the first is {refused[0].path}.",
        )
    if not files.read and not allow_empty:
        raise BadInput("没有读到任何简报。", "Not one bulletin could be read.")
    before = _documents(index)
    if files.read < before * _SHRINKS and not (force or allow_empty):
        raise BadInput(
            f"只读到 {files.read} 期，原索引有 {before} 期；确认无误请加 --force。",
            f"Only {files.read} bulletins, the index has {before}; add --force if that is right.",
        )


def _documents(index: Path) -> int:
    try:
        return open_current(index)[2].documents
    except IndexUnavailable:
        return 0
