"""Which index is being served?  The newest that opens; an older one until its last request."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app

from indexer import BuildReport, Searcher, Series, coverage_of
from indexer.bulletin import Bulletin
from indexer.deadline import within
from indexer.errors import IndexMissing, IndexUnavailable, NotFound
from indexer.settings import Settings

RETRY_SECONDS: Final = 5.0
"""A generation that would not open is not tried again sooner: opening may check every file."""

_log = logging.getLogger(__name__)


Opener = Callable[[Settings], Searcher]
Pointer = Callable[[Settings], str | None]
Reporter = Callable[[Settings], BuildReport]


@dataclass(slots=True)
class _Loan:
    """An open searcher, how many requests use it, and whether a newer one took its place."""

    searcher: Searcher
    users: int = 0
    retired: bool = False


class CurrentSearcher:
    """Lends the searcher of the current generation to one request at a time or to many."""

    def __init__(self, settings: Settings, open_searcher: Opener, pointer: Pointer) -> None:
        self._settings = settings
        self._open = open_searcher
        self._pointer = pointer
        self._loan: _Loan | None = None
        self._refused: tuple[str | None, IndexUnavailable] | None = None
        self._retry_at = 0.0
        self._counting = threading.Lock()
        self._opening = threading.Lock()

    @contextmanager
    def borrow(self) -> Iterator[Searcher]:
        """Lend the current searcher.  Raises `IndexUnavailable` if none can be opened."""
        self._renew()
        with self._counting:
            loan = self._loan
            if loan is None:
                raise IndexMissing("还没有索引。", "There is no index yet.")
            loan.users += 1
        try:
            yield loan.searcher
        finally:
            self._give_back(loan)

    def _renew(self) -> None:
        """Open the current generation unless it is open.  Others go on with the old meanwhile."""
        if self._is_current() or not self._opening.acquire(blocking=self._loan is None):
            return
        try:
            if not self._is_current():
                self._open_current()
        except IndexUnavailable as error:
            if self._loan is None:
                raise
            _log.warning("keeping generation %s: %s", self._loan.searcher.generation, error)
        finally:
            self._opening.release()

    def _is_current(self) -> bool:
        loan = self._loan
        try:
            return loan is not None and self._pointer(self._settings) == loan.searcher.generation
        except IndexUnavailable:
            return False

    def _open_current(self) -> None:
        wanted = self._pointer(self._settings)
        if self._refused and self._refused[0] == wanted and time.monotonic() < self._retry_at:
            raise self._refused[1]
        try:
            fresh = _Loan(self._open(self._settings))
        except IndexUnavailable as error:
            self._refused = (wanted, error)
            self._retry_at = time.monotonic() + RETRY_SECONDS
            raise
        self._refused = None
        self._replace(fresh)

    def _replace(self, fresh: _Loan) -> None:
        with self._counting:
            old, self._loan = self._loan, fresh
            if old is not None:
                old.retired = True
            unused = old is not None and old.users == 0
        if old is not None and unused:
            old.searcher.close()

    def _give_back(self, loan: _Loan) -> None:
        with self._counting:
            loan.users -= 1
            done = loan.retired and loan.users == 0
        if done:
            loan.searcher.close()


class CurrentReport:
    """Keeps the report of the current generation, and what it covers, until there is a newer."""

    def __init__(self, settings: Settings, read: Reporter, pointer: Pointer) -> None:
        self._settings = settings
        self._read = read
        self._pointer = pointer
        self._kept: tuple[BuildReport, tuple[Series, ...]] | None = None

    def get(self) -> tuple[BuildReport, tuple[Series, ...]]:
        """Return report and coverage.  Raises `IndexUnavailable` if there never was one."""
        kept = self._kept
        try:
            if kept is None or kept[0].generation != self._pointer(self._settings):
                built = self._read(self._settings)
                self._kept = kept = (built, coverage_of(built))
        except IndexUnavailable as error:
            if kept is None:
                raise
            _log.warning("keeping the report of generation %s: %s", kept[0].generation, error)
        return kept


def serve_from(app: Flask, current: CurrentSearcher, report: CurrentReport) -> None:
    """Let the routes of `app` search in `current`, and show `report`."""
    app.extensions["searcher"] = current
    app.extensions["report"] = report


def current_report() -> tuple[BuildReport, tuple[Series, ...]]:
    """Return the current report and what it covers.  Raises `IndexUnavailable`."""
    report: CurrentReport = current_app.extensions["report"]
    return report.get()


@contextmanager
def borrow() -> Iterator[Searcher]:
    """Lend the running application's searcher, for as long as a search may take.

    Raises `IndexUnavailable`, and in what is asked of the searcher `OutOfTime`.
    """
    with borrow_for_long() as searcher, time_limit():
        yield searcher


@contextmanager
def borrow_for_long() -> Iterator[Searcher]:
    """Lend the running application's searcher.  Raises `IndexUnavailable`."""
    current: CurrentSearcher = current_app.extensions["searcher"]
    with current.borrow() as searcher:
        yield searcher


def time_limit() -> AbstractContextManager[None]:
    """Bind what is asked to the time that a search may take."""
    return within(current_app.config["QUERY_SECONDS"])


def bulletin_of(searcher: Searcher, id: str) -> Bulletin:
    """Return a whole bulletin.  Raises `NotFound`."""
    found = searcher.bulletin(id)
    if found is None:
        raise NotFound("没有这篇简报。", "There is no such bulletin.")
    return found
