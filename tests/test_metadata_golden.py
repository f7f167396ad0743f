"""Each sample bulletin is understood as a reader would: checked by eye, kept in tests/golden."""

import difflib
import json
from itertools import groupby
from pathlib import Path

import pytest

from indexer.bulletin import Bulletin
from indexer.metadata import describe
from indexer.readers.reading import read
from indexer.settings import Settings

CORPUS = Path(__file__).parent.parent / "corpus"
GOLDEN = Path(__file__).parent / "golden"


def understood(sample: str) -> Bulletin:
    return describe(read(CORPUS / sample, sample, Settings()), "b")


def summary(bulletin: Bulletin) -> str:
    """The understanding of a bulletin, short enough to be checked line by line."""
    issue = bulletin.issue
    parts = {
        "title": bulletin.title,
        "series": bulletin.series,
        "issue": [issue.number, issue.label, issue.cumulative] if issue else None,
        "document_number": bulletin.document_number,
        "date": bulletin.date,
        "publisher": bulletin.publisher,
        "author": bulletin.author,
        "confidentiality": bulletin.confidentiality,
        "organizations": [
            " = ".join((body.name, *body.aliases)) + f" × {body.count}"
            for body in bulletin.organizations
        ],
        "sections": [
            " | ".join((section.heading, *section.organizations)) for section in bulletin.sections
        ],
        "distribution": {label: list(names) for label, names in bulletin.distribution.items()},
        "blocks": " ".join(
            f"{kind}×{len(list(run))}" for kind, run in groupby(b.kind for b in bulletin.blocks)
        ),
        "notices": [notice.code for notice in bulletin.notices],
    }
    return json.dumps(parts, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_a_sample_is_understood_as_its_golden_file_says(golden):
    lines = (golden.read_text("utf-8"), summary(understood(golden.stem)))
    difference = difflib.unified_diff(*(text.splitlines() for text in lines), lineterm="")
    assert lines[0] == lines[1], "\n".join((golden.stem, *difference))


if __name__ == "__main__":  # Writes the golden files anew; read the difference before committing.
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file() and path.name != "README.md":
            sample = path.relative_to(CORPUS).as_posix()
            (GOLDEN / f"{sample}.json").write_text(summary(understood(sample)), "utf-8")
