"""What was asked, and what is the answer?  The values that go into a search and come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.bulletin import IssueNumber
from indexer.language import Notice, Sentence


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search, as the contract has it; the same for command line, page, JSON and widget.

    `chosen` maps facet names (`schema.FACET_NAMES`) to the values chosen: any of them within one
    facet, all facets together.  `since` and `until` are ISO dates (`2020`, `2020-03`,
    `2020-03-18`), both inclusive, or empty.  `page` counts from 1.  `without` are the kinds of
    other writings (`schema.WRITINGS`) that are not wanted.
    """

    text: str = ""
    mode: str = "all"
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    since: str = ""
    until: str = ""
    sort: str = "relevance"
    page: int = 1
    size: int = 10
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of original text with the ranges that were found in it.

    `marks` are half-open ranges of code points into `text`, ascending, never touching.
    `paragraph` is the number of the block it was cut from (`#p4`); `section` its heading.
    """

    section: str
    paragraph: int
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """Another file of the same bulletin: its id, and the file's path and media type."""

    id: str
    path: str
    media_type: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One bulletin of an answer.  `unbroken` says that the whole query stands in it as typed.

    `copies` are the other files of the same bulletin.
    """

    id: str
    title: str
    series: str
    issue: IssueNumber | None
    date: str
    publisher: str
    organizations: tuple[str, ...]
    score: float
    unbroken: bool
    snippets: tuple[Snippet, ...]
    title_marks: tuple[tuple[int, int], ...] = ()
    copies: tuple[Copy, ...] = ()


@dataclass(slots=True)
class FacetCount:
    """One value of a facet with the number of bulletins it would give.

    Not frozen: an answer has 250 of them, which would take seven times as long to make.
    """

    value: str
    label: Sentence
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class OtherWriting:
    """What is searched beside what was typed: the kind of writing, what was typed, the other.

    `total` is the number of bulletins that the other writing gives alone; `used` says whether it
    was searched, or left out as asked.
    """

    kind: str
    typed: str
    shown: str
    total: int
    used: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A search that would help: what to change, the changed request, how many it would give."""

    sentence: Sentence
    request: SearchRequest
    total: int


@dataclass(frozen=True, slots=True)
class Completion:
    """A text that somebody who types may mean: its kind (`document.OFFERED`), the query that it
    makes, and in how many bulletins it stands.  `marks` say which of it was typed.
    """

    text: str
    kind: str
    count: int
    query: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class KwicLine:
    """One place of a search in its line: `match` with what stands `left` and `right` of it.

    `paragraph` is the number of the block (`#p4`), `issue` the label of the issue.
    """

    id: str
    title: str
    date: str
    issue: str
    paragraph: int
    left: str
    match: str
    right: str


@dataclass(frozen=True, slots=True)
class Concordance:
    """The places of a search, a window of them.

    `total` is the number of places in the `read` bulletins that were looked into, the first of
    the `bulletins` of the answer.
    """

    lines: tuple[KwicLine, ...]
    total: int
    read: int
    bulletins: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something stands, and in how many bulletins."""

    occurrences: int
    bulletins: int


@dataclass(frozen=True, slots=True)
class Appearance:
    """A bulletin in which something stands: the first, or the last."""

    id: str
    title: str
    date: str


@dataclass(frozen=True, slots=True)
class Trend:
    """How often a phrase stands: in all, and `by` month or a facet (`schema.FACET_NAMES`).

    Months are `2020-03`, or `2020` where no more is known; what has no date is in none.  `first`
    and `last` are the earliest and the latest bulletin with a date.
    """

    phrase: str
    total: Tally
    by: Mapping[str, Mapping[str, Tally]]
    first: Appearance | None
    last: Appearance | None


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph (`#p4`) and how often something stands in it."""

    paragraph: int
    count: int


@dataclass(frozen=True, slots=True)
class TermFate:
    """What became of one term: whether it was wanted or excluded, whether it holds, and where."""

    text: str
    wanted: bool
    holds: bool
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What a word adds to a score.

    Or, by `kind`, what a `run` of the query adds that stands as it was typed, what neighbouring
    characters of the query add (`near`), what the `age` of the bulletin takes; then the text is
    the run, nothing, the date.
    """

    text: str
    adds: float
    kind: str = "word"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a bulletin is in an answer, or why not.

    `rank` is its place, 0 when it is no hit; `shown_as` the id of the copy that stands for it.
    `parts` say what makes its score, `ways_in` what keeps it out and which search lets it in.
    """

    id: str
    title: str
    rank: int
    score: float
    terms: tuple[TermFate, ...]
    parts: tuple[ScorePart, ...]
    ways_in: tuple[Suggestion, ...]
    shown_as: str = ""


Ranges = tuple[tuple[int, int, int], ...]
"""A passage in a bulletin: for each of its blocks the index, and a half-open range of its text."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A bulletin about the same things as another.

    `likeness`, from 0 to 1, is its score for the other's weightiest words, as a share of the most
    that they could give.
    """

    id: str
    title: str
    series: str
    issue: IssueNumber | None
    date: str
    publisher: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage that two bulletins have in common: where it stands in the one and the other.

    `text` is as it stands in the one, a line break where a block ends.
    """

    text: str
    here: Ranges
    there: Ranges


@dataclass(frozen=True, slots=True)
class Reprint:
    """Another bulletin with passages of this one.

    `order` says whether it is `earlier`, then it is the likely source, `later`, of the `same` day,
    or `unknown` where a date is missing or not exact enough.
    """

    id: str
    title: str
    series: str
    issue: IssueNumber | None
    date: str
    publisher: str
    order: str
    passages: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class Relatives:
    """What a bulletin has to do with others: those alike, and passages that stand there too."""

    similar: tuple[Alike, ...]
    reprints: tuple[Reprint, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A whole answer.  `notices` say what was not understood and what was done about it.

    `expansions` are the other writings of what was typed.  `suggestions` are filled when nothing
    was found, `corrections` when what was typed is perhaps a mistake.  `facets` has one entry for
    each of `schema.FACETS`, most frequent value first; counts ignore the facet's own choice.
    `modes` says how many bulletins each mode would give.
    `took_ms` is the time that the search itself took, in milliseconds.
    """

    request: SearchRequest
    understood: str
    generation: str
    total: int
    hits: tuple[SearchHit, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    notices: tuple[Notice, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    expansions: tuple[OtherWriting, ...] = ()
    corrections: tuple[Suggestion, ...] = ()
    modes: dict[str, int] = field(default_factory=dict)
    took_ms: float = 0.0
