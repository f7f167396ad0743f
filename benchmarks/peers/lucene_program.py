"""How does Lucene 8 run?  `Lucene.java` by the machine's Java, with the jars of Debian's package.

Opening includes the start of Java and the compiling of that file; questions are timed inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from shutil import which
from typing import Final

from benchmarks.peers import piped
from benchmarks.peers.base import Peer
from indexer.bulletin import Bulletin

_JARS: Final = Path("/usr/share/java")
_NEEDED: Final = ("core", "analyzers-common", "analyzers-smartcn", "facet")
_SOURCE: Final = Path(__file__).with_name("Lucene.java")


def lucene(name: str, analyzer: str) -> Peer:
    """Return Lucene with one of its analyzers.  Raises `ImportError` without Java or the jars."""
    jars = [*_JARS.glob("lucene-core-8.*.jar")]
    if which("javac") is None or not jars:
        raise ImportError("no Java compiler, or no Lucene 8 (Debian's liblucene8-java)")
    version = jars[0].stem.rpartition("-")[2]
    path = ":".join(str(_JARS / f"lucene-{each}-{version}.jar") for each in _NEEDED)
    command = ("java", "-Xmx4g", "-cp", path, str(_SOURCE), analyzer)
    return Peer(name, version, partial(_build, command), partial(piped.Reader, command=command))


def _build(command: tuple[str, ...], bulletins: Iterable[Bulletin], folder: Path) -> None:
    piped.build(bulletins, folder, command)
