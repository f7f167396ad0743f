"""Which terms does a bulletin have?  Bulletin in, Document out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexer.analysis.numbering import number
from indexer.analysis.phrases import phrases
from indexer.analysis.units import BlockUnits, cut_blocks
from indexer.analysis.words import Segmenter
from indexer.bulletin import Bulletin, Kind
from indexer.document import Document, UnitSequence, WordCount, Words, dump, join, offer
from indexer.schema import NONE

_BREAK = ord("\n")
_TITLE, _HEADING, _BODY = range(3)


def analyse(bulletin: Bulletin, segmenter: Segmenter, group: str = "") -> Document:
    """Return what an engine stores of `bulletin`, a copy of the bulletin `group` if not empty."""
    units = cut_blocks([block.text for block in bulletin.blocks])
    fields = _field_of_each_unit(bulletin, units)
    words = number(*segmenter.parts(*_in_parts(units, fields)))
    counts = words.counts()
    title = np.flatnonzero(fields == _TITLE)
    return Document(
        id=bulletin.id,
        units=units.sequence,
        title=(int(title[0]), int(title[-1]) + 1) if len(title) else (0, 0),
        words=Words(join(words.vocabulary[1:]), counts.astype(np.uint32)),
        lengths=WordCount(*counts.sum(axis=1).tolist()),
        facets=facet_values(bulletin),
        date=date_key(bulletin.date),
        issue=_known(bulletin.issue.number if bulletin.issue else None),
        cumulative=_known(bulletin.issue.cumulative if bulletin.issue else None),
        stored=dump(bulletin),
        group=group or bulletin.id,
        aliases=tuple(
            (name, body.name) for body in bulletin.organizations for name in body.aliases
        ),
        offers=(*_names(bulletin), *phrases(words)),
    )


def _known(number: int | None) -> int:
    return -1 if number is None else number


def date_key(date: str, missing: str = "0") -> int:
    """Return 20200318 for `2020-03-18`; parts that are not there are filled with `missing`.

    0 for no date; `missing="9"` gives the upper end of a range (`2020-03` to 20200399).
    """
    return int(date.replace("-", "").ljust(8, missing)) if date else 0


def _field_of_each_unit(bulletin: Bulletin, units: BlockUnits) -> npt.NDArray[np.int8]:
    by_kind = {Kind.TITLE: _TITLE, Kind.HEADING: _HEADING}
    of_block = [by_kind.get(block.kind, _BODY) for block in bulletin.blocks]
    return np.array(of_block or [_BODY], dtype=np.int8)[units.blocks]


def _in_parts(units: BlockUnits, fields: npt.NDArray[np.int8]) -> tuple[UnitSequence, list[int]]:
    """Return the units of title, headings and rest, one part behind the other, and where each ends;
    with a break before each block: no word spans two of them.
    """
    order = fields.argsort(kind="stable")
    blocks = units.blocks.take(order)
    begins = np.ones(len(order), dtype=np.intp)
    begins[1:] = blocks[1:] != blocks[:-1]
    places = begins.cumsum() + np.arange(len(order))
    counts = np.bincount(fields, minlength=_BODY + 1).cumsum()
    codes = np.full(len(order) + int(begins.sum()), _BREAK, dtype=np.uint32)
    codes[places] = units.sequence.codes.take(order)
    ends = np.append(places + 1, 0).take(counts - 1)  # -1, where nothing is, leads to the 0
    return UnitSequence(codes, units.sequence.names), ends.tolist()


def facet_values(bulletin: Bulletin) -> dict[str, tuple[str, ...]]:
    """Return the values that a bulletin has of each facet."""
    issue = bulletin.issue.number if bulletin.issue else None
    return {
        "issue": (NONE if issue is None else str(issue),),
        "org": tuple(organization.name for organization in bulletin.organizations),
        "year": (bulletin.date[:4] or NONE,),
        "series": (bulletin.series or NONE,),
        "publisher": (bulletin.publisher or NONE,),
    }


def _names(bulletin: Bulletin) -> list[str]:
    """Return the names that a bulletin offers."""
    bodies = (name for body in bulletin.organizations for name in (body.name, *body.aliases))
    others = (("series", bulletin.series), ("title", bulletin.title))
    return [
        *(offer("organization", name) for name in bodies),
        *(offer(kind, text) for kind, text in others if text),
    ]
