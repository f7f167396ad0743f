"""Sections cover a bulletin in order; a heading is known by its form or by standing alone."""

import pytest
from handmade import TEXT, bulletin

from indexer.bulletin import Block, Kind

HEAD = ("云岭质量工作简报", "第3期", "同心协力稳生产", TEXT)


def headings(*lines):
    return [section.heading for section in bulletin(*HEAD, *lines).sections]


@pytest.mark.parametrize(
    "line",
    [
        "青屿市质量协会：培训不停步",
        "一、认真摸清底数",
        "（二）准备复工复产",
        "1. 设备风险",
        "编者按",
        "发出倡议，做好引导",
        "质量：“追求善、制止恶”",
    ],
)
def test_a_short_line_without_a_final_mark_before_text_is_a_heading(line):
    assert headings(line, TEXT) == ["", line]


@pytest.mark.parametrize(
    "line",
    [
        "一、开展线上科普。协会通过网站发布知识。",
        "这句话虽然不长，但是已经说完了。",
        "收款人: 甲",
        "日期: 2020年2月5日",
        "2020年3月18日",
        "图1 专家在线上指导",
        "（云岭质量协会秘书处供稿）",
        "https://example.org/jianbao",
        "◆云岭 / 文",
        "12345",
        "甲、乙、丙、",
    ],
)
def test_what_ends_a_sentence_signs_or_captions_is_no_heading(line):
    assert headings(line, TEXT) == [""]


def test_a_list_of_short_lines_is_not_a_row_of_headings():
    assert headings("甲单位", "乙单位", "丙单位", "丁单位", "戊单位", TEXT)[:2] != ["", "甲单位"]


def test_a_table_of_contents_gives_no_headings():
    lines = ("目录", "一、启动质量月", "二、质量账单", "启动质量月", TEXT, "质量账单", TEXT)
    described = bulletin("云岭质量工作简报", "第3期", *lines)
    assert [section.heading for section in described.sections] == ["", "启动质量月", "质量账单"]


def test_a_sentence_that_announces_a_list_counts_as_text_below_a_heading():
    assert headings("发出倡议", "协会向全体会员单位发出公开信，作出承诺：") == ["", "发出倡议"]


def test_a_numbered_line_heads_a_table():
    row = Block("甲\t1", Kind.ROW)
    assert headings("五、财务简表", row, row) == ["", "五、财务简表"]
    assert headings("捐款名单", row, row) == [""]


def test_levels_follow_the_numbering():
    described = bulletin(*HEAD, "甲协会的做法", "一、摸底", TEXT, "（一）人员", "1. 返岗", TEXT)
    levels = [block.level for block in described.blocks if block.kind is Kind.HEADING]
    assert levels == [2, 3, 4, 5]


def test_headings_of_the_format_keep_their_level():
    described = bulletin(*HEAD, Block("摸底", Kind.HEADING, None, 4), TEXT)
    assert described.blocks[4] == Block("摸底", Kind.HEADING, None, 4)


def test_a_heading_block_heads_its_section_and_is_not_a_paragraph_of_it():
    described = bulletin(*HEAD, "一、摸清底数", TEXT, TEXT)
    section = described.sections[1]
    assert described.blocks[section.start].text == section.heading
    assert [number for number, _ in described.paragraphs(section)] == [6, 7]


def test_a_lead_stays_in_its_paragraph_and_names_the_section_about_it():
    lines = ("二、奋战一线", f"青屿供电公司：{TEXT}", f"白鹭化工园热电公司：{TEXT}")
    described = bulletin(*HEAD, *lines)
    section = described.sections[1]
    assert section.heading == "二、奋战一线"
    assert section.organizations == ("青屿供电公司", "白鹭化工园热电公司")
    assert described.blocks[5].text.startswith("青屿供电公司：")


def test_a_line_that_labels_the_unit_names_the_section_about_it():
    heading = Block("案例一　少录一个数", Kind.HEADING, None, 2)
    described = bulletin(*HEAD, heading, "单位：云海蔬菜合作总社", TEXT)
    assert described.sections[1].organizations == ("云海蔬菜合作总社",)


def test_a_lower_heading_is_about_the_body_of_the_one_above():
    described = bulletin(*HEAD, "青屿市质量协会积极行动", TEXT, "一、摸底", TEXT, "简讯两则", TEXT)
    assert [section.organizations for section in described.sections] == [
        (), ("青屿市质量协会",), ("青屿市质量协会",), (),
    ]  # fmt: skip


def test_the_headline_heads_a_section_only_where_it_heads_one_article_of_several():
    one = bulletin("稳生产的办法", TEXT, "一、摸底", TEXT)
    two = bulletin("稳生产的办法", TEXT, "质量：止于至善", "——大师印象", "◆云岭 / 文", TEXT)
    assert [section.heading for section in one.sections] == ["", "一、摸底"]
    assert [section.heading for section in two.sections] == ["稳生产的办法", "质量：止于至善"]


def test_a_bulletin_without_blocks_has_no_sections():
    assert bulletin().sections == ()
