"""What does the whole text say of itself?  A Reading in, a Bulletin out, value by value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.bulletin import Block, Bulletin, IssueNumber, Kind, Reading
from indexer.language import Notice
from indexer.metadata import (
    dates,
    distribution,
    document_number,
    headings,
    issue,
    issuer,
    masthead,
    sections,
    signature,
    title,
)
from indexer.metadata.distribution import Distribution
from indexer.metadata.masthead import Masthead
from indexer.metadata.notices import notice
from indexer.metadata.organizations import Directory

Found = tuple[str, str]
"""A value and the code of the notice that it deserves; either may be empty."""


@dataclass(frozen=True, slots=True)
class _Page:
    """The text with its parts told apart."""

    reading: Reading
    head: Masthead
    foot: Distribution

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the masthead, the headline among them when it is the masthead's own."""
        return tuple(self.reading.blocks[n].text for n in self.head.lines)

    @property
    def headline(self) -> str:
        """The headline, or nothing."""
        return "" if self.head.title is None else self.reading.blocks[self.head.title].text

    @property
    def closing(self) -> signature.Closing:
        """What the signature and the imprint say."""
        return signature.find(self.reading.blocks, self.head.stop, self.foot)


def describe(reading: Reading, id: str) -> Bulletin:
    """Return what a reader would understand of the text; it never fails on odd text."""
    foot = distribution.find(reading.blocks)
    head = masthead.find(reading.blocks[: foot.start], reading.title)
    page = _Page(reading, head, foot)
    series = issuer.find_series(page.lines, page.headline)
    number, issue_code = _issue(page)
    date, date_code = _date(page)
    publisher, publisher_code = _publisher(page)
    name, title_code = title.find(reading, head, series, number)
    codes = (title_code, "" if series else "no_series", issue_code, date_code, publisher_code)
    blocks = headings.mark(_with_kinds(reading.blocks, head, foot), head.stop)
    begins = sections.starts(blocks, head.stop, sections.has_jump(reading.furniture))
    directory = Directory(blocks)
    return Bulletin(
        id=id,
        source=reading.source,
        title=name,
        blocks=blocks,
        sections=sections.divide(blocks, begins, directory),
        series=series,
        issue=number,
        document_number=document_number.find((*page.lines, page.headline)),
        date=date,
        publisher=publisher,
        organizations=directory.organizations(),
        distribution=foot.receivers,
        furniture=reading.furniture,
        notices=(*reading.notices, *_notices(codes)),
    )


def _notices(codes: Sequence[str]) -> tuple[Notice, ...]:
    return tuple(notice(code) for code in codes if code)


def _issue(page: _Page) -> tuple[IssueNumber | None, str]:
    places = (
        (page.lines, page.headline, ""),
        ((), page.reading.title, "issue_from_title"),
        ((title.stem(page.reading),), "", "issue_from_name"),
    )
    for lines, headline, code in places:
        if number := issue.find(lines, headline):
            return number, code
    return None, "no_issue"


def _date(page: _Page) -> Found:
    closing = page.closing
    lines = (*page.lines, page.headline)
    places = (
        (dates.find(page.lines, page.headline), ""),
        (closing.date, "date_from_end"),
        (dates.find((), page.reading.title), "date_from_title"),
        (dates.find_in_name(title.stem(page.reading)), "date_from_name"),
        (
            dates.issue_year(lines) or document_number.year(document_number.find(lines)),
            "date_from_issue",
        ),
    )
    return _first(places, "no_date")


def _publisher(page: _Page) -> Found:
    site = issuer.site_of(page.reading.title)
    places = (
        (issuer.find_publisher(page.lines, site), ""),
        (page.closing.publisher, "publisher_from_end"),
    )
    return _first(places, "no_publisher")


def _first(places: Sequence[Found], otherwise: str) -> Found:
    return next((found for found in places if found[0]), ("", otherwise))


def _with_kinds(blocks: Sequence[Block], head: Masthead, foot: Distribution) -> tuple[Block, ...]:
    kinds = dict.fromkeys(head.lines, Kind.MASTHEAD)
    kinds.update(dict.fromkeys(range(foot.start, foot.stop), Kind.DISTRIBUTION))
    if head.title is not None:
        kinds[head.title] = Kind.TITLE
    return tuple(
        replace(block, kind=kinds[n]) if n in kinds else block for n, block in enumerate(blocks)
    )
