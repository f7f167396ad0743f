"""A command that is told to stop does, with the code of the signal, wherever it is."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

ELSEWHERE = {
    "at work": "signal.raise_signal(number)",
    "in a lock of the library": """
try:
    signal.raise_signal(number)
finally:
    threading.Condition().release()
""",
    "in what nobody gets": """
Held()
time.sleep(30)
""",
    "in what nobody gets, as another error": """
class Held:
    def __del__(self):
        try:
            signal.raise_signal(number)
        finally:
            threading.Condition().release()
Held()
time.sleep(30)
""",
    "in what nobody gets, at the end": """
Held()
""",
    "in what nobody gets, before an error": """
Held()
raise errors.EnvironmentFault("坏", "Bad")
""",
    "where any error is caught": """
try:
    try:
        signal.raise_signal(number)
    finally:
        threading.Condition().release()
except Exception:
    pass
""",
    "in a way that the program has an error for": """
try:
    signal.raise_signal(number)
finally:
    raise errors.EnvironmentFault("坏", "Bad")
""",
}
PROGRAM = """
import signal, sys, threading, time
import indexer.__main__
from indexer import errors

number = int(sys.argv[1])

class Held:
    def __del__(self):
        signal.raise_signal(number)

def run(arguments):
    exec(sys.argv[2], globals())
    return 0

indexer.__main__.run = run
sys.exit(indexer.__main__.main(["verify"]))
"""


def ended(number: int, where: str) -> tuple[int, str]:
    command = [sys.executable, "-c", PROGRAM, str(int(number)), where]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    return done.returncode, done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_signal_ends_a_command_with_its_code_and_says_nothing(number: int, where: str):
    assert ended(number, ELSEWHERE[where]) == (128 + number, "")


def test_without_a_signal_an_error_is_one():
    code, said = ended(signal.SIGTERM, "raise errors.EnvironmentFault('坏', 'Bad')")
    assert code == 6
    assert "Bad" in said


def test_without_a_signal_what_nobody_gets_is_told_as_ever():
    held = "class Held:\n    def __del__(self):\n        raise ValueError('lost')\nHeld()"
    code, said = ended(signal.SIGTERM, held)
    assert code == 0
    assert "lost" in said


def test_nothing_interrupts_what_a_signal_leads_to():
    """One is missed, and before the command is told again another comes."""
    twice = """
try:
    Held()
    signal.raise_signal(number)
finally:
    time.sleep(0.2)
    print("cleaned", file=sys.stderr)
"""
    assert ended(signal.SIGTERM, twice) == (128 + signal.SIGTERM, "cleaned\n")
