"""The grid of issues: every number of the input once, every gap a gap, every duplicate named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from indexer import BuildReport, FileReport, coverage_of
from indexer.coverage import Numbering
from indexer.kept_report import read_report, write_report
from indexer.language import Notice, Sentence


def file(
    number: int | None = None,
    date: str = "2020-03",
    series: str = "云岭简报",
    cumulative: int | None = None,
    group: str = "",
    id: str = "",
    outcome: str = "read",
) -> FileReport:
    return FileReport(
        f"{id}.txt",
        outcome,
        id=id,
        date=date,
        series=series,
        number=number,
        cumulative=cumulative,
        group=group or id,
    )


def built(files: Sequence[FileReport]) -> BuildReport:
    return BuildReport("000001", tuple(files))


def of_issues(*numbers: int) -> Numbering:
    files = [file(number, id=f"b-{at}") for at, number in enumerate(numbers)]
    return coverage_of(built(files))[0].years[0].numbering


numbers = st.none() | st.integers(0, 30) | st.integers(0, 10**6)
many = st.lists(
    st.builds(
        file,
        number=numbers,
        date=st.sampled_from(["", "2019", "2020-03", "2020-12-31"]),
        series=st.sampled_from(["", "甲", "乙"]),
        cumulative=numbers,
        group=st.sampled_from(["", "b-1", "b-2"]),
        id=st.uuids().map(str),
        outcome=st.sampled_from(["read", "read", "refused"]),
    ),
    max_size=30,
    unique_by=lambda f: f.id,
)


def all_numberings(files: Sequence[FileReport]) -> list[Numbering]:
    grid = coverage_of(built(files))
    return [
        *(year.numbering for series in grid for year in series.years),
        *(series.cumulative for series in grid),
    ]


@given(many)
def test_every_file_that_was_read_is_in_the_grid_exactly_once(files: list[FileReport]) -> None:
    placed = [
        (series.name, year.year, number, one.id)
        for series in coverage_of(built(files))
        for year in series.years
        for number, group in [
            *((issue.number, issue.files) for issue in year.numbering.issues),
            (None, year.unnumbered),
        ]
        for one in group
    ]
    read = [(f.series, f.date[:4], f.number, f.id) for f in files if f.outcome == "read"]
    assert Counter(placed) == Counter(read)


@given(many)
def test_every_cumulative_number_is_in_its_series_exactly_once(files: list[FileReport]) -> None:
    placed = [
        (series.name, issue.number, one.id)
        for series in coverage_of(built(files))
        for issue in series.cumulative.issues
        for one in issue.files
    ]
    numbered = (f for f in files if f.outcome == "read" and f.cumulative is not None)
    assert Counter(placed) == Counter((f.series, f.cumulative, f.id) for f in numbered)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30))
def test_present_and_gaps_are_exactly_what_is_there_and_what_is_missing(given: list[int]) -> None:
    numbering = of_issues(*given)
    present = [n for first, last in numbering.present for n in range(first, last + 1)]
    gaps = [n for first, last in numbering.gaps for n in range(first, last + 1)]
    assert present == sorted(set(given))
    assert gaps == [n for n in range(min(given), max(given)) if n not in given]
    assert numbering.missing == len(gaps)


@given(many)
def test_order_is_ascending_with_what_is_not_known_last(files: list[FileReport]) -> None:
    grid = coverage_of(built(files))
    sizes = Counter(file.series for file in files if file.outcome == "read")
    names = [series.name for series in grid]
    assert names == sorted(names, key=lambda name: (not name, -sizes[name], name))
    for series in grid:
        years = [year.year for year in series.years]
        assert years == sorted(set(years), key=lambda year: (not year, year))
    for numbering in all_numberings(files):
        of_it = [issue.number for issue in numbering.issues]
        assert of_it == sorted(set(of_it))


def test_a_wide_gap_is_one_run_however_wide() -> None:
    assert of_issues(1, 2, 999_999).gaps == ((3, 999_998),)


def test_different_bulletins_of_one_number_are_duplicates_and_copies_are_not() -> None:
    files = [
        *(file(8, id="b-1"), file(8, id="b-2", group="b-1")),
        *(file(9, id="b-3"), file(9, id="b-4"), file(9, id="b-5", group="b-4")),
    ]
    (series,) = coverage_of(built(files))
    numbering = series.years[0].numbering
    counts = [(i.number, len(i.files), i.bulletins) for i in numbering.issues]
    assert counts == [(8, 2, 1), (9, 3, 2)]
    assert [issue.number for issue in numbering.duplicates] == [9]


def test_the_same_number_in_another_year_is_no_duplicate() -> None:
    files = [file(1, "2020", id="b-1"), file(1, "2021", id="b-2")]
    (series,) = coverage_of(built(files))
    assert [year.year for year in series.years] == ["2020", "2021"]
    assert not any(year.numbering.duplicates for year in series.years)


def test_bulletins_without_a_series_have_neither_gaps_nor_duplicates() -> None:
    files = [
        file(number, series="", cumulative=number, id=f"b-{at}")
        for at, number in enumerate((1, 1, 5))
    ]
    for numbering in all_numberings(files):
        assert [issue.number for issue in numbering.issues] == [1, 5]
        assert (numbering.gaps, numbering.duplicates, numbering.missing) == ((), (), 0)


def noticed(code: str) -> FileReport:
    return FileReport("a.txt", "read", notices=(Notice(code, Sentence("说明。", "A note.")),))


def test_a_doubt_is_what_somebody_should_look_at() -> None:
    for code in ("no_issue", "no_date", "date_from_name", "encoding_unsure", "some_new_code"):
        assert noticed(code).doubts, code
    for code in ("copy", "jump_line", "title_from_series", "date_from_end", "issue_from_head"):
        assert not noticed(code).doubts, code
    both = built([noticed("no_date"), noticed("copy")])
    assert both.doubtful == both.files[:1]


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    files = (
        FileReport("a.zip", "opened", size=7, modified=8),
        FileReport("a.zip/b.txt", "read", number=3, near=("c", "d"), inside=(0, 2)),
        *(noticed(code) for code in ("no_date", "copy", "no_date")),
        FileReport("e\\xff.txt", "refused", "damaged", "细节"),
    )
    report = BuildReport("000001", files, 5)
    write_report(report, tmp_path)
    assert read_report("000001", tmp_path) == report
