"""Is the index what it should be?  Files, counts that agree, and quotations that are found."""

from __future__ import annotations

import random
from collections.abc import Collection
from pathlib import Path
from typing import Final

from indexer.analysis import Segmenter
from indexer.certificate import LEAST, Certificate, Progress, certify
from indexer.dictionary import open_segmenter
from indexer.engines.base import Engine
from indexer.engines.generations import Draft
from indexer.engines.opening import open_engine
from indexer.errors import IndexDamaged
from indexer.metadata import read_authority
from indexer.settings import Settings

DRAW: Final = 50
SECONDS: Final = 120.0
"""What `verify` draws from each bulletin, and its time for it."""
_DRAW_BEFORE: Final = 10
_SECONDS_BEFORE: Final = 2.0
"""What is drawn before a switch, where somebody waits."""
OLD_BEFORE: Final = 100
_OLD_SECONDS: Final = 0.1
"""Bulletins that an update took over, and of which a quotation is drawn nevertheless, as long as
there is time: their segments proved themselves when they were new."""


def verify(
    settings: Settings,
    draw: int = DRAW,
    seed: int = 0,
    seconds: float = SECONDS,
    progress: Progress = lambda done, total, name: None,
) -> Certificate:
    """Check the current index: files, checksums, counts; and draw quotations from every bulletin.

    `draw` are drawn from each, one from each in turn and in random order, as long as `seconds`
    allow.  The certificate says what was not found.  Raises `IndexUnavailable` for everything
    else that is wrong.
    """
    segmenter = open_segmenter(settings, read_authority(settings.organizations))
    _, engine, manifest = open_engine(Path(settings.index), whole=True)
    try:
        _check_counts(engine, manifest.documents)
        ids = _shuffled(engine.ids(), seed)
        return certify(engine, segmenter, ids, draw, seconds, seed, progress)
    finally:
        engine.close()


def check_draft(
    engine: Engine,
    draft: Draft,
    segmenter: Segmenter,
    new: Collection[str],
    old: Collection[str] = (),
) -> None:
    """Draw quotations from what was built, opened before anybody else does.

    They are drawn from what is `new` (ids), and from some of what is `old`: taken over from the
    last generation.  Raises `IndexDamaged` when one is missing.
    """
    seed = int(draft.name)
    _check_counts(engine, draft.documents)
    for ids, draw, seconds, least in (
        (_shuffled(new, seed), _DRAW_BEFORE, _SECONDS_BEFORE, LEAST),
        (_shuffled(old, seed)[:OLD_BEFORE], 1, _OLD_SECONDS, 1),
    ):
        refuse_unless_whole(certify(engine, segmenter, ids, draw, seconds, seed, least=least))


def refuse_unless_whole(certificate: Certificate) -> None:
    """Raise `IndexDamaged` that names the first quotation that was not found as it should be."""
    for quotation in certificate.missing:
        text, id, paragraph = _on_one_line(quotation.text), quotation.id, quotation.paragraph
        raise _inconsistent(
            f"{id} 第 {paragraph} 段的“{text}”没有查到",
            f"“{text}” of {id}#p{paragraph} was not found",
        )
    for quotation, other in certificate.wrong:
        text = _on_one_line(quotation.text)
        raise _inconsistent(
            f"“{text}”查到了没有它的 {other}", f"“{text}” was found in {other}, which lacks it"
        )


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _check_counts(engine: Engine, documents: int) -> None:
    if not documents == len(engine.ids()) == engine.count:
        raise _inconsistent(f"期数 {engine.count} ≠ {documents}", f"{engine.count} ≠ {documents}")


def _shuffled(ids: Collection[str], seed: int) -> list[str]:
    shuffled = sorted(ids)
    random.Random(seed).shuffle(shuffled)
    return shuffled


def _inconsistent(zh: str, en: str) -> IndexDamaged:
    return IndexDamaged(
        f"索引自检不符（{zh}），请重新运行 jianbao rebuild。",
        f"The index contradicts itself ({en}); run jianbao rebuild.",
    )
