"""What does a reader see on the labelled pages, and what of it was understood?

The labels are in tests/labelled: `mastheads.toml` (whole pages) and `organizations.toml` (headings
and leads).  Each page is read from a file, as a build reads it.  Entries marked `heldout` were
written before the rules were improved and are never tuned to; their figures stand apart.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from indexer.bulletin import Block, Bulletin, Kind, Reading, Source
from indexer.metadata import describe
from indexer.readers.reading import read
from indexer.settings import Settings

FOLDER: Final = Path(__file__).parent.parent / "tests" / "labelled"
RUNNING: Final = (
    "　　近日，有关专家走访了三家企业，听取意见，提出建议，并就下一步工作作了安排，"
    "大家一致认为，质量是干出来的。"
)
"""Running text that names nobody: what follows a heading, or the masthead of a page."""
RUNNING_ON: Final = "组织专家走访了三家企业，听取意见，提出建议，并就下一步工作作了安排。"
"""What follows a lead."""
ONE: Final = ("series", "issue", "cumulative", "document_number", "date", "publisher", "title")
ONE_MORE: Final = ("author", "confidentiality")
SEVERAL: Final = ("sections", "captions", "rows", "distribution")
FIELDS: Final = (*ONE, *ONE_MORE, *SEVERAL)


@dataclass(slots=True)
class Score:
    """How many values a reader sees, how many were found, and how many of those are right."""

    wanted: int = 0
    found: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    def add(self, wanted: Iterable[str], found: Iterable[str], where: str) -> None:
        """Compare the values of one page."""
        seen, got = list(wanted), list(found)
        right = [value for value in got if value in seen]
        self.wanted += len(seen)
        self.found += len(got)
        self.right += len(right)
        self.wrong += [f"- {value}  ({where})" for value in seen if value not in right]
        self.wrong += [f"+ {value}  ({where})" for value in got if value not in right]


def entries(file: str, heldout: bool) -> list[dict[str, Any]]:
    """Return the labelled entries of a file, the held-out ones or the others."""
    (every,) = tomllib.loads((FOLDER / file).read_text("utf-8")).values()
    return [entry for entry in every if entry.get("heldout", False) == heldout]


def score_pages(heldout: bool) -> dict[str, Score]:
    """Return the scores of every field of the labelled pages."""
    scores = {name: Score() for name in FIELDS}
    with tempfile.TemporaryDirectory() as folder:
        for entry in entries("mastheads.toml", heldout):
            found = understood(entry, Path(folder))
            where = " / ".join(entry["text"].split("\n"))[:60]
            for name in FIELDS:
                scores[name].add(seen(entry, name), got(found, name), where)
    return scores


def understood(entry: dict[str, Any], folder: Path) -> Bulletin:
    """Return what is made of a labelled page when it is read from a file."""
    name = f"page.{entry.get('format', 'txt')}"
    text = f"{entry['text'].strip()}\n\n{entry.get('body', RUNNING)}"
    (folder / name).write_text(text, "utf-8")
    return describe(read(folder / name, name, Settings()), "b")


def seen(entry: dict[str, Any], name: str) -> list[str]:
    """Return what a reader sees: a list of values, empty where there is none."""
    value = entry.get(name, [])
    if isinstance(value, dict):
        return [f"{label}：{'、'.join(names)}" for label, names in value.items()]
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def got(found: Bulletin, name: str) -> list[str]:
    """Return what was understood, in the same form."""
    issue = found.issue
    if name == "issue":
        return [] if issue is None else [str(issue.label if issue.number is None else issue.number)]
    if name == "cumulative":
        return [] if issue is None or issue.cumulative is None else [str(issue.cumulative)]
    if name == "sections":
        return [section.heading for section in found.sections if _is_below_title(found, section)]
    if name in ("captions", "rows"):
        kind = Kind.CAPTION if name == "captions" else Kind.ROW
        return [b.text.replace("\t", "|") for b in found.blocks if b.kind is kind]
    if name == "distribution":
        return [f"{label}：{'、'.join(names)}" for label, names in found.distribution.items()]
    value = getattr(found, name)
    return [value] if value else []


def _is_below_title(found: Bulletin, section: Any) -> bool:
    return bool(section.heading) and found.blocks[section.start].kind is Kind.HEADING


def score_lines(heldout: bool) -> dict[str, Score]:
    """Return the scores of the bodies named in headings and in leads."""
    scores = {"heading": Score(), "lead": Score()}
    for entry in entries("organizations.toml", heldout):
        kind = "heading" if "heading" in entry else "lead"
        names = [body.name for body in describe(_alone(entry, kind), "b").organizations]
        scores[kind].add(entry["names"], names, entry[kind])
    return scores


def _alone(entry: dict[str, Any], kind: str) -> Reading:
    """Return a bulletin of one heading or lead: nothing else vouches for a name.

    What states something (获奖单位：…) is a line of its own, as a heading is.
    """
    text, running = entry[kind], Block(RUNNING.strip())
    if kind == "heading":
        blocks = [Block(text, Kind.HEADING, None, 2), running]
    elif "：" in text[:-1]:
        blocks = [Block(text), running]
    else:
        blocks = [Block(text + RUNNING_ON)]
    source = Source("page.txt", "text/plain", "utf-8", "", 0)
    return Reading(source, (Block("工作情况", Kind.HEADING, None, 1), running, *blocks))


def lines_of(scores: dict[str, Score]) -> Iterator[str]:
    """Yield a line for each field: right of wanted, precision and recall."""
    for name, score in scores.items():
        yield (
            f"  {name:16} {score.right:4}/{score.wanted:<4} "
            f"precision {score.precision:.3f}  recall {score.recall:.3f}"
        )
