"""What several tests need: folders that are not part of the project, and built indexes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer import Settings, rebuild

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"


def pytest_runtest_teardown() -> None:
    """Let Ctrl-C end the tests, whatever the command that a test ran makes of it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def folder_from(variable: str) -> Path:
    """Return the folder an environment variable names; skip the test without it."""
    if not os.environ.get(variable):
        pytest.skip(f"{variable} names no folder: this test needs bulletins that are not ours")
    return Path(os.environ[variable])


@pytest.fixture(scope="session")
def real_bulletins() -> Path:
    return folder_from("JIANBAO_BULLETINS")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Settings]:
    """Return the settings of an index of a folder, built once in a run."""
    done: dict[Path, Settings] = {}

    def build(folder: Path) -> Settings:
        if folder not in done:
            index = tmp_path_factory.mktemp("index")
            done[folder] = Settings(folders=(str(folder),), index=str(index))
            rebuild(done[folder])
        return done[folder]

    return build
