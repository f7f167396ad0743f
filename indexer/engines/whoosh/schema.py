"""What does a Whoosh index of ours hold?  The schema, and what goes into each field."""

from __future__ import annotations

from typing import Any, Final

from whoosh import fields, formats

from indexer.document import Document
from indexer.engines.whoosh.columns import FacetColumn, NumberColumn, ValueColumn
from indexer.schema import FACET_NAMES

NUMBERS: Final = (
    "begin",  # where the document begins in the segment's stream of units
    "title_start",  # where its title stands in that stream
    "title_stop",
    "title_length",  # words
    "heading_length",
    "body_length",
    "date",
    "issue",  # 0 for none, else one more than the number
    "cumulative",  # likewise
)


_VALUES: Final = ("ids", "group", "aliases", "offers")
"""Columns of values beside facets.  Ids are terms too: a term leads from an id to its document, the
column back."""


class TermField(fields.FieldType):
    """A field whose postings our codec writes; nothing passes through Whoosh's own analysis."""

    indexed = False
    stored = False
    scorable = False
    column_type = None

    def __init__(self) -> None:
        self.format = formats.Frequency()


_PAIR: Final = "\x1f"


def pair(joined: str) -> tuple[str, str]:
    """Return another name and the full name that a value of `aliases` joins."""
    name, _, full = joined.partition(_PAIR)
    return name, full


def facet_column(name: str) -> str:
    """Return the name of the column that holds a facet's values."""
    return f"facet_{name}"


def whoosh_schema() -> fields.Schema:
    """Return the schema: three fields of terms, one stored field, columns."""
    columns: dict[str, Any] = {name: fields.COLUMN(NumberColumn()) for name in NUMBERS}
    columns |= {name: fields.COLUMN(ValueColumn()) for name in _VALUES}
    columns |= {facet_column(name): fields.COLUMN(FacetColumn()) for name in FACET_NAMES}
    terms = {name: TermField() for name in ("id", "units", "words")}
    return fields.Schema(stored=fields.STORED(), **terms, **columns)


def row(document: Document, begin: int) -> dict[str, Any]:
    """Return the stored field and the columns of a document whose units begin at `begin`."""
    values: dict[str, Any] = {
        "_stored": document.stored,
        "ids": (document.id,),
        "group": (document.group,),
        "aliases": tuple(_PAIR.join(pair) for pair in document.aliases),
        "offers": document.offers,
        "begin": begin,
        "title_start": begin + document.title[0],
        "title_stop": begin + document.title[1],
        "title_length": document.lengths.title,
        "heading_length": document.lengths.heading,
        "body_length": document.lengths.body,
        "date": document.date,
        "issue": document.issue + 1,
        "cumulative": document.cumulative + 1,
    }
    return values | {facet_column(name): document.facets[name] for name in FACET_NAMES}
