"""What came out?  One table of figures, as data and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchmarks.peers.judging import precision, recall
from benchmarks.peers.measuring import Times, by_kind
from benchmarks.peers.run import OURS, Run

Figures = dict[str, Any]
_MS: Final = 1000.0


def figures(run: Run) -> Figures:
    """Return everything that is printed, as plain data; times in milliseconds but for builds."""
    return {
        "bulletins": run.count,
        "text_bytes": run.text_bytes,
        "engines": {name: _engine(run, name) for name in run.times},
        "classes": {
            kind: {name: _answers(run, name, at) for name in run.times}
            for kind, at in by_kind(run.questions)
        },
        "pages": {
            "all": _spread(run.pages),
            **{kind: _spread(run.pages[:, at]) for kind, at in by_kind(run.questions)},
        },
        "limit": {
            "bytes_per_second": run.limit.bandwidth,
            **{
                kind: _distance(run, kind, at)
                for kind, at in by_kind(run.questions)
                if kind in run.limit.questions
            },
        },
    }


def _engine(run: Run, name: str) -> Figures:
    built, started = run.built[name], run.started[name]
    return {
        "version": run.versions[name],
        "build_wall_s": built.wall,
        "build_cpu_s": built.cpu,
        "build_peak_bytes": built.peak_bytes,
        "index_bytes": built.index_bytes,
        "index_per_text": built.index_bytes / run.text_bytes,
        "open_ms": started.open_seconds * _MS,
        "first_answer_ms": started.first_seconds * _MS,
        "own_memory_bytes": started.own_bytes,
        "rounds": len(run.times[name]),
    }


def _answers(run: Run, name: str, at: npt.NDArray[np.intp]) -> Figures:
    """Return the figures of one engine for one class: each question by its best round.

    `ratio` is that of the medians; from `ratio_low` to `ratio_high` lie eight questions of ten.
    """
    best, ours = run.times[name].min(axis=0)[at], run.times[OURS].min(axis=0)[at]
    judged = [run.judged[name][one] for one in at.tolist()]
    low, high = np.percentile(best / ours, (10, 90))
    return {
        "questions": len(at),
        "median_ms": float(np.median(best)) * _MS,
        "p99_ms": float(np.percentile(best, 99)) * _MS,
        "ratio": float(np.median(best) / np.median(ours)),
        "ratio_low": float(low),
        "ratio_high": float(high),
        "ratio_p99": float(np.percentile(best, 99) / np.percentile(ours, 99)),
        "recall": recall(judged),
        "precision": precision(judged),
        "exact": sum(one.exact for one in judged),
    }


def _spread(times: Times) -> Figures:
    best = times.min(axis=0) * _MS
    return {
        "median_ms": float(np.median(best)),
        "p99_ms": float(np.percentile(best, 99)),
        "max_ms": float(best.max()),
    }


def _distance(run: Run, kind: str, at: npt.NDArray[np.intp]) -> Figures:
    least = run.limit.questions[kind] / run.limit.bandwidth
    ours = run.times[OURS].min(axis=0)[at]
    return {
        "bytes": float(np.median(run.limit.questions[kind])),
        "limit_ms": float(np.median(least)) * _MS,
        "times_the_limit": float(np.median(ours / least)),
    }


def fastest_exact(answers: Mapping[str, Figures]) -> str:
    """Return the quickest other engine that misses nothing and adds nothing; empty if none is."""
    exact = [
        name
        for name, one in answers.items()
        if not name.startswith(OURS) and one["recall"] == one["precision"] == 1.0
    ]
    return min(exact, key=lambda name: float(answers[name]["median_ms"]), default="")


def lines(found: Figures) -> Iterator[str]:
    """Yield the report as text."""
    yield f"\n{found['bulletins']:,} bulletins, {found['text_bytes'] / 1e6:,.1f} MB of UTF-8 text"
    yield _row("", "build s", "CPU s", "peak MB", "index MB", "/ text")
    for name, one in found["engines"].items():
        built = (f"{one[key]:.1f}" for key in ("build_wall_s", "build_cpu_s"))
        sizes = (f"{one[key] / 1e6:.0f}" for key in ("build_peak_bytes", "index_bytes"))
        yield _row(name, *built, *sizes, f"{one['index_per_text']:.2f}")
    yield _row("\nin a new process", " open ms", "first ms", "own MB")
    for name, one in found["engines"].items():
        opened = (f"{one[key]:.1f}" for key in ("open_ms", "first_answer_ms"))
        yield _row(name, *opened, f"{one['own_memory_bytes'] / 1e6:.0f}")
    for kind, answers in found["classes"].items():
        yield from _class_lines(kind, answers)
    yield from _page_lines(found["pages"])
    yield from _limit_lines(found["limit"])


_TIMES: Final = ("median_ms", "p99_ms")
_RATIOS: Final = ("ratio", "ratio_low", "ratio_high")
_RIGHT: Final = ("recall", "precision")


def _class_lines(kind: str, answers: Mapping[str, Figures]) -> Iterator[str]:
    count = answers[OURS]["questions"]
    yield f"\n{kind} ({count} questions)"
    yield _row("", "median ms", "p99 ms", "× jianbao", "10 %", "90 %", *_RIGHT, "exact")
    for name, one in answers.items():
        shown = [f"{one[key]:.3f}" for key in _TIMES] + [f"{one[key]:.2f}" for key in _RATIOS]
        yield _row(name, *shown, *(f"{one[key]:.3f}" for key in _RIGHT), f"{one['exact']}/{count}")
    if quickest := fastest_exact(answers):
        other = answers[quickest]
        yield (
            f"jianbao takes {1 / other['ratio']:.2f} of the quickest exact engine, {quickest}"
            f" (99th percentile {1 / other['ratio_p99']:.2f})"
        )


def _page_lines(pages: Mapping[str, Figures]) -> Iterator[str]:
    yield "\nWhole answers of jianbao: parse, search, facets, ten snippets, JSON"
    yield _row("", "median ms", "p99 ms", "max ms")
    for kind, one in pages.items():
        yield _row(kind, *(f"{one[key]:.2f}" for key in (*_TIMES, "max_ms")))


def _limit_lines(limit: Mapping[str, Any]) -> Iterator[str]:
    yield f"\nMemory alone, read at {limit['bytes_per_second'] / 1e9:.1f} GB/s"
    yield _row("", "kB to read", "takes ms", "jianbao ×")
    for kind, one in limit.items():
        if isinstance(one, dict):
            kilobytes, takes = f"{one['bytes'] / 1e3:.0f}", f"{one['limit_ms']:.4f}"
            yield _row(kind, kilobytes, takes, f"{one['times_the_limit']:.0f}")


def _row(name: str, *cells: str) -> str:
    return f"{name:32}" + "".join(f"{cell:>11}" for cell in cells)


def exponents(runs: Sequence[Figures], name: str) -> dict[str, tuple[float, float]]:
    """Return for each class the exponents with which median and 99th percentile grow."""
    sizes = np.log([found["bulletins"] for found in runs])
    return {
        kind: (
            _slope(sizes, runs, kind, name, "median_ms"),
            _slope(sizes, runs, kind, name, "p99_ms"),
        )
        for kind in runs[0]["classes"]
    }


def _slope(sizes: Any, runs: Sequence[Figures], kind: str, name: str, measure: str) -> float:
    values = [found["classes"][kind][name][measure] for found in runs]
    return float(np.polyfit(sizes, np.log(values), 1)[0])
