"""Who issues it, and in which series?  全国质协系统抗击疫情工作简报, 中国质量协会宣传部."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import Final

from indexer.metadata.confidentiality import CONFIDENTIALITY
from indexer.metadata.dates import DATE
from indexer.metadata.document_number import DOCUMENT_NUMBER
from indexer.metadata.issue import ISSUE
from indexer.metadata.wording import HAN, closed_up, common, has_words, plain

LONGEST: Final = 40
"""Characters of the name of a series or a publisher."""

_SHORT: Final = 3
_LONGEST_LINE: Final = 200
"""Characters of a line that are looked at; no masthead line is longer."""

_SERIES_ENDS = (
    "简报|快报|通讯|动态|周报|月报|旬报|日报|季报|年报|专报|要报|情况反映|信息|资讯|快讯|简讯|导报|公报|公告"
    "|通报|周刊|月刊|旬刊|季刊|半月刊|双月刊|会刊|内刊|院刊|校刊|内参|参考|摘编|文摘|要情|要闻|纪要"
    "|专刊|专辑|特刊|参阅|调研|工作交流|大事记|动向|进展|Weekly|Monthly|Newsletter|Bulletin"
)
_SERIES = re.compile(rf"(?:{_SERIES_ENDS})$", re.IGNORECASE)
_HEADLINE_WORDS = re.compile(r"关于|[的了]|[,。!?;:]")
_BARE_SERIES = re.compile(rf"(?:工作)?(?:{_SERIES_ENDS})|(?:专题|办公|党组|常务|工作)会议纪要")

_BODY_ENDS = (
    "[协学]会|红十字会|妇联|残联|校友会|学生会|联谊会|筹委会|商会|公会|联合会|促进会|研究会|基金会|理事会|委员会|居委会|村委会|总会|分会|公司|集团|厂|店|社|委"
    "|[总分]?局|[厅部署院所处科室组办队站馆司台]|中心|大学|学校|银行|医院|法院|检察院|政府|团委|党委|工会"
    "|支部|总支|联盟|平台|实验室|工作室|编辑部|指挥部"
)
_BODY = re.compile(rf"(?:{_BODY_ENDS})$")
_BODY_LETTERS = re.compile(rf"[{HAN}A-Za-z0-9()·、\s-]{{3,{LONGEST}}}")
_LABEL = re.compile(
    r"(?:(?:主办|编发|编印|编制|印发|发布|承办|出版)\s?(?:单位|部门|机关|机构)?"
    r"|(?:主编|编辑|编写)\s?(?:单位|部门))\s?:\s?"
)
_SOURCE = re.compile(r"(?:来源|发布机构|信息来源|供稿)\s?:\s?(?P<body>\S{1,40})")
_SAID_AFTER = re.compile(r"\s{0,8}(?:主办|主编|编发|编印|编制|编辑|编写|印制|印发|编)\s{0,8}$")
_FREQUENCY = r"(?:双月|半月|月|季|周|旬|年)刊|企业内刊|内刊|[春夏秋冬]季(?:刊|号)"
_FILLER: Final = re.compile(
    rf"[（(](?:{_FREQUENCY}|试刊)[)）]|^\W{{0,4}}(?:{_FREQUENCY})(?=\s|·|$)|^(?:(?:19|20)[0-9]{{2}}年)?[春夏秋冬]季[刊号]"
    r"|[（(]?第\s?[0-9一二三四五六七八]{1,2}\s?版[)）]?|农历\w{3,12}|(?:第?[0-9]{1,3}卷|Vol\.?\s?[0-9]{1,3})"
    r"|(?:(?:19|20)[0-9]{2}\s?[-—–~]{1,2}\s?)?(?:19|20)[0-9]{2}\s?学年度?\s?第?[一二上下12]\s?学期"
    r"|(?:^|(?<=\s)|(?<=[0-9〇一二三四五六七八九十][月年]))(?:增刊|特刊|专刊|合刊)$|[（(【\[](?:增刊|特刊|专刊|合刊)[)）】\]]|^\W{0,4}(?:19|20)[0-9]{2}\s?年\W{0,4}$|【(?:19|20)[0-9]{2}】"
)
"""What stands beside issue and date and says nothing more: （双月刊）, 第 3 版, 农历腊月廿三."""
_ISSUED = re.compile(r"[(]?(?:印发|发布|印制|通过|修订)[)]?")
_TIME_OF_DAY = re.compile(r"[0-2]?[0-9]:[0-5][0-9]")
_SITE = re.compile(r"\s{1,8}[-—–_|｜]+\s{1,8}|\s{0,8}[—_|｜]{1,2}\s{0,8}")


def series_of(line: str) -> str:
    """Return the name of a series when a line of the masthead is one, issue and date aside."""
    name = _without_numbers(line)
    written = plain(name)
    if not 2 <= len(name) <= LONGEST or _HEADLINE_WORDS.search(written):
        return ""
    return name if _SERIES.search(written) else ""


def is_name(line: str) -> bool:
    """Say whether a line may be the name of a series by its place: no sentence, no body."""
    name = name_of(line)
    return len(name) > 1 and not _HEADLINE_WORDS.search(plain(name)) and not is_body(name)


def name_of(line: str) -> str:
    """Return the name of a series that a line is, without its date and book marks."""
    return _without_numbers(line).strip("《》")


def series_before_issue(line: str) -> str:
    """Return what stands before the issue in a line that holds both: 瞭望台 in 瞭望台第2期."""
    match = ISSUE.search(plain(line))
    before = re.split(r"[|｜丨]", line[: match.start()].rstrip(" |｜丨·")) if match else [""]
    name = _without_numbers(before[-1])
    if not 2 <= len(name) <= LONGEST or _HEADLINE_WORDS.search(plain(name)) or "》" in name:
        return ""
    return name if len(re.findall(r"\w", name)) >= 2 else ""


def find_series(lines: Sequence[str], title: str) -> str:
    """Return the series that the masthead names, else the one a headline begins with."""
    own = [line for line in lines if not _byline(line)]  # a web page's account is no series
    for n, line in enumerate(own):
        if name := series_of(line):
            above = closed_up(own[n - 1]) if n and is_bare_series(name) else ""
            return above + name if _goes_on(above) else name
    candidates = (*own, title)
    before = next((name for line in candidates if (name := series_before_issue(line))), "")
    return before or (series_of(title) if DATE.search(plain(title)) else "")


def is_bare_series(line: str) -> bool:
    """Say whether a line is only 简报 or 工作简报, the second half of a name."""
    return _BARE_SERIES.fullmatch(plain(series_of(line))) is not None


def _goes_on(above: str) -> bool:
    """Say whether the line above 简报 is the first half of the series' name."""
    return bool(above) and len(above) <= LONGEST and above == _without_numbers(above)


def find_publisher(lines: Sequence[str]) -> str:
    """Return the body that the masthead says it is issued by.

    What is labelled counts first, then what stands beside a date; of bodies alone in their lines
    the last one, since the issuing office stands below its organization.
    """
    dated = [line for line in lines if DATE.search(plain(line))]
    readings = (
        (_labelled, lines),
        (_byline, dated),
        (_red_head, _joined_heads(lines)),
        (_named, dated),
        (_named, lines[::-1]),
        (_source, lines),
    )
    names = (read(line) for read, among in readings for line in among)
    return next((name for name in names if name), "")


def _joined_heads(lines: Sequence[str]) -> list[str]:
    """Return the lines that head an official document, each with a body in the line above it."""
    heads = []
    for n, line in enumerate(lines):
        if _red_head(line):
            above = lines[n - 1] if n and is_body(lines[n - 1]) else ""
            heads.append(above.strip() + line)
    return heads


def _red_head(line: str) -> str:
    """Return the body in 云州能源集团安全质量部文件, the head of an official document."""
    name = closed_up(line).removesuffix("文件")
    return name if plain(line).rstrip().endswith("文件") and is_body(name) else ""


def site_of(title: str) -> str:
    """Return the body that a web page's title names behind the headline: 会见 — 外交部."""
    parts = _SITE.split(title)
    return parts[-1].strip() if len(parts) > 1 and is_body(parts[-1].strip()) else ""


def before_site(title: str) -> str:
    """Return what a web page's title says before the site, whatever the site is."""
    return _SITE.split(title)[0].strip()


def headline_of(title: str) -> str:
    """Return a declared title without the site."""
    return before_site(title) if site_of(title) else title.strip()


def is_body(text: str) -> bool:
    """Say whether a line is the name of a body, by its ending."""
    name = plain(text).strip()
    return _BODY_LETTERS.fullmatch(name) is not None and _BODY.search(name) is not None


def publisher_in(line: str) -> str:
    """Return the body that a line of the masthead names beside its date and issue, or nothing."""
    return _labelled(line) or _byline(line) or _red_head(line) or _named(line)


def _labelled(line: str) -> str:
    match = _LABEL.search(plain(line))
    if not match:
        return ""
    rest = re.split(r"\s{2,}|\t|[;；]", line[match.end() :].strip(), maxsplit=1)[0]
    name = _without_numbers(rest)
    return name if 2 <= len(name) <= LONGEST else ""


def _named(line: str) -> str:
    name = _cleared(line)
    said = _SAID_AFTER.search(plain(name))
    name = _each_body(name[: said.start()] if said else name)
    return name if is_body(name) and not _HEADLINE_WORDS.search(plain(name)) else ""


def _each_body(names: str) -> str:
    """Return names of bodies closed up, a space left between two whole ones."""
    several = re.split(r"\s+", names.strip(" |｜"))
    whole = len(several) > 1 and all(len(name) > _SHORT and is_body(name) for name in several)
    return " ".join(several) if whole else closed_up(names.strip(" |｜"))


def _byline(line: str) -> str:
    """Return the account of a web page's byline: the last word before a date with the hour."""
    match = DATE.search(plain(line))
    if not match or not _TIME_OF_DAY.search(match[0]):
        return ""
    words = line[: match.start()].split()
    return words[-1] if words and len(words[-1]) <= LONGEST else ""


def _source(line: str) -> str:
    match = _SOURCE.search(plain(line))
    return line[match.start("body") : match.end("body")] if match else ""


def _without_numbers(line: str) -> str:
    """Return a line without its issue, date, document number and the marks around them."""
    return closed_up(_cleared(line))


@functools.lru_cache(maxsize=512)
def _cleared(line: str) -> str:
    """Return the same with its spaces; the lines of a masthead are asked for again and again."""
    line = common(line[:_LONGEST_LINE])
    for pattern in (DOCUMENT_NUMBER, CONFIDENTIALITY, ISSUE, DATE, _FILLER):
        line = _cut(pattern, line)
    line = re.sub(r"[（(【\[〔]\s{0,8}[）)】\]〕]", " ", line)
    return _without_ornaments(line)


def _without_ornaments(line: str) -> str:
    start, stop = 0, len(line)
    while start < stop and not (line[start].isalnum() or line[start] in "(（"):
        start += 1
    while start < stop and not (line[stop - 1].isalnum() or line[stop - 1] in ")）"):
        stop -= 1
    return line[start:stop]


def _cut(pattern: re.Pattern[str], line: str) -> str:
    """Return `line` without what `pattern` matches in its plain writing."""
    written = plain(line)
    if not pattern.search(written):
        return line
    kept: list[str] = []
    at = 0
    for match in pattern.finditer(written):
        kept.append(line[at : match.start()])
        at = match.end()
    return " ".join((*kept, line[at:]))


def left_over(lines: Iterable[str]) -> bool:
    """Say whether anything is left of lines that are cleared of numbers and dates."""
    rests = (_without_numbers(line) for line in lines)
    return any(has_words(rest) and not _ISSUED.fullmatch(plain(rest)) for rest in rests)
