"""Every file below the folders is named once, and nothing dangerous is opened."""

import importlib.util
import os
import socket
import subprocess
import sys
import threading
import time
from array import array
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import REFUSALS, BadInput, UnreadableFile
from indexer.readers import Files, Found, tree, walk
from indexer.readers.contents import contents

LARGE = 1000
COMPILED = importlib.util.find_spec("indexer.readers.compiled") is not None


@pytest.fixture(params=["by_python", "compiled"], autouse=True, scope="module")
def how(request):
    """Every tree is listed as it is without a C compiler, and as with one."""
    if request.param == "compiled" and not COMPILED:
        pytest.skip("nothing was compiled: no C compiler was there when jianbao was installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree, "IS_COMPILED", request.param == "compiled")
        yield request.param


def named(folder):
    return {found.relative: found.refusal for found in walk([folder], LARGE).files}


def test_files_come_sorted_with_their_size_and_time(tmp_path):
    for name in ("b.txt", "a/2.txt", "a/1.txt", "中/一.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    found = walk([tmp_path], LARGE).files
    assert [f.relative for f in found] == ["a/1.txt", "a/2.txt", "b.txt", "中/一.md"]
    assert {(f.size, f.refusal) for f in found} == {(5, "")}
    assert found[0].modified == (tmp_path / "a/1.txt").stat().st_mtime_ns


def test_a_file_in_two_of_the_folders_comes_once(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/1.txt").touch()
    assert len(walk([tmp_path, tmp_path / "a", str(tmp_path)], LARGE).files) == 1


def test_hidden_files_settings_and_the_folders_own_readme_are_no_bulletins(tmp_path):
    (tmp_path / "a").mkdir()
    for name in (".hidden", "x.toml", "README.md", "a/README.md"):
        (tmp_path / name).touch()
    assert list(named(tmp_path)) == ["a/README.md"]


def test_what_may_not_be_opened_is_named_with_its_reason(tmp_path):
    (tmp_path / "large.txt").write_bytes(b"x" * (LARGE + 1))
    (tmp_path / "outside.txt").symlink_to("/etc/passwd")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "nothing.txt").touch()
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.txt"))
        refusals = named(tmp_path)
    assert refusals == {
        "large.txt": "too_large",
        "outside.txt": "symlink",
        "loop": "symlink",
        "dangling.txt": "symlink",
        "nothing.txt": "empty",
        "pipe.txt": "not_a_file",
        "socket.txt": "not_a_file",
    }
    assert set(refusals.values()) <= set(REFUSALS)


def test_any_name_becomes_valid_unicode(tmp_path):
    names = [b"\xff\xfe.txt", b"new\nline.txt", "é.txt".encode(), b"<img onerror>.txt", b"-rf"]
    for name in names:
        (tmp_path / os.fsdecode(name)).touch()
    relatives = list(named(tmp_path))
    assert len(relatives) == len(names)
    assert "\\xff\\xfe.txt" in relatives
    assert all(relative.encode() for relative in relatives)


def test_depth_is_no_danger(tmp_path):
    folder = tmp_path
    for _ in range(300):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "1.txt").touch()
    assert list(named(tmp_path)) == ["d/" * 300 + "1.txt"]


def test_a_time_that_no_report_can_hold_is_none(tmp_path):
    for name, seconds in (("a.txt", 10**10), ("b.toml", 10**10), ("c.txt", 10**9)):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (seconds, seconds))
    if (tmp_path / "a.txt").stat().st_mtime < 10**10:
        pytest.skip("this file system has no such times")
    walked = walk([tmp_path], LARGE)
    times = [file.modified for files in walked for file in files]
    assert times == [0, 10**18, 0]


def test_a_missing_folder_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match="nowhere"):
        walk([tmp_path / "nowhere"], LARGE)


def test_what_the_operator_states_comes_apart(tmp_path):
    (tmp_path / "a").mkdir()
    for name in ("b.txt", "b.toml", "a/bulletins.csv", "a/1.csv"):
        (tmp_path / name).write_text("x")
    walked = walk([tmp_path, tmp_path / "a"], LARGE)
    assert [file.relative for file in walked.files] == ["a/1.csv", "b.txt"]
    assert [file.relative for file in walked.statements] == ["a/bulletins.csv", "b.toml"]


def test_what_lies_too_deep_to_be_opened_is_refused_as_what_may_not_be_opened(tmp_path):
    with pytest.raises(UnreadableFile) as refused:
        contents(tmp_path.joinpath(*["夹" * 80] * 20, "1.txt"), LARGE)
    assert refused.value.reason == "no_permission"


NAMES = st.sampled_from(["a", "b", "a-", "a.txt", "A", "中", "é", "a b", "\udcff"])


@settings(deadline=None, max_examples=50)
@given(st.sets(st.lists(NAMES, min_size=1, max_size=3).map("/".join), max_size=12))
def test_a_tree_comes_in_the_order_of_its_paths_and_each_file_is_opened_by_its_own(paths):
    with TemporaryDirectory() as folder:
        for path in paths:
            if not any(other.startswith(f"{path}/") for other in paths):
                (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(folder) / path).write_bytes(os.fsencode(path))
        found = walk([folder], LARGE).files
        every = [path for path in Path(folder).rglob("*") if path.is_file()]
        assert found.names == sorted(found.names)
        assert {file.path.read_bytes() for file in found} == {path.read_bytes() for path in every}
        for file in found:
            name = file.path.relative_to(Path(folder).resolve())
            assert file.relative == os.fsencode(name).decode("utf-8", "backslashreplace")
            assert (file.size, file.modified) == (len(os.fsencode(name)), _time(file))


def _time(file):
    return file.path.stat().st_mtime_ns


def test_both_list_the_same(tmp_path):
    """Names in an order that depends on slashes, and all that may not be opened."""
    for name in (
        "b/1.txt",
        "b.txt",
        "b-/1.txt",
        "b0",
        "深/更深/一.txt",
        "é/2",
        "空/.hidden",
        "z/README.md",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "README.md").touch()
    (tmp_path / "link").symlink_to(tmp_path / "b")
    os.mkfifo(tmp_path / "b/pipe")
    os.utime(tmp_path / "b0", ns=(1, -5))
    found = tree.entries(str(tmp_path))
    assert found == tree.by_python(str(tmp_path))
    every = "README.md b-/1.txt b.txt b/1.txt b/pipe b0 link z/README.md é/2 深/更深/一.txt"
    assert found.names == every.split()
    assert found.times[found.names.index("b0")] == -5


def test_a_name_that_is_no_unicode_is_listed_in_its_order_whatever_is_compiled(tmp_path):
    for name in (b"a", b"\xff", b"z/\xfe", "中".encode()):
        path = tmp_path / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name)
    found = tree.entries(str(tmp_path))
    assert found.names == ["\\xff", "a", "z/\\xfe", "中"]
    assert {at: Path(place).read_bytes() for at, place in found.places.items()} == {
        0: b"\xff",
        2: b"z/\xfe",
    }


def test_a_folder_that_cannot_be_read_stands_in_place_of_what_is_in_it(tmp_path):
    deep = tmp_path.joinpath(*["夹" * 80] * 16)
    place = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):  # longer than any path that the kernel opens
        os.mkdir("夹" * 80, dir_fd=place)
        below = os.open("夹" * 80, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(os.open("1.txt", os.O_CREAT | os.O_WRONLY, dir_fd=place))
    os.close(place)
    refusals = named(tmp_path)
    assert list(refusals.values()) == ["no_permission"]
    assert Path(tmp_path, *refusals).is_relative_to(deep)


def test_a_link_is_not_followed_where_a_folder_was(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.txt").write_text("x")
    (tmp_path / "in").symlink_to(tmp_path / "outside")
    found = tree.entries(str(tmp_path / "in"))
    assert (found.names, [*found.modes]) == (["."], [0])


def test_who_is_interrupted_walks_no_further(tmp_path, how):
    for number in range(300):
        (tmp_path / str(number)).mkdir()
    endless = (
        "import sys; from indexer.readers import tree;"
        f"tree.IS_COMPILED = {how == 'compiled'};"
        "print('begun', flush=True)\nwhile True: tree.entries(sys.argv[1])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", endless, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(2)
        _, said = process.communicate(timeout=20)
    assert said.endswith("KeyboardInterrupt\n")


def test_python_goes_on_while_a_tree_is_listed(tmp_path, how):
    if how == "by_python":
        pytest.skip("it is Python that lists")
    for number in range(2000):
        (tmp_path / str(number)).touch()
    thread = threading.Thread(target=lambda: [tree.entries(str(tmp_path)) for _ in range(40)])
    times, before = 0, sys.getswitchinterval()
    sys.setswitchinterval(100)  # nobody is made to let go of Python's lock
    try:
        thread.start()
        while thread.is_alive():
            time.sleep(0.001)
            times += 1
    finally:
        sys.setswitchinterval(before)
    assert times > 10


def test_files_are_what_was_taken():
    one = Found("/one/a.txt", "a.txt", 5, 7)
    other = Found("/other/b.txt", "b.txt", 0, 9, "empty")
    files = Files.of([one, other, one])
    assert [*files] == [one, other, one]
    assert (files[-1], files[1:], len(files)) == (one, [other, one], 3)
    with pytest.raises(IndexError):
        files[3]
    together = Files()
    some = tree.Entries(
        ["a.txt", "b"], array("I", [1, 1]), array("q", [1, 1]), array("q", [2, 2]), {1: "/\udcff"}
    )
    together.extend("/one", some, {1: "empty"})
    together.extend("/other", some, {})
    places = ["/one/a.txt", "/\udcff", "/other/a.txt", "/\udcff"]
    assert [file.place for file in together] == places
    assert [file.refusal for file in together] == ["", "empty", "", ""]
