"""Which full name does a short name mean?  新疆质协 is 新疆维吾尔自治区质量协会."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from indexer.metadata import bodies
from indexer.metadata.places import AUTONOMOUS, RANKS
from indexer.metadata.wording import HAN, plain, without_space

WELL_KNOWN: Final[dict[str, str]] = {
    "中国质协": "中国质量协会",
    "中国科协": "中国科学技术协会",
    "国家发改委": "国家发展和改革委员会",
    "国家发展改革委": "国家发展和改革委员会",
    "国家卫健委": "国家卫生健康委员会",
    "国家市场监管总局": "国家市场监督管理总局",
    "全国总工会": "中华全国总工会",
}
"""Short names that mean one body wherever they stand."""

_SHORTENED: Final[tuple[tuple[str, str], ...]] = (
    ("质量协会", "质协"),
    ("质量管理协会", "质协"),
    ("科学技术协会", "科协"),
    ("发展和改革委员会", "发改委"),
    ("卫生健康委员会", "卫健委"),
    ("国有资产监督管理委员会", "国资委"),
    ("住房和城乡建设厅", "住建厅"),
    ("工业和信息化厅", "工信厅"),
    ("工业和信息化局", "工信局"),
    ("市场监督管理局", "市场监管局"),
    ("人力资源和社会保障局", "人社局"),
    ("人力资源和社会保障厅", "人社厅"),
)
"""How the ends of names are shortened everywhere."""

_DEFINED = re.compile(
    rf"[,(]\s?(?:以下|下文|下|以下统一)?(?:简称|统称|称)为?\s?:?\s?[“\"「『‘《'”]?"
    rf"(?P<alias>[{HAN}A-Za-z0-9·-]{{2,12}})[”\"」』’》'“]?(?=[,)、或;。])"
)
_RANK = re.compile(rf"(?<=..)(?:{'|'.join(AUTONOMOUS)})?(?:{'|'.join(RANKS)})$")


def defined_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield short and full name of 江苏省质量管理协会（以下简称“江苏质协”）."""
    written = plain(text)
    for match in _DEFINED.finditer(written):
        stop = match.start()
        while stop and written[stop - 1] == " ":
            stop -= 1
        if name := bodies.name_before(text, stop):
            alias = text[slice(*match.span("alias"))]
            yield without_space(alias), without_space(text[slice(*name)])


def resolve(names: Iterable[str], defined: Mapping[str, str]) -> dict[str, str]:
    """Map every name, full or short, to the full name it means.

    `names` are plain; `defined` are the short names that the text itself explains.
    """
    known = dict.fromkeys(names)
    found = {name: name for name in known}
    found.update(_contained(known))
    found.update(customary(known))
    found.update({short: full for short, full in WELL_KNOWN.items() if short in known})
    found.update({full: full for full in (*defined.values(), *WELL_KNOWN.values())})
    found.update(defined)
    found.update(_tails(found))
    return {name: _last(found, name) for name in found}


def _last(found: Mapping[str, str], name: str) -> str:
    """Follow short names of short names to the end, never in a circle."""
    seen = {name}
    while (further := found.get(name, name)) not in seen:
        seen.add(further)
        name = further
    return name


def _contained(known: Mapping[str, None]) -> dict[str, str]:
    """Map names to those that say more: without the rank (新疆质量协会) or without the place."""
    found: dict[str, str] = {}
    unranked: dict[str, set[str]] = {}
    for name in known:
        place = bodies.place_of(name)
        rest = name[place:]
        unranked.setdefault(_RANK.sub("", name[:place]) + rest, set()).add(name)
        if rest != name and rest in known:
            found[rest] = name
    for short, names in unranked.items():
        if short in names and len(names) == 2:
            found[short] = next(name for name in names if name != short)
    return found


def customary(known: Iterable[str]) -> dict[str, str]:
    """Map what a full name is usually shortened to (云州质协, 云州省质协), if only one name is."""
    meant: dict[str, set[str]] = {}
    for name in known:
        for ending, short in _SHORTENED:
            if name.endswith(ending) and name != ending:
                place = name.removesuffix(ending)
                for written in {place, _RANK.sub("", place)}:
                    meant.setdefault(written + short, set()).add(name)
    return {short: next(iter(names)) for short, names in meant.items() if len(names) == 1}


def _tails(found: Mapping[str, str]) -> dict[str, str]:
    """Map 市质协 to 上海市质协 when no other name ends so."""
    tails: dict[str, set[str]] = {}
    for name, full in found.items():
        for _, short in _SHORTENED:
            place = name.removesuffix(short)
            if place != name and len(place) > 2 and place[-1] in "省市区县":
                tails.setdefault(place[-1] + short, set()).add(full)
    return {
        tail: next(iter(names))
        for tail, names in tails.items()
        if len(names) == 1 and tail not in found
    }
