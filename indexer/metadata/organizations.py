"""Which bodies is it about?  Full and short names are one organization; mentions are counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from indexer.bulletin import Block, Kind, Organization
from indexer.metadata import bodies
from indexer.metadata.places import AUTONOMOUS, RANKS
from indexer.metadata.wording import HAN, plain

_DEFINED = re.compile(
    rf"[,(]\s?(?:以下|下文|下|以下统一)?(?:简称|统称|称)为?\s?[:]?\s?[“\"「『‘《'”]?"
    rf"(?P<alias>[{HAN}A-Za-z0-9·-]{{2,12}})[”\"」』’》'“]?(?=[,)、或;。])"
)
_SHORT_ENDINGS: Final = ("质协", "科协", "发改委", "卫健委", "国资委", "经信委", "工信厅", "监管局")
_RANK = re.compile("|".join((*RANKS, *AUTONOMOUS)))

WELL_KNOWN: Final[dict[str, str]] = {
    "中国质协": "中国质量协会",
    "中国科协": "中国科学技术协会",
    "国家发改委": "国家发展和改革委员会",
    "国家卫健委": "国家卫生健康委员会",
    "国家市场监管总局": "国家市场监督管理总局",
    "中科院": "中国科学院",
}
"""Short names that mean one body wherever they stand."""

_SILENT = (Kind.MASTHEAD, Kind.DISTRIBUTION)


class Directory:
    """The bodies of one bulletin: every name that stands in it, and the full name it means."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        texts = [block.text for block in blocks if block.kind not in _SILENT]
        self._full: dict[str, str] = {}
        for text in texts:
            for start, stop in bodies.names(text):
                name = _tidy(text[start:stop])
                self._full[name] = WELL_KNOWN.get(name, name)
        for text in texts:
            self._full.update(_definitions(text))
        self._full.update(_abbreviations(self._full))
        self._full.update({name: name for name in self._full.values()})
        self._full.update(_tails(self._full))
        self._by_opening = _by_opening(self._full)

    def mentions(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield where `text` names a body and the body's full name, the longest name each time."""
        written = plain(text)
        at = 0
        while at < len(written):
            lengths = self._by_opening.get(written[at : at + 2], ())
            name = next(
                (written[at : at + n] for n in lengths if written[at : at + n] in self._full), ""
            )
            if name:
                yield at, self._full[name]
            at += len(name) or 1

    def organizations(self, blocks: Sequence[Block]) -> tuple[Organization, ...]:
        """Return the bodies by number of mentions, then by where they are first named."""
        counts = Counter(
            name
            for block in blocks
            if block.kind not in _SILENT
            for _, name in self.mentions(block.text)
        )
        aliases: dict[str, list[str]] = {}
        for alias, name in self._full.items():
            if alias != name:
                aliases.setdefault(name, []).append(alias)
        return tuple(
            Organization(name, tuple(sorted(aliases.get(name, ()), key=len, reverse=True)), count)
            for name, count in counts.most_common()
        )

    def leading(self, text: str) -> tuple[str, ...]:
        """Return the body that a paragraph leads with (徐州供电公司：…), if any."""
        lead = bodies.lead_of(text)
        if not lead:
            return ()
        name = _tidy(text[lead[0] : lead[1]])
        return (self._full[name],) if name in self._full else ()

    def named(self, text: str) -> tuple[str, ...]:
        """Return the bodies that a heading names, in order."""
        return tuple(dict.fromkeys(name for _, name in self.mentions(text)))


def _tidy(name: str) -> str:
    return re.sub(r"\s", "", plain(name))


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield short and full name of 江苏省质量管理协会（以下简称“江苏质协”）."""
    written = plain(text)
    for match in _DEFINED.finditer(written):
        name = bodies.name_before(text, len(text[: match.start()].rstrip()))
        if name:
            full = _tidy(text[name[0] : name[1]])
            yield match["alias"], full
            yield full, full


def _abbreviations(full: Mapping[str, str]) -> dict[str, str]:
    """Map 新疆质协 and 新疆质量协会 to the one longer name of which they are short."""
    by_opening: dict[str, list[str]] = {}
    for name in set(full.values()):
        by_opening.setdefault(name[:2], []).append(name)
    found: dict[str, str] = {}
    for short, known in full.items():
        if short == known:
            longer = [n for n in by_opening[short[:2]][:_MOST] if _is_short_for(short, n)]
            if len(longer) == 1:
                found[short] = longer[0]
    return {short: found.get(name, name) for short, name in found.items()}


_MOST: Final = 50
"""Names with the same two opening characters that a short name is compared with."""


def _is_short_for(short: str, name: str) -> bool:
    if len(short) >= len(name):
        return False
    if _RANK.sub("", name) == _RANK.sub("", short):
        return True
    if not short.endswith(_SHORT_ENDINGS):
        return False
    rest = iter(_RANK.sub("", name))
    ends_alike = short[-1] in name[-2:]
    return ends_alike and all(character in rest for character in _RANK.sub("", short))


def _tails(full: Mapping[str, str]) -> dict[str, str]:
    """Map 市质协 to 上海市质协 when no other name ends so."""
    tails: dict[str, set[str]] = {}
    for name, meant in full.items():
        for rank in _RANK.finditer(name[:8]):
            if len(rank[0]) == 1 and rank.start() >= 2 and len(name) - rank.start() >= 3:
                tails.setdefault(name[rank.start() :], set()).add(meant)
    return {
        tail: next(iter(names))
        for tail, names in tails.items()
        if len(names) == 1 and tail not in full and tail.endswith(_SHORT_ENDINGS)
    }


def _by_opening(names: Iterable[str]) -> dict[str, list[int]]:
    """Map the two opening characters to the lengths of the names, longest first."""
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:2], set()).add(len(name))
    return {opening: sorted(found, reverse=True) for opening, found in lengths.items()}
