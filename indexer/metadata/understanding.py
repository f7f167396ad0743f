"""What does the whole text say of itself?  A Reading in, a Bulletin out, value by value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.bulletin import Block, Bulletin, IssueNumber, Kind, Reading
from indexer.metadata import (
    authorship,
    captions,
    confidentiality,
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
from indexer.metadata.authority import NONE, Authority
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
        """The lines of the masthead."""
        return tuple(self.reading.blocks[n].text for n in self.head.lines)

    @property
    def headline(self) -> str:
        """The headline, or nothing."""
        return "" if self.head.title is None else self.reading.blocks[self.head.title].text

    @property
    def name(self) -> str:
        """The name of the series that is one by its place, or nothing."""
        return "" if self.head.name is None else self.reading.blocks[self.head.name].text

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return title.stem(self.reading)

    @property
    def closing(self) -> signature.Closing:
        """What the signature and the imprint say."""
        return signature.find(self.reading.blocks, self.head.stop, self.foot)


def describe(reading: Reading, id: str, authority: Authority = NONE) -> Bulletin:
    """Return what a reader would understand of the text; it never fails on odd text.

    `authority` says what names of bodies mean, and which are names in any text.
    """
    foot = distribution.find(reading.blocks)
    head = masthead.find(reading.blocks[: foot.start], reading.title)
    page = _Page(reading, head, foot)
    series, series_code = _series(page)
    number, issue_code = _issue(page, series)
    date, date_code = _date(page)
    publisher, publisher_code = _publisher(page)
    name, title_code = title.find(reading, head, series, number)
    codes = (title_code, series_code, issue_code, date_code, publisher_code)
    author, byline = authorship.find(reading.blocks, head.title, head.stop, foot.start)
    start = head.stop if byline is None else max(head.stop, byline + 1)
    blocks = headings.mark(_with_kinds(reading.blocks, head, foot, byline), start)
    begins = sections.starts(blocks, head.stop, sections.has_jump(reading.furniture))
    directory = Directory(blocks, authority)
    return Bulletin(
        id=id,
        source=reading.source,
        title=name,
        blocks=blocks,
        sections=sections.divide(blocks, begins, directory),
        series=series,
        issue=number,
        document_number=document_number.find((*page.lines, page.headline, *reading.furniture)),
        date=date,
        publisher=publisher,
        author=author,
        confidentiality=confidentiality.find((*page.lines, *reading.furniture)),
        organizations=directory.organizations(),
        distribution=foot.receivers,
        furniture=reading.furniture,
        notices=(*reading.notices, *(notice(code) for code in codes if code)),
    )


def _series(page: _Page) -> Found:
    declared = issuer.before_site(page.reading.title)
    places = (
        (issuer.name_of(page.name), ""),
        (issuer.find_series(page.lines, page.headline), ""),
        (issuer.find_series(page.reading.furniture, ""), "series_from_head"),
        (issuer.find_series((declared,), ""), "series_from_title"),
    )
    return _first(places, "no_series")


def _issue(page: _Page, series: str) -> tuple[IssueNumber | None, str]:
    places = (
        (issue.find(page.lines, page.headline), ""),
        (issue.find_unnumbered(page.lines, series), ""),
        (issue.find(page.reading.furniture), "issue_from_head"),
        (issue.find((), page.reading.title), "issue_from_title"),
        (issue.find((page.stem,)), "issue_from_name"),
    )
    return next((place for place in places if place[0]), (None, "no_issue"))


def _date(page: _Page) -> Found:
    lines = (*page.lines, page.headline, *page.reading.furniture)
    number = document_number.find(lines)
    places = (
        (dates.find(page.lines, page.headline), ""),
        (dates.find(page.reading.furniture), "date_from_head"),
        (page.closing.date, "date_from_end"),
        (dates.find((), page.reading.title), "date_from_title"),
        (dates.find_in_name(page.stem), "date_from_name"),
        (dates.issue_year(lines) or document_number.year(number), "date_from_number"),
    )
    return _first(places, "no_date")


def _publisher(page: _Page) -> Found:
    places = (
        (issuer.find_publisher(page.lines), ""),
        (issuer.find_publisher(page.reading.furniture), "publisher_from_head"),
        (page.closing.publisher, "publisher_from_end"),
        (issuer.site_of(page.reading.title), "publisher_from_title"),
    )
    return _first(places, "no_publisher")


def _first(places: Sequence[Found], otherwise: str) -> Found:
    return next((found for found in places if found[0]), ("", otherwise))


def _with_kinds(
    blocks: Sequence[Block], head: Masthead, foot: Distribution, byline: int | None
) -> tuple[Block, ...]:
    """Return the blocks with the kinds that the parts of the page give them."""
    kinds = dict.fromkeys(head.lines, Kind.MASTHEAD)
    kinds.update(dict.fromkeys(range(foot.start, foot.stop), Kind.DISTRIBUTION))
    if byline is not None and byline not in kinds:
        kinds[byline] = Kind.PARAGRAPH
    if head.title is not None:
        kinds[head.title] = Kind.TITLE
    return tuple(_of_kind(block, kinds.get(n)) for n, block in enumerate(blocks))


def _of_kind(block: Block, kind: Kind | None) -> Block:
    """Return a block with the kind of its part, else as a caption or byline where it is one."""
    if kind is None and captions.is_caption(block):
        kind = Kind.CAPTION
    elif kind is None and block.kind is Kind.HEADING and headings.is_none(block.text):
        kind = Kind.PARAGRAPH
    return block if kind is None else block._replace(kind=kind)
