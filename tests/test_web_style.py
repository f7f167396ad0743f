"""Colours can be told apart by everybody (WCAG 2.2, level AA), by day and by night."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webui

SHEET = (Path(webui.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
SCHEMES = {
    "light": SHEET[SHEET.index(":root {") :],
    "dark": SHEET[SHEET.index(':root:not([data-theme="light"])') :],
    "dark theme": SHEET[SHEET.index(':root[data-theme="dark"]') :],
}
TEXT = [
    *[(ink, "paper") for ink in ("ink", "soft", "red", "link", "visited")],
    *[(ink, "sheet") for ink in ("ink", "soft", "red", "link")],
    *[(ink, "wash") for ink in ("ink", "soft", "red", "link")],
    ("on-mark", "mark"),
    ("on-mark", "mark-now"),
    ("white", "seal"),
]


def colours(scheme: str) -> dict[str, str]:
    block = SCHEMES[scheme].partition("}")[0]
    return {"white": "#ffffff"} | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG defines it."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_from_its_ground(scheme, text, ground):
    found = colours(scheme)
    dark, light = sorted((luminance(found[text]), luminance(found[ground])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_asking_for_dark_gives_the_same_as_a_dark_system():
    assert colours("dark") == colours("dark theme")
    assert set(colours("light")) == set(colours("dark"))


def test_nothing_is_loaded_from_elsewhere():
    assert not re.search(r"url\(|@import|https?:", SHEET)
