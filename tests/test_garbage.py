"""Nothing is collected while much is made, and everything is as ever afterwards."""

from __future__ import annotations

import gc
import platform
import subprocess
import sys
import weakref

import pytest

from indexer.garbage import settle, staying


class Knot:
    """Holds itself, so that only a collection takes it away."""

    def __init__(self) -> None:
        self.myself = self


def test_nothing_is_looked_for_while_it_is_made() -> None:
    with staying():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_no_longer_stays_is_collected() -> None:
    with staying():
        made = Knot()
    gone = weakref.ref(made)
    del made
    gc.collect()
    assert gone() is None
    assert not gc.get_freeze_count()


def test_what_fails_leaves_collection_as_it_was() -> None:
    with pytest.raises(LookupError), staying():
        raise LookupError
    assert gc.isenabled()
    gc.disable()
    try:
        with staying():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_who_has_settled_looks_seldom_and_still_looks() -> None:
    usual = gc.get_threshold()
    try:
        settle()
        frozen = gc.get_freeze_count()
        gone = weakref.ref(Knot())
        kept = [[number] for number in range(2 * usual[0])]
        assert frozen
        assert gone() is not None
        kept += [[number] for number in range(100_000)]
        assert gone() is None
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)


PAGES = """
import resource
import numpy as np
from indexer.garbage import reusing, settle

def pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        arrays = [np.ones(500_000) for _ in range(8)]
        del arrays
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

usual = pages()
"""
TOLD = {
    "a server": "settle(); pages(); print(usual, pages())",
    "a build": "with reusing():\n    pages(); print(usual, pages())",
}
glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")


def said(program: str) -> list[int]:
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return [*map(int, told.stdout.split())]


@glibc
@pytest.mark.parametrize("who", TOLD)
def test_arrays_are_made_in_memory_that_is_at_hand(who: str) -> None:
    usual, later = said(PAGES + TOLD[who])
    assert 20 * later < usual


HELD = """
from pathlib import Path
import numpy as np
from indexer.garbage import reusing

def held():
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0])

with reusing():
    arrays = [np.ones(2_500_000) for _ in range(10)]
    full = held()
    del arrays
    print(full, held())
print(held())
"""


@glibc
def test_what_was_at_hand_for_a_build_is_given_back_behind_it() -> None:
    full, kept, left = said(HELD)
    assert kept > full - 50_000
    assert left < full - 150_000
