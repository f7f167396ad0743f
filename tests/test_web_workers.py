"""Several processes answer as one; whoever ends, the others go on, and none is left behind."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from ending import is_gone, within

from indexer.errors import WrongUsage
from indexer.settings import Settings
from webui import create_app, server, workers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="children are told by /proc"),
]

PROGRAM = """
import os, signal, sys, threading, time
from flask import Flask
from indexer.deadline import check, within
from indexer.settings import Settings
from indexer.turns import TURN
from webui import server, workers

def stop(number, frame):
    raise SystemExit(128 + number)

app = Flask("slow")

@app.get("/pid")
def pid():
    return str(os.getpid())

@app.get("/slow")
def slow():
    time.sleep(1.0)
    return "done"

@app.get("/busy")
def busy():
    until = time.monotonic() + 3.0
    while time.monotonic() < until:
        sum(range(1_000_000))
    return "done"

enough = threading.Event()
begun, at_work, most = [], [], []

@app.get("/long")
def long():
    with within(60):
        begun.append(1)
        until = time.thread_time() + TURN
        while time.thread_time() < until:
            pass
        while not enough.is_set():
            check()
            at_work.append(1)
            most.append(len(at_work))
            sum(range(100_000))
            at_work.pop()
    return "done"

@app.get("/begun")
def how_many():
    return str(len(begun))

@app.get("/most")
def how_many_at_once():
    enough.set()
    return str(max(most))

signal.signal(signal.SIGTERM, stop)
workers, threads = map(int, sys.argv[1:])
server.serve_app(app, Settings(port=0, workers=workers, threads=threads))
"""


@dataclass
class Running:
    process: subprocess.Popen[str]
    port: int

    def ask(self, path: str, timeout: float = 10) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    @property
    def children(self) -> set[int]:
        pid = self.process.pid
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()))

    def end(self) -> str:
        """Ask it to stop; return what it has said after it was ready."""
        self.process.terminate()
        return self.process.communicate(timeout=20)[1]


@contextmanager
def running(count: int, threads: int = 4) -> Iterator[Running]:
    program = [sys.executable, "-c", PROGRAM, str(count), str(threads)]
    process = subprocess.Popen(program, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r":(\d+)/$", line)
        assert found, line
        yield Running(process, int(found[1]))
    finally:
        process.terminate()
        if process.stderr and not process.stderr.closed:
            process.communicate(timeout=20)


def test_as_many_processes_answer_as_are_set_and_it_is_said_once():
    with running(3) as served:
        children = served.children
        assert len(children) == 3
        answers = {int(served.ask("/pid")) for _ in range(20)}
        assert answers <= children
        assert "Jianbao" not in served.end()
        assert all(map(is_gone, children))


def test_a_single_one_answers_itself():
    with running(1) as served:
        assert not served.children
        assert int(served.ask("/pid")) == served.process.pid


def test_a_quick_question_does_not_wait_for_a_slow_one():
    with running(2) as served:
        slow = threading.Thread(target=served.ask, args=("/busy",))
        slow.start()
        time.sleep(0.3)
        waits = []
        for _ in range(40):
            started = time.monotonic()
            served.ask("/pid")
            waits.append(time.monotonic() - started)
        assert slow.is_alive(), "the slow one goes on meanwhile"
        slow.join()
        assert sorted(waits)[len(waits) // 2] < 0.1
        assert max(waits) < 1


def test_who_has_no_thread_left_leaves_questions_to_the_others():
    with running(2, threads=1) as served:
        for _ in range(3):
            slow = threading.Thread(target=served.ask, args=("/slow",))
            slow.start()
            time.sleep(0.2)
            waits = []
            while slow.is_alive() and len(waits) < 20:
                started = time.monotonic()
                served.ask("/pid")
                waits.append(time.monotonic() - started)
            slow.join()
            assert len(waits) == 20, "one of them waited for the slow one"
            assert max(waits) < 0.5


@pytest.mark.parametrize("count", [4, 8])
def test_quick_questions_do_not_wait_for_many_slow_ones_in_a_single_process(count: int):
    """The slow ones go on until the quick ones are answered, however busy the machine is."""
    with ThreadPoolExecutor(count) as pool, running(1, threads=Settings().threads) as served:
        slow = [pool.submit(served.ask, "/long", 60) for _ in range(count)]
        assert within(10, lambda: served.ask("/begun") == str(count))
        for _ in range(40):
            assert int(served.ask("/pid")) == served.process.pid
        assert served.ask("/most") == "1"
        assert [each.result() for each in slow] == ["done"] * count


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_requests_under_way_are_answered_before_the_end(how: signal.Signals):
    with running(2) as served:
        children = served.children
        answers: list[str] = []
        slow = threading.Thread(target=lambda: answers.append(served.ask("/slow")))
        slow.start()
        time.sleep(0.3)
        served.process.send_signal(how)
        slow.join(10)
        assert answers == ["done"]
        served.process.wait(10)
        assert all(map(is_gone, children))


@pytest.mark.fault
def test_a_worker_that_dies_is_replaced_and_the_others_answer_meanwhile():
    with running(2) as served:
        before = served.children
        for _ in range(2):
            gone = min(served.children)
            os.kill(gone, signal.SIGKILL)
            assert within(10, lambda gone=gone: is_gone(gone))
            assert int(served.ask("/pid")) != gone
            assert within(10, lambda gone=gone: len(served.children - {gone}) == 2)
        assert len(served.children & before) <= 1
        assert within(10, lambda: int(served.ask("/pid")) in served.children - before)
        said = served.end()
        assert said.count("(-9)") == 2
        assert "Traceback" not in said


@pytest.mark.fault
def test_workers_end_with_their_parent_however_it_goes():
    with running(3) as served:
        children = served.children
        served.process.kill()
        served.process.communicate()
        assert within(10, lambda: all(map(is_gone, children)))
        with pytest.raises(ConnectionRefusedError):
            served.ask("/pid")


@pytest.mark.fault
def test_a_worker_that_is_told_to_stop_answers_first_and_is_replaced():
    """A service manager may tell every process of a service at once."""
    with running(1 + 1) as served:
        for pid in served.children:
            os.kill(pid, signal.SIGTERM)
        assert served.ask("/slow") == "done"
        assert within(10, lambda: len(served.children) == 2)


def test_a_worker_that_cannot_begin_ends_the_server_with_a_sentence():
    code = """
from indexer.errors import EnvironmentFault
from webui import workers
def work(tie):
    raise MemoryError
try:
    workers.run(work, 2, lambda: print("ready"))
except EnvironmentFault as error:
    print(error.code)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert done.stdout == "environment\n"


def test_pauses_grow_while_workers_die_young():
    """A worker that dies at once is not started again and again without end."""
    code = """
import time
from webui import workers
pauses = []
def sleep(seconds):
    pauses.append(seconds)
    if len(pauses) == 12:
        print(max(pauses), pauses == sorted(pauses))
        raise SystemExit
workers.time = type("Clock", (), {"sleep": sleep, "monotonic": time.monotonic})
def work(tie):
    tie.send(workers.READY)
workers.run(work, 1, lambda: None)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert done.stdout == f"{workers.LONGEST_PAUSE} True\n"


def test_there_is_one_process_for_each_core_but_no_more_than_four(
    monkeypatch: pytest.MonkeyPatch,
):
    for cores, expected in ((1, 1), (2, 2), (64, 4)):
        monkeypatch.setattr(server, "cores", lambda cores=cores: cores)
        assert server.count_of(Settings()) == expected
    assert server.count_of(Settings(workers=7)) == 7


def test_a_number_of_processes_that_is_none_is_refused():
    with pytest.raises(WrongUsage, match="workers"):
        server.serve_app(create_app(Settings()), Settings(port=0, workers=-1))
