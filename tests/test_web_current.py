"""A new generation is served from the next request on; an old one to its last request."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fake_searcher import FakeSearcher

from indexer.errors import IndexDamaged, IndexMissing
from indexer.settings import Settings
from webui import create_app, current
from webui.current import CurrentSearcher


class Index:
    """A folder of generations: a pointer, and what opening gives."""

    def __init__(self, pointer: str | None = "000001"):
        self.pointer = pointer
        self.damaged: set[str | None] = {None}
        self.opened: list[FakeSearcher] = []
        self.tried = 0

    def open(self, _):
        self.tried += 1
        if self.pointer in self.damaged:
            raise IndexDamaged("坏了。", "Damaged.") if self.pointer else IndexMissing("无", "None")
        self.opened.append(FakeSearcher(self.pointer))
        return self.opened[-1]

    def current(self) -> CurrentSearcher:
        return CurrentSearcher(Settings(), self.open, lambda _: self.pointer)


def test_nothing_is_opened_before_the_first_request():
    index = Index()
    app = create_app(Settings(), index.open, lambda _: index.pointer)
    assert index.tried == 0
    assert app.test_client().get("/help").status_code == 200
    assert index.tried == 0
    assert app.test_client().get("/").status_code == 200
    assert index.tried == 1


def test_the_same_generation_is_opened_once():
    index = Index()
    shelf = index.current()
    for _ in range(5):
        with shelf.borrow() as searcher:
            assert searcher.generation == "000001"
    assert index.tried == 1


def test_a_new_generation_is_served_from_the_next_request():
    index = Index()
    shelf = index.current()
    with shelf.borrow():
        pass
    index.pointer = "000002"
    with shelf.borrow() as searcher:
        assert searcher.generation == "000002"
    assert [searcher.closed for searcher in index.opened] == [True, False]


def test_an_old_generation_is_closed_after_its_last_request():
    index = Index()
    shelf = index.current()
    with shelf.borrow() as old, shelf.borrow() as same:
        assert same is old
        index.pointer = "000002"
        with shelf.borrow() as new:
            assert new.generation == "000002"
        assert not old.closed
    assert old.closed
    assert not new.closed


def test_a_damaged_new_generation_leaves_the_old_one_serving():
    index = Index()
    shelf = index.current()
    with shelf.borrow():
        pass
    index.pointer = "000002"
    index.damaged.add("000002")
    for _ in range(5):
        with shelf.borrow() as searcher:
            assert searcher.generation == "000001"
    assert index.tried == 2, "a generation that will not open is not tried with every request"
    index.pointer = "000003"
    with shelf.borrow() as searcher:
        assert searcher.generation == "000003"


def test_a_vanished_pointer_leaves_the_old_generation_serving():
    index = Index()
    shelf = index.current()
    with shelf.borrow():
        pass
    index.pointer = None
    with shelf.borrow() as searcher:
        assert searcher.generation == "000001"


def test_without_any_index_every_request_is_told_and_a_first_build_is_noticed():
    index = Index(None)
    shelf = index.current()
    for _ in range(3):
        with pytest.raises(IndexMissing), shelf.borrow():
            pass
    index.pointer = "000001"
    with shelf.borrow() as searcher:
        assert searcher.generation == "000001"


def test_a_repaired_generation_is_tried_again_after_a_while(monkeypatch):
    index = Index()
    index.damaged.add("000001")
    shelf = index.current()
    with pytest.raises(IndexDamaged), shelf.borrow():
        pass
    index.damaged.clear()
    with pytest.raises(IndexDamaged), shelf.borrow():
        pass
    monkeypatch.setattr(current.time, "monotonic", lambda: float("inf"))
    with shelf.borrow() as searcher:
        assert searcher.generation == "000001"


def test_nobody_waits_while_a_new_generation_is_opened():
    index = Index()
    shelf = index.current()
    with shelf.borrow():
        pass
    opening, go_on = threading.Event(), threading.Event()
    straight = index.open

    def slow(settings):
        opening.set()
        assert go_on.wait(10)
        return straight(settings)

    shelf._open = slow
    index.pointer = "000002"

    def first():
        with shelf.borrow() as searcher:
            return searcher.generation

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(first)
        assert opening.wait(10)
        with shelf.borrow() as searcher:
            assert searcher.generation == "000001"
        go_on.set()
        assert waiting.result(10) == "000002"


def test_under_load_every_searcher_is_open_while_used_and_closed_in_the_end():
    """50 swaps under eight borrowers: 2,000 loans, none of a closed searcher."""
    index = Index("0")
    shelf = index.current()

    def borrow_often(turn: int):
        for step in range(250):
            if turn == 0 and step % 5 == 0:
                index.pointer = str(step // 5)
            with shelf.borrow() as searcher:
                assert not searcher.closed
                threading.Event().wait(0.0001)
                assert not searcher.closed

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(borrow_often, range(8)))
    with shelf.borrow():
        pass
    assert [searcher.closed for searcher in index.opened] == [True] * (len(index.opened) - 1) + [
        False
    ]
