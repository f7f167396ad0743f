"""A search is what the contract says: hits, facets, pages, notices, ways out of an empty answer."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import CORPUS
from plain import folded, simplified

from indexer import Searcher, SearchRequest, Settings, open_searcher
from indexer.analysis import Segmenter, analyse
from indexer.answer import SearchResult
from indexer.bulletin import Block, Bulletin, IssueNumber, Kind, Organization, Source
from indexer.engines.memory import MemoryEngine
from indexer.errors import WrongUsage
from indexer.facets import facet_label

SEGMENTER = Segmenter()
OPERATORS = re.compile(r"""[-－|｜()（）OR"“”„‟＂「」『』〝〞«»+*?~:：]""")


def bulletin(
    number: int,
    *texts: str,
    issue: int | None = None,
    date: str = "",
    series: str = "",
    bodies: tuple[str, ...] = (),
    publisher: str = "",
) -> Bulletin:
    return Bulletin(
        id=f"b-{number:03d}",
        source=Source(f"{number}.txt", "text/plain", "utf-8", "", 0),
        title=texts[0],
        blocks=(Block(texts[0], Kind.TITLE), *map(Block, texts[1:])),
        series=series,
        issue=None if issue is None else IssueNumber(issue, f"第{issue}期"),
        date=date,
        publisher=publisher,
        organizations=tuple(map(Organization, bodies)),
    )


def searcher_of(*bulletins: Bulletin) -> Searcher:
    engine = MemoryEngine(analyse(each, SEGMENTER) for each in bulletins)
    return Searcher("000001", engine, SEGMENTER)


FIVE = searcher_of(
    bulletin(1, "抗疫简报", "甲市协会复工复产。", issue=27, date="2020-03-18", bodies=("甲协会",)),
    bulletin(
        2, "抗疫简报", "乙市企业复工。", issue=3, date="2020-02-01", bodies=("甲协会", "乙社")
    ),
    bulletin(3, "工作动态", "丙市企业复产。", issue=27, date="2021", series="动态"),
    bulletin(4, "通报", "换届工作。", date="2020-03", publisher="秘书处"),
    bulletin(5, "札记", "复工复产的札记。"),
)


def ids(result: SearchResult) -> list[str]:
    return [hit.id for hit in result.hits]


def codes(result: SearchResult) -> list[str]:
    return [notice.code for notice in result.notices]


def values(result: SearchResult, facet: str) -> list[tuple[str, int, bool]]:
    return [(count.value, count.count, count.selected) for count in result.facets[facet]]


def search(text: str = "", **options: object) -> SearchResult:
    return FIVE.search(replace(SearchRequest(text), **options))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def corpus(built: Callable[[Path], Settings]) -> Iterator[Searcher]:
    searcher = open_searcher(built(CORPUS))
    yield searcher
    searcher.close()


def everything(searcher: Searcher) -> list[Bulletin]:
    listed = searcher.search(SearchRequest(size=100))
    assert listed.total == searcher.count <= 100
    found = (searcher.bulletin(id) for id in ids(listed))
    return [each for each in found if each is not None]


def found_by(searcher: Searcher, text: str, mode: str = "all") -> set[str]:
    result = searcher.search(SearchRequest(text, mode, size=100))
    assert result.total == len(result.hits)
    return set(ids(result))


# Relaxation


def test_when_no_bulletin_has_every_term_those_with_most_are_shown_and_a_notice_says_so() -> None:
    result = search("复工 换届 札记")
    assert ids(result) == ["b-005"]
    assert codes(result) == ["most_terms"]


def test_a_facet_that_excludes_the_bulletin_with_every_term_relaxes_nothing() -> None:
    result = search("企业 复工", chosen={"issue": ("27",)})
    assert (result.total, codes(result)) == (0, [])


def test_relaxation_keeps_to_the_chosen_facets_and_to_what_is_excluded() -> None:
    result = search("复工 换届 -札记", chosen={"year": ("2020",)})
    assert set(ids(result)) == {"b-001", "b-002", "b-004"}
    assert codes(result) == ["most_terms"]


@pytest.mark.parametrize("mode", ["exact", "any"])
def test_only_all_is_relaxed(mode: str) -> None:
    assert "most_terms" not in codes(search("复工 没有这词", mode=mode))


def test_terms_that_stand_nowhere_give_nothing_and_no_notice() -> None:
    result = search("鲸鱼 海豚")
    assert (result.total, codes(result)) == (0, [])


# Suggestions


@pytest.mark.parametrize(
    "options",
    [
        {"text": "企业 复工", "chosen": {"issue": ("27",)}},
        {"text": "企业 复工", "chosen": {"issue": ("27",), "year": ("2020",)}},
        {"text": "复工", "since": "2022"},
        {"text": "复产复工", "mode": "exact"},
        {"text": "企业 札记", "chosen": {"year": ("2020",)}, "until": "2020-01"},
        {"text": "企业 鲸鱼", "chosen": {"org": ("没有的协会",)}},
        {"chosen": {"year": ("1999",)}},
    ],
)
def test_each_suggestion_gives_as_many_bulletins_as_it_says(options: dict[str, object]) -> None:
    result = search(**options)  # type: ignore[arg-type]
    assert result.total == 0
    assert result.suggestions
    for suggestion in result.suggestions:
        assert suggestion.total > 0
        assert FIVE.search(suggestion.request).total == suggestion.total, suggestion
        assert suggestion.request != result.request
        assert suggestion.request.page == 1


def test_nothing_is_suggested_where_nothing_helps_or_something_was_found() -> None:
    assert search("鲸鱼").suggestions == ()
    assert search("复工").suggestions == ()
    assert search("复工", page=9).suggestions == ()


# Facets


def test_values_are_ordered_by_count_then_by_number_and_labelled_as_people_read_them() -> None:
    result = search()
    assert values(result, "issue") == [("27", 2, False), ("none", 2, False), ("3", 1, False)]
    assert [str(count.label) for count in result.facets["issue"]] == [
        "第二十七期 No. 27",
        "未标期号 No issue number",
        "第三期 No. 3",
    ]
    assert values(result, "year") == [("2020", 3, False), ("2021", 1, False), ("none", 1, False)]
    assert values(result, "org") == [("甲协会", 2, False), ("乙社", 1, False)]
    assert result.facets["year"][2].label.zh == "未标日期"
    assert result.facets["series"][0].label.zh == "未标系列"
    assert result.facets["publisher"][0].label.zh == "未标编发单位"


def test_numbers_with_equal_counts_stand_in_the_order_of_numbers() -> None:
    searcher = searcher_of(*(bulletin(n, "简报", issue=n) for n in (10, 9, 100, 1)))
    shown = [count.value for count in searcher.search(SearchRequest()).facets["issue"]]
    assert shown == ["1", "9", "10", "100"]


@pytest.mark.parametrize("written", ["27", "第27期", "第二十七期", "２７", "二十七", " 第 27 期 "])
def test_an_issue_may_be_chosen_as_people_write_it(written: str) -> None:
    result = search(chosen={"issue": (written,)})
    assert ids(result) == ["b-003", "b-001"]
    assert ("27", 2, True) in values(result, "issue")


def test_counts_of_a_facet_ignore_its_own_choice_and_keep_to_the_others() -> None:
    result = search(chosen={"issue": ("27",), "year": ("2020",)})
    assert values(result, "issue") == [("3", 1, False), ("27", 1, True), ("none", 1, False)]
    assert values(result, "year") == [("2020", 1, True), ("2021", 1, False)]


def test_a_chosen_value_without_hits_is_still_shown_so_that_it_can_be_taken_back() -> None:
    result = search("换届", chosen={"issue": ("3",), "org": ("丁协会",)})
    assert result.total == 0
    assert ("3", 0, True) in values(result, "issue")
    assert ("丁协会", 0, True) in values(result, "org")


@pytest.mark.parametrize("value", ["1" * 5_000, "第期", "<b>", "-1", "²", "\ud800"])
def test_whatever_is_chosen_is_only_a_value_that_no_bulletin_has(value: str) -> None:
    result = search(chosen={"issue": (value,)})
    assert result.total == 0
    assert result.facets["issue"][-1].selected


def test_labels() -> None:
    assert facet_label("issue", "128").zh == "第一百二十八期"
    assert facet_label("issue", "none").zh == "未标期号"
    assert facet_label("org", "none").zh == "none"


# Pages, orders, dates


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "issue"])
def test_pages_are_disjoint_complete_and_in_one_order(size: int, sort: str) -> None:
    whole = search("复工 | 复产 | 工作", sort=sort, size=100)
    pages = [search("复工 | 复产 | 工作", sort=sort, size=size, page=n) for n in range(1, 7)]
    assert [id for page in pages for id in ids(page)] == ids(whole)
    assert {page.total for page in pages} == {whole.total}
    assert {tuple(values(page, "issue")) for page in pages} == {tuple(values(whole, "issue"))}


def test_a_page_beyond_the_end_is_empty_and_keeps_the_total() -> None:
    result = search("复工", page=100)
    assert (result.hits, result.total, result.request.page) == ((), 3, 100)


def test_browsing_is_newest_first_and_without_marks() -> None:
    result = search()
    assert ids(result) == ["b-003", "b-001", "b-004", "b-002", "b-005"]
    assert all(snippet.marks == () for hit in result.hits for snippet in hit.snippets)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", ["b-003", "b-001", "b-002", "b-005"]),
        ("oldest", ["b-002", "b-001", "b-003", "b-005"]),
        ("issue", ["b-002", "b-003", "b-001", "b-005"]),
    ],
)
def test_orders(sort: str, order: list[str]) -> None:
    assert ids(search("复工 | 复产", sort=sort)) == order


def test_what_has_no_date_comes_last_whichever_way_dates_are_sorted() -> None:
    assert ids(search(sort="oldest"))[-1] == ids(search(sort="newest"))[-1] == "b-005"


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2020-03", "", {"b-001", "b-003", "b-004"}),
        ("", "2020-03", {"b-001", "b-002", "b-004"}),
        ("2020-03", "2020-03", {"b-001", "b-004"}),
        ("2020-03-18", "2020-03-18", {"b-001"}),
        ("2020-03-19", "2020-12-31", set()),
        ("2020", "2020", {"b-001", "b-002", "b-004"}),
        ("2021", "", {"b-003"}),
    ],
)
def test_both_dates_are_inclusive_and_as_exact_as_they_are_written(
    since: str, until: str, found: set[str]
) -> None:
    assert set(ids(search(since=since, until=until))) == found


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"page": 0}, "page"),
        ({"page": -1}, "page"),
        ({"size": 0}, "size"),
        ({"size": 101}, "size"),
        ({"page": 101, "size": 100}, "10000"),
        ({"mode": "fuzzy"}, "mode"),
        ({"sort": "random"}, "sort"),
        ({"since": "9999-99-99"}, "from"),
        ({"until": "三月"}, "to"),
        ({"since": "2020-3"}, "from"),
        ({"since": "2020-03-19", "until": "2020-03-18"}, "from"),
        ({"since": "2021", "until": "2020-12"}, "from"),
        ({"text": "复" * 2_001}, "2000"),
    ],
)
def test_what_cannot_be_is_refused_by_name(options: dict[str, object], named: str) -> None:
    with pytest.raises(WrongUsage, match=named):
        search(**{"text": "复工", **options})  # type: ignore[arg-type]


# The whole way, on the samples


def test_a_bulletin_finds_itself_by_any_of_its_own_sentences(corpus: Searcher) -> None:
    rng = random.Random(1)
    for each in everything(corpus):
        sentences = [
            sentence
            for block in each.blocks
            for sentence in re.split("(?<=[。！？；])", block.text)
            if folded(sentence).strip(",")
        ]
        for sentence in rng.sample(sentences, min(3, len(sentences))):
            result = corpus.search(SearchRequest(sentence[:400], "exact", size=100))
            (itself,) = (hit for hit in result.hits if hit.id == each.id)
            assert itself.unbroken
            marked = [s.text[a:b] for s in itself.snippets for a, b in s.marks]
            assert any(folded(piece) in folded(sentence) for piece in marked), sentence


def test_exact_is_within_all_and_all_within_any(corpus: Searcher) -> None:
    rng = random.Random(2)
    texts = ["\n".join(block.text for block in each.blocks) for each in everything(corpus)]
    tried = 0
    while tried < 80:
        text = rng.choice(texts)
        start = rng.randrange(len(text))
        query = text[start : start + rng.randint(1, 15)]
        if OPERATORS.search(query) or not folded(query).strip(","):
            continue
        tried += 1
        every = corpus.search(SearchRequest(query, "all", size=100))
        exact = found_by(corpus, query, "exact")
        assert exact <= set(ids(every)) <= found_by(corpus, query, "any"), query
        # A query that was cut inside a number may stand nowhere.
        assert not exact or "most_terms" not in codes(every), query


def test_another_term_never_adds_a_hit(corpus: Searcher) -> None:
    rng = random.Random(5)
    texts = ["\n".join(block.text for block in each.blocks) for each in everything(corpus)]
    kinds = ("{}", '"{}"', "-{}", "({})", "标题:{}", "(质量 OR {})")
    narrowed = 0
    for _ in range(150):
        terms = []
        while len(terms) < 3:
            text = rng.choice(texts)
            start = rng.randrange(len(text))
            term = text[start : start + rng.randint(1, 4)]
            if term.isalpha():
                terms.append(rng.choice(kinds).format(term) if terms else term)
        before = corpus.search(SearchRequest(terms[0], size=100))
        for count in (2, 3):
            after = corpus.search(SearchRequest(" ".join(terms[:count]), size=100))
            if "most_terms" in codes(before) + codes(after):
                break
            assert set(ids(after)) <= set(ids(before)), terms
            narrowed += after.total < before.total
            before = after
    assert narrowed > 50


def test_folding_the_query_changes_nothing(corpus: Searcher) -> None:
    traditional = {simple: char for char, simple in simplified().items()}
    rng = random.Random(3)
    texts = ["\n".join(block.text for block in each.blocks) for each in everything(corpus)]
    for _ in range(60):
        text = rng.choice(texts)
        start = rng.randrange(len(text))
        query = text[start : start + rng.randint(2, 15)]
        if OPERATORS.search(query):
            continue
        plain = corpus.search(SearchRequest(query, "exact", size=100))
        for other in (
            "".join(traditional.get(char, char) for char in query),
            "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in query),
            query.upper(),
            f"“{query}”",
            re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", " \n", query),
        ):
            again = corpus.search(SearchRequest(other, "exact", size=100))
            assert again.hits == plain.hits, (query, other)


def test_marks_of_a_bulletin_are_those_of_its_snippets(corpus: Searcher) -> None:
    for query, mode in (("复工复产", "all"), ("质量 协会", "any"), ("志愿者", "exact")):
        for hit in corpus.search(SearchRequest(query, mode, size=100)).hits:
            found = corpus.bulletin(hit.id)
            assert found is not None
            marks = corpus.marks(found, SearchRequest(query, mode))
            for snippet in hit.snippets:
                marked = [
                    found.blocks[snippet.paragraph - 1].text[slice(*mark)]
                    for mark in marks[snippet.paragraph - 1]
                ]
                assert {snippet.text[a:b] for a, b in snippet.marks} <= set(marked)


def test_without_a_query_nothing_is_marked(corpus: Searcher) -> None:
    assert all(corpus.marks(each, SearchRequest()) == {} for each in everything(corpus)[:3])


def test_an_id_that_is_not_there_is_nothing(corpus: Searcher) -> None:
    assert corpus.bulletin("b-000000000000") is None
    assert corpus.bulletin("../../etc") is None


def test_every_snippet_says_where_it_stands(corpus: Searcher) -> None:
    for hit in corpus.search(SearchRequest("质量", size=100)).hits:
        found = corpus.bulletin(hit.id)
        assert found is not None
        for snippet in hit.snippets:
            block = found.blocks[snippet.paragraph - 1]
            assert snippet.text.strip("…") in block.text
            assert snippet.section in {"", *(section.heading for section in found.sections)}
            assert snippet.section != block.text
