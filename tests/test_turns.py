"""Of several slow answers one is worked at, by turns; quick ones pass, and turns are given back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice

import pytest

from indexer import turns
from indexer.deadline import check, within
from indexer.errors import OutOfTime
from indexer.turns import TURN, by_turns

LONG = 60.0
"""Seconds that no test takes: who waits so long for a turn never gets it."""


def work(seconds: float) -> None:
    """Take so much time of the processor."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def need_another_turn(worked: float = TURN) -> None:
    work(worked)
    check()


def slow(seconds: float, worked: float = TURN, then: Callable[[], object] = bool) -> None:
    """Be an answer that needs more than a turn, and may take so many seconds."""
    with within(seconds):
        need_another_turn(worked)
        then()


@contextmanager
def others(count: int = 1):
    with ThreadPoolExecutor(count) as pool:
        yield pool


@contextmanager
def somebody_at_work():
    with within(LONG):
        need_another_turn()
        yield


def waits(answer: Future[None]) -> bool:
    """Say whether an answer stands in the queue, as it must in the end."""
    while not (queued := len(turns._slow._waiting)) and not answer.done():
        time.sleep(0.005)
    return bool(queued)


def test_of_many_slow_ones_one_at_a_time_is_at_work():
    at_work: list[int] = []
    most: list[int] = []

    def answer() -> None:
        with within(LONG):
            work(TURN)
            for _ in range(20):
                check()
                at_work.append(1)
                most.append(len(at_work))
                work(TURN / 5)
                time.sleep(0.001)
                at_work.pop()

    with others(8) as pool:
        for done in [pool.submit(answer) for _ in range(8)]:
            done.result()
    assert len(most) == 160
    assert max(most) == 1


def test_a_quick_one_passes():
    def quick() -> None:
        with within(LONG):
            work(TURN / 10)
            check()

    with somebody_at_work(), others() as pool:
        pool.submit(quick).result(LONG)


def test_whoever_waits_is_stopped_when_its_time_is_over():
    with somebody_at_work(), others() as pool, pytest.raises(OutOfTime):
        pool.submit(slow, 0.2).result(LONG)
    assert not turns._slow._waiting


def test_whoever_is_interrupted_while_it_waits_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(turns._slow._moved, "wait_for", interrupted)
        turns._slow.wait(turns.Turns(), 1.0)
    assert not turns._slow._waiting
    other = turns.Turns()
    assert turns._slow.wait(other, 1.0)
    other.end()


def test_a_command_line_has_no_turns():
    with somebody_at_work(), others() as pool:
        pool.submit(need_another_turn).result(LONG)


@pytest.mark.parametrize("end", [ValueError, OutOfTime, GeneratorExit])
def test_a_turn_is_given_back_whatever_happens(end: type[BaseException]):
    arguments = ("停", "stop") if end is OutOfTime else ()
    with pytest.raises(end), somebody_at_work():
        raise end(*arguments)
    with others() as pool:
        pool.submit(slow, LONG).result(LONG)


def test_the_next_begins_when_one_ends():
    with others() as pool:
        with somebody_at_work():
            answer = pool.submit(slow, LONG)
            assert waits(answer)
        answer.result(LONG)


def test_a_long_one_lets_others_have_a_turn_though_it_goes_on():
    with others() as pool, somebody_at_work():
        answer = pool.submit(slow, LONG)
        assert waits(answer)
        while not answer.done():
            need_another_turn()
        answer.result()


def test_whoever_has_worked_least_comes_first():
    came: list[float] = []
    with others(3) as pool:
        with somebody_at_work():
            answers = []
            for worked in (0.2, 0.3, 0.1):
                answers.append(pool.submit(slow, LONG, worked, lambda w=worked: came.append(w)))
                while len(turns._slow._waiting) < len(answers):
                    time.sleep(0.005)
        for answer in answers:
            answer.result(LONG)
    assert came == [0.1, 0.2, 0.3]


def test_a_limit_within_another_has_the_turns_of_the_other():
    with somebody_at_work(), others() as pool:
        with within(LONG):
            check()
        with pytest.raises(OutOfTime):
            pool.submit(slow, 0.2).result(LONG)


def made(count: int, seconds: float):
    for number in range(count):
        work(seconds)
        yield number


def test_what_is_made_by_turns_is_all_there_in_its_order():
    assert list(by_turns(made(40, TURN / 5))) == list(range(40))
    assert not list(by_turns([]))


def test_whoever_takes_what_is_made_keeps_nobody_waiting():
    pieces = by_turns(made(40, TURN / 5))
    with others() as pool:
        assert list(islice(pieces, 25)) == list(range(25))
        pool.submit(slow, LONG).result(LONG)
        pieces.close()
        pool.submit(slow, LONG).result(LONG)


def test_what_is_made_by_turns_waits_for_them():
    with others() as pool:
        with somebody_at_work():
            answer = pool.submit(lambda: list(by_turns(made(40, TURN / 5))))
            assert waits(answer)
        assert answer.result(LONG) == list(range(40))


def test_a_turn_is_given_back_when_making_fails():
    def failing():
        yield from made(40, TURN / 5)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        list(by_turns(failing()))
    with others() as pool:
        pool.submit(slow, LONG).result(LONG)


def test_a_file_of_all_lines_gets_on_beside_answers_that_are_stopped_and_asked_again(
    monkeypatch: pytest.MonkeyPatch,
):
    """It has soon worked longer than any of them, and would wait until none is asked."""
    monkeypatch.setattr(turns, "MOST", 2 * TURN)
    enough = threading.Event()
    taken: list[int] = []

    def again_and_again() -> None:
        while not enough.is_set():
            with within(LONG):
                for _ in range(10):
                    taken.append(1)
                    need_another_turn()

    with others(2) as pool:
        try:
            pool.submit(again_and_again)
            assert len(pool.submit(lambda: list(by_turns(made(30, TURN)))).result(LONG)) == 30
        finally:
            enough.set()
    assert len(taken) < 4 * 30
