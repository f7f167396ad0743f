"""Which bodies is it about?  Full and short names are one organization; mentions are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final

from indexer.bulletin import Block, Kind, Organization
from indexer.metadata import bodies, short_names, stated_bodies
from indexer.metadata.authority import NONE, Authority
from indexer.metadata.name_index import NameIndex
from indexer.metadata.wording import plain, without_space

_SILENT = (Kind.MASTHEAD, Kind.DISTRIBUTION)
"""What names the sender and the receivers, not what the bulletin is about."""

_ENOUGH: Final = 2
"""Times that an unsure name must begin a clause to be believed."""

_GENERAL: Final = frozenset("全各外多两三数级")
_INSTANCES: Final = ("等企", "等单", "等公", "等会")


class Directory:
    """The bodies of one bulletin: every name that stands in it, and the full name it means.

    Names are compared in their plain writing and shown as first written.
    """

    def __init__(self, blocks: Sequence[Block], authority: Authority = NONE) -> None:
        self._blocks = [block for block in blocks if block.kind not in _SILENT]
        self._written = _names(blocks)
        defined: dict[str, str] = {}
        for block in self._blocks:
            for short, name in short_names.defined_in(block.text):
                defined[plain(short)] = plain(name)
                self._written.setdefault(plain(name), name)
                self._written.setdefault(plain(short), short)
        self._full = short_names.resolve(self._written, defined)
        self._obey(authority, defined)
        self._index = NameIndex(self._full)

    def mentions(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield each name that stands in `text` with the full name, longest name first."""
        written = plain(text)
        end = 0
        for at, name in self._index.find(written):
            if at < end:
                continue
            end = at + len(name)
            # 全省质协系统 does not name the one 省质协.
            if not (name[0] in "省市区县" and written[at - 1 : at] in _GENERAL):
                yield name, self._full[name]

    def organizations(self) -> tuple[Organization, ...]:
        """Return the bodies by number of mentions, then by where they are first named."""
        counts: Counter[str] = Counter()
        aliases: dict[str, dict[str, None]] = {}
        for block in self._blocks:
            for name, full in self.mentions(block.text):
                counts[full] += 1
                if name != full:
                    aliases.setdefault(full, {})[self._show(name)] = None
        return tuple(
            Organization(self._show(full), tuple(aliases.get(full, ())), count)
            for full, count in counts.most_common()
        )

    def leading(self, text: str) -> tuple[str, ...]:
        """Return the body that a paragraph leads with (徐州供电公司：…), if any."""
        lead = bodies.lead_of(text)
        start, stop = lead or (0, max(text[: bodies.LONGEST].replace("：", ":").find(":"), 0))
        name = without_space(plain(text[start:stop]))
        return (self._show(self._full[name]),) if name in self._full else ()

    def named(self, text: str) -> tuple[str, ...]:
        """Return the bodies that a heading names, in order."""
        return tuple(dict.fromkeys(self._show(full) for _, full in self.mentions(text)))

    def _obey(self, authority: Authority, defined: Mapping[str, str]) -> None:
        """Let names mean what the operator says, save those that the text itself explains."""
        standing = authority.standing_in(block.text for block in self._blocks)
        self._full.update({n: authority.full[n] for n in standing if n not in defined})
        self._full = {n: authority.full.get(full, full) for n, full in self._full.items()}
        known = {name for pair in self._full.items() for name in pair}
        listed = {n: authority.written[n] for n in known if n in authority.written}
        full = {n: written for n, written in listed.items() if authority.full[n] == n}
        self._written = {**listed, **self._written, **full}

    def _show(self, name: str) -> str:
        return self._written.get(name, name)


def _names(blocks: Sequence[Block]) -> dict[str, str]:
    """Map each name in its plain writing to how it is first written, unsure ones left out.

    An unsure name is believed when it stands apart, or begins a clause more than once, unless it
    only has something before a name that is known: 请北岭供电公司.
    """
    sure: dict[str, str] = {}
    believed: dict[str, str] = {}
    times: Counter[str] = Counter()
    for block in blocks:
        if block.kind is Kind.DISTRIBUTION:
            continue
        for name in _stated(block):
            written = without_space(block.text[name.start : name.stop])
            (sure if name.sure else believed).setdefault(plain(written), written)
        for name in bodies.names(block.text):
            written = without_space(block.text[name.start : name.stop])
            times[written] += 1
            if name.sure:
                sure.setdefault(plain(written), written)
            elif times[written] == _ENOUGH or _is_apart(block, name):
                believed.setdefault(plain(written), written)
    known = {*sure, *short_names.customary(sure)}
    clear = {name: written for name, written in believed.items() if not _ends_with(name, known)}
    return clear | sure


def _stated(block: Block) -> Iterator[bodies.Name]:
    """Yield the names that a heading states, or that a paragraph leads with."""
    heading = block.kind in (Kind.HEADING, Kind.TITLE)
    if heading or block.kind is Kind.PARAGRAPH:
        yield from stated_bodies.names(block.text, heading=heading)


def _ends_with(name: str, known: Set[str]) -> bool:
    """Say whether a known name is the end of a longer one."""
    return any(name[n:] in known for n in range(1, len(name) - 2))


def _is_apart(block: Block, name: bodies.Name) -> bool:
    """Say whether a name opens a block, stands in a heading, as a cell or among instances."""
    if not block.text[: name.start].strip():
        return True
    before, after = block.text[: name.start][-1:], block.text[name.stop : name.stop + 2]
    if block.kind in (Kind.HEADING, Kind.TITLE, Kind.MASTHEAD):
        return not before.isalnum()
    if block.kind is Kind.ROW:
        return before in ("", "\t") and after[:1] in ("", "\t")
    return before == "、" and after in _INSTANCES
