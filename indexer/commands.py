"""What does each command do?"""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from indexer import (
    BuildReport,
    SearchRequest,
    Settings,
    coverage_of,
    open_searcher,
    rebuild,
    report,
    settings,
    terminal,
    update,
    verify,
    watch,
)
from indexer.answer import Explanation, SearchResult
from indexer.checking import refuse_unless_whole
from indexer.errors import JianbaoError, NotFound, refusal
from indexer.language import Language
from indexer.schema import FACET_NAMES
from webui import create_app, explaining, present, reporting, serve
from webui.params import ReportRequest

_SECONDS_BETWEEN_LINES: Final = 5.0
_SEEDS: Final = 1_000_000


def run(arguments: Namespace) -> int:
    """Carry out one command; return its exit code."""
    return _COMMANDS[arguments.command](arguments, _settings(arguments))


def _settings(arguments: Namespace) -> Settings:
    overrides: dict[str, Any] = {
        "index": arguments.index or os.environ.get("JIANBAO_INDEX"),
        "folders": tuple(getattr(arguments, "folders", ())) or None,
        "encoding": getattr(arguments, "encoding", None),
        "host": getattr(arguments, "host", None),
        "port": getattr(arguments, "port", None),
        "workers": getattr(arguments, "workers", None),
        "build_workers": getattr(arguments, "build_workers", None),
    }
    config = Path(arguments.config) if arguments.config else None
    return settings.load(config, **overrides)


def _build(arguments: Namespace, chosen: Settings) -> int:
    build = {"rebuild": rebuild, "update": update}[arguments.command]
    with _Progress(quiet=arguments.quiet) as progress:
        built = build(
            chosen,
            progress.show,
            strict=arguments.strict,
            allow_empty=arguments.allow_empty,
            force=arguments.force,
        )
    if not arguments.quiet:
        _print(terminal.news(built))
    return 0


def _watch(arguments: Namespace, chosen: Settings) -> int:
    def updated(built: BuildReport) -> None:
        if not arguments.quiet:
            _print(terminal.news(built))
            sys.stdout.flush()

    def failed(error: JianbaoError) -> None:
        print(terminal.error(error), file=sys.stderr, flush=True)

    watch(chosen, updated, failed, threading.Event())
    return 0


def _search(arguments: Namespace, chosen: Settings) -> int:
    request = SearchRequest(
        text=arguments.query,
        mode=arguments.mode,
        chosen={name: tuple(getattr(arguments, name)) for name in FACET_NAMES},
        since=arguments.since,
        until=arguments.until,
        sort=arguments.sort,
        without=tuple(arguments.without),
        page=arguments.page,
        size=arguments.size,
    )
    searcher = open_searcher(chosen)
    try:
        result = searcher.search(request)
        ids = _to_explain(arguments.explain, result, chosen)
        explained = [found for id in ids if (found := searcher.explain(request, id))]
    finally:
        searcher.close()
    if arguments.json:
        _print_json(chosen, lambda language: _answer(result, explained, language))
        return 0
    if not arguments.explain:
        _print(terminal.answer(result, colour=sys.stdout.isatty()))
    for each in explained:
        _print(terminal.explanation(each))
    return 0


def _answer(
    result: SearchResult, explained: Sequence[Explanation], language: Language
) -> dict[str, Any]:
    shaped = [explaining.shape(each, result.request, language) for each in explained]
    return present.answer(result, language) | ({"explanations": shaped} if shaped else {})


def _to_explain(wanted: str | None, result: SearchResult, chosen: Settings) -> list[str]:
    """Return the ids of the bulletins to explain: those listed, or the one that is meant.

    Raises `NotFound` when nothing is called so, or only what could not be read.
    """
    if not wanted:
        return [] if wanted is None else [hit.id for hit in result.hits]
    files = report(chosen).naming(wanted)
    found = [file.id for file in files if file.id]
    if found:
        return found[: result.request.size]
    if files:
        why = refusal(files[0].reason)
        raise NotFound(
            f"{files[0].path} 没有读进来：{why.zh}。", f"{files[0].path} was not read: {why.en}."
        )
    raise NotFound(f"没有叫“{wanted}”的简报。", f"No bulletin is called {wanted!r}.")


def _show(arguments: Namespace, chosen: Settings) -> int:
    searcher = open_searcher(chosen)
    try:
        found = searcher.bulletin(arguments.id)
        mentioned = searcher.mentioned(found) if found and arguments.json else ()
    finally:
        searcher.close()
    if found is None:
        raise NotFound(f"没有编号为 {arguments.id} 的简报。", f"No bulletin {arguments.id}.")
    if arguments.json:
        _print_json(chosen, lambda language: present.bulletin(found, mentioned, language))
    else:
        _print(terminal.bulletin(found, colour=sys.stdout.isatty()))
    return 0


def _verify(arguments: Namespace, chosen: Settings) -> int:
    seed = secrets.randbelow(_SEEDS) if arguments.seed is None else arguments.seed
    with _Progress(quiet=arguments.quiet, unit="条") as progress:
        drawn = verify(chosen, max(arguments.draw, 0), seed, arguments.seconds, progress.show)
    if arguments.json:
        _dump(dataclasses.asdict(drawn) | {"found": drawn.found, "whole": drawn.whole})
    elif not (arguments.quiet and drawn.whole):
        _print(terminal.certificate(drawn))
    refuse_unless_whole(drawn)
    return 0


def _report(arguments: Namespace, chosen: Settings) -> int:
    built = report(chosen)
    if arguments.csv:
        sys.stdout.write(terminal.report_csv(built))
    elif arguments.json:
        look = ReportRequest(size=len(built.files) or 1, part_size=len(built.files) or 1)
        _print_json(
            chosen, lambda language: reporting.shape(built, coverage_of(built), look, language)
        )
    else:
        _print(terminal.report(built))
    return 0


def _serve(arguments: Namespace, chosen: Settings) -> int:
    serve(chosen)
    return 0


_COMMANDS: Final[dict[str, Callable[[Namespace, Settings], int]]] = {
    "rebuild": _build,
    "update": _build,
    "watch": _watch,
    "search": _search,
    "show": _show,
    "verify": _verify,
    "report": _report,
    "serve": _serve,
}


class _Progress:
    """Shows how far a build or a draw is: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, *, quiet: bool, unit: str = "期") -> None:
        self._quiet = quiet
        self._unit = unit
        self._bar: tqdm[Any] | None = None
        self._said = time.monotonic()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, done: int, total: int, name: str) -> None:
        """Take note of a file, or of a quotation, that is done."""
        if self._quiet:
            return
        if sys.stderr.isatty():
            if self._bar is None:
                self._bar = tqdm(total=total, unit=self._unit, file=sys.stderr)
            self._bar.update(done - self._bar.n)
        elif done == total or time.monotonic() - self._said > _SECONDS_BETWEEN_LINES:
            self._said = time.monotonic()
            print(f"{done}/{total}", file=sys.stderr, flush=True)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _print_json(chosen: Settings, shape: Callable[[Language], Any]) -> None:
    """Print the very shape that the web front end answers with."""
    app = create_app(chosen)
    with app.test_request_context("/"):
        _dump(shape("zh"))


def _dump(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))
