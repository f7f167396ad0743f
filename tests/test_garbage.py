"""What stays is left alone, and everything else is collected as ever."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from indexer.garbage import staying


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


class Knot:
    """Holds itself, so that only a collection takes it away."""

    def __init__(self) -> None:
        self.myself = self


def test_what_stays_is_not_looked_at() -> None:
    made = staying(iter([Knot() for _ in range(1000)]))
    assert len(made) == 1000
    assert gc.isenabled()
    assert gc.get_freeze_count() >= 1000
    assert not any(isinstance(each, Knot) for each in gc.get_objects())


def test_what_stayed_before_is_collected_after_the_next() -> None:
    made = staying([Knot()])
    gone = weakref.ref(made[0])
    del made
    gc.collect()
    assert gone() is not None, "left alone, although it is garbage"
    staying([])
    gc.unfreeze()
    gc.collect()
    assert gone() is None


def test_what_fails_leaves_collection_as_it_was() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise LookupError

    with pytest.raises(LookupError):
        staying(failing())
    assert gc.isenabled()
    gc.disable()
    try:
        staying([1])
        assert not gc.isenabled()
    finally:
        gc.enable()
