"""What does the report look like?  The one shape that page, JSON and command line show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from indexer import BuildReport, FileReport, Numbering, Series
from indexer.answer import SearchRequest
from indexer.errors import refusal
from indexer.language import Language
from indexer.schema import FACETS, NONE
from webui import addresses
from webui.params import MOST_VALUES, ReportRequest
from webui.present import notice

MOST_BOXES: Final = 400
"""Numbers of one row that are shown one by one; of more, those that follow on are one box."""
LONGEST_ROW: Final = 1_000
"""Boxes of one row; how many more there are is said."""
WIDEST_GAP: Final = 12
"""Missing numbers that are shown one by one; more of them are one box."""
WIDEST_LEAD: Final = 24
"""Places that a row may begin further right than another, so that numbers stand in columns."""

FORMATS: Final = {
    "text/plain": "TXT",
    "text/markdown": "Markdown",
    "text/html": "HTML",
    "application/pdf": "PDF",
    "application/ofd": "OFD",
    "application/zip": "ZIP",
    "message/rfc822": "EML",
    "application/msword": "DOC",
    "application/rtf": "RTF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
    "image/webp": "WebP",
    "image/gif": "GIF",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
}

Json = dict[str, Any]
Item = TypeVar("Item")


def shape(
    built: BuildReport, grid: Sequence[Series], look: ReportRequest, language: Language
) -> Json:
    """Return a whole answer of /api/v1/report."""
    shown = {"all": built.files, "doubtful": built.doubtful, "refused": built.refused}
    files = shown[look.show]
    return {
        "generation": built.generation,
        "counts": {
            **{name: len(group) for name, group in shown.items()},
            "read": built.read,
            "series": sum(bool(item.name) for item in grid),
        },
        "series": [_series(item, language) for item in _window(grid, look.part, look.part_size)],
        "show": look.show,
        "total": len(files),
        "page": look.page,
        "size": look.size,
        "part": look.part,
        "parts": max(1, -(-len(grid) // look.part_size)),
        "files": [_file(file, language) for file in _window(files, look.page, look.size)],
    }


def tables(answer: Json) -> list[Json]:
    """Return the series of an answer as tables: rows of years, each with its boxes.

    A box stands for the numbers `first` to `last`; `kind` is `present`, `duplicate`, `gap`,
    `before` (an empty place that keeps the numbers of all years below one another), or `more`.
    """
    return [series | {"rows": list(_rows(series))} for series in answer["series"]]


def _window(items: Sequence[Item], page: int, size: int) -> Sequence[Item]:
    return items[(page - 1) * size : page * size]


def _series(series: Series, language: Language) -> Json:
    return {
        "name": series.name,
        "label": series.name or _absent("series", language),
        "years": [
            {
                "year": year.year,
                "label": year.year or _absent("year", language),
                "unnumbered": len(year.unnumbered),
                "unnumbered_url": _found(series.name, (None,), (year.year,)),
            }
            | _numbering(year.numbering, series.name)
            for year in series.years
        ],
        "cumulative": _numbering(series.cumulative, series.name),
    }


def _numbering(numbering: Numbering, series: str) -> Json:
    duplicates = {issue.number for issue in numbering.duplicates}
    return {
        "issues": [
            {
                "number": issue.number,
                "files": [file.path for file in issue.files],
                "bulletins": issue.bulletins,
                "duplicate": issue.number in duplicates,
                "url": _address(issue.files, series),
            }
            for issue in numbering.issues
        ],
        "present": [list(run) for run in numbering.present],
        "gaps": [list(run) for run in numbering.gaps],
        "missing": numbering.missing,
        "duplicates": sorted(duplicates),
    }


def _address(files: Sequence[FileReport], series: str) -> str:
    """Return the address of the one file's bulletin, or of the search that finds them all."""
    if len(files) == 1:
        return addresses.of_bulletin(files[0].id, SearchRequest())
    return _found(series, (file.number for file in files), (file.date[:4] for file in files))


def _found(series: str, numbers: Iterable[int | None], years: Iterable[str]) -> str:
    issues = dict.fromkeys(NONE if number is None else str(number) for number in numbers)
    chosen = {
        "issue": tuple(issues)[:MOST_VALUES],
        "year": tuple(dict.fromkeys(year or NONE for year in years))[:MOST_VALUES],
        "series": (series or NONE,),
    }
    return addresses.of_search(SearchRequest(chosen=chosen))


def _file(file: FileReport, language: Language) -> Json:
    return {
        "path": file.path,
        "outcome": file.outcome,
        "reason": file.reason,
        "detail": file.detail,
        "message": refusal(file.reason).in_(language),
        "media_type": file.media_type,
        "format": FORMATS.get(file.media_type, file.media_type),
        "encoding": file.encoding,
        "size": file.size,
        "sha256": file.sha256,
        "id": file.id,
        "url": addresses.of_bulletin(file.id, SearchRequest()) if file.id else "",
        "title": file.title,
        "series": file.series,
        "issue": {"number": file.number, "label": file.issue, "cumulative": file.cumulative},
        "date": file.date,
        "publisher": file.publisher,
        "group": file.group,
        "near": list(file.near),
        "doubts": [notice(item, language) for item in file.doubts],
        "notices": [notice(item, language) for item in file.notices],
    }


def _absent(facet: str, language: Language) -> str:
    return next(
        known.absent.in_(language) for known in FACETS if known.parameter == facet and known.absent
    )


def _rows(series: Json) -> Iterator[Json]:
    firsts = [year["issues"][0]["number"] for year in series["years"] if year["issues"]]
    base = None if any(map(_is_drawn_in, series["years"])) else min(firsts, default=0)
    for year in series["years"]:
        yield year | {"cumulative": False, "boxes": list(_boxes(year, base))}
    if series["cumulative"]["issues"]:
        numbering = series["cumulative"]
        boxes = list(_boxes(numbering, None))
        yield numbering | {"cumulative": True, "unnumbered": 0, "boxes": boxes}


def _is_drawn_in(numbering: Json) -> bool:
    """Tell whether some box of a row stands for many numbers, so that none is below its like."""
    wide = any(last - first >= WIDEST_GAP for first, last in numbering["gaps"])
    return wide or len(numbering["issues"]) > MOST_BOXES


def _boxes(numbering: Json, base: int | None) -> Iterator[Json]:
    issues = numbering["issues"]
    if not issues:
        return
    lead = issues[0]["number"] - base if base is not None else 0
    if lead <= WIDEST_LEAD:
        yield from ({"kind": "before"} for _ in range(lead))
    boxes = sorted([*_present(issues), *_gaps(numbering)], key=lambda box: int(box["first"]))
    yield from boxes[:LONGEST_ROW]
    if len(boxes) > LONGEST_ROW:
        yield {"kind": "more", "count": len(boxes) - LONGEST_ROW}


def _present(issues: Sequence[Json]) -> list[Json]:
    boxes: list[Json] = []
    for issue in issues:
        number = issue["number"]
        kind = "duplicate" if issue["duplicate"] else "present"
        last = boxes[-1] if boxes else {}
        follows = (last.get("kind"), kind, last.get("last")) == ("present", kind, number - 1)
        if len(issues) > MOST_BOXES and kind == "present" and follows:
            boxes[-1] = last | {"last": number, "files": [], "url": ""}
        else:
            boxes.append(issue | {"kind": kind, "first": number, "last": number})
    return boxes


def _gaps(numbering: Json) -> Iterator[Json]:
    for first, last in numbering["gaps"]:
        if last - first < WIDEST_GAP:
            yield from ({"kind": "gap", "first": n, "last": n} for n in range(first, last + 1))
        else:
            yield {"kind": "gap", "first": first, "last": last}
