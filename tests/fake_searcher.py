"""A searcher without an index: plain inspection of a few bulletins that we wrote."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice

from indexer.answer import (
    Alike,
    Appearance,
    Completion,
    Concordance,
    FacetCount,
    KwicLine,
    Relatives,
    Reprint,
    SearchHit,
    SearchRequest,
    SearchResult,
    Shared,
    Snippet,
    Suggestion,
    Tally,
    Trend,
)
from indexer.bulletin import Block, Bulletin, IssueNumber, Kind, Organization, Section, Source
from indexer.language import Notice, Sentence
from indexer.schema import FACET_NAMES, FACETS, NONE

P, H, M = Kind.PARAGRAPH, Kind.HEADING, Kind.MASTHEAD


def make(id: str, number: int | None, date: str, title: str, *body: Block, series="云岭质量简报"):
    """Return a bulletin with a masthead, `body` and a distribution block."""
    label = f"第{number}期" if number else ""
    publisher = "云岭省质量促进会办公室" if date else ""
    head = [Block(series, M), Block(label, M), Block(f"{publisher}　{_chinese(date)}", M)]
    blocks = [
        *[block for block in head if block.text.strip()],
        Block(title, Kind.TITLE),
        *body,
        Block("报送：云岭省市场管理厅", Kind.DISTRIBUTION),
        Block("抄送：各市质量促进会、各会员单位", Kind.DISTRIBUTION),
    ]
    bodies = {
        name: 2
        for block in blocks
        for name in re.findall("青屿市质量协会|白鹭钢铁公司", block.text)
    }
    return Bulletin(
        id=id,
        source=Source(f"云岭/{id}.txt", "text/plain", "gb18030", "0f" * 32, 4096),
        title=title,
        blocks=tuple(blocks),
        sections=tuple(_sections(blocks)),
        series=series,
        issue=IssueNumber(number, label) if number else None,
        date=date,
        publisher=publisher,
        organizations=tuple(
            Organization(name, ("青屿质协",) if "青屿" in name else (), count)
            for name, count in bodies.items()
        ),
        distribution={"报送": ("云岭省市场管理厅",), "抄送": ("各市质量促进会", "各会员单位")},
        notices=() if number else (Notice("no_issue", Sentence("没有期号。", "No issue number.")),),
        furniture=("- 2 -",),
    )


def _chinese(date: str) -> str:
    units = zip(date.split("-"), "年月日", strict=False) if date else ()
    return "".join(f"{int(number)}{unit}" for number, unit in units)


def _sections(blocks):
    starts = [0, *(n for n, block in enumerate(blocks) if block.kind is H)]
    for start, stop in zip(starts, [*starts[1:], len(blocks)], strict=True):
        yield Section(blocks[start].text if start else "", start, stop)


LONG = (
    "为帮助会员单位有序安全地复工复产，协会多方联系口罩等防疫物资厂家，解决燃眉之急，"
    "又利用公众号和会员群及时发布复工指南，回答企业的提问，为早日恢复经营提供有力保障。"
)
HOSTILE = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'{{7*7}}</mark>\u2028&amp;"

COMPLETIONS = (
    ("复工复产", "phrase", 3, "fugongfuchan"),
    ("复工指南", "phrase", 1, "fugongzhinan"),
    ("青屿市质量协会", "organization", 3, "qyszlxh"),
    (HOSTILE, "title", 1, "alert"),
)

SAMPLES = (
    make(
        "b-000000000027",
        27,
        "2020-03-18",
        "齐心协力，助力复工复产",
        Block("近日，云岭省各级质量协会积极行动，一手抓防疫，一手抓质量，服务企业复工复产。"),
        Block("青屿市质量协会：培训不停步", H, level=2),
        Block(LONG),
        Block("图1 青屿市质量协会举办线上培训", Kind.CAPTION),
        Block("一、线上培训。开设全面质量管理、QC 小组活动等公益课程十九期，三千余人参加。"),
        Block("白鹭钢铁公司：质量提升与复工两不误", H, level=2),
        Block(
            "白鹭钢铁公司党员带头，分班错峰，二月底全面复工复产，产品一次合格率达到百分之九十九点六。"
        ),
        Block("序号\t班组\t合格率", Kind.ROW),
        Block("1\t炼钢一班\t99.6%", Kind.ROW),
        Block("2\t轧钢二班\t99.2%", Kind.ROW),
    ),
    make(
        "b-000000000026",
        26,
        "2020-03-12",
        "质量月活动筹备情况",
        Block("青屿市质量协会召开筹备会，研究质量月活动方案，提出“人人讲质量”的口号。"),
    ),
    make(
        "b-000000000008",
        8,
        "2020-02-14",
        "抗击疫情，质量人在行动（一）",
        Block("青屿市质量协会募集口罩两万只，支援一线，并为企业复工准备防护手册。"),
    ),
    make("b-00000000none", None, "", "工作要点", Block("围绕复工复产，做好质量服务。"), series=""),
    make(
        "b-0000000000ff",
        66,
        "2021-05-01",
        HOSTILE,
        Block(f"{HOSTILE}栏目", H, level=2),
        Block(f"危险的文字：{HOSTILE}到此为止。"),
        series=HOSTILE,
    ),
)


def _values(bulletin: Bulletin, facet: str) -> tuple[tuple[str, str], ...]:
    """Return values and labels of a facet."""
    if facet == "issue":
        found = bulletin.issue and ((str(bulletin.issue.number), bulletin.issue.label),)
    elif facet == "org":
        return tuple((body.name, body.name) for body in bulletin.organizations)
    elif facet == "year":
        found = bulletin.date and ((bulletin.date[:4], bulletin.date[:4]),)
    else:
        value = getattr(bulletin, facet)
        found = value and ((value, value),)
    return found or ((NONE, ""),)


def _shared(one: Bulletin, other: Bulletin) -> tuple[Shared, ...]:
    """Return the blocks of running text that two bulletins have in common."""
    places = {block.text: n for n, block in enumerate(other.blocks) if block.kind is P}
    return tuple(
        Shared(text, ((n, 0, len(text)),), ((places[text], 0, len(text)),))
        for n, text in enumerate(block.text for block in one.blocks)
        if text in places
    )


@dataclass
class FakeSearcher:
    """Finds white-space parted words by `in`.  `searches` is every request that came."""

    generation: str = "000012"
    bulletins: tuple[Bulletin, ...] = SAMPLES
    searches: list[SearchRequest] = field(default_factory=list)
    closed: bool = False

    @property
    def count(self) -> int:
        return len(self.bulletins)

    def close(self) -> None:
        self.closed = True

    def bulletin(self, id: str) -> Bulletin | None:
        return next((b for b in self.bulletins if b.id == id), None)

    def mentioned(self, bulletin):
        return (Organization("恒江仪表厂", (), 3), Organization("甲<b>乙公司", (), 1))

    def relatives(self, bulletin):
        """All that have their first paragraphs in common, and those of the same series."""
        others = [b for b in self.bulletins if b is not bulletin]
        facts = ("id", "title", "series", "issue", "date", "publisher")
        named = [(b, {name: getattr(b, name) for name in facts}) for b in others]
        return Relatives(
            tuple(Alike(**name, likeness=0.5) for b, name in named if b.series == bulletin.series),
            tuple(
                Reprint(**name, order="earlier", passages=shared)
                for b, name in named
                if (shared := _shared(bulletin, b))
            ),
        )

    def shared_marks(self, bulletin, other):
        return {n: ((start, stop),) for s in _shared(other, bulletin) for n, start, stop in s.there}

    def marks(self, bulletin, request):
        assert not self.closed
        found = {n: _ranges(block.text, request.text) for n, block in enumerate(bulletin.blocks)}
        return {n: ranges for n, ranges in found.items() if ranges}

    def search(self, request: SearchRequest) -> SearchResult:
        assert not self.closed
        self.searches.append(request)
        matching = [b for b in self.bulletins if self._has(b, request.text)]
        chosen = [b for b in matching if self._fits(b, request, but="")]
        chosen.sort(key=lambda b: b.date, reverse=request.sort != "oldest")
        start = (request.page - 1) * request.size
        return SearchResult(
            request=request,
            understood=request.text,
            generation=self.generation,
            total=len(chosen),
            hits=tuple(self._hit(b, request) for b in chosen[start : start + request.size]),
            facets={name: self._counts(matching, request, name) for name in FACET_NAMES},
            notices=(Notice("note", Sentence("按原样查找。", "Taken as it is."), 0),)
            if "(" in request.text
            else (),
            suggestions=()
            if chosen or not request.text
            else (Suggestion(Sentence("改查“复工”", "Try 复工"), SearchRequest("复工"), 4),),
            corrections=(
                Suggestion(
                    Sentence("您要找的是不是：复工复产", "Did you mean 复工复产"),
                    replace(request, text="复工复产"),
                    3,
                ),
            )
            if request.text == "复工付产"
            else (),
            took_ms=1.94,
        )

    def lines(self, request):
        """Yield every line, of bulletins that have all the words."""
        for b in self.bulletins:
            for n, ranges in self.marks(b, request).items() if self._has(b, request.text) else ():
                text, label = b.blocks[n].text, b.issue.label if b.issue else ""
                for start, stop in ranges:
                    where = (b.id, b.title, b.date, label, n + 1)
                    yield KwicLine(*where, text[:start], text[start:stop], text[stop:])

    def concordance(self, request, order, page, size):
        found = list(self.lines(request)) if request.text else []
        read = len({line.id for line in found})
        window = found[(page - 1) * size : page * size]
        return Concordance(tuple(window), len(found), read, read)

    def trends(self, request):
        return tuple(map(self._trend, request.text.split()))

    def _trend(self, word):
        found = [b for b in self.bulletins if any(word in block.text for block in b.blocks)]
        by = {name: Counter(v for b in found for v, _ in _values(b, name)) for name in FACET_NAMES}
        by["month"] = Counter(b.date[:7] for b in found if b.date)
        ends = sorted((b for b in found if b.date), key=lambda b: b.date)
        return Trend(
            word,
            Tally(len(found), len(found)),
            {name: {v: Tally(n, n) for v, n in counted.items()} for name, counted in by.items()},
            *(Appearance(b.id, b.title, b.date) for b in (ends[:1] + ends[-1:])),
            *(() if ends else (None, None)),
        )

    def complete(self, text: str, limit: int) -> tuple[Completion, ...]:
        """Complete the last term by the names below, as Han or as initials."""
        assert not self.closed
        before, _, term = text.rpartition(" ")
        lead = before + " " if before else ""
        found = (
            Completion(name, kind, count, lead + name, ((0, len(term)),))
            for name, kind, count, initials in COMPLETIONS
            if term and (name.startswith(term) or initials.startswith(term.replace("'", "")))
        )
        return tuple(islice(found, limit))

    def _has(self, bulletin, text):
        return all(any(word.strip('"') in b.text for b in bulletin.blocks) for word in text.split())

    def _fits(self, bulletin, request, but):
        within = (not request.since or bulletin.date >= request.since) and (
            not request.until or bulletin.date[: len(request.until)] <= request.until
        )
        return within and all(
            any(value in values for value, _ in _values(bulletin, name))
            for name, values in request.chosen.items()
            if name != but
        )

    def _counts(self, matching, request, name):
        absent = next(facet.absent for facet in FACETS if facet.parameter == name)
        counts: dict[tuple[str, str], int] = {}
        for b in matching:
            if self._fits(b, request, but=name):
                for value in _values(b, name):
                    counts[value] = counts.get(value, 0) + 1
        return tuple(
            FacetCount(
                value,
                absent if value == NONE and absent else Sentence(label, label),
                count,
                value in request.chosen.get(name, ()),
            )
            for (value, label), count in sorted(counts.items(), key=lambda item: -item[1])
        )

    def _hit(self, bulletin, request):
        found = self.marks(bulletin, request) if request.text else {}
        body = [n for n in found if bulletin.blocks[n].kind in (P, Kind.ROW)]
        return SearchHit(
            id=bulletin.id,
            title=bulletin.title,
            series=bulletin.series,
            issue=bulletin.issue,
            date=bulletin.date,
            publisher=bulletin.publisher,
            organizations=tuple(body.name for body in bulletin.organizations),
            score=7.31,
            unbroken=any(request.text in block.text for block in bulletin.blocks),
            snippets=tuple(
                Snippet(bulletin.section_of(n).heading, n + 1, bulletin.blocks[n].text, found[n])
                for n in islice(body, 3)
            ),
            title_marks=_ranges(bulletin.title, request.text),
        )


def _ranges(text: str, query: str) -> tuple[tuple[int, int], ...]:
    words = "|".join(map(re.escape, sorted(query.split(), key=len, reverse=True)))
    return tuple(match.span() for match in re.finditer(words, text)) if words else ()
