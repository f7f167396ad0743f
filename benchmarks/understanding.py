"""How well is a bulletin understood?  Field by field, with precision and recall.

    python -m benchmarks.understanding [--data DIR] [--peoples-daily FILE] [--wrong]

Without options: the labelled set of tests/labelled, its held-out part apart.  `--data` adds the
published bulletins of DIR/more-bulletins, `--peoples-daily` the bodies in running text
(`benchmarks/organizations.py` says of which text).
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from benchmarks import more_bulletins, organizations
from benchmarks.labelled import Score, lines_of, score_lines, score_pages


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder that holds more-bulletins")
    parser.add_argument("--peoples-daily", type=Path, metavar="FILE", help="the tagged text")
    parser.add_argument("--wrong", action="store_true", help="show each value that is wrong")
    chosen = parser.parse_args()
    for heldout in (False, True):
        said = "held out" if heldout else "tuned to"
        _print(f"labelled pages, {said}", score_pages(heldout), chosen.wrong)
        _print(f"labelled headings and leads, {said}", score_lines(heldout), chosen.wrong)
    if chosen.data:
        _print("more-bulletins", more_bulletins.score(chosen.data), chosen.wrong)
    if chosen.peoples_daily:
        for name, recogniser in organizations.RECOGNISERS.items():
            figure = organizations.measure(chosen.peoples_daily, "even", recogniser, Counter())
            print(f"People's Daily, January 1998, even lines, {name}: {figure}")


def _print(heading: str, scores: dict[str, Score], wrong: bool) -> None:
    print(heading)
    for line in lines_of(scores):
        print(line)
    for name, score in scores.items() if wrong else ():
        for value in score.wrong:
            print(f"    {name} {value}")


if __name__ == "__main__":
    main()
