"""An address and a request say the same thing; what is known and wrong is refused."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from fake_searcher import FakeSearcher
from hypothesis import given
from hypothesis import strategies as st
from web_client import client
from werkzeug.datastructures import MultiDict

from indexer.answer import SearchRequest
from indexer.errors import WrongUsage
from indexer.schema import MODES, SORTS, WRITINGS
from webui import params

names = st.text(min_size=1, max_size=12)
years = st.integers(1, 9999).map("{:04}".format)


def values(one):
    return st.lists(one, min_size=1, max_size=4, unique=True).map(tuple)


dates = st.dates().map(str).flatmap(lambda day: st.sampled_from((day, day[:7], day[:4], "")))
requests = st.builds(
    SearchRequest,
    without=st.sets(st.sampled_from(sorted(WRITINGS))).map(
        lambda kinds: tuple(kind for kind in WRITINGS if kind in kinds)
    ),
    text=st.text(max_size=30),
    mode=st.sampled_from(tuple(MODES)),
    chosen=st.fixed_dictionaries(
        {},
        optional={
            "issue": values(st.integers(0, 999_999).map(str) | st.just("none")),
            "org": values(names),
            "year": values(years | st.just("none")),
            "series": values(names),
            "publisher": values(names),
        },
    ),
    since=dates,
    sort=st.sampled_from(tuple(SORTS)),
    page=st.integers(1, 100),
    size=st.integers(1, 100),
)


@given(requests)
def test_an_address_read_back_is_the_same_request(request):
    assert params.read(MultiDict(params.pairs(request))) == request


@given(requests)
def test_the_page_gets_from_its_own_links_what_the_link_means(request):
    """Through the whole way: address, Flask, searcher."""
    searcher = FakeSearcher(bulletins=())
    client(searcher).get("/api/v1/search", query_string=params.pairs(request))
    assert searcher.searches == [request]


@given(requests, st.sampled_from(("org", "series")), names)
def test_toggling_twice_changes_nothing_but_the_page(request, facet, value):
    once = params.toggled(request, facet, value)
    twice = params.toggled(once, facet, value)
    assert (value in once.chosen.get(facet, ())) != (value in request.chosen.get(facet, ()))
    assert {k: set(v) for k, v in twice.chosen.items()} == {
        k: set(v) for k, v in request.chosen.items()
    }
    assert once.page == 1


def test_nothing_said_is_the_default_request():
    assert params.read(MultiDict()) == SearchRequest()
    assert params.pairs(SearchRequest()) == []


def test_a_form_sends_empty_fields_and_they_say_nothing():
    assert params.read(MultiDict({"q": "", "from": "", "to": ""})) == SearchRequest()


def test_unknown_parameters_are_ignored():
    assert params.read(MultiDict({"q": "复工", "callback": "x", "utm": "1"})).text == "复工"


def test_an_issue_number_is_a_number_however_it_is_padded():
    assert params.read(MultiDict({"issue": "027"})).chosen == {"issue": ("27",)}


@pytest.mark.parametrize("typed", ["27", "第27期", "第二十七期", "第２７期", "二十七"])
def test_an_issue_number_is_taken_as_people_write_it_as_on_the_command_line(typed):
    assert params.read(MultiDict({"issue": typed})).chosen == {"issue": ("27",)}


REFUSED = [
    *[("page", bad) for bad in ("0", "-1", "1.5", "NaN", "", "+1", " 1", "1e3", "１", "9" * 18)],
    *[("size", bad) for bad in ("0", "101", "", "ten")],
    *[("mode", bad) for bad in ("", "EXACT", "fuzzy")],
    *[("sort", bad) for bad in ("", "date", "relevance ")],
    *[
        ("issue", bad)
        for bad in ("", "x", "o", "-1", "999999999999999", "27.0", "第期", "第二七零零零零零期")
    ],
    *[("issue", bad) for bad in (" " * 197 + "222222", "27" + " " * 300)],
    *[("year", bad) for bad in ("", "20", "20200", "二〇二〇")],
    *[("from", bad) for bad in ("9999-99-99", "2020-13", "20-01-01", "0000", "2021-02-29", "昨天")],
    *[("to", bad) for bad in ("2020-3", "2020/03", "2020-03-18T00")],
    *[(name, "") for name in ("org", "series", "publisher")],
    ("org", "长" * 201),
    ("q", "长" * 2_001),
]


@pytest.mark.parametrize(("name", "bad"), REFUSED)
def test_a_bad_value_is_refused_by_name(name, bad):
    with pytest.raises(WrongUsage) as refused:
        params.read(MultiDict({name: bad}))
    assert name in refused.value.sentence.zh
    assert name in refused.value.sentence.en


@pytest.mark.parametrize("name", ["q", "page", "size", "mode", "sort", "from", "to"])
def test_what_can_have_one_value_is_not_given_twice(name):
    value = {"page": "1", "size": "1", "mode": "all", "sort": "newest"}.get(name, "2020")
    with pytest.raises(WrongUsage, match=name):
        params.read(MultiDict([(name, value), (name, value)]))


def test_the_allowed_range_is_said():
    with pytest.raises(WrongUsage, match=r"1 到 100 .* 1 to 100\b"):
        params.read(MultiDict({"page": "101", "size": "100"}))
    assert params.read(MultiDict({"page": "100", "size": "100"})).page == 100


@pytest.mark.parametrize(
    ("since", "until", "good"),
    [
        ("2020-03-18", "2020-03-18", True),
        ("2020-03-18", "2020-03", True),
        ("2020-12-31", "2020", True),
        ("2020", "2020-01-01", True),
        ("2021", "2020-12-31", False),
        ("2020-04", "2020-03-31", False),
    ],
)
def test_a_range_of_dates_runs_forwards(since, until, good):
    args = MultiDict({"from": since, "to": until})
    if good:
        assert params.read(args).until == until
    else:
        with pytest.raises(WrongUsage, match="from"):
            params.read(args)


def test_five_thousand_parameters_are_refused():
    with pytest.raises(WrongUsage, match="1000"):
        params.read(MultiDict([("x", str(n)) for n in range(5_000)]))


def test_addresses_keep_chinese_readable_and_everything_else_apart():
    text = "复工 &q=#%+/'\"<>\u2028「é"
    answer = client().get("/api/v1/search", query_string={"q": text, "mode": "any"}).json
    assert answer["total"] == 0
    hit = client().get("/api/v1/search?q=复工&mode=any&size=1").json["hits"][0]
    assert hit["url"].startswith(f"/b/{hit['id']}?q=复工&mode=any")
    with client().application.test_request_context("/"):
        from webui import addresses

        address = addresses.of_search(SearchRequest(text=text))
    assert dict(parse_qsl(urlsplit(address).query, strict_parsing=True)) == {"q": text}
    assert not set(address) & set(" \"'<>\u2028#")
