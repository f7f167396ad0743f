"""How is an engine asked that runs in a process of its own?  By lines to it and from it.

A line is fields parted by tabs, a field items parted by US, an item parts parted by RS: no text
has any of these.  First comes the folder, then

    add   number, text, bulletin, and the values of each facet
    done  answered by a line when the index is finished
    ask   required, either, excluded, how many to name, and for each pass what is chosen (facet and
          values) and the facets to count

An answer is the total, the numbers of the first, the seconds by the program's own clock, and the
counts: facet, value and count.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.corpus import id_of
from benchmarks.peers.base import TOP, Answer, Atom, Question, passes
from benchmarks.peers.truth import text_of
from indexer.analysis import facet_values
from indexer.bulletin import Bulletin
from indexer.document import dump
from indexer.schema import FACET_NAMES

_ITEM, _PART = "\x1f", "\x1e"
_EVERY: Final = 1_000_000


class _Program:
    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.send(str(folder))

    def send(self, *fields: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\t".join(fields) + "\n")

    def receive(self) -> list[str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended")
        return line.rstrip("\n").split("\t")

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def build(bulletins: Iterable[Bulletin], folder: Path, command: Sequence[str]) -> None:
    """Let a program fill a folder."""
    program = _Program(command, folder)
    for number, bulletin in enumerate(bulletins):
        values = map(_ITEM.join, facet_values(bulletin).values())
        program.send("add", str(number), text_of(bulletin), dump(bulletin), *values)
    program.send("done")
    program.receive()
    program.close()


class Reader:
    """An index that a program has open."""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        self._program = _Program(command, folder)

    def ask(self, question: Question) -> Answer:
        total, numbers, seconds, counted = self._ask(question, TOP)
        facets: dict[str, dict[str, int]] = {name: {} for name in FACET_NAMES}
        for item in filter(None, counted.split(_ITEM)):
            facet, value, count = item.split(_PART)
            facets[FACET_NAMES[int(facet)]][value] = int(count)
        return Answer(int(total), tuple(_ids(numbers)), facets, float(seconds))

    def hits(self, question: Question) -> set[str]:
        return {*_ids(self._ask(question, _EVERY)[1])}

    def close(self) -> None:
        self._program.close()

    def _ask(self, question: Question, limit: int) -> list[str]:
        fields = [_texts(a) for a in (question.required, question.either, question.excluded)]
        fields.append(str(limit))
        for chosen, names in passes(question.chosen):
            wanted = ((_place(name), *values) for name, values in chosen.items())
            fields += [_ITEM.join(map(_PART.join, wanted)), _ITEM.join(map(_place, names))]
        self._program.send("ask", *fields)
        return self._program.receive()


def _texts(atoms: Iterable[Atom]) -> str:
    return _ITEM.join(atom.text for atom in atoms)


def _place(name: str) -> str:
    return str(FACET_NAMES.index(name))


def _ids(numbers: str) -> Iterable[str]:
    return (id_of(int(number)) for number in filter(None, numbers.split(_ITEM)))
