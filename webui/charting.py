"""How is a picture of numbers drawn?  Places and sizes of bars, in pixels; colours are the style's.

Columns stand side by side on a scale of round numbers.  A group has one column for each series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

PLOT_HEIGHT: Final = 220
WIDEST: Final = 34
"""Of a column; more of them make it narrower, down to `NARROWEST`, then the picture wider."""
NARROWEST: Final = 3
USUAL_WIDTH: Final = 900
MARGIN_LEFT: Final = 56
MARGIN_TOP: Final = 14
MARGIN_BOTTOM: Final = 34
LABEL_WIDTH: Final = 62
"""What a label needs, so that none covers its neighbour: `2020年12月` at 12 pixels."""
TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One bar: which group and which series it shows, and where it stands."""

    group: int
    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture `width` × `height`: bars, heights of the scale's lines, middles of the labels."""

    width: float
    height: float
    columns: tuple[Column, ...]
    scale: tuple[tuple[float, int], ...]
    labels: tuple[tuple[float, int], ...]
    bottom: float


def columns(groups: Sequence[Sequence[int]]) -> Chart:
    """Return the picture of `groups`, each with one number for each series."""
    series = max(map(len, groups), default=1)
    width = _width(len(groups), series)
    step = width * series + max(2.0, width * 0.4)
    ticks = scale(max((number for group in groups for number in group), default=0))
    bottom = float(MARGIN_TOP + PLOT_HEIGHT)
    bars = tuple(
        Column(n, k, round(MARGIN_LEFT + n * step + k * width, 2), bottom - tall, width, tall)
        for n, group in enumerate(groups)
        for k, number in enumerate(group)
        if (tall := round(PLOT_HEIGHT * number / ticks[-1], 2))
    )
    every = max(1, -(-LABEL_WIDTH // int(step)))
    middles = tuple(
        (round(MARGIN_LEFT + n * step + width * series / 2, 2), n)
        for n in range(0, len(groups), every)
    )
    lines = tuple((round(bottom - PLOT_HEIGHT * tick / ticks[-1], 2), tick) for tick in ticks)
    whole = max(MARGIN_LEFT + len(groups) * step + LABEL_WIDTH / 2, 240.0)
    return Chart(round(whole, 2), bottom + MARGIN_BOTTOM, bars, lines, middles, bottom)


def _width(groups: int, series: int) -> float:
    fitting = (USUAL_WIDTH - MARGIN_LEFT) / max(1, groups) / (series + 0.4)
    return round(min(WIDEST, max(NARROWEST, fitting)), 2)


def scale(largest: int) -> tuple[int, ...]:
    """Return round numbers from 0 to one not below `largest`, about `TICKS` steps apart.

    Steps are 1, 2 or 5 times a power of ten (W. S. Cleveland, The Elements of Graphing Data).
    """
    power = 1
    while largest > TICKS * 10 * power:
        power *= 10
    step = next(s * power for s in (1, 2, 5, 10) if s * power * TICKS >= largest)
    count = max(1, -(-largest // step))
    return tuple(step * n for n in range(count + 1))
