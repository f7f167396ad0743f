"""What does an address ask for?  URL parameters to a SearchRequest, and back.

Reading is strict: a parameter that is known and wrong is refused with the values it may have,
so that a mistyped filter never looks like an empty answer.  Unknown parameters are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from werkzeug.datastructures import MultiDict

from indexer import plain_values
from indexer.answer import SearchRequest
from indexer.errors import WrongUsage
from indexer.schema import FACET_NAMES, LINE_ORDERS, MODES, NONE, SORTS, WRITINGS

MOST_CHARACTERS: Final = 2_000
MOST_PARAMETERS: Final = 1_000
MOST_VALUES: Final = 100
MOST_COMPLETIONS: Final = 50
LONGEST_VALUE: Final = 200
LARGEST_SIZE: Final = 100
WINDOW: Final = 10_000
"""No answer reaches further than `page` × `size` of this (RELIABILITY, limits)."""

LARGEST_REPORT_PAGE: Final = 100_000
UNITS: Final = ("month", *FACET_NAMES)
"""What occurrences are counted by."""
SHOWN: Final = ("all", "doubtful", "refused")
"""Which files of the report are shown."""

DEFAULT: Final = SearchRequest()
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """One look at the report: which files are shown, a page of them, a page of the series."""

    show: str = "all"
    page: int = 1
    part: int = 1
    size: int = 100
    part_size: int = 20


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """A query that is being typed, and how many completions are wanted."""

    text: str = ""
    limit: int = 8


@dataclass(frozen=True, slots=True)
class LinesRequest:
    """Which lines of a concordance are shown, in which order."""

    order: str = "found"
    page: int = 1
    size: int = 50


def read_lines(args: MultiDict[str, str]) -> LinesRequest:
    """Return which lines `args` asks for.  Raises `WrongUsage`."""
    size = _number(args, "size", LinesRequest().size, LARGEST_SIZE)
    order = _one_of(args, "order", LinesRequest().order, LINE_ORDERS)
    return LinesRequest(order, _number(args, "page", 1, WINDOW // size), size)


def read_unit(args: MultiDict[str, str]) -> str:
    """Return what `args` asks to count by, empty if it does not say.  Raises `WrongUsage`."""
    return _one_of(args, "by", "", UNITS)


def read_suggest(args: MultiDict[str, str]) -> SuggestRequest:
    """Return what `args` asks to complete.  Raises `WrongUsage`."""
    limit = _number(args, "limit", SuggestRequest().limit, MOST_COMPLETIONS)
    return SuggestRequest(_text(args), limit)


def read_report(args: MultiDict[str, str]) -> ReportRequest:
    """Return the look at the report that `args` asks for.  Raises `WrongUsage`."""
    default = ReportRequest()
    return ReportRequest(
        show=_one_of(args, "show", default.show, SHOWN),
        page=_number(args, "page", default.page, LARGEST_REPORT_PAGE),
        part=_number(args, "part", default.part, LARGEST_REPORT_PAGE),
    )


def report_pairs(request: ReportRequest) -> list[tuple[str, str]]:
    """Return the parameters that say `request`, defaults left out; `read_report` takes them."""
    default = ReportRequest()
    names = ("show", "page", "part")
    values = ((name, getattr(request, name), getattr(default, name)) for name in names)
    return [(name, str(value)) for name, value, usual in values if value != usual]


def read(args: MultiDict[str, str]) -> SearchRequest:
    """Return the search that `args` asks for.  Raises `WrongUsage` naming the parameter."""
    if sum(1 for _ in args.items(multi=True)) > MOST_PARAMETERS:
        raise WrongUsage(
            f"参数太多，最多 {MOST_PARAMETERS} 个。",
            f"Too many parameters; at most {MOST_PARAMETERS}.",
        )
    size = _number(args, "size", DEFAULT.size, LARGEST_SIZE)
    since, until = _date(args, "from"), _date(args, "to")
    if since and until and _earliest(since) > _latest(until):
        raise WrongUsage("from 不能晚于 to。", "from must not be later than to.")
    return SearchRequest(
        text=_text(args),
        mode=_one_of(args, "mode", DEFAULT.mode, MODES),
        chosen={name: values for name in FACET_NAMES if (values := _values(args, name))},
        since=since,
        until=until,
        sort=_one_of(args, "sort", DEFAULT.sort, SORTS),
        page=_number(args, "page", DEFAULT.page, WINDOW // size),
        size=size,
        without=_without(args),
    )


def pairs(request: SearchRequest) -> list[tuple[str, str]]:
    """Return the parameters that say `request`, defaults left out; `read` takes them back."""
    found = [("q", request.text)] if request.text else []
    if request.mode != DEFAULT.mode:
        found.append(("mode", request.mode))
    for name in FACET_NAMES:
        found += [(name, value) for value in request.chosen.get(name, ())]
    singles = (
        ("from", request.since, DEFAULT.since),
        ("to", request.until, DEFAULT.until),
        ("sort", request.sort, DEFAULT.sort),
        ("page", request.page, DEFAULT.page),
        ("size", request.size, DEFAULT.size),
    )
    found += [(name, str(value)) for name, value, default in singles if value != default]
    return found + [("without", kind) for kind in request.without]


def toggled(request: SearchRequest, facet: str, value: str) -> SearchRequest:
    """Return `request` with `value` of `facet` chosen if it was not, and not if it was."""
    before = request.chosen.get(facet, ())
    after = tuple(v for v in before if v != value) if value in before else (*before, value)
    chosen = {name: values for name, values in request.chosen.items() if name != facet}
    return replace(request, chosen=chosen | ({facet: after} if after else {}), page=1)


def switched(request: SearchRequest, kind: str) -> SearchRequest:
    """Return `request` with other writings of a kind left out if they were not, and the reverse."""
    without = set(request.without) ^ {kind}
    return replace(request, without=tuple(k for k in WRITINGS if k in without), page=1)


def unfiltered(request: SearchRequest) -> SearchRequest:
    """Return `request` without facet values and dates."""
    return replace(request, chosen={}, since="", until="", page=1)


def last_page(total: int, size: int) -> int:
    """Return the number of the last page that may be asked for."""
    return max(1, min(-(-total // size), WINDOW // size))


def read_wanted(args: MultiDict[str, str]) -> str:
    """Return the id, the file or the title of the bulletin that is meant."""
    wanted = (_single(args, "bulletin") or "").strip()
    if len(wanted) > LONGEST_VALUE:
        raise WrongUsage(
            f"bulletin 最长 {LONGEST_VALUE} 字。",
            f"bulletin may have up to {LONGEST_VALUE} characters.",
        )
    return wanted


def _without(args: MultiDict[str, str]) -> tuple[str, ...]:
    given = set(args.getlist("without"))
    if given - WRITINGS.keys():
        raise WrongUsage(
            f"without 应为 {'、'.join(WRITINGS)} 之一。",
            f"without must be one of {', '.join(WRITINGS)}.",
        )
    return tuple(kind for kind in WRITINGS if kind in given)


def _single(args: MultiDict[str, str], name: str) -> str | None:
    given = args.getlist(name)
    if len(given) > 1:
        raise WrongUsage(f"{name} 只能出现一次。", f"{name} may be given only once.")
    return given[0] if given else None


def _text(args: MultiDict[str, str]) -> str:
    text = _single(args, "q") or ""
    if len(text) > MOST_CHARACTERS:
        raise WrongUsage(
            f"q 最长 {MOST_CHARACTERS:,} 字，这里有 {len(text):,} 字。",
            f"q may have up to {MOST_CHARACTERS:,} characters; this has {len(text):,}.",
        )
    return text


def _one_of(args: MultiDict[str, str], name: str, default: str, known: Iterable[str]) -> str:
    value = _single(args, name)
    if value is None:
        return default
    if value not in known:
        allowed = tuple(known)
        raise WrongUsage(
            f"{name} 应为 {'、'.join(allowed)} 之一。",
            f"{name} must be one of {', '.join(allowed)}.",
        )
    return value


def _number(args: MultiDict[str, str], name: str, default: int, most: int) -> int:
    raw = _single(args, name)
    if raw is None:
        return default
    if not re.fullmatch("[0-9]{1,9}", raw) or not 1 <= int(raw) <= most:
        raise WrongUsage(
            f"{name} 应为 1 到 {most:,} 的整数。",
            f"{name} must be a whole number from 1 to {most:,}.",
        )
    return int(raw)


def _date(args: MultiDict[str, str], name: str) -> str:
    """Return an ISO date or "" (an empty field of a form says nothing)."""
    raw = (_single(args, name) or "").strip()
    if raw:
        found = _DATE.fullmatch(raw)
        try:
            if found is None:
                raise ValueError
            date(*(int(part or 1) for part in found.groups()))
        except ValueError:
            raise WrongUsage(
                f"{name} 应为日期，如 2020、2020-03 或 2020-03-18。",
                f"{name} must be a date like 2020, 2020-03 or 2020-03-18.",
            ) from None
    return raw


def _earliest(day: str) -> str:
    return day + "-01-01"[len(day) - 4 :]


def _latest(day: str) -> str:
    return day + "-12-31"[len(day) - 4 :]


def _values(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    given = args.getlist(name)
    if len(given) > MOST_VALUES:
        raise WrongUsage(
            f"{name} 最多 {MOST_VALUES} 个。", f"{name} may be given at most {MOST_VALUES} times."
        )
    return tuple(dict.fromkeys(_value(name, raw) for raw in given))


def _issue(raw: str) -> str:
    """Return an issue number, which may be written as people do: 27, 第27期, 第二十七期."""
    if digits := re.fullmatch("第?([0-9]{1,6})期?", raw):
        return str(int(digits[1]))
    if re.fullmatch("第?[零〇一二三四五六七八九十百千万０-９]{1,12}期?", raw):
        (number,) = plain_values("issue", (raw,))
        if number.isdecimal():
            return number
    raise WrongUsage(
        "issue 应为 0 到 999999 的期号（27、第27期、第二十七期），或 none。",
        "issue must be a number from 0 to 999999 (27, 第27期, 第二十七期), or none.",
    )


def _value(name: str, raw: str) -> str:
    if name == "issue" and raw != NONE:
        return _issue(raw)
    if name == "year" and raw != NONE and not re.fullmatch("[0-9]{4}", raw):
        raise WrongUsage("year 应为四位年份，或 none。", "year must be four digits, or none.")
    if not 1 <= len(raw) <= LONGEST_VALUE:
        raise WrongUsage(
            f"{name} 应有 1 到 {LONGEST_VALUE} 字。",
            f"{name} must have 1 to {LONGEST_VALUE} characters.",
        )
    return raw
