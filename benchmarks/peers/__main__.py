"""How fast is jianbao beside other engines?  Each is built over the same bulletins and asked the
same questions, one beside the other, in one run.

    python -m benchmarks.peers --out DIR [--bulletins N | --sizes N,N,N] [--peers NAME,NAME]
                               [--texts PATH] [--each N] [--rounds N]

The bulletins are made of a tagged text (`--tagged`, or JIANBAO_PEOPLES_DAILY; for want of one, of
the samples in corpus/), or are those of `--texts`: a folder, or JSON lines.  DIR gets report.txt,
report.json and, for each size, a drawing; with several sizes one more, of how times grow.  An
engine that is not installed is left out, and one that is too slow for so many bulletins is
measured at fewer; both are said.
docs/benchmarks.md has what is measured, and the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import corpus
from benchmarks.peers import chart, registry
from benchmarks.peers.base import Peer
from benchmarks.peers.report import exponents, figures, lines
from benchmarks.peers.run import OURS, run
from benchmarks.tagged_text import read_tagged
from indexer.bulletin import Bulletin
from indexer.engines.whoosh.loops import Gains


def main() -> None:
    options = _options()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    peers, said = _installed(options.peers)
    bulletins = out / "corpus.jsonl"
    made = corpus.write(_bulletins(options, max(options.sizes)), bulletins)
    sizes = sorted({min(made, size) for size in options.sizes})
    _say(f"{made:,} bulletins in {bulletins}")
    found = []
    for count, some in _plan(sizes, peers):
        measured = run(bulletins, count, some, options.each, options.rounds, out / "work", _say)
        found.append(figures(measured))
        _save(out, said, found, sizes)
    bulletins.unlink()
    print("\n".join(_text(said, found, sizes)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers")
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--bulletins", dest="sizes", type=_numbers, default=(10_000,), metavar="N")
    sizes.add_argument("--sizes", type=_numbers, metavar="N,N", help="several, to see growth")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--peers", default=",".join(registry.MODULES), help="modules, by commas")
    parser.add_argument("--texts", type=Path, help="a folder of bulletins, or JSON lines")
    parser.add_argument("--tagged", type=Path, default=os.environ.get("JIANBAO_PEOPLES_DAILY"))
    parser.add_argument("--each", type=int, default=20, help="questions of each class")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is asked")
    return parser.parse_args()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted(map(int, text.split(","))))


def _bulletins(options: argparse.Namespace, count: int) -> Iterator[Bulletin]:
    if options.texts:
        return corpus.found(options.texts, count)
    text = read_tagged(Path(options.tagged)) if options.tagged else corpus.samples()
    return corpus.generated(text, count)


def _installed(names: str) -> tuple[list[Peer], list[str]]:
    """Return jianbao and the engines that are there, and what is to be said."""
    loops = Gains.__module__.rpartition(".")[2]
    python = f"Python {platform.python_version()}, loops: {loops}"
    said = [f"{platform.machine()}, {os.cpu_count()} cores, {python}"]
    peers = []
    for module in dict.fromkeys((OURS, *names.split(","))):
        peer = registry.peer(module)
        if isinstance(peer, Peer):
            peers.append(peer)
        else:
            said.append(f"{module} is left out: {peer}")
    return peers, said


def _plan(sizes: Sequence[int], peers: Sequence[Peer]) -> list[tuple[int, list[Peer]]]:
    """Return each number of bulletins, and which engines are measured there, jianbao the first."""
    largest = max(sizes)
    counts = sorted({*sizes, *(min(peer.most, largest) for peer in peers)})
    return [(count, _measured(count, sizes, peers)) for count in counts]


def _measured(count: int, sizes: Sequence[int], peers: Sequence[Peer]) -> list[Peer]:
    if count in sizes:
        return [peer for peer in peers if count <= peer.most]
    return [peer for peer in peers if peer.name == OURS or peer.most == count]


def _save(out: Path, said: list[str], found: list[dict[str, Any]], sizes: Sequence[int]) -> None:
    growing = [each for each in found if each["bulletins"] in sizes]
    grown = exponents(growing, OURS) if len(growing) > 1 else {}
    data = {"machine": said, "runs": found, "exponents": grown}
    (out / "report.json").write_text(json.dumps(data, ensure_ascii=False, indent=1))
    (out / "report.txt").write_text("\n".join(_text(said, found, sizes)) + "\n")
    for each in found:
        (out / f"ratios-{each['bulletins']}.svg").write_text(chart.ratios(each))
    if grown:
        (out / "growth.svg").write_text(chart.growth(growing, grown))


def _text(said: list[str], found: list[dict[str, Any]], sizes: Sequence[int]) -> Iterator[str]:
    yield from said
    for each in found:
        yield from lines(each)
    growing = [each for each in found if each["bulletins"] in sizes]
    if len(growing) > 1:
        yield "\nGrowth with the number of bulletins: exponents of median and 99th percentile"
        for name in growing[0]["engines"]:
            if all(name in each["engines"] for each in growing):
                yield name
                for kind, (median, high) in exponents(growing, name).items():
                    yield f"    {kind:28}{median:6.2f}{high:6.2f}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
