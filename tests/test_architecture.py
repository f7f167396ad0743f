"""Imports run downward, and each outside library enters by one room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Highest floor first.  Rooms on one floor are strangers to each other, the ground floor's
# words and the command line apart: both are one room in several files.
FLOORS = (
    ("indexer.__main__", "indexer.cli", "indexer.commands", "indexer.terminal"),
    ("webui",),
    ("indexer",),
    ("indexer.watcher",),
    ("indexer.builder", "indexer.coverage", "indexer.searcher"),
    ("indexer.carried",),
    ("indexer.intake",),
    (
        "indexer.acceptance",
        "indexer.checking",
        "indexer.file_reports",
        "indexer.last_build",
        "indexer.offering",
    ),
    ("indexer.overrides",),
    ("indexer.facets", "indexer.kept_report"),
    (
        "indexer.build_report",
        "indexer.certificate",
        "indexer.concordance",
        "indexer.copies",
        "indexer.dictionary",
        "indexer.explanation",
        "indexer.names",
        "indexer.reprints",
        "indexer.requests",
        "indexer.similar",
        "indexer.synonyms",
        "indexer.workers",
    ),
    ("indexer.validation",),
    ("indexer.suggest",),
    ("indexer.readers", "indexer.metadata", "indexer.engines", "indexer.snippets"),
    ("indexer.query",),
    ("indexer.analysis",),
    ("indexer.document", "indexer.answer"),
    ("indexer.bulletin", "indexer.corrections", "indexer.schema", "indexer.settings"),
    ("indexer.arrays", "indexer.deadline", "indexer.garbage", "indexer.key_index"),
    ("indexer.beside", "indexer.errors", "indexer.ranges", "indexer.stopping", "indexer.turns"),
    ("indexer.language",),
)
ONE_ROOM = {"indexer.__main__", "indexer.cli", "indexer.commands", "indexer.terminal"}
ENTRANCE = {
    "whoosh": "indexer/engines/whoosh/",
    "jieba": "indexer/analysis/jieba_words.py",
    "rjieba": "indexer/analysis/rjieba_words.py",
    "flask": "webui/",
    "werkzeug": "webui/",
    "jinja2": "webui/",
    "markupsafe": "webui/",
    "orjson": ("indexer/document.py", "webui/quick_json.py"),
    "waitress": "webui/",
    "chardet": "indexer/readers/encoding.py",
    "lxml": "indexer/readers/",
    "pypdf": "indexer/readers/pdf_",
    "rapidocr": "indexer/readers/recognizer.py",
    "cv2": "indexer/readers/recognizer.py",
    "PIL": "indexer/readers/image.py",
    "pypdfium2": "indexer/readers/",
    "tqdm": "indexer/commands.py",
    "zstandard": "indexer/engines/whoosh/",
}
GROUND = {
    "indexer.answer",
    "indexer.bulletin",
    "indexer.schema",
    "indexer.settings",
    "indexer.deadline",
    "indexer.errors",
    "indexer.garbage",
    "indexer.language",
    "indexer.turns",
}
MODULES = sorted([*ROOT.glob("indexer/**/*.py"), *ROOT.glob("webui/**/*.py")])
WALL = 400


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    rooms = [room for floor in FLOORS for room in floor]
    fitting = [room for room in rooms if module == room or module.startswith(f"{room}.")]
    room = max(fitting, key=len)
    assert room != "indexer" or module == "indexer", f"{module} has no floor"
    return room


def floor_of(room: str) -> int:
    return next(at for at, floor in enumerate(reversed(FLOORS)) if room in floor)


def others(either: ast.If | ast.Try) -> list[ast.stmt]:
    """Return what is done instead of the first block."""
    if isinstance(either, ast.If):
        return either.orelse
    return [statement for handler in either.handlers for statement in handler.body]


def imports(path: Path) -> list[tuple[bool, str]]:
    """Return whether each import stands at the top, and what it imports."""
    found: list[tuple[bool, str]] = []
    known = {module_of(other) for other in MODULES}
    tree = ast.parse(path.read_text("utf-8"))
    either = (b for b in tree.body if isinstance(b, ast.If | ast.Try))
    top = {*tree.body, *(n for b in either for n in (*b.body, *others(b)))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node in top, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            name = node.module or ""
            for alias in node.names:
                inner = f"{name}.{alias.name}"
                found.append((node in top, inner if inner in known else name))
    return found


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_imports_run_downward(path: Path) -> None:
    here = room_of(module_of(path))
    for _, name in imports(path):
        if name.split(".")[0] not in ("indexer", "webui"):
            continue
        there = room_of(name)
        if here == there or {here, there} <= ONE_ROOM:
            continue
        assert floor_of(there) < floor_of(here), f"{module_of(path)} imports {name}"
        if here == "webui":
            assert there in GROUND | {"indexer"}, f"{module_of(path)} enters beside the door"


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_a_library_enters_by_its_room_alone(path: Path) -> None:
    for _, name in imports(path):
        entrance = ENTRANCE.get(name.split(".")[0], "")
        assert str(path.relative_to(ROOT)).startswith(entrance), f"{name} in {module_of(path)}"


def test_no_module_is_in_a_circle() -> None:
    known = {module_of(path): path for path in MODULES}
    graph = {
        name: {other for _, other in imports(path) if other in known and other != name}
        for name, path in known.items()
    }
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join((*above, name))
        if name not in done:
            for other in graph[name]:
                visit(other, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_imports_stand_at_the_top(path: Path) -> None:
    hidden = [name for at_top, name in imports(path) if not at_top]
    assert not hidden


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_a_module_begins_with_what_it_answers_and_is_not_too_long(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "the first line says the question"
    assert len(text.splitlines()) <= WALL
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


@pytest.mark.parametrize(
    "path",
    sorted([*ROOT.glob("indexer/**/*.pyx"), *ROOT.glob("indexer/**/*.pxi")]),
    ids=lambda path: path.name,
)
def test_what_is_compiled_is_not_too_long_either(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= WALL


def test_no_drawer_for_this_and_that() -> None:
    drawers = {"util", "utils", "helper", "helpers", "manager", "handler", "common", "misc"}
    assert not drawers & {path.stem for path in MODULES}
