"""The door of jianbao: build an index of bulletins, and search it.

Whoever enters from outside takes these names, and the words of the floor below everything
(`bulletin`, `answer`, `schema`, `settings`, `errors`, `language`).
"""

from indexer.answer import SearchRequest, SearchResult
from indexer.build_report import BuildReport, FileReport
from indexer.builder import rebuild, update
from indexer.certificate import Certificate
from indexer.checking import verify
from indexer.coverage import Numbering, Series, coverage_of
from indexer.facets import facet_label
from indexer.kept_report import report
from indexer.requests import plain_values
from indexer.searcher import Searcher, current_generation, open_searcher
from indexer.settings import Settings
from indexer.watcher import watch

__all__ = [
    "BuildReport",
    "Certificate",
    "FileReport",
    "Numbering",
    "SearchRequest",
    "SearchResult",
    "Searcher",
    "Series",
    "Settings",
    "coverage_of",
    "current_generation",
    "facet_label",
    "open_searcher",
    "plain_values",
    "rebuild",
    "report",
    "update",
    "verify",
    "watch",
]
