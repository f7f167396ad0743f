"""Whatever breaks a build, the index is the old one or the new one, and the next build works.

Every case ends with the same oracle, `sound`: `verify` finds nothing, the answers are exactly
those of one of the two folders, and no directory, process or open file is left over.
"""

from __future__ import annotations

import errno
import gc
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from ending import is_gone, within

import indexer.__main__
from indexer import SearchRequest, Settings, commands, open_searcher, rebuild, verify
from indexer.engines import generations
from indexer.errors import EnvironmentFault, JianbaoError
from indexer.language import Sentence
from webui import create_app

pytestmark = pytest.mark.fault

SEED = 20201121
ORACLE_QUERIES = ("", "合唱比赛", "协会 质量", "“第3批”", "节水 -合唱")
Say = Callable[[str], None]
Answer = tuple[str, tuple[tuple[str, float], ...]]


def write_bulletins(folder: Path, which: str, count: int) -> None:
    folder.mkdir()
    for number in range(1, count + 1):
        (folder / f"{number}.txt").write_text(
            f"桐花河工作简报\n第{number}期\n桐花河水务协会编　2022年{number % 12 + 1}月3日\n\n"
            f"第{number}批{which}活动举行\n\n"
            f"桐花河水务协会举办第{number}批{which}活动，质量部门派人参加，"
            f"共收到意见{number * 7}条，{'整理后交有关科室办理。' * (number % 3 + 1)}\n",
            encoding="utf-8",
        )


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """An index that is served, of a first folder."""
    write_bulletins(tmp_path / "old", "合唱比赛", 9)
    chosen = Settings(folders=(str(tmp_path / "old"),), index=str(tmp_path / "index"))
    rebuild(chosen)
    return chosen


@pytest.fixture
def new(old: Settings, tmp_path: Path) -> Settings:
    """What is to be built in its place: as many bulletins of a second folder."""
    write_bulletins(tmp_path / "new", "节水宣传", 12)
    return replace(old, folders=(str(tmp_path / "new"),))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Say:
    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n{request.node.name}: {text}", end="")

    return say


@pytest.fixture(scope="session")
def processes() -> ForkServerContext:
    """Processes that begin with everything imported, so that a build takes all of their time."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["indexer.__main__"])
    return context


def build_command(chosen: Settings) -> list[str]:
    return ["rebuild", *chosen.folders, "--index", chosen.index, "--quiet"]


def run_build(chosen: Settings, ready: Event | None, gate: Event | None = None) -> None:
    """Run the command in a process of its own; `ready` is set when it begins to work.

    With a gate, the builder that got as far as the first file waits there.
    """

    def show(self: commands._Progress, done: int, total: int, name: str) -> None:
        if gate is not None:
            gate.wait(60)

    honest = indexer.__main__.run

    def run(*arguments: object) -> int:
        if ready is not None:
            ready.set()
        return honest(*arguments)  # type: ignore[arg-type]

    commands._Progress.show = show  # type: ignore[method-assign]
    indexer.__main__.run = run
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    code = indexer.__main__.main(build_command(chosen))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # the command is over, and what is left is not ours
    sys.exit(code)


def start(context: ForkServerContext, chosen: Settings) -> ForkServerProcess:
    ready = context.Event()
    process = context.Process(target=run_build, args=(chosen, ready))
    process.start()
    assert ready.wait(30)
    return process


def answer(chosen: Settings) -> tuple[Answer, ...]:
    """What the index answers, without the name of its generation."""
    searcher = open_searcher(chosen)
    try:
        found = [searcher.search(SearchRequest(text, size=50)) for text in ORACLE_QUERIES]
    finally:
        searcher.close()
    return tuple(
        (text, tuple((hit.id, hit.score) for hit in each.hits))
        for text, each in zip(ORACLE_QUERIES, found, strict=True)
    )


def answer_of(chosen: Settings, tmp_path: Path) -> tuple[Answer, ...]:
    """What an index of these folders answers that nobody disturbed."""
    other = replace(chosen, index=str(tmp_path / f"undisturbed-{Path(chosen.folders[0]).name}"))
    rebuild(other)
    return answer(other)


def sound(chosen: Settings, *allowed: tuple[Answer, ...]) -> int:
    """Return which of the allowed answers the index gives, after checking every byte of it."""
    assert verify(chosen, 5).whole
    return allowed.index(answer(chosen))


def directories(chosen: Settings) -> list[str]:
    return sorted(path.name for path in Path(chosen.index).iterdir() if path.is_dir())


def files(chosen: Settings) -> dict[str, bytes]:
    paths = (path for path in Path(chosen.index).rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in paths if path.name != generations.LOCK}


def children_of(pid: int) -> set[int]:
    try:
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except (FileNotFoundError, ProcessLookupError):
        return set()


def measured(context: ForkServerContext, chosen: Settings) -> float:
    """How long a build takes that nobody disturbs, in seconds; of three the middle one."""
    times = []
    for _ in range(3):
        process = start(context, chosen)
        begun = time.monotonic()
        process.join()
        times.append(time.monotonic() - begun)
        assert process.exitcode == 0
    return sorted(times)[1]


def delays(whole: float, count: int, rng: random.Random) -> list[float]:
    """Points over a build, a third of them in its last tenth: sync, manifest, switch."""
    late = count // 3
    early = [rng.uniform(0, whole) for _ in range(count - late)]
    return early + [rng.uniform(0.9 * whole, 1.05 * whole) for _ in range(late)]


# A1, A4: kill -9


def test_a1_a4_kill_9_at_any_moment(
    old: Settings, new: Settings, processes: ForkServerContext, tmp_path: Path, say: Say
) -> None:
    allowed = answer_of(old, tmp_path), answer_of(new, tmp_path)
    whole = measured(processes, replace(new, index=str(tmp_path / "timed")))
    rng = random.Random(SEED)
    seen: Counter[str] = Counter()
    for delay in delays(whole, 40, rng):
        rebuild(old)  # the next build: nothing was cleaned up
        assert sound(old, *allowed) == 0
        assert len(directories(old)) <= 2, "what a killed build left is gone"
        process = start(processes, new)
        time.sleep(delay)
        assert process.pid is not None
        readers = children_of(process.pid)
        process.kill()
        process.join()
        seen["readers"] += len(readers)
        seen["killed"] += process.exitcode == -signal.SIGKILL
        assert within(5, lambda pids=readers: all(map(is_gone, pids))), "a reader outlived it"
        seen[("old", "new")[sound(new, *allowed)]] += 1
    say(f"seed {SEED}, build {whole:.2f} s, {dict(seen)}, 0 mixed or damaged")
    assert seen["killed"] >= 20
    assert seen["readers"] >= 5


# A2: kill -9 at each step of the switch


def kill_at(chosen: Settings, step: str, count: int) -> None:
    """Build, and be gone at the `count`-th call of a step, just before or just after it."""
    when, _, name = step.partition(" ")
    place, attribute = {
        "mkdir": (Path, "mkdir"),
        "fsync": (os, "fsync"),
        "write": (Path, "write_text"),
        "replace": (Path, "replace"),
        "rmtree": (shutil, "rmtree"),
    }[name]
    honest = getattr(place, attribute)
    left = [count]

    def fatal(*arguments: object, **options: object) -> object:
        left[0] -= 1
        if not left[0] and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = honest(*arguments, **options)
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(place, attribute, fatal)
    rebuild(chosen)


@pytest.mark.parametrize("name", ["mkdir", "fsync", "write", "replace", "rmtree"])
def test_a2_kill_9_at_each_step(
    name: str,
    old: Settings,
    new: Settings,
    processes: ForkServerContext,
    tmp_path: Path,
    say: Say,
) -> None:
    allowed = answer_of(old, tmp_path), answer_of(new, tmp_path)
    seen: Counter[str] = Counter()
    for when in ("before", "after"):
        for count in range(1, 100):
            rebuild(old)
            process = processes.Process(target=kill_at, args=(new, f"{when} {name}", count))
            process.start()
            process.join()
            served = sound(new, *allowed)
            seen[("old", "new")[served]] += 1
            if name == "replace" and process.exitcode:
                assert served == (when == "after")
            if process.exitcode == 0:
                assert served == 1
                break
            assert process.exitcode == -signal.SIGKILL
    rebuild(new)
    assert sound(new, *allowed) == 1
    say(f"{dict(seen)}, 0 mixed or damaged")
    assert seen.total() > 2


# A3: SIGTERM and Ctrl-C


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a3_a_signal_ends_the_build_in_two_seconds_and_leaves_nothing(
    number: signal.Signals,
    old: Settings,
    new: Settings,
    processes: ForkServerContext,
    tmp_path: Path,
    say: Say,
) -> None:
    allowed = answer_of(old, tmp_path), answer_of(new, tmp_path)
    whole = measured(processes, replace(new, index=str(tmp_path / "timed")))
    seen: Counter[int | None] = Counter()
    slowest = 0.0
    for delay in delays(whole, 30, random.Random(SEED)):
        rebuild(old)
        before, held = directories(old), files(old)
        process = start(processes, new)
        time.sleep(delay)
        assert process.pid is not None
        readers = children_of(process.pid)
        if process.is_alive():
            os.kill(process.pid, number)
        begun = time.monotonic()
        process.join(10)
        slowest = max(slowest, time.monotonic() - begun)
        seen[process.exitcode] += 1
        assert within(5, lambda pids=readers: all(map(is_gone, pids)))
        if sound(new, *allowed) == 0:
            assert directories(old) == before
            assert files(old) == held, "byte for byte"
    say(f"seed {SEED}, exit codes {dict(seen)}, slowest end {slowest:.2f} s")
    assert slowest < 2
    assert set(seen) <= {128 + number, 0}
    assert seen[128 + number] >= 10


def descendants_of(pid: int) -> set[int]:
    """A builder's children and theirs: where workers come from, workers, readers."""
    found = children_of(pid)
    return found.union(*map(descendants_of, found))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a1_a3_a4_workers_end_with_their_build(
    number: signal.Signals,
    old: Settings,
    processes: ForkServerContext,
    tmp_path: Path,
    say: Say,
) -> None:
    """Of enough files that several processes read them."""
    write_bulletins(tmp_path / "many", "防汛演练", 150)
    many = replace(old, folders=(str(tmp_path / "many"),))
    allowed = answer_of(old, tmp_path), answer_of(many, tmp_path)
    whole = measured(processes, replace(many, index=str(tmp_path / "timed")))
    seen: Counter[int | None] = Counter()
    most, slowest = 0, 0.0
    for delay in (*delays(whole, 6, random.Random(SEED)), None):
        rebuild(old, force=True)
        before = directories(old)
        process = start(processes, many)
        assert process.pid is not None
        if delay is None:  # as soon as all are there, however quick a build has become
            within(10, lambda pid=process.pid: is_gone(pid) or len(descendants_of(pid)) >= 4)
        else:
            time.sleep(delay)
        workers = descendants_of(process.pid)
        most = max(most, len(workers))
        if process.is_alive():
            os.kill(process.pid, number)
        begun = time.monotonic()
        process.join(10)
        slowest = max(slowest, time.monotonic() - begun)
        seen[process.exitcode] += 1
        assert within(5, lambda pids=workers: all(map(is_gone, pids))), "someone outlived it"
        if sound(many, *allowed) == 0 and number != signal.SIGKILL:
            assert directories(old) == before
    say(f"seed {SEED}, {most} processes at most, {dict(seen)}, slowest end {slowest:.2f} s")
    assert most >= 4, "where workers come from, two workers, a reader"
    assert slowest < 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a3_a_signal_after_the_switch_takes_nothing_away(
    number: signal.Signals, old: Settings, new: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may come while the switch is still being synced."""
    honest = generations._sync

    def interrupted(path: Path) -> None:
        honest(path)
        if (Path(new.index) / generations.POINTER).read_text() != pointer:
            raise SystemExit(128 + number)

    pointer = (Path(new.index) / generations.POINTER).read_text()
    with monkeypatch.context() as patched:
        patched.setattr(generations, "_sync", interrupted)
        with pytest.raises(SystemExit):
            rebuild(new)
    assert verify(new).whole


# A6, A7: a full disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs the right to mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def attempt(chosen: Settings) -> Sentence | None:
    """Build in this process; return what was said when the environment did not let it."""
    said = None
    try:
        rebuild(chosen)
    except EnvironmentFault as fault:
        said = fault.sentence
    gc.collect()  # files that the traceback kept open
    return said


def free(place: Path) -> int:
    facts = os.statvfs(place)
    return facts.f_bavail * facts.f_bsize


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a6_a_disk_that_is_full_at_any_write(
    old: Settings, new: Settings, disk: Path, tmp_path: Path, say: Say
) -> None:
    """With a page more of room each time, until the build goes through, in the same process."""
    allowed = answer_of(old, tmp_path), answer_of(new, tmp_path)
    old, new = (replace(each, index=str(disk / "index")) for each in (old, new))
    rebuild(old)
    rebuild(old)  # two generations: more than that a build never keeps
    refused = 0
    for room in range(0, 2 << 20, 4096):
        with (disk / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, max(free(disk) - room, 1))
        held, left = files(old), free(disk)
        said = attempt(new)
        if said is None:
            break
        refused += 1
        assert "磁盘已满" in said.zh
        assert "disk is full" in said.en
        assert files(old) == held
        assert free(disk) >= left, "the room of the partial generation is given back"
        (disk / "filler").unlink()
        assert sound(new, *allowed) == 0
    assert sound(new, *allowed) == 1
    say(f"full at {refused} places, then built with {room >> 10} KiB of room")
    assert refused >= 5


def build_with_limit(chosen: Settings, limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sys.exit(indexer.__main__.main(build_command(chosen)))


def test_a6_files_that_may_not_grow(
    old: Settings, new: Settings, processes: ForkServerContext, tmp_path: Path, say: Say
) -> None:
    allowed = answer_of(old, tmp_path), answer_of(new, tmp_path)
    held = files(old)
    codes = []
    for limit in (0, 10, 100, 1_000, 4_000, 16_000, 1 << 30):
        process = processes.Process(target=build_with_limit, args=(new, limit))
        process.start()
        process.join()
        codes.append(process.exitcode)
        assert sound(new, *allowed) == (process.exitcode == 0)
        if process.exitcode:
            assert files(old) == held
    say(f"exit codes {codes}")
    assert set(codes[:-1]) <= {6, 0}
    assert codes[0] == 6
    assert codes[-1] == 0


# A8: fsync fails


def test_a8_a_sync_that_fails_is_never_tried_again(
    old: Settings, new: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    """At the first, second, third … sync until the build goes through."""
    allowed = answer_of(old, tmp_path), answer_of(new, tmp_path)
    pointer = Path(old.index) / generations.POINTER
    honest = os.fsync
    refused = 0
    for count in range(1, 100):
        rebuild(old)
        held, calls = files(old), []

        def fsync(descriptor: int, n: int = count, calls: list[int] = calls) -> None:
            calls.append(descriptor)
            if len(calls) == n:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            honest(descriptor)

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", fsync)
            said = attempt(new)
        if said is None:
            break
        refused += 1
        assert len(calls) == count, "no second try"
        # Only after the switch itself, when its last sync fails, the new index stays.
        if sound(new, *allowed) == 0:
            assert files(old) == held
        else:
            assert pointer.read_bytes() != held[str(pointer)]
    say(f"{refused} syncs failed, one at a time; each time the index was whole")
    assert refused >= 8


# A9, A10: an index that cannot be written, or is not there


def unprivileged() -> list[str]:
    """A prefix for a command that may not pass over permissions."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("the superuser may do everything; setpriv is needed to give that up")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    whole = [*unprivileged(), sys.executable, "-m", "indexer", *arguments]
    return subprocess.run(whole, capture_output=True, text=True)


def test_a9_a_read_only_index_is_searched_and_never_written(old: Settings, tmp_path: Path) -> None:
    held = files(old)
    paths = [Path(old.index), *Path(old.index).rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        for arguments in (("search", "合唱比赛"), ("verify",), ("report",)):
            done = command(*arguments, "--index", old.index)
            progress = re.sub(r"(?m)^\d+/\d+\n", "", done.stderr)
            assert (done.returncode, progress) == (0, ""), arguments
            assert done.stdout
        done = command(*build_command(old))
        assert done.returncode == 6
        assert old.index in done.stderr
        assert done.stderr.count("\n") == 1
        assert files(old) == held
    finally:
        for path in paths:
            path.chmod(0o755)


@pytest.mark.parametrize("case", ["missing", "empty", "a file", "no permission"])
def test_a10_without_a_usable_index_commands_end_with_4(
    case: str, old: Settings, tmp_path: Path
) -> None:
    index = tmp_path / "other"
    if case == "empty":
        index.mkdir()
    elif case == "a file":
        index.write_text("not a directory")
    elif case == "no permission":
        shutil.copytree(old.index, index)
        index.chmod(0)
    for arguments in (("search", "合唱"), ("show", "b-1"), ("verify",), ("report",)):
        done = command(*arguments, "--index", str(index))
        assert (done.returncode, done.stdout) == (4, ""), (arguments, done.stderr)
        assert done.stderr.startswith("jianbao: ")
        assert done.stderr.count("\n") == 1
    if case == "no permission":
        index.chmod(0o755)


@pytest.mark.parametrize("case", ["missing", "empty", "a file"])
def test_a10_the_server_starts_without_an_index_and_says_so(case: str, tmp_path: Path) -> None:
    index = tmp_path / "index"
    if case == "empty":
        index.mkdir()
    elif case == "a file":
        index.write_text("not a directory")
    client = create_app(Settings(index=str(index))).test_client()
    health = client.get("/healthz")
    assert health.status_code == 503
    assert health.get_json()["error"]["code"] == "index_missing"
    assert client.get("/?q=合唱").status_code == 503
    assert client.get("/api/v1/search?q=合唱").status_code == 503


# A11: builds at once


@pytest.mark.parametrize("count", [2, 20])
def test_a11_of_many_builds_at_once_exactly_one_holds_the_lock(
    count: int, old: Settings, new: Settings, processes: ForkServerContext, say: Say
) -> None:
    gate = processes.Event()
    builds = [
        processes.Process(target=run_build, args=(new, None, gate), daemon=True)
        for _ in range(count)
    ]
    for build in builds:
        build.start()
    assert within(120, lambda: sum(build.exitcode is not None for build in builds) == count - 1)
    assert open_searcher(old).count == 9, "the old index serves meanwhile"
    gate.set()
    for build in builds:
        build.join(30)
    codes = Counter(build.exitcode for build in builds)
    say(f"exit codes {dict(codes)}")
    assert codes == {0: 1, 5: count - 1}
    assert open_searcher(new).count == 12
    assert len(directories(new)) == 2


def test_a11_the_lock_goes_with_its_holder(
    old: Settings, new: Settings, processes: ForkServerContext
) -> None:
    gate = processes.Event()
    holder = processes.Process(target=run_build, args=(new, None, gate), daemon=True)
    holder.start()
    assert within(30, lambda: len(directories(new)) == 2)
    with pytest.raises(JianbaoError, match=f"pid {holder.pid}") as refused:
        rebuild(old)
    assert refused.value.exit_code == 5
    holder.kill()
    holder.join()
    assert rebuild(new).read == 12
