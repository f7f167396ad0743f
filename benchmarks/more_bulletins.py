"""What do the readers of real published bulletins answer, and what was understood?

Of the folder more-bulletins: `index.tsv` says of each file the issue, date, publisher and title
that a reader would name, blank where the file shows none.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from benchmarks.labelled import Score, got
from indexer.analysis.numerals import to_int
from indexer.metadata import describe
from indexer.readers.reading import read
from indexer.settings import Settings

FIELDS = ("issue", "date", "publisher", "title")


def score(data: Path) -> dict[str, Score]:
    """Return the scores of the bulletins of `data`/more-bulletins."""
    folder = data / "more-bulletins"
    scores = {name: Score() for name in FIELDS}
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            found = describe(read(folder / row["file"], row["file"], Settings()), "b")
            for name in FIELDS:
                wanted = _number(row[name]) if name == "issue" else _closed(row[name])
                values = [value for value in map(_closed, got(found, name)) if value]
                scores[name].add([wanted] if wanted else [], values, row["file"])
    return scores


def _closed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _number(label: str) -> str:
    match = re.search(r"(?:第|#)(\w+?)(?:期|号|周|$)", _closed(label))
    number = to_int(match[1]) if match else None
    return "" if number is None else str(number)
