"""What do the figures look like?  Drawings as SVG, made of lines, dots and words alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

import numpy as np

from benchmarks.peers.run import OURS

_COLOURS: Final = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"),
    *("#000000", "#7f7f7f", "#8c564b", "#6a3d9a", "#b2df8a"),
)
"""Okabe and Ito's, which the colour-blind tell apart, and more."""
_LEFT, _WIDTH, _ROW, _TOP = 220, 960, 30, 60
Figures = Mapping[str, Any]


class _Scale:
    """Leads from a value to a place, by powers of ten."""

    def __init__(self, values: Sequence[float], start: float, stop: float) -> None:
        self.low, self.high = np.floor(np.log10(min(values))), np.ceil(np.log10(max(values)))
        self._start, self._stop = start, stop

    def __call__(self, value: float) -> float:
        share = (np.log10(value) - self.low) / max(self.high - self.low, 1)
        return float(self._start + share * (self._stop - self._start))

    def decades(self) -> Iterator[float]:
        return (10.0**power for power in range(int(self.low), int(self.high) + 1))


def ratios(found: Figures) -> str:
    """Draw for each class how many times as long as jianbao each engine takes, and the spread."""
    classes = found["classes"]
    names = list(found["engines"])
    values = [one[end] for answers in classes.values() for one in answers.values() for end in _ENDS]
    scale = _Scale(values, _LEFT, _WIDTH - 20)
    height = _TOP + _ROW * (len(classes) + len(names) // 3 + 2)
    bottom = _TOP + _ROW * len(classes)
    parts = [
        _text(10, 24, f"Times as long as jianbao, median, {found['bulletins']:,} bulletins", 16)
    ]
    for value in scale.decades():
        parts += [_line(scale(value), _TOP - 10, scale(value), bottom, "#ddd")]
        parts += [_text(scale(value), bottom + 14, f"{value:g}", 11, "middle")]
    parts += [_line(scale(2), _TOP - 10, scale(2), bottom, "#999", dashed=True)]
    for row, (kind, answers) in enumerate(classes.items()):
        y = _TOP + _ROW * row
        parts.append(_text(10, y + 4, kind, 12))
        for name, one in answers.items():
            parts += _mark(scale, one, y + 3 * names.index(name) - 6, _colour(names, name))
    for at, name in enumerate(names):
        x, y = _LEFT + 250 * (at % 3), bottom + 34 + 18 * (at // 3)
        parts += [_dot(x, y - 4, _colour(names, name)), _text(x + 10, y, name, 12)]
    parts.append(_text(10, height - 10, _LEGEND, 11))
    return _svg(parts, height)


_LEGEND: Final = (
    "Line: eight questions of ten.  Hollow: does not answer exactly.  Dashed: twice as long."
)
_ENDS: Final = ("ratio_low", "ratio", "ratio_high")


def _mark(scale: _Scale, one: Figures, y: float, colour: str) -> list[str]:
    low, middle, high = (scale(one[end]) for end in _ENDS)
    hollow = one["recall"] < 1 or one["precision"] < 1
    return [_line(low, y, high, y, colour), _dot(middle, y, colour, hollow)]


def growth(runs: Sequence[Figures], exponents: Mapping[str, tuple[float, float]]) -> str:
    """Draw jianbao's median time of each class by the number of bulletins."""
    kinds = list(exponents)
    sizes = [found["bulletins"] for found in runs]
    times = {k: [found["classes"][k][OURS]["median_ms"] for found in runs] for k in kinds}
    across = _Scale(sizes, 70, 600)
    up = _Scale([value for found in times.values() for value in found], 460, _TOP)
    parts = [_text(10, 24, "Median time of jianbao (ms) by the number of bulletins", 16)]
    for value in up.decades():
        parts += [_line(70, up(value), 600, up(value), "#ddd")]
        parts += [_text(64, up(value) + 4, f"{value:g}", 11, "end")]
    for size in sizes:
        parts.append(_text(across(size), 478, f"{size:,}", 11, "middle"))
    for at, kind in enumerate(kinds):
        colour = _COLOURS[at % len(_COLOURS)]
        points = [(across(a), up(b)) for a, b in zip(sizes, times[kind], strict=True)]
        parts.append(_path(points, colour))
        parts += [_dot(x, y, colour) for x, y in points]
        y = _TOP + 24 * at
        said = f"{kind}: grows by the power {exponents[kind][0]:.2f}"
        parts += [_dot(630, y - 4, colour), _text(640, y, said, 12)]
    return _svg(parts, 500)


def _colour(names: Sequence[str], name: str) -> str:
    return _COLOURS[names.index(name) % len(_COLOURS)]


def _text(x: float, y: float, text: str, size: int, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text)}</text>"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}"{dash}/>'


def _path(points: Sequence[tuple[float, float]], colour: str) -> str:
    joined = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{joined}" stroke="{colour}" fill="none"/>'


def _dot(x: float, y: float, colour: str, hollow: bool = False) -> str:
    fill = "#fff" if hollow else colour
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="{colour}"/>'


def _svg(parts: Sequence[str], height: int) -> str:
    style = 'font-family="sans-serif" fill="#222"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {style}>'
    return "\n".join(
        [head, f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>', *parts, "</svg>\n"]
    )
