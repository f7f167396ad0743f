"""What does an answer look like?  The one shape that page, JSON and widget show.

Plain dictionaries exactly as the contract has them.  Marks are made into HTML here and nowhere
else, by joining escaped pieces: no text is ever searched for markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from indexer.answer import (
    Alike,
    Completion,
    FacetCount,
    OtherWriting,
    Relatives,
    Reprint,
    SearchHit,
    SearchRequest,
    SearchResult,
    Shared,
    Snippet,
    Suggestion,
)
from indexer.bulletin import Block, Bulletin, IssueNumber, Organization, Section
from indexer.language import Language, Notice
from indexer.schema import FACETS, RESPONSE_NAMES, WRITINGS
from webui import addresses

Json = dict[str, Any]
Range = tuple[int, int]
Address = Callable[[str, int | None], str]
"""Gives the address of a bulletin, or of a paragraph of it."""

_OPEN, _CLOSE = Markup("<mark>"), Markup("</mark>")


def answer(result: SearchResult, language: Language) -> Json:
    """Return a whole answer of /api/v1/search."""
    request = result.request
    address = addresses.to_bulletins(request)
    return {
        "query": {
            "text": request.text,
            "mode": request.mode,
            "understood": result.understood,
            "notices": [notice(item, language) for item in result.notices],
        },
        "generation": result.generation,
        "total": result.total,
        "page": request.page,
        "size": request.size,
        "took_ms": round(result.took_ms, 1),
        "hits": [_hit(hit, address, language) for hit in result.hits],
        "facets": {
            RESPONSE_NAMES.get(facet.parameter, facet.parameter): [
                _count(value, language) for value in result.facets.get(facet.parameter, ())
            ]
            for facet in FACETS
        },
        "modes": dict(result.modes),
        "expansions": [_expansion(item, language) for item in result.expansions],
        "corrections": [_suggestion(item, language) for item in result.corrections],
        "suggestions": [_suggestion(item, language) for item in result.suggestions],
    }


def bulletin(found: Bulletin, mentioned: Iterable[Organization], language: Language) -> Json:
    """Return a whole answer of /api/v1/bulletins/ID.

    `mentioned` are the bodies that the text names besides those that it is about.
    """
    return {
        "id": found.id,
        "title": found.title,
        "series": found.series,
        "issue": _issue(found.issue, language),
        "document_number": found.document_number,
        "date": found.date,
        "publisher": found.publisher,
        "author": found.author,
        "confidentiality": found.confidentiality,
        "organizations": [
            {"name": body.name, "aliases": list(body.aliases), "count": body.count}
            for body in found.organizations
        ],
        "mentioned": [
            {"name": body.name, "count": body.count, "url": addresses.of_quotation(body.name)}
            for body in mentioned
        ],
        "url": addresses.of_bulletin(found.id, SearchRequest()),
        "sections": [_section(found, section) for section in found.sections],
        "distribution": {kind: list(names) for kind, names in found.distribution.items()},
        "source": {
            "path": found.source.path,
            "media_type": found.source.media_type,
            "encoding": found.source.encoding,
            "sha256": found.source.sha256,
            "size": found.source.size,
        },
        "notices": [notice(item, language) for item in found.notices],
    }


def relatives(id: str, found: Relatives, language: Language) -> Json:
    """Return a whole answer of /api/v1/bulletins/ID/similar."""
    return {
        "id": id,
        "similar": [
            _named(other, language) | {"likeness": other.likeness} for other in found.similar
        ],
        "reprints": [
            _named(other, language)
            | {
                "order": other.order,
                "passages": [_shared(passage, id, other.id) for passage in other.passages],
            }
            for other in found.reprints
        ],
    }


def _named(other: Alike | Reprint, language: Language) -> Json:
    return {
        "id": other.id,
        "title": other.title,
        "series": other.series,
        "issue": _issue(other.issue, language),
        "date": other.date,
        "publisher": other.publisher,
        "url": addresses.of_bulletin(other.id, SearchRequest()),
    }


def _shared(passage: Shared, here: str, there: str) -> Json:
    place, other_place = passage.here[0][0] + 1, passage.there[0][0] + 1
    return {
        "text": passage.text,
        "paragraph": place,
        "url": addresses.of_passage(here, there, place),
        "there": {"paragraph": other_place, "url": addresses.of_passage(there, here, other_place)},
    }


def notice(item: Notice, language: Language) -> Json:
    """Return a notice; `position` only where it is about a place in the query."""
    said: Json = {"code": item.code, "message": item.sentence.in_(language)}
    return said if item.position is None else said | {"position": item.position}


def marked(text: str, marks: Iterable[Range]) -> Markup:
    """Return `text` as HTML, each of the `marks` (ascending ranges) in a `<mark>` element."""
    pieces: list[Markup] = []
    done = 0
    for start, stop in marks:
        pieces += (escape(text[done:start]), _OPEN, escape(text[start:stop]), _CLOSE)
        done = stop
    pieces.append(escape(text[done:]))
    # Every piece is escaped; `Markup.join` would look at each once more, which takes twice as long.
    return Markup("".join(pieces))  # noqa: S704


def completion(item: Completion) -> Json:
    """Return one of the list of /api/v1/suggest."""
    return {
        "text": item.text,
        "kind": item.kind,
        "count": item.count,
        "query": item.query,
        "marks": _ranges(item.marks),
    }


def _suggestion(item: Suggestion, language: Language) -> Json:
    return {
        "message": item.sentence.in_(language),
        "query": item.request.text,
        "total": item.total,
        "url": addresses.of_search(item.request),
    }


def _hit(hit: SearchHit, address: Address, language: Language) -> Json:
    first = hit.snippets[0].paragraph if hit.snippets else None
    return {
        "id": hit.id,
        "title": hit.title,
        "title_marks": _ranges(hit.title_marks),
        "title_html": marked(hit.title, hit.title_marks),
        "series": hit.series,
        "issue": _issue(hit.issue, language),
        "date": hit.date,
        "publisher": hit.publisher,
        "organizations": list(hit.organizations),
        "score": round(hit.score, 6),
        "unbroken": hit.unbroken,
        "copies": [
            {
                "id": copy.id,
                "path": copy.path,
                "media_type": copy.media_type,
                "url": address(copy.id, None),
            }
            for copy in hit.copies
        ],
        "url": address(hit.id, first),
        "snippets": [_snippet(snippet, hit.id, address) for snippet in hit.snippets],
    }


def _snippet(snippet: Snippet, id: str, address: Address) -> Json:
    return {
        "section": snippet.section,
        "paragraph": snippet.paragraph,
        "text": snippet.text,
        "marks": _ranges(snippet.marks),
        "html": marked(snippet.text, snippet.marks),
        "url": address(id, snippet.paragraph),
    }


def _issue(issue: IssueNumber | None, language: Language) -> Json:
    if issue is None:
        absent = FACETS[0].absent
        assert absent is not None  # the first facet is the issue
        return {"number": None, "label": absent.in_(language)}
    return {"number": issue.number, "label": issue.label}


def _expansion(item: OtherWriting, language: Language) -> Json:
    return {
        "kind": item.kind,
        "label": WRITINGS[item.kind].in_(language),
        "typed": item.typed,
        "writing": item.shown,
        "total": item.total,
        "used": item.used,
    }


def _count(value: FacetCount, language: Language) -> Json:
    return {
        "value": value.value,
        "label": value.label.in_(language),
        "count": value.count,
        "selected": value.selected,
    }


def _section(found: Bulletin, section: Section) -> Json:
    return {
        "heading": section.heading,
        "organizations": list(section.organizations),
        "paragraphs": [_paragraph(n, block) for n, block in found.paragraphs(section)],
    }


def _paragraph(number: int, block: Block) -> Json:
    return {"number": number, "kind": str(block.kind), "text": block.text, "page": block.page}


def _ranges(marks: Sequence[Range]) -> list[list[int]]:
    return [[start, stop] for start, stop in marks]
