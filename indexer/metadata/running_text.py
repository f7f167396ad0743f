"""Which bodies does running text mention?  All that a reader sees, wherever they stand.

More generous than `bodies`, whose names become facets: what is found here is right four times in
five, not nineteen in twenty.  A name is a run of nouns that opens with a name (of a place, a
person, a make) and ends with a word like 公司 or 委员会; word classes are those of the general
dictionary.  `benchmarks/organizations.py` measures it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.analysis import Segmenter, word_class
from indexer.metadata import running_words
from indexer.metadata.bodies import LONGEST
from indexer.metadata.places import CITIES, PROVINCES
from indexer.metadata.running_words import is_function, is_head, is_person
from indexer.metadata.wording import plain

_TOKEN: Final = re.compile(r"(?P<han>[一-鿕]+)|[A-Za-z]+|[0-9.]+|.", re.DOTALL)
_ORDINAL: Final = re.compile(r"第[0-9〇一二三四五六七八九十百]+|[一二三四五六七八九十]{1,3}")
_SESSION: Final = re.compile(r"第?[一二三四五六七八九十]{1,3}届(?=.)")
_OFFICE: Final = re.compile(r"(?<=..)(?:委员|会员|主席|书记|常委|主任|代表|会长|院长|局长)$")
_SHORT: Final = 3
"""Characters of a body in the dictionary that is more than an abbreviation: 居委会."""
_PLACES: Final = frozenset((*PROVINCES, *CITIES, "约旦"))
"""Places, some of which the dictionary takes for adverbs (大同, 约旦)."""
_PERSONS: Final = frozenset(("nr", "nrt", "nrfg"))
_NAMES: Final = frozenset(("ns", "nt", "j"))


@dataclass(frozen=True, slots=True)
class _Word:
    """A word in `text[start:stop]`, with its class; `fixed` is one of the known bodies."""

    written: str
    kind: str
    start: int
    stop: int
    fixed: bool = False


def bodies_in(text: str, segmenter: Segmenter) -> list[tuple[int, int]]:
    """Return the ranges of the names of bodies in `text`, ascending, none inside another."""
    words = list(_words(plain(text), segmenter))
    found = []
    at = 0
    while at < len(words):
        last = _last_of(words, at)
        if last is not None:
            found.append((words[at].start, words[last].stop))
        at = (at if last is None else last) + 1
    return found


def _last_of(words: Sequence[_Word], first: int) -> int | None:
    """Return the last word of the name that opens with `words[first]`, if one does."""
    word = words[first]
    if not (word.fixed or _opens(words, first)):
        return first + 1 if _is_unknown_before_head(words, first) else None
    alone = word.fixed or _is_whole(word) or (word.kind == "nt" and _ends_alone(word))
    last = first if alone else None
    for n in range(first + 1, len(words)):
        if words[n].stop - word.start > LONGEST or not _goes_on(words, n, first):
            break
        if _ends(words, n, first):
            last = n
    return last if last is not None and _is_name(words[first : last + 1]) else None


def _opens(words: Sequence[_Word], n: int) -> bool:
    word = words[n]
    if word.written in running_words.OPENERS or _is_whole(word):
        return True
    if len(word.written) == 1 or running_words.is_no_opening(word.written):
        return False
    if is_function(word.written) and word.kind not in ("ns", "nt"):
        return False
    if is_person(word.written) and word.kind != "ns":
        return False
    if word.kind in _PERSONS and n + 1 < len(words):
        after = words[n + 1]
        if after.fixed or after.kind in ("ns", "nt"):
            return False  # A person's name beside a body: 李鹰中山大学.
    if word.kind in ("x", "nz", *_PERSONS):
        return not is_head(word.written)
    return word.kind in _NAMES or word.kind == "eng"


def _goes_on(words: Sequence[_Word], n: int, first: int) -> bool:
    """Say whether a name that opens before it may go on with `words[n]`."""
    word = words[n]
    if word.fixed or _ends(words, n, first):
        return True
    if is_person(word.written):
        return False
    if word.kind == "m":
        return _ORDINAL.fullmatch(word.written) is not None
    if word.kind == "v":
        further = words[n + 1] if n + 1 < len(words) else None
        noun = further is not None and not further.fixed and further.kind not in ("ns", "m", "w")
        return noun and running_words.is_activity(word.written)
    if word.written == "·":
        return True
    # 报业 and 日本 are nouns in spite of their characters.
    noun = word.kind in ("n", "ns", "nt") and word.written not in ("会同", "接受")
    return word.kind in running_words.INSIDE and (noun or not is_function(word.written))


def _ends(words: Sequence[_Word], n: int, first: int) -> bool:
    word = words[n].written
    return words[n].fixed or is_head(word) or (n == first + 1 and word in running_words.AFTER_NAME)


def _is_whole(word: _Word) -> bool:
    """Say whether one word is a place and an ending: 中国队."""
    written = word.written
    return (
        is_head(written)
        and written[-1] != "站"
        and any(word_class(written[:n]) == "ns" for n in range(2, len(written)))
    )


def _ends_alone(word: _Word) -> bool:
    return len(word.written) > _SHORT and is_head(word.written)


def _is_unknown_before_head(words: Sequence[_Word], n: int) -> bool:
    word = words[n]
    if n + 1 >= len(words) or word.kind not in ("x", "nz") or is_function(word.written):
        return False
    head = words[n + 1].written
    short = 2 <= len(word.written) <= 3 and len(head) <= 4
    return short and running_words.LIKELY.search(head) is not None


def _is_name(words: Sequence[_Word]) -> bool:
    name = "".join(word.written for word in words)
    if words[0].fixed or _is_whole(words[0]):
        return True
    rest = name[len(words[0].written) :]
    if len(words) == 2 and running_words.is_too_little(words[0].written, rest):
        return False
    return words[0].kind == "ns" or not running_words.is_common(name)


def _words(text: str, segmenter: Segmenter) -> Iterator[_Word]:
    """Yield the words of plain text, known bodies as words of their own."""
    at = 0
    for known in running_words.KNOWN.finditer(text):
        yield from _cut(text, at, known.start(), segmenter)
        yield _Word(known[0], "nt", *known.span(), fixed=True)
        at = known.end()
    yield from _cut(text, at, len(text), segmenter)


def _cut(text: str, start: int, stop: int, segmenter: Segmenter) -> Iterator[_Word]:
    for token in _TOKEN.finditer(text, start, stop):
        if not token["han"]:
            kind = "eng" if token[0].isascii() and token[0].isalpha() else "w"
            yield _Word(token[0], kind, *token.span())
            continue
        at = token.start()
        for word in segmenter.cut(token[0]):
            for part in _parts(word):
                kind = "ns" if part in _PLACES else word_class(part) or "x"
                yield _Word(part, kind, at, at + len(part))
                at += len(part)


def _parts(word: str) -> tuple[str, ...]:
    """Return a word of the dictionary, 八届|全国政协 and 政协|委员 taken apart."""
    if session := _SESSION.match(word):
        return word[: session.end()], word[session.end() :]
    office = _OFFICE.search(word)
    if office and is_head(word[: office.start()]):
        return word[: office.start()], office[0]
    return (word,)
