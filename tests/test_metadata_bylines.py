"""Bylines, marks of confidentiality and captions are told from the text around them."""

import pytest
from handmade import TEXT, bulletin


def masthead(*lines):
    """A bulletin with these lines in its masthead."""
    return bulletin("云岭质量工作简报", *lines, "同心协力稳生产", TEXT)


def kinds(described):
    return [str(block.kind) for block in described.blocks]


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("作者：林晚照", "林晚照"),
        ("◆林晚照 / 文", "林晚照"),
        ("文/林晚照  图/方远山", "林晚照"),
        ("本刊记者 林晚照", "林晚照"),
        ("本刊记者 / 林晚照 通讯员 / 石磊", "林晚照、石磊"),
        ("撰稿：林晚照 审核：沈白", "林晚照"),
        ("林晚照、石上青", "林晚照、石上青"),
        ("青山村第一书记 林晚照", "林晚照"),
        ("供稿单位：云岭省检测学会", "云岭省检测学会"),
        ("（云岭省检测学会供稿）", "云岭省检测学会"),
        ("来源：云岭质量网 作者：林晚照 浏览：88", "林晚照"),
        ("责任编辑：林晚照", ""),
        ("一、认真摸清底数", ""),
    ],
)
def test_the_author_is_whom_the_line_under_the_headline_names(line, author):
    described = bulletin("云岭质量工作简报", "第3期", "同心协力稳生产", line, TEXT)
    assert described.author == author
    assert described.title == "同心协力稳生产"
    if author:
        assert [section.heading for section in described.sections] == [""]


def test_who_sent_it_in_is_the_author_but_of_several_articles_nobody_is():
    one = bulletin("同心协力稳生产", TEXT, TEXT, "（云岭省检测学会供稿）")
    several = bulletin(
        *("动态两则", "甲市：培训", TEXT, "（甲市供稿）", "乙市：走访", TEXT, "（乙市供稿）")
    )
    second = bulletin("稳生产", TEXT, TEXT, "另一篇", "◆林晚照 / 文", TEXT, TEXT, TEXT, TEXT)
    assert (one.author, several.author, second.author) == ("云岭省检测学会", "", "")


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("秘密★1年", "秘密★1年"),
        ("机密", "机密"),
        ("內部資料　　注意保存", "內部資料 注意保存"),
        ("（内部刊物 免费交流）", "内部刊物 免费交流"),
        ("云岭质量促进会主办  内部资料", "内部资料"),
        ("保密工作简报", ""),
    ],
)
def test_the_mark_of_confidentiality_is_as_written(line, mark):
    described = masthead(line)
    assert described.confidentiality == mark
    assert described.title == "同心协力稳生产"


@pytest.mark.parametrize(
    "line",
    [
        "图1 专家在线上指导",
        "图①：专家在线上指导",
        "图为专家在线上指导。",
        "附表 各市产量",
        "（图片由办公室提供）",
        "（石磊 摄）",
        "摄影：石磊",
    ],
)
def test_captions_and_credits_of_pictures_are_told_from_headings(line):
    described = bulletin("云岭质量工作简报", "第3期", "同心协力稳生产", TEXT, line, TEXT)
    assert kinds(described)[-2:] == ["caption", "paragraph"]


@pytest.mark.parametrize("line", ["图1所示的产线已经停了。", "图书馆里的年轻人", "表彰先进"])
def test_what_only_begins_like_a_caption_is_none(line):
    described = bulletin("云岭质量工作简报", "第3期", "同心协力稳生产", TEXT, line, TEXT)
    assert "caption" not in kinds(described)
