"""Which fields does a bulletin have, what are they called, and which can be chosen from?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from indexer.language import Sentence

SCHEMA_VERSION: Final = 14
"""Raised whenever what is written to an index changes; an index of another version is refused."""

NONE: Final = "none"
"""The facet value of a bulletin that has no issue number (date, series, publisher)."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A field that answers can be narrowed by.

    `parameter` is its name on the command line and in an address.  `absent` is how a bulletin
    without a value is labelled; without `absent` such a bulletin is simply not counted.
    """

    parameter: str
    name: Sentence
    absent: Sentence | None = None


FACETS: Final[tuple[Facet, ...]] = (
    Facet("issue", Sentence("期号", "Issue"), Sentence("未标期号", "No issue number")),
    Facet("org", Sentence("单位", "Organization")),
    Facet("year", Sentence("年份", "Year"), Sentence("未标日期", "No date")),
    Facet("series", Sentence("系列", "Series"), Sentence("未标系列", "No series")),
    Facet("publisher", Sentence("编发单位", "Publisher"), Sentence("未标编发单位", "No publisher")),
)
FACET_NAMES: Final[tuple[str, ...]] = tuple(facet.parameter for facet in FACETS)

RESPONSE_NAMES: Final[dict[str, str]] = {"org": "organization"}
"""What the contract calls a facet in an answer where that differs from the parameter."""

MODES: Final[dict[str, Sentence]] = {
    "exact": Sentence("逐字", "Exact"),
    "all": Sentence("词语", "All words"),
    "any": Sentence("任一", "Any word"),
}
SORTS: Final[dict[str, Sentence]] = {
    "relevance": Sentence("相关", "Relevance"),
    "newest": Sentence("最新", "Newest"),
    "oldest": Sentence("最早", "Oldest"),
    "issue": Sentence("期号", "Issue number"),
}
WRITINGS: Final[dict[str, Sentence]] = {
    "number": Sentence("数字写法", "Numbers"),
    "date": Sentence("日期写法", "Dates"),
    "name": Sentence("单位名称", "Names of organizations"),
    "synonym": Sentence("同义词", "Synonyms"),
    "range": Sentence("期号与日期范围", "Ranges of issues and dates"),
}
"""The kinds of other writings that a search finds too."""

LINE_ORDERS: Final[dict[str, Sentence]] = {
    "found": Sentence("按结果", "As found"),
    "left": Sentence("按左边的字", "By what is left"),
    "right": Sentence("按右边的字", "By what is right"),
}
"""How the lines of a concordance are ordered."""
