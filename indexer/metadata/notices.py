"""What was not understood, and what was taken from elsewhere?  The sentences that say so.

A code is `no_date` where nothing was found, or `date_from_name` where it was found outside the
masthead.
"""

from __future__ import annotations

from typing import Final

from indexer.language import Notice, Sentence

_VALUES: Final[dict[str, Sentence]] = {
    "issue": Sentence("期号", "issue number"),
    "date": Sentence("日期", "date"),
    "series": Sentence("刊名", "series"),
    "publisher": Sentence("编发单位", "publisher"),
}
_PLACES: Final[dict[str, Sentence]] = {
    "head": Sentence("页眉", "the running head"),
    "title": Sentence("文件属性里的标题", "the title that the file declares"),
    "name": Sentence("文件名", "the file's name"),
    "end": Sentence("文末的落款或印发行", "the signature or imprint at the end"),
    "number": Sentence("期号或文号中的年份", "the year in the issue or document number"),
}
_TITLES: Final[dict[str, Sentence]] = {
    "no_title": Sentence(
        "正文里没有标题，用了文件名。",
        "There is no headline in the text; the file's name stands in.",
    ),
    "title_from_format": Sentence(
        "正文里没有标题，用了文件属性里的标题。",
        "There is no headline in the text; the title that the file declares stands in.",
    ),
    "title_from_series": Sentence(
        "正文没有总标题，用了刊名和期号。",
        "There is no headline for the whole; series and issue number stand in.",
    ),
}


def notice(code: str) -> Notice:
    """Return the notice with that code.  Raises `KeyError` for a code that is none."""
    if code in _TITLES:
        return Notice(code, _TITLES[code])
    if code.startswith("no_"):
        value = _VALUES[code.removeprefix("no_")]
        return Notice(
            code, Sentence(f"报头没有{value.zh}。", f"The masthead does not show the {value.en}.")
        )
    name, _, place = code.partition("_from_")
    value, where = _VALUES[name], _PLACES[place]
    return Notice(
        code, Sentence(f"{value.zh}取自{where.zh}。", f"The {value.en} is from {where.en}.")
    )
