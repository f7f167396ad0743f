"""The report shows every file, what is doubtful and why, and which issues are missing."""

from __future__ import annotations

import pytest
from fake_report import FILES, REPORT, of
from fake_searcher import HOSTILE, SAMPLES, FakeSearcher, make
from web_client import browser_of, client, page, words
from werkzeug.datastructures import MultiDict

from indexer import BuildReport
from indexer.errors import REFUSALS, IndexDamaged
from indexer.settings import Settings
from webui import create_app, reporting
from webui.params import ReportRequest, read_report, report_pairs

SERIES = "云岭质量简报"


def get(address="/report", report=REPORT):
    return page(client(report=report).get(address))


def of_numbers(*numbers, date="2020-01-01"):
    return BuildReport(
        "000012",
        tuple(of(make(f"b-{n:012}-{at}", n, date, "题目")) for at, n in enumerate(numbers)),
    )


def row(tree, series=0, year=0):
    return tree.cssselect("table.issues")[series].cssselect("tr")[1 + year]


def cells(tree, **at):
    """Return class and text of each box of a row, what only a screen reader says left out."""
    found = row(tree, **at).cssselect(".cell")
    for unseen in row(tree, **at).cssselect(".unseen"):
        unseen.drop_tree()
    return [(cell.get("class").split()[1], words(cell)) for cell in found]


def paths(tree):
    return [words(path) for path in tree.cssselect(".files th .path")]


# The grid


def test_a_row_shows_each_number_of_the_year_as_what_it_is():
    shown = cells(get(report=of_numbers(8, 9, 9, 12)))
    assert shown == [
        ("present", "8"),
        ("duplicate", "9 ×2"),
        *(("gap", "10"), ("gap", "11")),
        ("present", "12"),
    ]


def test_every_kind_of_box_is_told_by_words_too():
    tree = get(report=of_numbers(8, 9, 9, 11))
    said = [words(li) for li in row(tree).cssselect("li")]
    assert said == ["8", "9 ×2 2 篇不同的简报", "10 缺", "11"]
    assert words(row(tree).cssselect(".sum")[0]) == "3 期 缺 1 重 1"


def test_copies_of_one_bulletin_are_counted_and_no_duplicate():
    tree = get()
    at = [cell for cell in row(tree).cssselect(".cell") if words(cell).startswith("27")]
    assert [cell.get("class") for cell in at] == ["cell present"]
    assert "2 个文件" in words(at[0])


def test_one_file_leads_to_its_bulletin_and_several_to_the_search_that_finds_them():
    browser = client()
    links = {words(a)[:2]: a.get("href") for a in page(browser.get("/report")).cssselect("a.cell")}
    assert links["26"] == f"/?issue=26&year=2020&series={SERIES}"
    for address in links.values():
        assert browser.get(address).status_code == 200
    assert page(browser.get(links["26"])).cssselect(".hit")


def test_numbers_of_all_years_stand_below_one_another():
    first, second = of_numbers(3, 4), of_numbers(1, 2, date="2021-01-01")
    tree = get(report=BuildReport("000012", first.files + second.files))
    assert [kind for kind, _ in cells(tree)] == ["before", "before", "present", "present"]
    assert [kind for kind, _ in cells(tree, year=1)] == ["present", "present"]


def test_where_a_gap_is_drawn_in_no_row_is_set_in():
    first, second = of_numbers(1, 49), of_numbers(7, date="2021-01-01")
    tree = get(report=BuildReport("000012", first.files + second.files))
    assert [kind for kind, _ in cells(tree, year=1)] == ["present"]


def test_cumulative_numbers_have_their_own_row():
    files = [
        of(make(f"b-{n}", n % 12, f"20{19 + n // 12}-01", "题目"), cumulative=n)
        for n in (10, 11, 13, 15)
    ]
    tree = get(report=BuildReport("000012", tuple(files)))
    assert words(row(tree, year=2).cssselect("th")[0]) == "总期号"
    assert cells(tree, year=2) == [
        *(("present", "10"), ("present", "11"), ("gap", "12")),
        *(("present", "13"), ("gap", "14"), ("present", "15")),
    ]


def test_a_wide_gap_and_a_long_row_take_little_room():
    assert cells(get(report=of_numbers(1, 999_999))) == [
        ("present", "1"),
        ("gap", "2–999998"),
        ("present", "999999"),
    ]
    long = (n for n in range(1, reporting.MOST_BOXES + 3) if n != 7)
    assert cells(get(report=of_numbers(*long))) == [
        ("present", "1–6"),
        ("gap", "7"),
        ("present", f"8–{reporting.MOST_BOXES + 2}"),
    ]


def test_a_row_that_never_ends_says_how_much_is_left_out():
    shown = cells(get(report=of_numbers(*range(2, 2_002, 2))))
    assert shown[:2] == [("present", "2"), ("gap", "3")]
    assert len(shown) == reporting.LONGEST_ROW + 1
    assert shown[-1] == ("more", "另外 999 项")


def test_what_has_no_number_is_counted_and_can_be_searched_for():
    tree = get()
    (link,) = tree.cssselect(".sum a")
    assert words(link) == "未标期号 1"
    hits = page(client().get(link.get("href"))).cssselect(".hit")
    assert [words(hit.cssselect("h3")[0]) for hit in hits] == ["工作要点"]


def test_many_series_are_paged():
    files = [of(make(f"b-{n}", 1, "2020", "题目", series=f"第{n}种")) for n in range(45)]
    browser = client(report=BuildReport("000012", tuple(files)))
    address, names = "/report", []
    while address:
        tree = page(browser.get(address))
        names += [words(caption) for caption in tree.iter("caption")]
        onward = tree.cssselect(".grid a[rel~=next]")
        address = onward[0].get("href") if onward else None
    assert sorted(names) == sorted(file.series for file in files)
    assert "没有这么多页" in words(page(browser.get("/report?part=9")).cssselect(".grid")[0])


# The files


def test_every_file_is_listed_with_what_was_understood():
    tree = get()
    assert paths(tree) == [" ".join(file.path.split()) for file in FILES]
    first = tree.cssselect(".files tbody tr")[0]
    assert "TXT · gb18030" in words(first)
    assert f"{SERIES} 第27期 2020年3月18日 云岭省质量促进会办公室" in words(first)
    title = first.cssselect("a.title")[0]
    assert (words(title), title.get("href")) == (SAMPLES[0].title, f"/b/{SAMPLES[0].id}")
    assert client().get(title.get("href")).status_code == 200


def test_the_filters_count_and_show_what_they_say():
    browser = client()
    tree = page(browser.get("/report"))
    links = tree.cssselect(".choices a")
    assert [words(a) for a in links] == ["全部 9", "存疑 1", "未读 2"]
    shown = [page(browser.get(a.get("href").partition("#")[0])) for a in links]
    assert [len(paths(tree)) for tree in shown] == [9, 1, 2]
    assert paths(shown[1]) == ["云岭/b-00000000none.txt"]
    assert [words(p) for p in shown[1].cssselect(".doubt")] == ["没有期号。"]
    current = [words(a) for tree in shown for a in tree.cssselect(".choices [aria-current]")]
    assert current == [words(a) for a in links]


def test_an_explanation_is_shown_and_is_no_doubt():
    (said,) = [p for p in get().cssselect(".files td p") if words(p) == "与另一份是同一期简报。"]
    assert said.get("class") is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_says_why(language):
    first, second = get(f"/report?show=refused&lang={language}").cssselect(".refusal")
    assert REFUSALS["needs_ocr"].in_(language) in words(first)
    assert REFUSALS["damaged"].in_(language) in words(second)
    assert HOSTILE in second.text_content()


def test_files_are_paged_a_hundred_at_a_time():
    report = of_numbers(*range(1, 251))
    browser = client(report=report)
    address, found, sizes = "/report", [], []
    while address:
        tree = page(browser.get(address.partition("#")[0]))
        found += [a.get("href") for a in tree.cssselect(".files a.title")]
        sizes.append(len(paths(tree)))
        onward = tree.cssselect("a[rel~=next]")
        address = onward[0].get("href") if onward else None
    assert sizes == [100, 100, 50]
    assert found == [f"/b/{file.id}" for file in report.files]
    assert "没有这么多页" in words(page(browser.get("/report?page=9")))


def test_a_filter_that_leaves_nothing_says_so():
    assert "没有这样的文件" in words(get("/report?show=refused", of_numbers(1)))
    assert client(report=BuildReport("000012", ())).get("/report").status_code == 200


@pytest.mark.parametrize("path", ["/", "/help", "/b/b-000000000027", "/nowhere", "/report"])
def test_every_page_leads_to_the_report(path):
    (link,) = [a for a in get(path).cssselect("header nav a") if words(a) == "收录情况"]
    assert link.get("href") == "/report"


# Programs


def test_page_and_json_show_the_same():
    answer = client().get("/api/v1/report").json
    tree = get()
    assert [file["path"] for file in answer["files"]] == [file.path for file in FILES]
    assert answer["counts"] == {"all": 9, "doubtful": 1, "refused": 2, "read": 7, "series": 2}
    assert [words(dd) for dd in tree.cssselect(".counts dd")] == ["7", "1", "2", "2"]
    labels = [" ".join(series["label"].split()) for series in answer["series"]]
    assert labels == [words(caption) for caption in tree.iter("caption")]
    refused = client().get("/api/v1/report?show=refused").json
    assert (refused["show"], refused["total"]) == ("refused", 2)


def test_a_year_in_json_has_its_issues_gaps_and_duplicates():
    answer = client(report=of_numbers(8, 9, 9, 12)).get("/api/v1/report").json
    (year,) = answer["series"][0]["years"]
    assert [(i["number"], i["bulletins"], i["duplicate"]) for i in year["issues"]] == [
        *((8, 1, False), (9, 2, True), (12, 1, False)),
    ]
    assert (year["gaps"], year["missing"], year["duplicates"]) == ([[10, 11]], 2, [9])
    assert year["present"] == [[8, 9], [12, 12]]


@pytest.mark.parametrize("show", ["all", "doubtful", "refused"])
@pytest.mark.parametrize("page_", [1, 7])
def test_an_address_and_a_look_at_the_report_say_the_same(show, page_):
    look = ReportRequest(show, page_, part=page_)
    assert read_report(MultiDict(report_pairs(look))) == look


@pytest.mark.parametrize("query", ["show=none", "page=0", "page=x", "part=-1", "page=1&page=2"])
def test_what_is_known_and_wrong_is_refused(query):
    assert client().get(f"/api/v1/report?{query}").status_code == 400


# The generation


class Reports:
    """A pointer, and how often a report was read."""

    def __init__(self):
        self.pointer, self.read, self.damaged = "000012", 0, False

    def report(self, _):
        self.read += 1
        if self.damaged:
            raise IndexDamaged("坏了。", "Damaged.")
        return BuildReport(self.pointer, FILES)

    def browser(self):
        searcher = FakeSearcher()
        app = create_app(Settings(), lambda _: searcher, lambda _: self.pointer, self.report)
        return browser_of(app)


def test_a_report_is_read_once_for_each_generation():
    reports = Reports()
    browser = reports.browser()
    for pointer in ("000012", "000012", "000013", "000013"):
        reports.pointer = pointer
        assert browser.get("/api/v1/report").json["generation"] == pointer
    assert reports.read == 2


def test_a_damaged_new_report_leaves_the_old_one():
    reports = Reports()
    browser = reports.browser()
    browser.get("/report")
    reports.pointer, reports.damaged = "000013", True
    assert browser.get("/api/v1/report").json["generation"] == "000012"
