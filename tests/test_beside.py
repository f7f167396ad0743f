"""What is done beside a block is over when the block is, whatever interrupts."""

from __future__ import annotations

import threading
import time

import pytest

from indexer.beside import beside


def test_both_are_done_at_the_same_time_and_over_behind_the_block() -> None:
    done: list[str] = []
    met = threading.Barrier(2)

    def task() -> None:
        met.wait(10)
        time.sleep(0.05)
        done.append("task")

    with beside(task):
        met.wait(10)
        done.append("block")
    assert done == ["block", "task"]


def test_what_the_task_raises_is_raised_behind_the_block() -> None:
    done: list[str] = []

    def task() -> None:
        raise LookupError

    with pytest.raises(LookupError), beside(task):
        done.append("block")
    assert done == ["block"]


def test_a_block_that_fails_waits_for_a_task_that_has_begun() -> None:
    begun, done = threading.Event(), threading.Event()

    def task() -> None:
        begun.set()
        time.sleep(0.1)
        done.set()

    with pytest.raises(KeyboardInterrupt), beside(task):
        begun.wait(10)
        raise KeyboardInterrupt
    assert done.is_set()


def test_who_is_interrupted_while_the_thread_is_started_has_nothing_done_behind_his_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = threading.Event()
    threads: list[threading.Thread] = []
    honest = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        honest(thread)
        threads.append(thread)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(threading.Thread, "start", interrupted)
        with beside(done.set):
            pass
    threads[0].join(10)
    assert not done.is_set()
