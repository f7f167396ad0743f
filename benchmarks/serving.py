"""How many are answered, and how soon?  The server under load, beside a page with nothing in it.

    python -m benchmarks.serving --out DIR (--index DIR | --bulletins N)
                                 [--workers N] [--clients N] [--seconds S] [--each N]

The server runs with one process and with N; the bare page, with the same server and the same
settings, says what Flask and waitress allow at most.  Clients keep their connections and ask what
`benchmarks.peers` asks.  Then a few clients ask quick questions, each on a connection of its own,
while others ask the slowest that there is.  DIR gets report.txt and report.json; without an index
one is built there of N bulletins, made of the samples in corpus/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks import corpus
from benchmarks.load import Load, Outcome, loaded
from benchmarks.peers.questions import SAMPLE, Log
from benchmarks.peers.truth import text_of
from indexer import Settings, rebuild
from indexer.analysis import Segmenter
from indexer.bulletin import Bulletin
from indexer.document import load
from indexer.engines.opening import open_engine
from indexer.settings import cores

JIANBAO: Final = ("indexer", "serve", "--port", "0")
BARE: Final = "benchmarks.bare"
SLOW_ONES: Final = (0, 1, 2, 4, 8)
"""Clients that ask slow questions while others ask quick ones."""
_WILDCARDS: Final = 100
_QUICK: Final[dict[str, Any]] = {"clients": 2, "pause": 0.02, "fresh": True}
_WARMING: Final = 3.0


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one server: answers a second, and milliseconds."""

    what: str
    workers: int
    slow: int
    a_second: float
    median_ms: float
    p99_ms: float
    refused: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: of the JSON, of the page, and what takes longest."""

    json: tuple[str, ...]
    page: tuple[str, ...]
    slow: tuple[str, ...]


def main() -> None:
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    index = options.index or _built(options.bulletins, options.out / "work")
    asked = questions(index, options.each)
    rows = list(measured(index, asked, (1, options.workers), options.clients, options.seconds))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    data = {"machine": machine, "clients": options.clients, "rows": [asdict(row) for row in rows]}
    (options.out / "report.json").write_text(json.dumps(data, ensure_ascii=False, indent=1))
    text = "\n".join((f"{machine}, {options.clients} clients", *lines(rows)))
    (options.out / "report.txt").write_text(text + "\n")
    print(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--index", type=Path, metavar="DIR")
    where.add_argument("--bulletins", type=int, metavar="N")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument("--clients", type=int, default=8, help="at once")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each load")
    parser.add_argument("--each", type=int, default=20, help="questions of each class")
    return parser.parse_args()


def _built(count: int, folder: Path) -> Path:
    """Build an index of so many bulletins, by the same way as any."""
    texts = folder / "texts"
    texts.mkdir(parents=True, exist_ok=True)
    for at, bulletin in enumerate(corpus.generated(corpus.samples(), count)):
        text = "\n".join(block.text for block in bulletin.blocks)
        (texts / f"{at:06}.txt").write_text(text, encoding="utf-8")
    rebuild(Settings(folders=(str(texts),), index=str(folder / "index")))
    return folder / "index"


def questions(index: Path, each: int) -> Asked:
    """Draw questions from the bulletins of an index."""
    _, engine, _ = open_engine(index)
    ids = random.Random(1).sample(engine.ids(), min(engine.count, SAMPLE))
    sample = [load(text) for text in engine.stored(ids) if text is not None]
    engine.close()
    addresses = [
        urlencode(
            [
                ("q", question.text),
                ("mode", question.mode),
                *((name, value) for name, values in question.chosen.items() for value in values),
            ]
        )
        for question in Log(sample, Segmenter()).questions(each)
    ]
    return Asked(
        tuple(f"/api/v1/search?{address}" for address in addresses),
        tuple(f"/?{address}" for address in addresses),
        tuple(_slowest(sample)),
    )


def _slowest(sample: Iterable[Bulletin]) -> Iterator[str]:
    """Yield what takes longest: as many wildcards as there may be, between frequent characters."""
    counted = Counter(char for bulletin in sample for char in text_of(bulletin) if char.isalpha())
    frequent = [char for char, _ in counted.most_common(_WILDCARDS + 1)]
    gaps = [f"{a}*{b}" for a, b in pairwise(frequent)]
    for text in (" ".join(gaps), " OR ".join(gaps)):
        yield f"/api/v1/search?{urlencode({'q': text})}"


def measured(
    index: Path, asked: Asked, workers: Sequence[int], clients: int, seconds: float
) -> Iterator[Row]:
    """Yield what each load of each server gave."""
    ours = (*JIANBAO, "--index", str(index), "--workers")
    for count in dict.fromkeys(workers):
        with _serving(BARE, str(count)) as port:
            yield _row("bare page", count, 0, _steady(port, ("/",), clients, seconds))
        with _serving(*ours, str(count)) as port:
            for what, paths in (("JSON", asked.json), ("page", asked.page)):
                yield _row(what, count, 0, _steady(port, paths, clients, seconds))
            for slow in SLOW_ONES:
                loads = [Load(asked.json, seconds=seconds, **_QUICK)]
                loads += [Load(asked.slow, slow, seconds)] if slow else []
                yield _row("quick ones", count, slow, loaded(port, loads)[0])


def _steady(port: int, paths: Sequence[str], clients: int, seconds: float) -> Outcome:
    """Return what a load gives once everything is warm."""
    loaded(port, [Load(paths, clients, min(seconds, _WARMING))])
    return loaded(port, [Load(paths, clients, seconds)])[0]


def _row(what: str, workers: int, slow: int, outcome: Outcome) -> Row:
    spread = (outcome.percentile(50), outcome.percentile(99))
    return Row(what, workers, slow, outcome.a_second, *spread, outcome.refused)


@contextmanager
def _serving(*module: str) -> Iterator[int]:
    """Run a server in a process of its own, and give its port once it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", *module], stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stderr
    try:
        found = re.search(r":(\d+)/$", process.stderr.readline())
        assert found, "the server did not start"
        # What it says of a long queue must not fill the pipe, or it would wait for us.
        reading = threading.Thread(target=process.stderr.read)
        reading.start()
        yield int(found[1])
    finally:
        process.terminate()
        process.wait()
    reading.join()
    process.stderr.close()


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the report as text; the ratio is to the bare page with as many processes."""
    bare = {row.workers: row.a_second for row in rows if row.what == "bare page"}
    yield f"\n{'':12}{'processes':>10}{'a second':>10}{'of bare':>9}{'median ms':>11}{'p99 ms':>9}"
    for row in rows:
        if row.what != "quick ones":
            share = f"{row.a_second / bare[row.workers]:.2f}"
            figures = f"{row.median_ms:>11.1f}{row.p99_ms:>9.1f}"
            yield f"{row.what:12}{row.workers:>10}{row.a_second:>10.0f}{share:>9}{figures}"
    yield "\nquick ones beside slow ones"
    yield f"{'slow':>12}{'processes':>10}{'median ms':>11}{'p99 ms':>9}"
    for row in rows:
        if row.what == "quick ones":
            yield f"{row.slow:>12}{row.workers:>10}{row.median_ms:>11.1f}{row.p99_ms:>9.1f}"


if __name__ == "__main__":
    main()
