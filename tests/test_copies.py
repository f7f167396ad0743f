"""Copies are the same bulletin in several files, and nothing else is."""

from __future__ import annotations

import itertools
import random
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer import copies as module
from indexer import key_index
from indexer.analysis import cut, likeness, signature
from indexer.copies import COPIES, ROW, Copies, Identity, Seen

ISSUE = Identity("质量人在行动", 27, "2020-03-18", "九州质量协会")


def text(seed: int, length: int = 2400) -> str:
    rng = random.Random(seed)
    return "".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(length))


def scanned(original: str, wrong: float) -> str:
    rng = random.Random(1)
    return "".join(chr(0x9000 + ord(c) % 9) if rng.random() < wrong else c for c in original)


def alike(one: str, other: str) -> float:
    return likeness(signature(cut(one).sequence), signature(cut(other).sequence))


@given(st.text("复工产第27期QC，。 \n", max_size=60))
def test_likeness_is_of_what_is_found_not_of_how_it_is_set(original: str) -> None:
    assert alike(original, original.replace("复", " 复").replace("，", "；")) == 1.0


def test_likeness_is_the_share_of_what_is_common() -> None:
    one, other = text(1), text(2)
    assert alike(one, other) == 0.0
    assert alike(one, one[: len(one) // 2]) == pytest.approx(0.5, abs=0.2)
    assert alike(one, scanned(one, 0.01)) > COPIES


NUMBERS = itertools.count()


def place(copies: Copies, id: str, identity: Identity, original: str) -> tuple[str, list[str]]:
    mark, number = signature(cut(original).sequence), next(NUMBERS)
    found = copies.find(id, identity, mark, number)
    copies.add(Seen(number, f"{id}.txt", found.group, identity, mark))
    return found.group, list(found.near)


def test_the_first_of_several_files_names_the_group() -> None:
    copies = Copies()
    unknown = Identity("", None, "2020-03-18", "")
    assert place(copies, "docx", ISSUE, text(1)) == ("docx", [])
    assert place(copies, "other", ISSUE, text(2)) == ("other", [])
    assert place(copies, "pdf", ISSUE, text(1) + "页脚") == ("docx", [])
    assert place(copies, "scan", unknown, scanned(text(1), 0.01)) == ("docx", [])


@pytest.mark.parametrize(
    "other",
    [
        Identity("质量人在行动", 28, "2020-03-18", "九州质量协会"),
        Identity("质量人在行动", 27, "2020-03-25", "九州质量协会"),
        Identity("质量人在行动（二）", 27, "2020-03-18", "九州质量协会"),
        Identity("质量人在行动", 27, "2020-03-18", "云州质量协会"),
        Identity("质量人在行动", None, "", "九州质量协会"),
    ],
    ids=["issue", "date", "title", "publisher", "nothing known"],
)
def test_what_differs_in_anything_known_is_only_near(other: Identity) -> None:
    copies = Copies()
    place(copies, "a", ISSUE, text(1))
    assert place(copies, "b", other, text(1)) == ("b", ["a.txt"])


def test_a_form_filled_in_a_thousand_times_stays_quick() -> None:
    copies = Copies()
    form = text(1, 300)
    mark = signature(cut(form).sequence)
    for number in range(1000):
        weekly = Identity("周报", number, "", "")
        copies.add(Seen(number, f"{number}.txt", str(number), weekly, mark))
    found = copies.find("x", Identity("周报", -1, "", ""), mark, 1000)
    assert found.group == "x"
    assert 0 < len(found.near) <= 5


class Plain:
    """Which bulletins before one share a row of its signature, the first of each row: no index."""

    def __init__(self) -> None:
        self.before: list[Seen] = []

    def like(self, mark: npt.NDArray[np.uint32]) -> list[int]:
        found: set[int] = set()
        for at in range(0, len(mark), ROW):
            row = slice(at, at + ROW)
            same = [s.number for s in self.before if (s.signature[row] == mark[row]).all()]
            found |= {*same[:MOST]}
        return sorted(found)


MOST = 3


@example([[0] * 16, [0] * 16, [1] + [0] * 15, [0] * 16, [0] * 16])
@given(st.lists(st.lists(st.integers(0, 2), min_size=16, max_size=16), max_size=40))
def test_those_that_share_a_row_are_compared_the_first_of_each_row(rows: list[list[int]]) -> None:
    compared: list[int] = []

    def taken_down(seen: npt.NDArray[np.uint32], mark: npt.NDArray[np.uint32]) -> float:
        compared.extend(s.number for s in plain.before if (s.signature == seen).all())
        return 0.0

    with (
        patch.object(module, "MOST_ALIKE", MOST),
        patch.object(module, "likeness", taken_down),
        patch.object(key_index, "_RECENT", 4),
    ):
        plain, copies = Plain(), Copies()
        for number, row in enumerate(rows):
            # The last number tells each from all others.
            mark = np.repeat(np.array(row, dtype=np.uint32), ROW)
            mark[-1] = 100 + number
            compared.clear()
            copies.find(str(number), ISSUE, mark, number)
            assert compared == plain.like(mark)
            seen = Seen(number, f"{number}.txt", str(number), ISSUE, mark)
            copies.add(seen)
            plain.before.append(seen)
