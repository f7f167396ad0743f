"""Which words end, open, fill or break off the name of a body in running text?

The words of `running_text`, more generous than those of `body_words`.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.metadata.body_words import CORE_WORDS

_HEADS = (
    "公司|集团|银行|[支分]行|大学|学院|学校|小学|中学|[一二三]中|幼儿园|院|协会|学会|商会|[工总分公]会|联合会"
    "|促进会|研究会|基金会|联谊会|理事会|委员会|常委会|安理会|议会|国会|证监会|奥委会|居委会|政府|当局"
    "|[省市县区地党团纪体教科经计]委|局|厅|部|办公室|[办代]事处|代表处|处|社|台|研究所|派出所|交易所|检验所"
    "|事务所|所|中心|厂|矿|农场|林场|商场|站|队|解放军|[海空陆]军|军区|集团军|武警|团|俱乐部|馆|饭店|酒店|书店"
    "|商店|党|联盟|联合国|人大|政协|书记处|党组|党校|司令部|实验室|株式会社|法庭"
)
_NO_HEADS = """
干部 全部 内部 外部 社会 车站 火车站 政党 到处 各处 家庭 中部 西部 东部 南部 北部
大部 东北部 西北部 西南部 东南部 中西部 东中西部 好处 坏处 用处 住处 益处 长处 之处
处处 四处 舞台 上台 下台 出台 平台 讲台 阳台 柜台 灶台 炮台 看台 月台 格局 布局
大局 结局 全局 时局 战局 开局 残局 僵局 政局 客厅 餐厅 舞厅 大厅 场所 厕所 住所
寓所 哨所 加油站 排队 乐队 细部 局部 头部 腰部 中小学 大中小学 庭院 院校 部 处 所
台 社 音乐厅 部队 军队 电站 核电站 水电站 西站 入口处 同台 地处 深处 查处 出局
登台 搭台 拳台 站 党 市中心 党和政府 两国政府 联合政府 党委政府 特区政府 自治政府
人民军队 上市公司 新建学校 两大集团 入党 建党 全党 团队 车队 舞会 科研院所 驻京部队
"""
_HEAD: Final = re.compile(rf"(?:{_HEADS})$")
_NO_HEAD: Final = frozenset(_NO_HEADS.split())
_NO_ENDING: Final = re.compile(
    r"(?:舞台|干部|场所|[深到之随]处|全局|腹部|[中东西南北]部|[一二两三]国|运动队员|有所|全党)$"
)

AFTER_NAME: Final = frozenset(("军队", "部队", "部", "委", "电站", "核电站", "水电站"))
"""Words that end a name only when they stand right behind its first word: 约旦军队."""

LIKELY: Final = re.compile(r"(?:公司|集团|厂|队|银行|大学|学院|饭店|酒店)$")
"""Endings before which a rare word is a name: 步长公司."""

KNOWN: Final = re.compile(
    "(?:外交|公安|农业|铁道|统战|民政|邮电|文化|人事|财政|卫生|水利|林业|司法|国家安全|安全|建设|交通|电子|劳动|监察"
    "|国防|冶金|内政|内务|高教|石油|航天|电力|机械|化工|煤炭|教育|商务|科技|地质|工信|商业|外经贸|内贸|广电|总政治"
    "|总后勤|总参谋|组织|宣传|对外贸易经济合作|国内贸易|应急管理|生态环境|自然资源|农业农村|交通运输"
    "|人力资源和社会保障|住房和城乡建设|工业和信息化)部(?![长门署落分件位队级委里])"
    "|大藏省|通产省|外务省|中共中央政治局|中共中央|党中央|中央军委|团中央|共青团|国务院|联合国|欧佩克"
    "|新华社|[美澳]联社|法新社|路透社|塔斯社|[俄越利阿中]通社|俄新社"
)
"""Organs of state and agencies that no place name opens."""

OPENERS: Final = frozenset(("全国", "国家", "中央", "世界", "国际", "中华", "最高", "中共", "亚太"))
"""Common words that open names, and those of them that need more than an ending after them."""
_NEEDS_MORE: Final = frozenset(("全国", "国家", "世界", "国际"))
_ENOUGH: Final = frozenset(
    (
        "政协",
        "人大",
        "委员会",
        "总工会",
        "工商联",
        "妇联",
        "税务局",
        "气象台",
        "电视台",
        "纪委",
        "军委",
        "教委",
        "体委",
        "科委",
        "党校",
    )
)

_NO_OPENING: Final = re.compile(
    r"(?:外国|城市|农村|多国|新建|加盟|驻[京港]|左翼|右翼|抗议|荣誉|健全|建立健全|世界杯|南极|北极|海外|境外|内地|沿海|西方"
    r"|(?:[两三四五几各家]|数)大|几[所家]|一[个家].*|[这那某各每该本]\w?)"
)
"""Words of the dictionary's places and persons that name none."""

INSIDE: Final = frozenset(
    (
        "n",
        "vn",
        "j",
        "b",
        "ns",
        "nz",
        "nt",
        "nr",
        "nrt",
        "nrfg",
        "x",
        "eng",
        "an",
        "ng",
        "l",
        "s",
        "a",
    )
)
"""Word classes that stand in a name; `x` is a word that is in no dictionary, `eng` a Latin one."""

_PERSON = re.compile(
    r"(?:长|总理|主席|总统|首相|书记|记者|员|主任|代表|教授|专家|学者|同志|先生|发言人|领导|干部|群众|常委|政委"
    r"|总裁|大臣|家|者|人|们|民|方)$"
)
_GROUPS: Final = frozenset(
    ("残疾人", "老人", "工程师", "企业家", "艺术家", "书法家", "作家", "消费者", "读者", "青年人")
)
_FUNCTION = re.compile(
    "[的了是在和与为被把这那有届日月年图报原由据向对从及等以驻不]|[讯电]$|^[第各本曾现诸后迎]|会见|参加|主张|会同|委托|接受"
    "|上[午周]|下午"
)
_ACTIVITIES = """
开发 选举 扶贫 联合 认证 促进 保护 清洗 急诊 审计 出版 救治 移植 执行 包装 飞行 统计 应用 发射
装卸 强化 招生 编审 编辑 采矿 采购 宣教 运输 维修 维护 修理 修造 制造 监理 监测 监督 监察 检测
检验 检疫 检察 测量 测绘 勘察 勘测 勘探 勘查 设计 规划 管理 经营 投资 信托 担保 租赁 保险 保障
贸易 进出口 批发 零售 广告 印刷 印染 加工 养殖 种植 饲养 繁育 育种 防治 防疫 预防 治疗 康复 急救
救援 救助 救济 救护 消防 抗旱 防汛 防洪 防空 抗震 安置 就业 培训 教育 进修 研究 研制 试验 实验
推广 咨询 评估 评审 评价 评选 鉴定 仲裁 调解 调查 考试 考察 发展 建设 建筑 建造 安装 装饰 装修
施工 疏浚 航运 客运 货运 储运 储备 仓储 物流 配送 供应 供销 供电 供水 供热 排水 给水 发电 输电
通信 通讯 广播 播音 演出 表演 展览 交流 合作 协作 协调 服务 接待 旅游 游览 娱乐 体育 健身 举重
游泳 射击 摔跤 拳击 滑冰 交易 清算 结算 拍卖 典当 开采 冶炼 炼钢 炼油 轧钢 纺织 制药 制造业 酿酒
造纸 造船 织造 复员 退伍 转业 安全 组织 宣传 统战 文教 外事 侨务 信访 立法 司法 执法 裁军 维和
驻华 访华 赴京 慈善 募捐 捐助 改革 开放 试点 治理 整治 绿化 造林 护林 灌溉 播种 收割 录音 录像
摄影 摄制 制片 创作 翻译 编译 发行 分行 支行 促进会 研讨 教研 科研 助残 禁毒 缉私 缉毒 打捞 救生
搜救 反恐 反贪 招商 引资 开垦 拓殖 移民 侨联 妇联 环保
"""
_ACTIVITY: Final = frozenset(_ACTIVITIES.split())
_CORE = "|".join(
    sorted(
        (*CORE_WORDS, "特区", "两国", "武警", "联邦", "高级", "中级", "新", "中介", "音乐"),
        key=len,
        reverse=True,
    )
)
_COMMON = re.compile(
    rf"^(?:{_CORE})*+(?:公司|集团|银行|大学|学院|医院|协会|学会|商会|法院|检察院|政府|联盟|中心|委员会|党|部|军|部队"
    "|军队|队|局|中学|学校|代表团|支部|组织|出版社|书店|商店|常委会|音乐会|福利院)"
)


def is_head(word: str) -> bool:
    """Say whether a word ends the name of a body."""
    return word not in _NO_HEAD and not _NO_ENDING.search(word) and _HEAD.search(word) is not None


def is_person(word: str) -> bool:
    """Say whether a word means a person or the office of one; groups that form bodies aside."""
    return word not in _GROUPS and _PERSON.search(word) is not None


def is_function(word: str) -> bool:
    """Say whether a word holds a grammatical character, or opens what is counted or dated."""
    return _FUNCTION.search(word) is not None


def is_no_opening(word: str) -> bool:
    """Say whether a word opens no name though the dictionary takes it for a place or person."""
    return _NO_OPENING.fullmatch(word) is not None


def is_activity(word: str) -> bool:
    """Say whether a verb is what bodies are named after: 开发 in 国家开发银行."""
    return word in _ACTIVITY


def is_common(name: str) -> bool:
    """Say whether a name is only a common noun: 商业银行, 两国政府."""
    return _COMMON.fullmatch(name) is not None


def is_too_little(opening: str, rest: str) -> bool:
    """Say whether a common opening and an ending make no name yet: 国际公司, but 全国政协."""
    return opening in _NEEDS_MORE and rest not in _ENOUGH
