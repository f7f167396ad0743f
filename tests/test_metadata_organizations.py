"""Full and short names are one organization, and a wrong name is worse than none."""

import pytest
from handmade import TEXT, bulletin

from indexer.bulletin import Block, Kind, Organization


def organizations(*lines):
    return bulletin("同心协力稳生产", *lines).organizations


def names(*lines):
    return [organization.name for organization in organizations(*lines)]


@pytest.mark.parametrize(
    "name",
    [
        "江苏省质量管理协会",
        "新疆维吾尔自治区质量协会",
        "国网新疆电力有限公司",
        "中国质量协会",
        "南京大学",
        "广东省科学技术协会",
        "江苏省工业和信息化厅",
        "青屿市第一人民医院",
        "恒江县市场监督管理局",
        "北京电力交易中心",
        "中国人民银行",
    ],
)
@pytest.mark.parametrize(
    "sentence",
    [
        "为支持{}，专家连日加班。",
        "与{}联合开展活动。",
        "在{}的指导下，由专家向{}介绍经验。",
        "{}积极行动。",
        "甲乙丙，{}、其他单位都到了。",
        "组织{}等单位参加。",
    ],
)
def test_a_name_begins_at_its_place_whatever_stands_before_it(name, sentence):
    assert names(sentence.replace("{}", name)) == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "包括我们在内的 16 家直管协会自愿组建了联盟。",
        "指导行业协会、商会等组织发挥作用。",
        "各级协会、有关公司和多家医院都参加了。",
        "以上海为中心，向四周辐射。",
        "北京大学生很多，江苏公司不少。",
        "网络安全公司、保险公司、跨国公司、上市公司。",
        "全国质协系统行动起来，全国协会也是。",
        "公司积极组织协会开展工作，集团化运作，学会了方法。",
        "鼓励公司发展，符合公司章程，严重损害公司利益。",
        "江苏局部地区有雨，上海布局新产业，北京中心城区畅通。",
        "区委、市政府、省委、党委会议。",
        "负责本级的复核委员会。",
    ],
)
def test_common_nouns_and_halves_of_words_are_no_names(sentence):
    assert names(sentence) == []


@pytest.mark.parametrize(
    "lead", ["青屿供电公司", "白鹭化工园热电公司", "云海高速公路青屿管理处", "雁川机械集团有限公司"]
)
@pytest.mark.parametrize("form", ["{}：{}", "一、{}：{}", "（二）{}:{}", "△{}：{}"])
def test_a_lead_is_a_name_without_any_place(lead, form):
    assert names(form.format(lead, TEXT)) == [lead]


def test_a_label_is_no_lead():
    assert names(f"短评：{TEXT}", f"收款人：{TEXT}", f"工作要求：{TEXT}") == []


def test_an_unsure_name_is_believed_when_it_is_found_again_or_apart():
    told = "雪停了。那天，阿木尔公司送来药品。"
    assert names(told) == []
    assert names(told, "雪停了。那时，阿木尔公司又来了。") == ["阿木尔公司"]
    assert names("阿木尔公司送来药品。") == ["阿木尔公司"]
    assert names(told, "（阿木尔公司工会供稿）") == ["阿木尔公司"]
    assert names("阿木尔公司复产纪实", TEXT) == ["阿木尔公司"]
    assert names("雪停了。会员单位白音矿业公司、阿木尔公司等企业捐款。") == ["阿木尔公司"]
    assert names(Block("1\t阿木尔公司\t5000", Kind.ROW)) == ["阿木尔公司"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("前天，阿木尔公司送来药品。", ["阿木尔公司"]),
        ("据阿木尔集团统计，出口增长。", ["阿木尔集团"]),
        ("由白音标准化中心、阿木尔检测院主办。", []),
        ("白音标准化中心：把标准送进车间。", ["白音标准化中心"]),
        ("白音公司与阿木尔实验室签约。", ["白音公司", "阿木尔实验室"]),
        ("云州省白音大学附属第二医院接诊。", ["云州省白音大学附属第二医院"]),
        ("云州省白音公司安全部：查隐患。", ["云州省白音公司安全部"]),
        ("云州省白音公司安全部经理说了三点。", ["云州省白音公司"]),
        ("《白音风》编辑部来信。", ["《白音风》编辑部"]),
        ("各地协会、医院和银行都来了。", []),
        ("这所学校和那家公司都要建厂。", []),
    ],
)
def test_a_paragraph_leads_with_what_ends_like_a_name_where_one_is_to_be_expected(text, found):
    assert names(text) == found


def test_a_known_name_with_something_before_it_is_that_name():
    found = organizations(f"青屿供电公司：{TEXT}", "特邀青屿供电公司介绍做法。")
    assert found == (Organization("青屿供电公司", (), 2),)


def test_the_masthead_vouches_for_a_name_but_is_not_counted():
    described = bulletin("云岭质量工作简报", "阿木尔协会宣传部 2020年3月18日", "稳生产",
                         "近日，阿木尔协会召开会议。")  # fmt: skip
    assert described.organizations == (Organization("阿木尔协会", (), 1),)
    assert (
        bulletin("云岭质量工作简报", "阿木尔协会 2020年3月18日", "稳生产", TEXT).organizations == ()
    )


@pytest.mark.parametrize(
    "definition",
    [
        "（以下简称“{}”）",
        "（简称{}）",
        "（以下简称：{}）",
        "（下称“{}”）",
        "(以下简称「{}」)",
        "，以下简称“{}”，",
    ],
)
def test_a_defined_short_name_is_the_same_organization(definition):
    text = f"江苏省质量管理协会{definition.format('苏质协')}成立。苏质协开会。苏质协募捐。"
    assert organizations(text) == (Organization("江苏省质量管理协会", ("苏质协",), 4),)


def test_a_definition_vouches_for_the_name_before_it():
    assert organizations("阿木尔机械（以下简称“阿机”）复产。阿机开工。") == (
        Organization("阿木尔机械", ("阿机",), 3),
    )


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("新疆维吾尔自治区质量协会", "新疆质协"),
        ("新疆维吾尔自治区质量协会", "新疆质量协会"),
        ("江苏省质量管理协会", "江苏质协"),
        ("江苏省质量管理协会", "江苏省质协"),
        ("云州省质量协会", "云州质协"),
        ("中国质量协会", "中国质协"),
        ("江苏宁沪高速公路无锡管理处", "宁沪高速公路无锡管理处"),
    ],
)
def test_usual_short_names_need_no_definition(full, short):
    found = organizations(f"{full}：{TEXT}", f"{short}：{TEXT}", f"来自{short}的消息。")
    assert found == (Organization(full, (short,), 3),)


def test_a_well_known_short_name_alone_means_the_full_one():
    assert organizations("中国质协发出公开信。") == (
        Organization("中国质量协会", ("中国质协",), 1),
    )


def test_a_short_name_that_could_mean_two_bodies_means_neither():
    found = names("江苏省质量协会、江苏省质量管理协会开会。", "江苏质协开会。")
    assert found == ["江苏省质量协会", "江苏省质量管理协会", "江苏质协"]


def test_the_rank_alone_means_the_one_body_of_that_rank():
    text = "上海市质协召开大会。市质协将做好服务，发挥市质协的作用。全市质协系统行动起来。"
    assert organizations(text) == (Organization("上海市质协", ("市质协",), 3),)


def test_most_mentioned_come_first_then_the_first_named():
    found = organizations("南京大学、江苏大学、江苏大学、浙江大学。")
    assert [(body.name, body.count) for body in found] == [
        ("江苏大学", 2), ("南京大学", 1), ("浙江大学", 1),
    ]  # fmt: skip


def test_names_are_shown_as_written_and_compared_as_folded():
    assert names("江蘇省質量管理協會召開會議。", "江苏省质量管理协会召开会议。") == [
        "江蘇省質量管理協會"
    ]
