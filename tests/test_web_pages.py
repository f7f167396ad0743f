"""A reader searches, narrows, reads, with plain links alone."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from fake_searcher import LONG, SAMPLES, FakeSearcher, make
from web_client import client, page, words

from indexer.bulletin import Block

MANY = SAMPLES + tuple(
    make(f"b-{n:012}", n, f"2022-01-{n % 28 + 1:02}", f"第{n}次情况通报", Block(LONG))
    for n in range(100, 125)
)


def get(address, searcher=None):
    return page(client(searcher).get(address))


def link(tree, text):
    """Return the address of the one link whose text begins with `text`."""
    (found,) = {a.get("href") for a in tree.iter("a") if words(a).startswith(text)}
    return found


def titles(tree):
    return [words(a) for a in tree.cssselect(".hit h3 a")]


def test_an_empty_box_shows_everything_with_all_facets():
    tree = get("/")
    assert len(titles(tree)) == len(SAMPLES)
    names = [words(h2) for h2 in tree.cssselect(".facets h2")]
    assert names == ["期号", "单位", "年份", "系列", "编发单位"]
    assert "共 5 篇" in words(tree)
    assert "相关" not in words(tree.cssselect(".sorts")[0])


def test_a_hit_says_what_it_is_and_where_the_words_stand():
    (hit,) = get("/?q=公益课程").cssselect(".hit")
    assert "齐心协力，助力复工复产" in words(hit)
    assert "云岭质量简报 第27期 2020年3月18日 云岭省质量促进会办公室" in words(hit)
    assert "青屿市质量协会、白鹭钢铁公司" in words(hit)
    assert "青屿市质量协会：培训不停步 第 9 段" in words(hit)
    assert [mark.text for mark in hit.iter("mark")] == ["公益课程"]
    assert link(hit, "齐心协力") == link(hit, "第 9 段") == "/b/b-000000000027?q=公益课程#p9"


def test_a_hit_with_the_words_as_typed_says_so_where_others_have_them_apart():
    browser = client()
    assert "原句" not in words(page(browser.get("/?q=复工复产")))
    apart = make("b-apart", 9, "2020-01-02", "另一篇", Block("口罩已到，培训照常。"))
    together = make("b-together", 10, "2020-01-01", "又一篇", Block("口罩 培训两不误。"))
    tree = get("/?q=口罩 培训", FakeSearcher(bulletins=(apart, together)))
    assert [words(h3) for h3 in tree.cssselect(".hit h3")] == ["另一篇", "又一篇 原句"]


def test_a_facet_narrows_and_is_taken_back_by_plain_links():
    browser = client()
    all_of_them = page(browser.get("/?q=复工"))
    narrowed = page(browser.get(link(all_of_them, "第27期")))
    assert titles(narrowed) == ["齐心协力，助力复工复产"]
    chosen = narrowed.cssselect(".facets a[aria-current]")
    assert [words(a) for a in chosen] == ["第27期 (已选，再点取消) 1"]
    assert words(narrowed.cssselect(".chips li")[0]) == "去掉 期号 第27期 ×"
    for back in (link(narrowed, "去掉"), chosen[0].get("href"), link(narrowed, "全部清除")):
        assert titles(page(browser.get(back))) == titles(all_of_them)


def test_counts_of_a_facet_let_a_second_value_be_added():
    browser = client()
    tree = page(browser.get("/?issue=27"))
    both = page(browser.get(link(tree, "第26期")))
    assert len(titles(both)) == 2


def test_a_form_sent_again_keeps_the_filters():
    form = get("/?q=复工&issue=27&org=白鹭钢铁公司&from=2020&sort=newest&size=20&page=1").forms[0]
    fields = dict(form.form_values())
    assert fields == {
        "q": "复工",
        "mode": "all",
        "issue": "27",
        "org": "白鹭钢铁公司",
        "from": "2020",
        "to": "",
        "sort": "newest",
        "size": "20",
    }


def test_dates_are_chips_too():
    tree = get("/?from=2020-03&to=2020")
    assert [words(li) for li in tree.cssselect(".chips li")] == [
        "去掉 日期 从 2020年3月 起 ×",
        "去掉 日期 到 2020年 止 ×",
        "全部清除",
    ]


def test_many_values_are_folded_away_but_the_chosen_one():
    tree = get("/?issue=124", FakeSearcher(bulletins=MANY))
    section = tree.cssselect(".facets section")[0]
    at_once = [words(a) for a in section.xpath("./ul//a")]
    assert len(at_once) == 9
    assert at_once[-1].startswith("第124期")
    assert words(section.cssselect("details summary")[0]) == "另外 21 项"
    assert len(section.cssselect("a")) == 30


def test_paging_goes_on_and_back():
    browser = client(FakeSearcher(bulletins=MANY))
    first = page(browser.get("/"))
    assert not first.cssselect("a[rel~=prev]")
    second = page(browser.get(first.cssselect("a[rel~=next]")[0].get("href")))
    assert "第 2 页，共 3 页" in words(second)
    assert not set(titles(first)) & set(titles(second))
    back = page(browser.get(second.cssselect("a[rel~=prev]")[0].get("href")))
    assert titles(back) == titles(first)


def test_a_page_beyond_the_end_is_empty_and_leads_back():
    tree = get("/?page=99")
    assert titles(tree) == []
    assert "没有这么多页" in words(tree)
    assert link(tree, "回到第一页") == "/"
    assert client().get("/api/v1/search?page=99").json["page"] == 99


def test_the_next_page_says_when_the_index_changed_in_between():
    before = client(FakeSearcher("000012", MANY), "000012")
    following = page(before.get("/")).cssselect("a[rel~=next]")[0].get("href")
    assert "索引刚刚更新过" not in words(page(before.get(following)))
    after = client(FakeSearcher("000013", MANY), "000013")
    assert "索引刚刚更新过" in words(page(after.get(following)))


def test_finding_nothing_offers_what_would_help():
    tree = get("/?q=没有的词")
    assert "没有找到相符的简报" in words(tree)
    assert link(tree, "改查“复工”") == "/?q=复工"


def test_what_was_not_understood_is_said():
    assert "按原样查找。" in words(get("/?q=(复工").cssselect(".notices")[0])


def test_the_reading_room_shows_every_block_once_in_order():
    sample = SAMPLES[0]
    tree = get(f"/b/{sample.id}?q=复工复产")
    for number in tree.cssselect(".bulletin .number"):
        number.drop_tree()
    shown = "".join(tree.cssselect(".bulletin")[0].text_content().split())
    assert shown == "".join("".join(block.text.split()) for block in sample.blocks)
    ids = [element.get("id") for element in tree.cssselect(".bulletin [id^=p]")]
    assert ids == [f"p{n}" for n in range(1, len(sample.blocks) + 1)]


def test_the_reading_room_looks_like_a_bulletin():
    tree = get("/b/b-000000000027")
    assert words(tree.cssselect(".masthead .series")[0]) == "云岭质量简报"
    assert words(tree.cssselect(".masthead .issue")[0]) == "第27期"
    imprint = tree.cssselect(".masthead .imprint span")
    assert [words(span) for span in imprint] == ["云岭省质量促进会办公室", "2020年3月18日"]
    assert [words(h1) for h1 in tree.iter("h1")] == ["齐心协力，助力复工复产"]
    assert len(tree.cssselect(".bulletin table tr")) == 3
    assert [words(td) for td in tree.cssselect("#p14 td")] == ["2", "轧钢二班", "99.2%"]
    assert [words(p) for p in tree.cssselect(".distribution p")] == [
        "报送：云岭省市场管理厅",
        "抄送：各市质量促进会、各会员单位",
    ]
    assert link(tree.cssselect(".contents")[0], "白鹭钢铁公司") == "#p10"


def test_every_hit_is_marked_and_can_be_jumped_to():
    tree = get("/b/b-000000000027?q=复工复产")
    marks = [mark.get("id") for mark in tree.cssselect(".bulletin mark")]
    assert marks == ["m1", "m2", "m3", "m4"]
    jumps = [a.get("href") for a in tree.cssselect(".jumps a")]
    assert jumps == ["#m1", "#m2", "#m3", "#m4"]
    assert "共 4 处" in words(tree)


def test_a_hit_across_cells_is_one_hit():
    class Across(FakeSearcher):
        def marks(self, bulletin, request):
            return {12: ((0, 4),)}

    tree = get("/b/b-000000000027?q=x", Across())
    marks = tree.cssselect("#p13 mark")
    assert [(mark.text, mark.get("id")) for mark in marks] == [("1", "m1"), ("炼钢", None)]


def test_the_way_back_leads_to_the_same_results():
    browser = client(FakeSearcher(bulletins=MANY))
    results = "/?q=复工&year=2022&page=2"
    hit = page(browser.get(results)).cssselect(".hit h3 a")[0].get("href")
    room = page(browser.get(hit.partition("#")[0]))
    assert link(room, "← 回到搜索结果") == results
    assert dict(room.forms[0].form_values())["q"] == "复工"


def test_a_bulletin_without_masthead_still_has_its_title():
    tree = get("/b/b-00000000none", FakeSearcher(bulletins=SAMPLES))
    assert [words(h1) for h1 in tree.iter("h1")] == ["工作要点"]
    assert not tree.cssselect(".masthead")
    assert "没有期号。" in words(tree.cssselect(".about")[0])
    assert "未标期号" in words(tree.cssselect(".about")[0])


@pytest.mark.parametrize(("asked", "lang"), [("zh", "zh-Hans"), ("en", "en")])
@pytest.mark.parametrize(
    "path", ["/", "/help", "/report", "/b/b-000000000027", "/embed", "/nowhere"]
)
def test_a_page_is_in_the_language_that_was_asked_for(path, asked, lang):
    tree = get(f"{path}?lang={asked}")
    assert tree.get("lang") == lang


def test_the_language_goes_along_with_every_link_once_it_was_chosen():
    tree = get("/?q=复工&lang=en")
    assert "lang=en" in link(tree, "齐心协力")
    assert "lang=en" in link(tree, "第27期")
    assert dict(tree.forms[0].form_values())["lang"] == "en"
    assert link(tree, "中文") == "/?q=复工&lang=zh"


@pytest.mark.parametrize("path", ["/?q=复工&lang=en", "/report?lang=en"])
def test_the_english_page_has_no_chinese_but_the_bulletins_own(path):
    tree = get(path)
    for chinese in tree.xpath("//*[starts-with(@lang, 'zh')]"):
        chinese.drop_tree()
    shown = words(tree.body) + " ".join(tree.xpath("//@title | //@aria-label | //@placeholder"))
    assert not [c for c in shown.replace("第二十七期", "").replace("复工", "") if "一" <= c <= "龥"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_example_of_the_help_page_can_be_searched(language):
    browser = client()
    examples = page(browser.get(f"/help?lang={language}")).cssselect("dl a")
    assert len(examples) == 11
    for example in examples:
        assert browser.get(example.get("href")).status_code == 200


def test_the_site_can_have_its_own_name():
    tree = page(client(site_name="某某协会简报库").get("/"))
    assert words(tree.cssselect("header .name")[0]) == "某某协会简报库"
    assert tree.findtext(".//title") == "某某协会简报库"


def test_other_bodies_of_the_text_are_links_to_a_search_for_their_very_names():
    tree = get("/b/b-000000000027")
    assert words(tree.cssselect(".mentioned summary")[0]) == "文中提到的其他单位（2）"
    first, second = tree.cssselect(".mentioned a")
    assert words(first) == "恒江仪表厂"
    assert unquote(first.get("href")) == '/?q="恒江仪表厂"'
    assert second.text == "甲<b>乙公司"
