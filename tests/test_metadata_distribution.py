"""The distribution block at the end is data: who receives it, by label."""

import pytest
from handmade import TEXT, bulletin

from indexer.bulletin import Block, Kind


def receivers(*lines):
    return bulletin("同心协力稳生产", TEXT, *lines).distribution


@pytest.mark.parametrize(
    ("line", "label", "names"),
    [
        ("报送：云岭省经济局、协会党委", "报送", ("云岭省经济局", "协会党委")),
        ("抄报: 云岭省经济局，协会党委。", "抄报", ("云岭省经济局", "协会党委")),
        ("抄 送：各会员单位", "抄送", ("各会员单位",)),
        ("主送：各市（县、区）质协；有关院校", "主送", ("各市（县、区）质协", "有关院校")),
        ("發送：各會員單位", "发送", ("各會員單位",)),
        ("报：省局，省协会", "报", ("省局", "省协会")),
        ("报送：\t云岭省经济局\t协会党委", "报送", ("云岭省经济局", "协会党委")),
        ("分送：各单位、各单位", "分送", ("各单位",)),
        ("发送：各会员单位（共印50份）", "发送", ("各会员单位",)),
    ],
)
def test_receivers_are_split_at_the_marks_outside_brackets(line, label, names):
    assert receivers(line) == {label: names}


def test_labels_keep_the_order_of_the_page():
    assert list(receivers("报：甲局", "送：乙局", "发：各单位")) == ["报", "送", "发"]


def test_several_labels_may_stand_in_one_line():
    assert receivers("报：甲局、乙局  送：丙局  发：各单位") == {
        "报": ("甲局", "乙局"),
        "送": ("丙局",),
        "发": ("各单位",),
    }


def test_a_wrapped_line_goes_on_with_the_receivers():
    assert receivers("报送：甲局、乙局、", "丙局、丁局") == {
        "报送": ("甲局", "乙局", "丙局", "丁局")
    }


def test_the_foot_of_a_web_page_is_no_receiver():
    foot = ("主办单位：云岭质量协会　版权所有", "网站地图 | 联系我们")
    assert receivers("发送：各会员单位", *foot) == {"发送": ("各会员单位",)}


def test_the_imprint_belongs_to_the_block_but_is_no_receiver():
    described = bulletin(
        "同心协力稳生产", TEXT, "报送：甲局", "云岭质量协会办公室 2020年3月18日印发", "（共印50份）"
    )
    assert described.distribution == {"报送": ("甲局",)}
    assert [block.kind for block in described.blocks[2:]] == [Kind.DISTRIBUTION] * 3


@pytest.mark.parametrize(
    "lines",
    [
        ("记者发：各地消息不断，质量人没有停下来。", *[TEXT] * 30),
        ("各会员单位：", TEXT),
        ("协会向各单位发送：口罩三千只。", TEXT),
    ],
)
def test_a_label_in_the_text_is_no_distribution_block(lines):
    described = bulletin("同心协力稳生产", TEXT, *lines)
    assert described.distribution == {}
    assert all(block.kind is not Kind.DISTRIBUTION for block in described.blocks)


def test_receivers_are_not_what_the_bulletin_is_about():
    described = bulletin("同心协力稳生产", TEXT, "报送：江苏省民政厅、江苏省质量协会")
    assert described.organizations == ()


def test_a_table_is_no_distribution_block():
    assert receivers(Block("发\t1\t2", Kind.ROW)) == {}
