"""How does an answer look on a terminal?  Text with coloured marks, Chinese first."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

from indexer.answer import Explanation, SearchHit, SearchResult
from indexer.build_report import BuildReport, FileReport
from indexer.bulletin import Bulletin, Kind
from indexer.certificate import Certificate, Quotation
from indexer.coverage import Numbering, Run, coverage_of
from indexer.errors import JianbaoError, refusal
from indexer.schema import FACETS

_MARK, _DIM, _BOLD, _END = "\x1b[1;31m", "\x1b[2m", "\x1b[1m", "\x1b[0m"
_SHOWN_VALUES = 8
_SHOWN_FAILURES = 20
_MOST_LINES = 50
"""Files of a kind that an update names."""
_BREAKS = "\n\t\r\u2028\u2029"


def answer(result: SearchResult, *, colour: bool) -> Iterator[str]:
    """Yield the lines of an answer.  Without `colour`, marks are 【…】."""
    for notice in result.notices:
        yield _styled(str(notice.sentence), _DIM, colour)
    for correction in result.corrections:
        yield f"→ {correction.sentence}: {correction.total}"
    for other in result.expansions:
        if other.used and other.total:
            said = f"也找 also: {other.typed} → {other.shown} ({other.total})"
            yield _styled(_clean(said), _DIM, colour)
    first = (result.request.page - 1) * result.request.size + 1
    yield f"共 {result.total} 期 · {result.total} bulletins · {result.took_ms:.1f} ms"
    for number, hit in enumerate(result.hits, first):
        yield ""
        yield from _hit(number, hit, colour)
    yield ""
    yield from _facets(result, colour)
    for suggestion in result.suggestions:
        yield f"→ {suggestion.sentence}: {suggestion.total}"


def explanation(found: Explanation) -> Iterator[str]:
    """Yield the lines that say why a bulletin is in an answer, or why not."""
    hit = f"第 {found.rank} 条 number {found.rank}"
    place = hit if found.rank else "不在结果里 not in the answer"
    yield ""
    yield f"{_clean(found.title)} ({found.id}): {place}"
    for term in found.terms:
        sign = "✓" if term.wanted == term.holds else "✗"
        where = "、".join(f"{each.paragraph}×{each.count}" for each in term.places)
        said = f"第 {where} 段 paragraphs" if where else ("有 yes" if term.holds else "没有 no")
        yield f"  {sign} {'' if term.wanted else '-'}{_clean(term.text)}: {said}"
    for part in found.parts:
        names = {
            "run": f"“{part.text}” 连在一起 unbroken",
            "near": "相邻的字和单字 pairs and single characters",
            "age": f"较旧 older ({part.text or '未标日期 no date'})",
        }
        yield f"  {part.adds:+.3f} {_clean(names.get(part.kind, part.text))}"
    for way in found.ways_in:
        yield f"  → {way.sentence}: {way.total}"


def bulletin(found: Bulletin, *, colour: bool) -> Iterator[str]:
    """Yield the lines of a whole bulletin, as it was understood."""
    yield _styled(found.title, _BOLD, colour)
    issue = found.issue.label if found.issue else ""
    facts = (
        ("编号 id", found.id),
        ("系列 series", found.series),
        ("期号 issue", issue),
        ("文号 document number", found.document_number),
        ("日期 date", found.date),
        ("编发单位 publisher", found.publisher),
        ("作者 author", found.author),
        ("密级 confidentiality", found.confidentiality),
        ("文件 file", f"{found.source.path} ({found.source.encoding or found.source.media_type})"),
    )
    yield from (f"{name}: {_clean(value)}" for name, value in facts if value)
    for body in found.organizations:
        aliases = f"（{'、'.join(body.aliases)}）" if body.aliases else ""
        yield f"单位 organization: {_clean(body.name + aliases)} ×{body.count}"
    for section in found.sections:
        yield ""
        if section.heading:
            yield _styled(f"## {section.heading}", _BOLD, colour)
        for number, block in found.paragraphs(section):
            kind = "" if block.kind is Kind.PARAGRAPH else f" {_styled(block.kind, _DIM, colour)}"
            yield f"[{number}]{kind} {_clean(block.text)}"
    for kind, names in found.distribution.items():
        yield f"{_clean(kind)}: {_clean('、'.join(names))}"
    for notice in found.notices:
        yield _styled(f"! {notice.sentence}", _DIM, colour)


def error(raised: JianbaoError) -> str:
    """Return the one line that an error is."""
    return f"jianbao: {_clean(str(raised.sentence))}"


def report(built: BuildReport) -> Iterator[str]:
    """Yield the lines of a build's report: read, refused and why, what was not understood, and
    the issues of each series by year.
    """
    yield f"第 {built.generation} 代索引：读入 {built.read} 期，未读 {len(built.refused)} 个文件。"
    yield f"Generation {built.generation}: {built.read} read, {len(built.refused)} refused."
    yield from map(_refused, built.refused)
    yield from _wrong_corrections(built.files)
    examples = {notice.code: notice for file in built.files for notice in file.notices}
    for code, count in sorted(built.noticed().items()):
        yield f"  ! {code} ×{count}: {_clean(str(examples[code].sentence))}"
    yield from _grid(built)


def news(built: BuildReport) -> Iterator[str]:
    """Yield the lines of an update: what is new, changed and gone, and what could not be read."""
    found = built.changes
    if found is None:
        yield from report(built)
        return
    parts = ("+", found.new), ("~", found.changed), ("-", found.gone)
    new, changed, gone, refused = map(len, (*(files for _, files in parts), found.refused))
    yield (
        f"第 {built.generation} 代索引：共 {found.total} 期，"
        f"新增 {new}，改动 {changed}，去掉 {gone}；未读 {refused} 个文件。"
    )
    yield (
        f"Generation {built.generation}: {found.total} bulletins, "
        f"{new} new, {changed} changed, {gone} gone; {refused} files not read."
    )
    for sign, files in parts:
        yield from _shortened(f"  {sign} {_clean(file.path)}" for file in files)
    yield from _shortened(map(_refused, found.refused))
    yield from _shortened(_wrong_corrections(found.stating))
    yield "每个文件的情况：jianbao report。 About every file: jianbao report."


def _refused(file: FileReport) -> str:
    detail = f" ({_clean(file.detail)})" if file.detail else ""
    return f"  ✗ {_clean(file.path)}: {refusal(file.reason)}{detail}"


def _wrong_corrections(files: Iterable[FileReport]) -> Iterator[str]:
    for file in files:
        for notice in file.notices:
            if notice.code == "override_invalid":
                yield f"  ✎ {_clean(file.path)}: {_clean(str(notice.sentence))}"


def _shortened(lines: Iterable[str], most: int = _MOST_LINES) -> Iterator[str]:
    every = [*lines]
    yield from every[:most]
    if len(every) > most:
        yield f"  … +{len(every) - most:,}"


def certificate(drawn: Certificate) -> Iterator[str]:
    """Yield the lines of a draw: what was drawn and found, and what was not."""
    share = _percent(drawn.found, drawn.drawn)
    part = drawn.drawn_from < drawn.bulletins
    yield (
        f"逐字核验：抽取 {drawn.drawn:,} 条，找到 {drawn.found:,} 条（{share}）；"
        f"{f'时限已到，抽了 {drawn.drawn_from:,} 期，' if part else ''}共 {drawn.bulletins:,} 期，"
        f"{drawn.seconds:.1f} 秒，随机种子 {drawn.seed}。"
    )
    yield (
        f"Recall certificate: {drawn.drawn:,} drawn, {drawn.found:,} found ({share}); "
        f"{f'out of time after {drawn.drawn_from:,} of ' if part else ''}"
        f"{drawn.bulletins:,} bulletins, {drawn.seconds:.1f} s, seed {drawn.seed}."
    )
    lost = (("没有查到 not found", each) for each in drawn.missing)
    wrong = ((f"多查到了 wrongly found in {other}", each) for each, other in drawn.wrong)
    failed = [*lost, *wrong]
    yield from _shortened((_failure(what, each) for what, each in failed), _SHOWN_FAILURES)


def _failure(what: str, each: Quotation) -> str:
    place = f"{each.id} 第 {each.paragraph} 段第 {each.offset + 1} 字"
    return f"  ✗ {place} #p{each.paragraph}: “{_clean(each.text)}” {what}"


def _percent(part: int, whole: int) -> str:
    """Return a share that says 100% of everything alone, and - of nothing."""
    if not whole:
        return "-"
    return "100%" if part == whole else f"{part * 10_000 // whole / 100:.2f}%"


def _grid(built: BuildReport) -> Iterator[str]:
    absent = {facet.parameter: str(facet.absent) for facet in FACETS}
    for series in coverage_of(built):
        yield _clean(series.name) or absent["series"]
        for year in series.years:
            facts = _numbers(year.numbering)
            if year.unnumbered:
                facts.append(f"{absent['issue']} ×{len(year.unnumbered)}")
            yield f"  {_clean(year.year) or absent['year']}  {'  '.join(facts)}"
        if series.cumulative.issues:
            yield f"  总期号 cumulative  {'  '.join(_numbers(series.cumulative))}"


def _numbers(numbering: Numbering) -> list[str]:
    """Return what is there, what is missing, what is there twice, as far as there is any."""
    double = ", ".join(f"{issue.number}×{issue.bulletins}" for issue in numbering.duplicates)
    facts = (
        ("", _runs(numbering.present)),
        ("缺 missing ", _runs(numbering.gaps)),
        ("重 duplicate ", double),
    )
    return [f"{name}{value}" for name, value in facts if value]


def _runs(runs: Iterable[Run]) -> str:
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def report_csv(built: BuildReport) -> str:
    """Return the report as CSV for a spreadsheet: byte order mark, every cell quoted."""
    names = [name for name in FileReport.__slots__ if name not in ("notices", "inside")]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([*names, "notices"])
    for file in built.files:
        notices = " ".join(notice.code for notice in file.notices)
        writer.writerow([_cell(str(getattr(file, name))) for name in names] + [_cell(notices)])
    return "\ufeff" + out.getvalue()


def _cell(value: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    value = value.replace("\0", "")
    return f"'{value}" if value[:1] in tuple("=+-@\t\r\n＝＋－＠") and value else value


def _hit(number: int, hit: SearchHit, colour: bool) -> Iterator[str]:
    title = _marked(hit.title, hit.title_marks, colour)
    yield f"{number:>3}. {title}"
    issue = hit.issue.label if hit.issue else ""
    facts = " · ".join(filter(None, (hit.series, issue, hit.date, hit.publisher)))
    yield f"     {_styled(f'{facts}  {hit.id}', _DIM, colour)}"
    for snippet in hit.snippets:
        where = f"[{snippet.paragraph}] " + (f"{snippet.section} | " if snippet.section else "")
        text = _marked(snippet.text, snippet.marks, colour)
        yield f"     {_styled(where, _DIM, colour)}{text}"


def _facets(result: SearchResult, colour: bool) -> Iterator[str]:
    for facet in FACETS:
        counts = result.facets[facet.parameter]
        shown = [
            f"{'✓' if count.selected else ''}{_clean(count.label.zh)} {count.count}"
            for count in counts[:_SHOWN_VALUES]
        ]
        rest = f" · … (+{len(counts) - _SHOWN_VALUES})" if len(counts) > _SHOWN_VALUES else ""
        if shown:
            yield f"{_styled(str(facet.name), _BOLD, colour)}: {' · '.join(shown)}{rest}"


def _marked(text: str, marks: Iterable[tuple[int, int]], colour: bool) -> str:
    before, after = (_MARK, _END) if colour else ("【", "】")
    pieces: list[str] = []
    done = 0
    for start, stop in marks:
        pieces += [_clean(text[done:start]), before, _clean(text[start:stop]), after]
        done = stop
    return "".join([*pieces, _clean(text[done:])])


def _styled(text: str, style: str, colour: bool) -> str:
    text = _clean(text)
    return f"{style}{text}{_END}" if colour else text


def _clean(text: str) -> str:
    """Drop what would steer the terminal: line breaks, escape sequences and other controls."""
    return "".join(
        " " if char in _BREAKS else char
        for char in text
        if char in _BREAKS or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
