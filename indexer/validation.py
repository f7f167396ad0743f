"""Can this be asked?  The values that the options of a search may have."""

from __future__ import annotations

import re
from typing import Final

from indexer.analysis import date_key
from indexer.answer import SearchRequest
from indexer.engines.base import LARGEST_WINDOW
from indexer.errors import WrongUsage
from indexer.schema import MODES, SORTS, WRITINGS

LARGEST_PAGE: Final = 100

_DATE: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


def check(request: SearchRequest) -> None:
    """Raise `WrongUsage`, naming the option and its range, for a request that cannot be."""
    for name, value, known in (("mode", request.mode, MODES), ("sort", request.sort, SORTS)):
        if value not in known:
            raise WrongUsage(
                f"{name} 只能是 {'、'.join(known)}。", f"{name} is one of {', '.join(known)}."
            )
    if unknown := set(request.without) - WRITINGS.keys():
        raise WrongUsage(
            f"without 只能是 {'、'.join(WRITINGS)}，没有“{min(unknown)}”。",
            f"without is one of {', '.join(WRITINGS)}, not {min(unknown)!r}.",
        )
    for name, value in (("from", request.since), ("to", request.until)):
        if value and not _DATE.fullmatch(value):
            raise WrongUsage(
                f"{name} 的日期应写作 2020、2020-03 或 2020-03-18。",
                f"{name} is a date like 2020, 2020-03 or 2020-03-18.",
            )
    since, until = bounds(request)
    if until and since > until:
        raise WrongUsage("from 不能晚于 to。", "from must not be later than to.")
    if request.page < 1 or not 1 <= request.size <= LARGEST_PAGE:
        raise WrongUsage(
            f"page 从 1 起，size 为 1 至 {LARGEST_PAGE}。",
            f"page is 1 or more, size from 1 to {LARGEST_PAGE}.",
        )
    if request.page * request.size > LARGEST_WINDOW:
        raise WrongUsage(
            f"最多翻到第 {LARGEST_WINDOW} 条结果。",
            f"No result beyond the first {LARGEST_WINDOW} is shown.",
        )


def bounds(request: SearchRequest) -> tuple[int, int]:
    """Return first and last date that are asked for, as in `Document.date`; 0 for no bound."""
    return date_key(request.since), date_key(request.until, missing="9")
