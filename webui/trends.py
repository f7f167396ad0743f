"""When, and where, do people write it?  Occurrences over time and by facet: the page, its JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from indexer import facet_label
from indexer.answer import Appearance, SearchRequest, Trend
from indexer.language import Language
from indexer.schema import FACETS, NONE, RESPONSE_NAMES
from webui import addresses, charting, i18n, params
from webui.current import borrow

blueprint = Blueprint("trends", __name__)

MOST_MONTHS: Final = 60
"""More months than these are shown as years, unless months are asked for."""
MOST_ROWS: Final = 40
"""Values of a facet that are shown; the ones with most occurrences."""

Json = dict[str, Any]


@blueprint.get("/trends")
def page() -> ResponseReturnValue:
    """Show a picture of occurrences, each bar leading to the bulletins it stands for."""
    search = params.read(request.args)
    found = _found(search)
    unit = params.read_unit(request.args) or _usual_unit(found)
    groups = _groups(found, unit, search, i18n.current())
    shown = [group for group in groups if group["axis"]]
    numbers = [[cell["occurrences"] for cell in group["cells"]] for group in shown]
    return render_template(
        "trends.html",
        search=search,
        trends=[_summary(trend, search) for trend in found],
        unit=unit,
        names={"month": i18n.text("by_month")}
        | {facet.parameter: facet.name.in_(i18n.current()) for facet in FACETS},
        units=[(each, addresses.of_trends(search, each)) for each in params.UNITS],
        groups=groups,
        shown=shown,
        chart=charting.columns(numbers) if shown and _upright(unit) else None,
        most=max((number for row in numbers for number in row), default=0),
    )


@blueprint.get("/api/v1/trends")
def api() -> ResponseReturnValue:
    """Answer with the occurrences of each phrase by month and by each facet."""
    search = params.read(request.args)
    return jsonify(_shape(_found(search), search, i18n.current()))


def _found(search: SearchRequest) -> tuple[Trend, ...]:
    with borrow() as searcher:
        return searcher.trends(search)


def _shape(found: Sequence[Trend], search: SearchRequest, language: Language) -> Json:
    return {
        "query": {"text": search.text},
        "trends": [
            _summary(trend, search)
            | {
                "by": {
                    RESPONSE_NAMES.get(unit, unit): [
                        {"value": group["value"], "label": group["label"], **group["cells"][0]}
                        for group in _groups([trend], unit, search, language, gaps=False)
                    ]
                    for unit in params.UNITS
                },
            }
            for trend in found
        ],
    }


def _summary(trend: Trend, search: SearchRequest) -> Json:
    """Return what is said of a phrase as a whole."""
    return {
        "phrase": trend.phrase,
        "occurrences": trend.total.occurrences,
        "bulletins": trend.total.bulletins,
        "first": _appearance(trend.first, trend, search),
        "last": _appearance(trend.last, trend, search),
    }


def _appearance(found: Appearance | None, trend: Trend, search: SearchRequest) -> Json | None:
    if found is None:
        return None
    url = addresses.of_bulletin(found.id, quoted(search, trend.phrase))
    return {"id": found.id, "title": found.title, "date": found.date, "url": url}


def _usual_unit(found: Sequence[Trend]) -> str:
    months = {value for trend in found for value in trend.by["month"] if len(value) > 4}
    filled = list(_every_month(months))
    return "year" if len(filled) > MOST_MONTHS else "month"


def _upright(unit: str) -> bool:
    return unit in ("month", "year", "issue")


def _groups(
    found: Sequence[Trend],
    unit: str,
    search: SearchRequest,
    language: Language,
    gaps: bool = True,
) -> list[Json]:
    """Return what stands side by side: a month, an issue, a body, with a cell for each phrase.

    `axis` is false for what has no place among the others, such as what has no date.
    """
    return [
        {
            "value": value,
            "label": _label(unit, value, language),
            "axis": value != NONE and not (unit == "month" and len(value) == 4),
            "cells": [_cell(trend, unit, value, search) for trend in found],
        }
        for value in _values([trend.by[unit] for trend in found], unit, gaps)
    ]


def _values(counted: Sequence[Mapping[str, Any]], unit: str, gaps: bool) -> list[str]:
    """Return the values in the order in which they are shown."""
    known = {value for by in counted for value in by}
    named = known - {NONE}
    last = [NONE] if NONE in known else []
    if unit == "month":
        months = {value for value in named if len(value) > 4}
        return [*(_every_month(months) if gaps else sorted(months)), *sorted(named - months)]
    if unit == "year":
        return [*(_every_year(named) if gaps else sorted(named)), *last]
    if unit == "issue":
        return [*sorted(named, key=lambda value: (len(value), value)), *last]
    sums = {v: sum(by[v].occurrences for by in counted if v in by) for v in named}
    return [*sorted(named, key=lambda value: (-sums[value], value))[:MOST_ROWS], *last]


def _every_month(months: set[str]) -> Iterator[str]:
    """Yield the months from the first to the last, those between too."""
    if months:
        first, last = (int(end[:4]) * 12 + int(end[5:]) - 1 for end in (min(months), max(months)))
        yield from (f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, last + 1))


def _every_year(years: set[str]) -> Iterator[str]:
    if years:
        yield from (f"{year:04}" for year in range(int(min(years)), int(max(years)) + 1))


def _label(unit: str, value: str, language: Language) -> str:
    if unit != "month":
        return facet_label(unit, value).in_(language)
    return i18n.shown_date(value) if len(value) > 4 else i18n.text("trend_no_month", year=value)


def _cell(trend: Trend, unit: str, value: str, search: SearchRequest) -> Json:
    tally = trend.by[unit].get(value)
    narrowed = _narrowed(quoted(search, trend.phrase), unit, value)
    return {
        "occurrences": tally.occurrences if tally else 0,
        "bulletins": tally.bulletins if tally else 0,
        "url": addresses.of_search(narrowed) if tally and narrowed else None,
    }


def quoted(search: SearchRequest, phrase: str) -> SearchRequest:
    """Return the search for the very phrase, narrowed as `search` is."""
    return replace(search, text=f'"{phrase}"', mode="all", page=1, size=params.DEFAULT.size)


def _narrowed(search: SearchRequest, unit: str, value: str) -> SearchRequest | None:
    """Return the search within one value; None where no filter says it."""
    if unit != "month":
        return replace(search, chosen={**search.chosen, unit: (value,)})
    if len(value) == 4:
        return None
    since = search.since if search.since.startswith(value) else value
    until = search.until if search.until.startswith(value) else value
    return replace(search, since=since, until=until)
