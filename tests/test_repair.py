"""Lines become the paragraphs that were written, and nothing a reader can see is lost."""

import os
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.bulletin import Block, Kind
from indexer.readers.extract import Line, split_lines
from indexer.readers.reading import read
from indexer.readers.repair import Mended, mend
from indexer.settings import Settings

BULLETINS = os.environ.get("JIANBAO_BULLETINS", "")
needs_bulletins = pytest.mark.skipif(not BULLETINS, reason="JIANBAO_BULLETINS is not set")

FIRST = (
    "三月中旬以来，江澜市质量协会组织专家走访会员企业，了解设备、人员、物料三个方面的困难，"
    "帮助企业制定恢复生产的方案，并为其中二十家提供上门诊断。"
)
SECOND = (
    "云州省质量协会把线上课程排成两期，一期讲设备重启，一期讲物料检验，报名的班组长超过两千人，"
    "不少企业把课程投到车间的大屏上，边看边练。"
)
SHORT = "各单位反映良好。"


def mended(text: str) -> list[str]:
    return [block.text for block in mend(split_lines(text)).blocks]


def plain(paragraph: str, columns: int) -> bool:
    """Whether a wrapped paragraph leaves no doubt: its last line is short, and the only end."""
    *full, last = wrapped(paragraph, columns)
    return 0.2 < len(last) / columns < 0.8 and not any(line.endswith("。") for line in full)


def wrapped(text: str, columns: int, indent: str = "") -> list[str]:
    text = indent + text
    return [text[n : n + columns] for n in range(0, len(text), columns)]


def visible(texts) -> str:
    return "".join("".join(texts).split())


# Nothing is lost.

PIECES = [
    *(FIRST, SECOND, SHORT, FIRST[:47], SECOND[47:], "复工复", "产，质量先行。", "④"),
    *("一、加强领导", "（一）认真学习", "1、统一思想。", "图1 现场", "表 2：名单", "简 报"),
    *("第二十七期", "报送：各单位", "(上接p21)", "（下转第3版）", "上接第1版", "（秘书处）"),
    *("——副题", "2020年3月18日", "— 3 —", "第 4 页", "7", "3/4", "甲\t乙\t丙"),
    *("全文，下转第2版", "（上接第3版）继续", "AB C", "ﬁ", "👍", "质量", "，", "“"),
]
LINES = st.lists(
    st.builds(
        Line,
        st.one_of(st.sampled_from(PIECES), st.text(min_size=1).filter(str.strip).map(str.strip)),
        kind=st.sampled_from([*[Kind.PARAGRAPH] * 5, Kind.ROW, Kind.HEADING, Kind.CAPTION]),
        page=st.sampled_from([None, 1, 2, 3]),
        gap=st.integers(0, 3),
        indent=st.integers(0, 4),
        solid=st.booleans(),
    ),
    max_size=40,
)


@given(LINES)
def test_every_character_stands_in_exactly_one_block_or_piece_of_furniture(lines):
    result = mend(lines)
    after = visible([*(block.text for block in result.blocks), *result.furniture])
    assert Counter(after) == Counter(visible(line.text for line in lines))


@given(LINES)
def test_without_jumps_and_captions_the_order_is_that_of_the_file(lines):
    moving = re.compile("上接|下转|[图表]")
    lines = [line for line in lines if not moving.search(line.text)]
    result = mend(lines)
    rest = visible(line.text for line in lines)
    for block in result.blocks:
        for character in visible([block.text]):
            rest = rest[rest.index(character) + 1 :]


# Hard-wrapped lines.


@given(
    st.lists(st.sampled_from([FIRST, SECOND, SECOND + FIRST, FIRST * 2]), min_size=2, max_size=6),
    st.integers(18, 40),
    st.integers(0, 2),
)
def test_wrapped_paragraphs_come_back(paragraphs, columns, blank):
    paragraphs = [paragraph for paragraph in paragraphs if plain(paragraph, columns)]
    lines = [line for p in paragraphs for line in wrapped(p, columns)]
    if len(lines) - len(paragraphs) < 4:
        return
    assert mended(("\n" * (blank + 1)).join(lines)) == paragraphs


def test_an_indent_begins_a_paragraph_even_after_a_full_line():
    first = FIRST[: 30 * 2 - 2 - 1] + "。"
    lines = [*wrapped(first, 30, "　　"), *wrapped(SECOND, 30, "　　"), *wrapped(FIRST, 30, "　　")]
    assert mended("\n".join(lines)) == [first, SECOND, FIRST]


def test_where_paragraphs_are_indented_a_sentence_may_end_with_a_line():
    paragraph = FIRST[: 30 * 2 - 3] + "。" + SECOND
    lines = [*wrapped(paragraph, 30, "　　"), *wrapped(FIRST, 30, "　　")]
    assert mended("\n".join(lines)) == [paragraph, FIRST]
    assert mended("\n\n".join(lines)) == [paragraph, FIRST]


def test_a_headline_below_a_full_last_line_stands_alone():
    full = FIRST[: 30 * 2 - 3] + "。"
    headline = "江澜市质量协会：先摸底"
    lines = [
        *wrapped(full, 30, "　　"),
        headline,
        *wrapped(SECOND, 30, "　　"),
        *wrapped(FIRST, 30, "　　"),
    ]
    assert mended("\n".join(lines)) == [full, headline, SECOND, FIRST]


def test_words_in_latin_letters_keep_the_space_between_them():
    line = "The association has published a guide on quality for all its members and"
    texts = [line, line, line, "friends."]
    assert mended("\n".join(texts)) == [" ".join(texts)]


def test_a_number_broken_by_the_width_is_one_number():
    texts = [
        "江澜市质量协会发布了会员企业复工情况调查报告，截至2021年1",
        "2日，协会共走访会员企业一百二十家，收到调查问卷，回收率为9",
        "5%，其中大型企业全部完成了调查，小型企业也多数按时交回了答",
        "卷，协会对此表示感谢。",
    ]
    assert mended("\n".join(texts)) == ["".join(texts)]


def test_lines_that_were_never_wrapped_stay():
    lines = ["会员名单", "江澜轴承厂", "东湾泵业公司", "石桥齿轮公司"]
    assert mended("\n".join(lines)) == lines


def test_list_items_captions_and_labels_stay_blocks_of_their_own():
    items = [f"（{n}）{FIRST[:40]}" for n in "一二三"]
    others = ["图 1 专家走访会员企业", "报送：各会员单位", "抄送：有关部门"]
    assert mended("\n\n".join([*items, *others])) == [*items, *others]


# Cuts.


def test_a_paragraph_cut_by_a_page_break_is_whole_again():
    assert mended(f"{FIRST[:50]}\n\n{FIRST[50:]}\n\n{SECOND}") == [FIRST, SECOND]


def test_a_short_rest_is_joined_too():
    text = FIRST[:-1] + "，做好复工复产准备工作。"
    assert mended(f"{text[:-4]}\n\n{text[-4:]}\n\n{SECOND}") == [text, SECOND]


def test_a_caption_in_the_cut_moves_behind_the_paragraph():
    caption = "图1 专家走访会员企业"
    assert mended(f"{FIRST[:50]}\n\n{caption}\n\n{FIRST[50:]}") == [FIRST, caption]


@pytest.mark.parametrize(
    "between", ["一、加强领导", "（一）统一思想，明确任务", "报送：各会员单位", "甲\t乙"]
)
def test_what_begins_something_new_is_never_a_rest(between):
    lines = [
        replace(line, kind=Kind.ROW) if "\t" in line.text else line
        for line in split_lines(f"{FIRST[:50]}\n\n{between}\n\n{SECOND}")
    ]
    assert [block.text for block in mend(lines).blocks][:2] == [FIRST[:50], between]


def test_a_long_numbered_headline_is_never_taken_for_a_cut():
    headline = (
        "六、民主办会、依章办会、人才兴会，健全会员代表大会和理事会制度，提升治理能力与服务能级"
    )
    assert 35 < len(headline) < 50
    assert mended(f"{FIRST}\n\n{headline}\n\n{SECOND}") == [FIRST, headline, SECOND]


def test_a_closed_paragraph_is_never_continued():
    assert mended(f"{FIRST}\n\n{SHORT}\n\n{SECOND}") == [FIRST, SHORT, SECOND]


# Furniture.


def paged(*pages: str) -> Mended:
    return mend(split_lines("\f".join(pages)))


def test_page_numbers_and_running_heads_are_set_aside():
    head = "江澜质量通讯 总第128期"
    result = paged(
        f"{head}\n{FIRST[:50]}\n— 1 —",
        f"{head}\n{FIRST[50:]}\n— 2 —",
        f"{head}\n{SECOND}\n— 3 —",
    )
    assert [block.text for block in result.blocks] == [head, FIRST, SECOND]
    assert Counter(result.furniture) == Counter([head, head, "— 1 —", "— 2 —", "— 3 —"])


def test_a_head_that_repeats_the_name_in_the_masthead_is_set_aside():
    name = ["江澜质量协会", "工 作 简 报"]
    result = paged("\n".join([*name, FIRST]), f"江澜质量协会工作简报\n{SECOND}")
    assert [block.text for block in result.blocks] == [*name, FIRST, SECOND]
    assert result.furniture == ("江澜质量协会工作简报",)


def test_bare_numbers_are_page_numbers_only_where_they_count():
    counted = paged(f"{FIRST}\n11", f"{SECOND}\n12", f"{SHORT}\n13")
    assert counted.furniture == ("11", "12", "13")
    once = mend(split_lines(f"{FIRST}\n\n2020\n\n{SECOND}"))
    assert once.furniture == ()


# Jumps.

JUMPED = (
    "复工复产工作要点",
    FIRST,
    SECOND[:50],
    "读书会上的三句话",
    "石工 / 文",
    FIRST,
)
REST = (SECOND[50:], SHORT, "（协会秘书处）")


@pytest.mark.parametrize("jump", ["(上接p21)", "（上接第1版）", "〔上接第 21 页〕"])
def test_the_rest_of_an_article_follows_its_beginning(jump):
    result = mend(split_lines("\n\n".join([*JUMPED, jump, *REST])))
    assert [block.text for block in result.blocks] == [
        "复工复产工作要点",
        FIRST,
        SECOND,
        SHORT,
        "（协会秘书处）",
        *JUMPED[3:],
    ]
    assert result.furniture == (jump,)
    assert [notice.code for notice in result.notices] == ["jump_line"]
    headline = next(block for block in result.blocks if block.text == JUMPED[3])
    assert headline.kind is Kind.HEADING


def test_a_pair_of_jump_lines_leads_from_one_to_the_other():
    lines = [*JUMPED[:3], "（下转第3版）", *JUMPED[3:], "（上接第1版）", *REST]
    result = mend(split_lines("\n\n".join(lines)))
    assert [block.text for block in result.blocks][2] == SECOND
    assert result.furniture == ("（下转第3版）", "（上接第1版）")


def test_two_articles_that_go_on_elsewhere_both_find_their_rest():
    other = ("班组里的小改进", FIRST[:50])
    lines = [SECOND[:50], "（下转第3版）", *other, "（下转第4版）"]
    lines += ["（上接第1版）", SECOND[50:], SHORT, "（甲）", "（上接第2版）", FIRST[50:], "（乙）"]
    result = mend(split_lines("\n\n".join(lines)))
    whole = [SECOND, SHORT, "（甲）", "班组里的小改进", FIRST, "（乙）"]
    assert [block.text for block in result.blocks] == whole


def test_the_receivers_at_the_end_are_no_part_of_the_article():
    lines = [*JUMPED, "(上接p21)", *REST[:2], "报送：各会员单位"]
    assert mended("\n\n".join(lines))[-2:] == [FIRST, "报送：各会员单位"]


def test_a_subtitle_makes_the_line_above_it_a_headline():
    assert kinds(f"质量的加减法\n\n——一位班组长的笔记\n\n{FIRST}")[0] == (Kind.HEADING, 2)


def test_a_jump_inside_a_sentence_is_text():
    text = "本文的后半部分（下转第3版）说明了做法，读者可以对照着看。"
    assert mended(f"{FIRST}\n\n{text}") == [FIRST, text]


# Names.


def kinds(text: str) -> list[tuple[Kind, int]]:
    return [(block.kind, block.level) for block in mend(split_lines(text)).blocks]


def test_headlines_and_captions_are_told_from_paragraphs():
    text = f"江澜市质量协会：先摸底，再开工\n\n{FIRST}\n\n图1 走访现场\n\n一、加强领导\n\n{SECOND}"
    assert kinds(text) == [
        (Kind.HEADING, 2),
        (Kind.PARAGRAPH, 0),
        (Kind.CAPTION, 0),
        (Kind.HEADING, 3),
        (Kind.PARAGRAPH, 0),
    ]


def test_where_the_format_marks_headings_no_other_is_guessed():
    lines = [Line("通讯", Kind.HEADING, level=1), Line("先摸底，再开工"), Line(FIRST)]
    assert [block.kind for block in mend(lines).blocks] == [
        Kind.HEADING,
        Kind.PARAGRAPH,
        Kind.PARAGRAPH,
    ]


@pytest.mark.parametrize("text", ["第二十七期", "2020年3月18日", "（2020年3月）", "报送：各单位"])
def test_lines_of_the_masthead_are_no_headlines(text):
    assert kinds(f"{text}\n\n{FIRST}")[0][0] is Kind.PARAGRAPH


# The five real bulletins.


def blocks(number: str) -> tuple[Block, ...]:
    path = next(Path(BULLETINS).glob(f"{number}_*"))
    return read(path, path.name, Settings()).blocks


@needs_bulletins
@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("000", "复工复产 志愿者服务"),
        ("001", "复工复产 全党全国人民 发挥行业协会、商会"),
        ("002", "复工复产 群防群治群控"),
        ("003", "复工复产"),
        ("004", "复工复产 换届工作"),
    ],
)
def test_words_cut_by_lines_and_pages_stand_in_one_block(number, words):
    texts = ["".join(block.text.split()) for block in blocks(number)]
    assert [word for word in words.split() if not any(word in text for text in texts)] == []


@needs_bulletins
def test_headings_captions_items_and_rows_of_the_real_bulletins_stand_alone():
    names = {block.text.split("：")[0]: block.kind for block in blocks("000")}
    for name in ("新疆维吾尔自治区质量协会", "广东省质量协会", "南京质量协会"):
        assert names[name] is Kind.HEADING
    captions = [
        b.text for n in ("000", "001", "002", "003") for b in blocks(n) if b.kind is Kind.CAPTION
    ]
    assert [
        len([b for b in blocks(n) if b.kind is Kind.CAPTION]) for n in ("000", "001", "002", "003")
    ] == [3, 3, 5, 3]
    assert all(len(caption) < 40 for caption in captions)
    rows = [block.text.split("\t") for block in blocks("003") if block.kind is Kind.ROW]
    assert len(rows) == 13
    assert {len(row) for row in rows[:12]} == {12}
    items = [block.text for block in blocks("001") if block.text.startswith("（")]
    assert len(items) == 16
    assert all(item.endswith(("。", "；")) for item in items)


@needs_bulletins
def test_the_two_interleaved_articles_come_one_after_the_other():
    found = blocks("004")
    second = next(n for n, block in enumerate(found) if block.text.startswith("质量："))
    assert found[second].kind is Kind.HEADING
    assert found[second - 1].text.startswith("（上海市质协")
    assert found[-1].text.startswith("每次听")
    assert not any("质协" in block.text for block in found[second:])


@needs_bulletins
def test_paragraphs_of_the_real_bulletins_end_as_paragraphs_do():
    open_ends = [
        (number, first.text[-20:], second.text[:20])
        for number in ("000", "001", "002", "003", "004")
        for first, second in pairwise(blocks(number))
        if first.kind is Kind.PARAGRAPH and len(first.text) > 40 and first.text[-1] not in "。！：④"
    ]
    assert open_ends == []
