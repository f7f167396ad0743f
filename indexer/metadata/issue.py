"""Which issue is it?  第二十七期, 2020年第3期（总第128期）, #378."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from indexer.analysis.numerals import NUMERAL_CHARACTERS, to_int
from indexer.bulletin import IssueNumber
from indexer.metadata.dates import DATE
from indexer.metadata.wording import HAN, plain, without_space

_NUMERAL = rf"(?:[0-9]{{1,5}}|[{NUMERAL_CHARACTERS}](?:\s?[{NUMERAL_CHARACTERS}]){{0,8}})"
_SEVERAL = rf"{_NUMERAL}(?:\s?[-—~、至/]\s?{_NUMERAL})?"
_YEAR = r"(?:[0-9〇○零一二三四五六七八九]{4}\s?年?度?\s?)?"
_NUMBERED = rf"(?<!总)(?<!总\s)第\s?(?P<number>{_SEVERAL})\s?[期辑刊周](?:合刊)?"
_CUMULATIVE = rf"总\s?(?:第\s?)?(?P<cumulative>{_NUMERAL})\s?[期周辑刊号]"
_SIGNED = r"(?<![\w#&/])(?:#\s?|No\.?\s?|Issue\s)(?P<signed>[0-9]{1,5})(?![\w;])"
_ORDINAL = rf"第\s?(?P<ordinal>{_NUMERAL})\s?(?:号|[次篇回](?=\s{{0,4}}(?:$|[)）】\]])))"
_SERIAL = rf"(?<=[简快专通要公会周月][报讯刊])\s?[(（【\[](?P<serial>{_NUMERAL})[)）】\]]"
_SPECIAL = (
    rf"(?:增刊|特刊|专刊|专辑|专号)\s?[(（]?\s?第?\s?(?P<special>{_NUMERAL})\s?[期号辑]?[)）]?"
)

_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_NUMBERED}(?:\s?[（(【\[,，]?\s?{_CUMULATIVE})?",
        _CUMULATIVE,
        _SIGNED,
        _ORDINAL,
        _SERIAL,
        _SPECIAL,
    )
)
ISSUE: Final = re.compile(
    rf"{_YEAR}(?:{'|'.join(re.sub('[?]P<[a-z]+>', '?:', form.pattern) for form in _FORMS)})"
    r"\s?[）)】\]]?",
    re.IGNORECASE,
)
"""A whole statement of the issue, with its year and closing bracket: what a line is cleared of."""

_OWN: Final = ("number", "signed", "ordinal", "serial", "special")
_SET_APART = re.compile(r"\s{0,8}(?:$|[（()）)】\]」』：:丨|·,，—\-–]|(?<=\s)20[0-9]{2})")
_MONTH = r"[0-9一二三四五六七八九十]{1,3}"
_SEVERAL_MONTHS: Final = re.compile(rf"(?P<label>{_MONTH}\s?[-—–~、至]\s?{_MONTH}\s?月\s?合刊)")
_UNNUMBERED: Final = re.compile(
    rf"(?:^|(?<=[（(【\[\s]))(?P<label>[{HAN}]{{0,8}}(?:增刊|特刊|专刊|专辑|专号|号外|合刊))(?=$|[)）】\]\s])"
)
"""What an issue that has no number is called."""


def find(lines: Iterable[str], title: str = "") -> IssueNumber | None:
    """Return the issue that the masthead states.

    In a headline it counts only when it is set apart: 瞭望第2期：… is one, 第2期培训班开班 is not.
    """
    for form in _FORMS:
        for line in lines:
            if (match := form.search(plain(line))) and (issue := _read(match, line)):
                return issue
        match = form.search(plain(title))
        if match and _SET_APART.match(plain(title), match.end()):
            return _read(match, title)
    return None


def find_unnumbered(lines: Iterable[str], series: str) -> IssueNumber | None:
    """Return the issue that is only called 增刊, 抗疫特刊 or the like, in a line of its own.

    A series may be called so too: 质量月特刊 is no issue of itself.
    """
    for line in lines:
        written = plain(line)
        match = _SEVERAL_MONTHS.search(written) or _UNNUMBERED.search(DATE.sub("", written).strip())
        if match and (label := without_space(match["label"])) and not series.endswith(label):
            return IssueNumber(None, label)
    return None


def _read(match: re.Match[str], line: str) -> IssueNumber | None:
    groups = match.groupdict()
    cumulative = to_int(without_space(groups.get("cumulative") or ""))
    own = next((groups[name] for name in _OWN if groups.get(name)), None)
    number = to_int(without_space(re.split(r"[-—~、至/]", own)[0])) if own else cumulative
    if number is None:
        return None
    # The cumulative number has a field of its own; the label names the issue alone.
    stop = match.end() if not own or cumulative is None else _end_of_own(match)
    return IssueNumber(number, without_space(line[match.start() : stop]), cumulative)


def _end_of_own(match: re.Match[str]) -> int:
    """Return where 第3期 ends in 第3期（总第128期）."""
    after = match.end("number")
    return next(n + 1 for n in range(after, match.end()) if not match.string[n].isspace())
