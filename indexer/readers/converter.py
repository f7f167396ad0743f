"""How does another program turn an old document into one that is read here?

LibreOffice makes a DOCX of it; where it is not installed, antiword gives DocBook, without heads
and text boxes.  Neither is trusted: each runs under a `guard`, once for every file.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from indexer.errors import UnreadableFile
from indexer.readers import guard

GUARD = str(Path(guard.__file__))
SECONDS = 60  # of a conversion; a child that reads is given less by its settings
MEMORY = 1 << 30  # bytes, where nothing limits who asks
REASONS: Final = {guard.FAILED: "damaged", guard.OUT_OF_TIME: "out_of_time"}

PROFILE = "profile/user/registrymodifications.xcu"
SETTING = (
    '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse">'
    "<value>{}</value></prop></item>"
)
PROFILE_TEXT = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items '
    'xmlns:oor="http://openoffice.org/2001/registry">'
    + SETTING.format("Office.Common/Security/Scripting", "DisableMacrosExecution", "true")
    + SETTING.format("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true")
    + SETTING.format("Office.Writer/Content/Update", "Link", "0")
    + SETTING.format("Office.Common/Misc", "FirstRun", "false")
    + "</oor:items>"
)
"""A document runs nothing, and brings in nothing from elsewhere."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program that is installed: its name, how it is called on `old`, what it then has made."""

    name: str
    command: tuple[str, ...]
    result: str
    files: dict[str, bytes] = field(default_factory=dict)


def installed() -> Iterator[Program]:
    """Yield the programs that convert a document, the better one first."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office:
        yield _libreoffice(Path(office).resolve())
    antiword = shutil.which("antiword")
    if antiword:
        yield Program("antiword", (antiword, "-m", "UTF-8.txt", "-x", "db", "old"), "stdout")


def _libreoffice(start: Path) -> Program:
    """Return LibreOffice itself, past the scripts that start it, so that it is one process."""
    itself = start.with_name("soffice.bin")
    return Program(
        "LibreOffice",
        (
            str(itself if itself.exists() else start),
            "-env:UserInstallation=file://{folder}/profile",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", "new", "old"),
        ),
        "new/old.docx",
        {PROFILE: PROFILE_TEXT.encode()},
    )


def convert(program: Program, data: bytes) -> bytes:
    """Return what a program makes of a file.

    Raises `UnreadableFile`: `damaged` when it makes nothing of it, `out_of_time`, `crashed`.
    """
    files = {**program.files, "old": data}
    order = {
        "command": program.command,
        "files": [(name, len(content)) for name, content in files.items()],
        "result": program.result,
        "seconds": SECONDS,
        "memory": _memory(),
    }
    with subprocess.Popen(  # noqa: S603 -- our own interpreter and script, no shell
        [sys.executable, "-I", GUARD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a signal for who asks is none for the guard
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):
            process.stdin.write(b"".join((json.dumps(order).encode(), b"\n", *files.values())))
            process.stdin.flush()
        made = process.stdout.read()
        code = process.wait()
    if code != guard.DONE:
        raise UnreadableFile(REASONS.get(code, "crashed"), program.name)
    return made


def _memory() -> int:
    """Return as much memory as who asks may take: the same for the file, in whichever process."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return MEMORY if limit == resource.RLIM_INFINITY else limit
