"""The documentation is true: what can be set, asked or go wrong stands in it, in both halves."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import Field, fields
from pathlib import Path

import pytest

from indexer import settings
from indexer.analysis import Segmenter
from indexer.cli import parser
from indexer.engines.ranking import DIGITS, K1, WEIGHTS, B
from indexer.errors import REFUSALS, JianbaoError
from indexer.query import read
from indexer.query.parser import DEEPEST
from indexer.query.query import LONGEST_QUERY, LONGEST_QUOTATION, MOST_TERMS
from indexer.settings import Settings
from webui import create_app
from webui.errors import STATUSES
from webui.params import DEFAULT, LARGEST_SIZE, WINDOW
from webui.security import POLICY

ROOT = Path(__file__).parent.parent
DOCS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
README, OPERATING, EMBEDDING, ARCHITECTURE = (
    ROOT / name
    for name in ("README.md", "docs/operating.md", "docs/embedding.md", "docs/architecture.md")
)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LANGUAGES = ("zh", "en")
LAST_STEPS = {"serve": ".venv/bin/jianbao serve", "test": ".venv/bin/python -m pytest -q"}


def halves(path: Path) -> dict[str, str]:
    """Return the Chinese and the English half: each begins with a heading of the first level."""
    text = path.read_text("utf-8")
    bare = BLOCK.sub(lambda block: "\n" * block[0].count("\n"), text)
    lines = text.splitlines(keepends=True)
    heads = [n for n, line in enumerate(bare.splitlines()) if line.startswith("# ")]
    assert len(heads) == 2, f"{path.name} has two halves"
    first, second = "".join(lines[: heads[1]]), "".join(lines[heads[1] :])
    return {"zh": second, "en": first} if path == ARCHITECTURE else {"zh": first, "en": second}


def chapter(path: Path, language: str, heading: str) -> str:
    """Return what stands under a heading of the second level."""
    (found,) = re.findall(
        rf"^## {heading}$(.*?)(?=^## |\Z)", halves(path)[language], re.MULTILINE | re.DOTALL
    )
    return str(found)


def commands() -> dict[str, argparse.ArgumentParser]:
    (sub,) = (a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(sub.choices)


def options(command: argparse.ArgumentParser) -> set[str]:
    return {name for action in command._actions for name in action.option_strings if name != "-h"}


def errors(root: type[JianbaoError] = JianbaoError) -> Iterator[type[JianbaoError]]:
    yield root
    for error in root.__subclasses__():
        if error.__module__ == root.__module__:
            yield from errors(error)


@pytest.mark.parametrize("name", LAST_STEPS)
def test_the_readme_has_the_two_commands_behind_their_comments(name: str) -> None:
    text = README.read_text("utf-8")
    assert text.count("<!-- ") == 2
    marked = re.findall(rf"^<!-- {name} -->\n```sh\n(.*)\n```$", text, re.MULTILINE)
    assert len(marked) == 1, "one line that can be pasted"
    steps = [shlex.split(step) for step in marked[0].split("&&")]
    assert steps[0] == ["python3", "-m", "venv", ".venv"]
    assert " ".join(steps[-1]) == LAST_STEPS[name]


def test_what_the_two_commands_install_can_be_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = re.findall(r"'\.\[(.*?)\]'", README.read_text("utf-8"))
    assert asked
    assert {extra for group in asked for extra in group.split(",")} <= {
        *project["optional-dependencies"]
    }


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_both_halves_have_the_same_code_and_as_many_headings_and_rows(path: Path) -> None:
    zh, en = (halves(path)[language] for language in LANGUAGES)
    assert BLOCK.findall(zh) == BLOCK.findall(en)
    for beginning in ("## ", "|", "- "):
        counts = [sum(line.startswith(beginning) for line in half.split("\n")) for half in (zh, en)]
        assert counts[0] == counts[1], beginning


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_has_its_row(setting: Field[object], language: str) -> None:
    default = json.dumps(setting.default)
    row = f"| `{setting.name}` | `{default}` | {setting.metadata[language]} |"
    assert row in halves(README)[language].split("\n")


@pytest.mark.parametrize(("language", "heading"), [("zh", "设置"), ("en", "Settings")])
def test_no_setting_is_made_up(language: str, heading: str) -> None:
    text = chapter(README, language, heading)
    rows = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert rows == [setting.name for setting in fields(Settings)]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_settings_in_examples_can_be_set(path: Path, tmp_path: Path) -> None:
    for number, (kind, code) in enumerate(BLOCK.findall(path.read_text("utf-8"))):
        if kind == "toml":
            file = tmp_path / f"{number}.toml"
            file.write_text(code, "utf-8")
            create_app(settings.load(file))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", commands())
def test_every_command_has_its_row_with_all_its_options_and_no_other(
    name: str, language: str
) -> None:
    (row,) = (
        line
        for line in halves(README)[language].split("\n")
        if re.match(rf"\| `jianbao {name}\b", line)
    )
    shared = set.intersection(*map(options, commands().values()))
    assert set(re.findall(r"--[a-z-]+", row)) == options(commands()[name]) - shared
    for option in shared:
        assert f"`{option}`" in halves(README)[language]


def test_no_command_is_made_up() -> None:
    for path in DOCS:
        said = re.findall(r"(?:`|bin/|^)jianbao ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
        assert set(said) <= set(commands()), path.name


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_command_line_in_an_example_is_understood(path: Path) -> None:
    code = [
        line for _, block in BLOCK.findall(path.read_text("utf-8")) for line in block.split("\n")
    ]
    steps = (step for line in code for step in re.split(r"&&|\||>|ExecStart=", line))
    for step in steps:
        if re.match(r"\s*(?:\S*/bin/)?jianbao\s", step):
            parser().parse_args(shlex.split(step)[1:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_address_has_its_row(language: str) -> None:
    rules = {str(rule) for rule in create_app(Settings()).url_map.iter_rules()}
    spoken = {rule.replace("<id>", "ID").replace("<path:filename>", "PATH") for rule in rules}
    assert spoken == set(re.findall(r"^\| `(/.*?)` \|", halves(EMBEDDING)[language], re.MULTILINE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_its_row_for_the_command_line_and_for_http(language: str) -> None:
    operating, embedding = (halves(path)[language] for path in (OPERATING, EMBEDDING))
    known = {(error.exit_code, error.code, error.status) for error in errors()}
    rows = re.findall(r"^\| (\d) \| `(\w+)` \| (\d+) \|", operating, re.MULTILINE)
    assert {(int(code), name, int(status)) for code, name, status in rows} == known
    answers = {(code, status) for _, code, status in known}
    answers |= {(code, status) for status, (code, _) in STATUSES.items()}
    rows = re.findall(r"^\| `(\w+)` \| (\d{3}) \|$", embedding, re.MULTILINE)
    assert {(code, int(status)) for code, status in rows} == answers


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_readme_has_every_exit_code(language: str) -> None:
    begins = {"zh": "退出码：", "en": "Exit codes: "}[language]
    (line,) = (line for line in halves(README)[language].split("\n") if line.startswith(begins))
    said = {int(code) for code in re.findall(r"(?:[：；:;] ?)(\d) ", line)}
    assert said == {0} | {error.exit_code for error in errors()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_its_row(language: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", halves(OPERATING)[language], re.MULTILINE)
    assert dict(rows) == {
        reason: getattr(sentence, language) for reason, sentence in REFUSALS.items()
    }


@pytest.mark.parametrize(("language", "heading"), [("zh", "检索的写法"), ("en", "How to ask")])
def test_every_example_of_a_query_is_read_as_the_readme_says(language: str, heading: str) -> None:
    examples = re.findall(
        r"^\| `([^`]+)` \| `([^`]+)` \|", chapter(README, language, heading), re.MULTILINE
    )
    assert len(examples) > 5
    for typed, understood in examples:
        query = read(typed, "all", Segmenter())
        assert str(query.tree) == understood.replace(r"\|", "|")
        assert not query.notices


@pytest.mark.parametrize("language", LANGUAGES)
def test_limits_and_constants_are_those_of_the_program(language: str) -> None:
    readme, embedding, architecture = (
        halves(path)[language] for path in (README, EMBEDDING, ARCHITECTURE)
    )
    begins = {"zh": "上限：", "en": "Limits: "}[language]
    (limits,) = re.findall(rf"{begins}(.*)$", readme, re.MULTILINE)
    numbers = [int(number) for number in re.findall(r"\d+", limits)]
    assert numbers == [LONGEST_QUERY, LONGEST_QUOTATION, DEEPEST, MOST_TERMS]
    (row,) = re.findall(r"^\| `page`.*$", embedding, re.MULTILINE)
    assert [int(number) for number in re.findall(r"\d+", row)] == [
        *(1, 1, LARGEST_SIZE, DEFAULT.size, WINDOW)
    ]
    said = [float(number) for number in re.findall(r"\d+\.\d+", architecture.split("k1 = ")[1])]
    assert [float(architecture.split("k1 = ")[1][:3]), *said[1:5]] == [K1, B, *WEIGHTS]
    assert re.search({"zh": rf"{DIGITS} 位小数", "en": rf"{DIGITS} digits"}[language], architecture)
    assert f"Content-Security-Policy: {POLICY}'self'\n" in embedding


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", BLOCK.sub("", path.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", [*DOCS, ROOT / "corpus/README.md"], ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    text = BLOCK.sub("", path.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        there = path if not file else path.parent / file
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target
    for named in re.findall(r"`((?:tests|indexer|webui|corpus|docs)/[\w./-]*)`", text):
        assert (ROOT / named).exists(), named


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_test_that_is_named_is_there_and_every_hazard_has_its_row(language: str) -> None:
    text = halves(ROOT / "docs/reliability.md")[language]
    assert re.findall(r"^\| C(\d+) \|", text, re.MULTILINE) == [str(n) for n in range(1, 16)]
    named = re.findall(r"`(test_\w+)::(test_\w+)`", text)
    assert len(named) > 15
    for file, name in named:
        assert f"\ndef {name}(" in (ROOT / f"tests/{file}.py").read_text("utf-8"), name


def test_nothing_names_a_place_on_the_machine_it_was_written_on() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    place = re.compile(r"(?<![\w.*-])/(?:home|root|work|tmp)/")
    for name in filter(None, listed.stdout.split("\0")):
        data = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        assert not place.search(data.decode("utf-8", "ignore")), name
