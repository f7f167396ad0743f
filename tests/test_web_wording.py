"""Whatever a page says, it says in both languages, and says from one table."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import webui
from webui.errors import MISSING, STATUSES
from webui.wording import TEXTS

ROOM = Path(webui.__file__).parent
HAN = re.compile("[一-龥]")
USED = re.compile(r"""(?:\bt|i18n\.text)\(\s*['"](\w+)['"]""")
TEMPLATES = sorted((ROOM / "templates").glob("*.html"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_complete_in_both_languages(name):
    said = TEXTS[name]
    assert HAN.search(said.zh) or not re.search("[a-z]{4}", said.en)
    assert not HAN.search(said.en) or name == "placeholder"
    assert fields(said.zh) == fields(said.en)


def test_errors_are_complete_in_both_languages():
    for said in (MISSING, *(sentence for _, sentence in STATUSES.values())):
        assert HAN.search(said.zh)
        assert not HAN.search(said.en)


def test_every_text_is_used_and_every_used_one_is_there():
    sources = [*TEMPLATES, *ROOM.glob("*.py")]
    everything = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(USED.findall(everything))
    indirect = {
        name
        for name in TEXTS
        if re.search(
            rf"""['"]{name}['"]""",
            everything.replace((ROOM / "wording.py").read_text(encoding="utf-8"), ""),
        )
    } | {f"mode_{mode}" for mode in ("exact", "all", "any")}
    assert used - {"mode_"} <= set(TEXTS)
    assert set(TEXTS) <= used | indirect


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_say_nothing_themselves(path):
    if path.name.startswith("_help_"):
        return
    text = path.read_text(encoding="utf-8").replace("'中文'", "").replace("join('、')", "")
    assert not HAN.search(text)


def test_scripts_say_nothing_themselves():
    for path in (ROOM / "static").glob("*.js"):
        code = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
        assert not HAN.search(code.replace("简报搜索 Jianbao", ""))
