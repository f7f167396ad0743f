"""What a bulletin mentions besides what it is about is found when it is opened."""

from handmade import bulletin

from indexer.analysis import Segmenter
from indexer.bulletin import Organization
from indexer.metadata import mentioned
from indexer.metadata.mentions import REACH

SEGMENTER = Segmenter()
HEAD = ("云岭质量工作简报", "第3期", "同心协力稳生产")


def names(*lines: str) -> list[str]:
    return [body.name for body in mentioned(bulletin(*HEAD, *lines), SEGMENTER)]


def test_bodies_anywhere_in_running_text_are_mentioned_in_order_of_their_number():
    text = "雪停了。莫斯科大学和国务院的专家到场，国务院的同志讲了话。"
    assert mentioned(bulletin(*HEAD, text), SEGMENTER) == (
        Organization("国务院", (), 2),
        Organization("莫斯科大学", (), 1),
    )


def test_what_the_bulletin_is_about_is_not_mentioned_again():
    described = bulletin(*HEAD, "北京市质量协会：培训不停步，国务院办公厅来人。")
    assert "北京市质量协会" in [body.name for body in described.organizations]
    assert "北京市质量协会" not in [body.name for body in mentioned(described, SEGMENTER)]


def test_sender_and_receivers_are_not_mentions():
    described = bulletin("国务院办公厅 2020年3月18日", "稳生产", "报送：国务院")
    assert mentioned(described, SEGMENTER) == ()


def test_verbs_and_common_nouns_are_part_of_no_name():
    assert names("雪停了。专家会见莫斯科大学的客人，慰问国务院的同志。") == ["莫斯科大学", "国务院"]
    assert names("雪停了。外国公司、上市公司和居委会都搭起了国际舞台。") == []


def test_a_huge_text_is_looked_at_as_far_as_the_reach_goes():
    assert names("风" * REACH, "国务院来人。") == []
    assert names("风" * (REACH // 2), "国务院来人。") == ["国务院"]
