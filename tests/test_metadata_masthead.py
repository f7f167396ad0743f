"""A masthead says which bulletin this is; the text below it does not."""

import dataclasses
import datetime

import pytest
from handmade import TEXT, bulletin, reading
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import Segmenter, analyse
from indexer.analysis.numerals import to_chinese
from indexer.bulletin import Block, IssueNumber, Kind
from indexer.document import load
from indexer.metadata import describe
from indexer.schema import NONE


def masthead(*lines):
    """A bulletin with these lines in its masthead."""
    return bulletin("云岭质量工作简报", *lines, "同心协力稳生产", TEXT)


def codes(described):
    return {notice.code for notice in described.notices}


def kinds(described):
    return [str(block.kind) for block in described.blocks]


# Issue


@pytest.mark.parametrize(
    ("line", "number", "label", "cumulative"),
    [
        ("第27期", 27, "第27期", None),
        ("第二十七期", 27, "第二十七期", None),
        ("第 27 期", 27, "第27期", None),
        ("第０２７期", 27, "第０２７期", None),
        ("（第廿五期）", 25, "第廿五期", None),
        ("第二五期", 25, "第二五期", None),
        ("總第一百二十八期", 128, "總第一百二十八期", 128),
        ("总第128期", 128, "总第128期", 128),
        ("2020年第3期（总第128期）", 3, "第3期", 128),
        ("2020 年第 3 期 (总第 128 期)", 3, "第3期", 128),
        ("第3期 总第一二八期", 3, "第3期", 128),
        ("【第3期】", 3, "第3期", None),
        ("第3-4期", 3, "第3-4期", None),
        ("#378", 378, "#378", None),
        ("No.12", 12, "No.12", None),
        ("总第286周", 286, "总第286周", 286),
        ("第50号", 50, "第50号", None),
        ("第 二 十 七 期", 27, "第二十七期", None),
        ("2022年第十五次", 15, "第十五次", None),
        ("第8、9期合刊", 8, "第8、9期合刊", None),
        ("增刊（2）", 2, "增刊（2）", None),
        ("增刊", None, "增刊", None),
        ("（特刊）", None, "特刊", None),
        ("2020年3月 专刊", None, "专刊", None),
        ("抗疫特刊", None, "抗疫特刊", None),
        ("2021年1—2月合刊", None, "1—2月合刊", None),
    ],
)
def test_the_issue_is_read_in_every_usual_writing(line, number, label, cumulative):
    assert masthead(line).issue == IssueNumber(number, label, cumulative)


def test_an_issue_without_a_number_is_shown_stored_and_counted_among_those_without():
    described = masthead("增刊")
    document = analyse(described, Segmenter())
    assert document.facets["issue"] == (NONE,)
    assert document.issue == -1
    assert load(document.stored) == described


@given(st.integers(1, 9999), st.sampled_from(["第{}期", "第 {} 期", "2021年第{}期", "（第{}期）"]))
def test_an_issue_means_the_same_in_chinese_and_arabic_numerals(number, form):
    chinese = masthead(form.format(to_chinese(number))).issue
    arabic = masthead(form.format(number)).issue
    assert chinese is not None
    assert arabic is not None
    assert chinese.number == arabic.number == number


@pytest.mark.parametrize(
    "line",
    [
        "本文是2019年第12期特稿的姊妹篇，第三届大会上有人提到过它，第2期也曾转载过它的部分内容。",
        "第三届质量论坛在青屿举行",
        "第2期培训班开班",
    ],
)
def test_numbers_in_running_text_and_headlines_are_not_this_issue(line):
    described = bulletin("云岭质量促进会办公室 2020年3月18日", line, TEXT)
    assert described.issue is None
    assert "no_issue" in codes(described)


@pytest.mark.parametrize(
    ("headline", "number"),
    [
        ("青屿瞭望台第 2期：阀门漏洞集中出现", 2),
        ("《设备老化怎么办》｜总第286周", 286),
        ("青屿开源进展·第一期·2020年05月16日", 1),
        ("云岭周报（2023年第39期）", 39),
        ("云岭 iOS 周报 #378 | 2026-08-31", 378),
    ],
)
def test_an_issue_set_apart_in_the_headline_counts(headline, number):
    described = bulletin(Block(headline, Kind.HEADING, None, 1), TEXT)
    assert described.title == headline
    assert described.issue
    assert described.issue.number == number


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ({"path": "2021/云岭简报第08期.txt"}, "issue_from_name"),
        ({"title": "云岭简报第八期 - 云岭质量促进会"}, "issue_from_title"),
    ],
)
def test_an_issue_from_elsewhere_is_used_and_said(others, code):
    described = bulletin("同心协力稳生产", TEXT, **others)
    assert described.issue
    assert described.issue.number == 8
    assert code in codes(described)


# Date


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("2020年3月18日", "2020-03-18"),
        ("2020 年 3 月 20 日", "2020-03-20"),
        ("二〇二〇年三月十八日", "2020-03-18"),
        ("二○二○年十二月廿八日", "2020-12-28"),
        ("二零二零年三月十八日", "2020-03-18"),
        ("2020-03-18", "2020-03-18"),
        ("2020/3/18", "2020-03-18"),
        ("２０２０．３．１８", "2020-03-18"),
        ("2020年3月", "2020-03"),
        ("民國一〇九年三月十八日", "2020-03-18"),
        ("云岭质量促进会 2020年3月18日印发", "2020-03-18"),
        ("云岭简报社   2020-03-18 09:30", "2020-03-18"),
        ("2020年第3期", "2020"),
        ("云质发〔2020〕15号", "2020"),
        ("2020年2月30日", ""),
        ("2020年13月1日", ""),
    ],
)
def test_the_date_is_as_exact_as_the_masthead(line, date):
    assert masthead(line).date == date


@given(st.dates(min_value=datetime.date(1950, 1, 1)).filter(lambda d: d.year < 2100))
def test_every_day_of_the_calendar_reads_the_same_in_chinese_and_arabic(day):
    digits = str.maketrans("0123456789", "〇一二三四五六七八九")
    year = str(day.year).translate(digits)
    chinese = f"{year}年{to_chinese(day.month)}月{to_chinese(day.day)}日"
    arabic = f"{day.year}年{day.month}月{day.day}日"
    assert masthead(chinese).date == masthead(arabic).date == day.isoformat()


def test_dates_in_running_text_and_years_of_a_plan_are_not_the_date():
    described = bulletin("2020年度质量工作重点", TEXT + "2020年3月1日，协会召开了会议。")
    assert described.date == ""
    assert "no_date" in codes(described)


def test_the_date_of_a_signature_is_used_and_said():
    described = bulletin("关于做好复产工作的通知", TEXT, "云岭质量促进会", "2020年3月18日")
    assert (described.date, described.publisher) == ("2020-03-18", "云岭质量促进会")
    assert {"date_from_end", "publisher_from_end"} <= codes(described)


def test_the_date_of_the_imprint_is_used_and_said():
    described = bulletin(
        "稳生产的五个办法", TEXT, "报送：云岭省经济局", "云岭质量促进会办公室 2020年3月18日印发"
    )
    assert (described.date, described.publisher) == ("2020-03-18", "云岭质量促进会办公室")
    assert described.distribution == {"报送": ("云岭省经济局",)}


def test_a_date_in_the_name_of_the_file_is_used_and_said():
    described = bulletin("同心协力稳生产", TEXT, path="20200318-简报.txt")
    assert described.date == "2020-03-18"
    assert "date_from_name" in codes(described)


# Series, publisher, document number


@pytest.mark.parametrize(
    ("lines", "series"),
    [
        (["云岭质量系统抗击疫情工作 简 报"], "云岭质量系统抗击疫情工作简报"),
        (["云岭质量系统抗击疫情", "工 作 简 报"], "云岭质量系统抗击疫情工作简报"),
        (["会　员　动　态"], "会员动态"),
        (["雲嶺會務簡報"], "雲嶺會務簡報"),
        (["云岭周报（2023年第39期）"], "云岭周报"),
        (["OSS Weekly 2019-09-11 第010期"], "OSS Weekly"),
        (["金泉信安 | 数据领域资讯第44期(2025.1.14-2025.1.20)"], "数据领域资讯"),
    ],
)
def test_the_series_is_closed_up(lines, series):
    assert bulletin(*lines, "第3期", "同心协力稳生产", TEXT).series == series


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("云岭质量协会宣传部", "云岭质量协会宣传部"),
        ("云岭质量协会宣传部 2020 年 3 月 20 日", "云岭质量协会宣传部"),
        ("江澜市机械行业协会秘书处编　　2021年9月28日", "江澜市机械行业协会秘书处"),
        ("主办单位：云岭质量促进会", "云岭质量促进会"),
        ("编印：云岭质量促进会办公室   2020年3月18日", "云岭质量促进会办公室"),
        ("原创 云岭  云岭安全动态   2023-10-09 17:20", "云岭安全动态"),
        ("云岭省质量 协会", "云岭省质量协会"),
    ],
)
def test_the_publisher_is_read_beside_the_date_and_the_label(line, publisher):
    assert masthead("第3期", line).publisher == publisher


def test_the_account_in_the_byline_of_a_web_page_is_no_series():
    described = bulletin("云岭周报（2023年第39期）", "云岭  云岭安全动态   2023-10-09 17:20", TEXT)
    assert (described.series, described.publisher) == ("云岭周报", "云岭安全动态")
    assert (
        bulletin("云岭简讯（2024.12.12）", "云岭动态 2024-12-12 07:56", TEXT).series == "云岭简讯"
    )


def test_radicals_for_characters_become_the_common_ones_in_values_only():
    described = bulletin(
        "云岭质量⼯作 简 报", "第⼗⼆期", "云岭市机械⾏业协会", "稳⽣产的办法", TEXT
    )
    assert (described.series, described.title) == ("云岭质量工作简报", "稳生产的办法")
    assert described.publisher == "云岭市机械行业协会"
    assert described.issue == IssueNumber(12, "第十二期")
    assert described.blocks[1].text == "第⼗⼆期"


def test_the_running_head_stands_in_for_a_missing_masthead():
    source = reading("同心协力稳生产", TEXT)
    head = ("云岭质量工作", "简 报", "第15期", "云岭质量协会宣传部　2020年2月24日", "— 1 —")
    described = describe(dataclasses.replace(source, furniture=head), "b")
    assert (described.series, described.date) == ("云岭质量工作简报", "2020-02-24")
    assert described.issue == IssueNumber(15, "第15期")
    assert described.publisher == "云岭质量协会宣传部"
    assert codes(described) == {
        "series_from_head", "issue_from_head", "date_from_head", "publisher_from_head"
    }  # fmt: skip


def test_an_official_document_is_headed_by_its_issuer():
    lines = (
        "云岭能源集团有限公司",
        "安全质量部文件",
        "云能安〔2023〕8号",
        "关于安全检查情况的通报",
    )
    described = bulletin(*lines, TEXT)
    assert described.title == "关于安全检查情况的通报"
    assert described.publisher == "云岭能源集团有限公司安全质量部"
    assert described.document_number == "云能安〔2023〕8号"


def test_of_several_bodies_the_office_beside_the_date_is_the_publisher():
    described = bulletin(
        "云岭市志愿者协会", "志愿服务简讯", "第七期", "云岭市志愿者协会秘书组 2021年12月5日",
        "稳生产", TEXT,
    )  # fmt: skip
    assert described.publisher == "云岭市志愿者协会秘书组"


def test_an_editor_is_not_the_publisher():
    assert masthead("第3期", "主编：甲某某    责任编辑：乙某某").publisher == ""


def test_the_site_of_a_web_page_is_its_publisher():
    described = bulletin(
        "首页", "会见客人", "2019-02-16", TEXT, title="会见客人 — 云岭省人民政府外事办公室"
    )
    assert (described.title, described.date) == ("会见客人", "2019-02-16")
    assert described.publisher == "云岭省人民政府外事办公室"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("云质发〔2020〕3号", "云质发〔2020〕3号"),
        ("〔2020〕15号", "〔2020〕15号"),
        ("云质函[2020]15号", "云质函[2020]15号"),
        ("云质办【2020】 15 号", "云质办【2020】15号"),
        ("云质发〔2020〕3号  2020年3月18日", "云质发〔2020〕3号"),
    ],
)
def test_the_document_number_is_as_written(line, number):
    described = masthead(line)
    assert described.document_number == number
    assert described.issue is None


# Title and kinds


def test_masthead_title_and_text_are_told_apart():
    described = bulletin(
        "云岭质量工作 简 报", "第二十七期", "云岭质量协会宣传部", "2020年3月18日",
        "同心协力稳生产（八）", TEXT,
        "报送：云岭省经济局", "发送：各会员单位",
    )  # fmt: skip
    assert described.title == "同心协力稳生产（八）"
    assert kinds(described) == [*["masthead"] * 4, "title", "paragraph", *["distribution"] * 2]
    assert not codes(described)


def test_one_line_may_hold_publisher_and_date_before_the_headline():
    described = bulletin("云岭质量协会宣传部 2020 年 3 月 20 日", "积极作为稳生产", TEXT)
    assert (described.title, described.date) == ("积极作为稳生产", "2020-03-20")
    assert kinds(described) == ["masthead", "title", "paragraph"]
    assert codes(described) == {"no_series", "no_issue"}


def test_a_headline_keeps_the_space_that_parts_it_but_not_spaced_out_words():
    assert bulletin("在新形势下 高质量推进复产", TEXT).title == "在新形势下 高质量推进复产"
    assert bulletin("关于复产的 通 知", TEXT).title == "关于复产的 通知"


def test_a_declared_title_finds_the_headline_below_the_navigation():
    navigation = [f"栏目{n}" for n in range(40)]
    described = bulletin(*navigation, "稳生产的五个办法", TEXT, title="稳生产的五个办法 - 云岭质协")
    assert described.title == "稳生产的五个办法"
    assert described.blocks[40].kind is Kind.TITLE
    assert described.blocks[0].kind is Kind.PARAGRAPH


def test_a_declared_title_that_is_the_series_is_not_the_headline():
    described = bulletin(
        "云岭质量工作简报", "第3期", "同心协力稳生产", TEXT, title="云岭质量工作简报"
    )
    assert (described.title, described.series) == ("同心协力稳生产", "云岭质量工作简报")


def test_a_masthead_is_found_below_the_navigation_of_a_page():
    navigation = (
        "云岭质量协会门户网站",
        "首页",
        "工作简报",
        "您当前的位置：首页 > 工作简报",
        "热点推荐",
    )
    masthead = (
        "云岭质量工作简报",
        "第二十三期",
        "云岭质量协会宣传部",
        "2020年3月6日",
        "字号：大 中 小",
    )
    described = bulletin(
        *navigation, *masthead, "同心协力稳生产", TEXT, title="工作简报第二十三期 - 云岭质量协会"
    )
    assert described.title == "同心协力稳生产"
    assert described.series == "云岭质量工作简报"
    assert (described.date, described.publisher) == ("2020-03-06", "云岭质量协会宣传部")
    assert described.blocks[4].kind is Kind.PARAGRAPH


def test_a_collection_without_a_headline_is_called_by_series_and_issue():
    described = bulletin(
        "会员动态", "2021年第9期（总第134期）", "本期目录", "一、启动质量月", "二、质量账单",
        "启动质量月", TEXT, "质量账单", TEXT,
    )  # fmt: skip
    assert described.title == "会员动态 第9期"
    assert "title_from_series" in codes(described)
    assert [section.heading for section in described.sections] == ["", "启动质量月", "质量账单"]


def test_without_any_headline_the_declared_title_then_the_file_name_stand_in():
    assert bulletin(TEXT, title="稳生产").title == "稳生产"
    described = bulletin(Block("甲\t乙", Kind.ROW), path="资料/捐款名单.docx")
    assert described.title == "捐款名单"
    assert "no_title" in codes(described)
