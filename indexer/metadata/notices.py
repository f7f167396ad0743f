"""What was not understood, and what was taken from elsewhere?  The sentences that say so."""

from __future__ import annotations

from typing import Final

from indexer.language import Notice, Sentence

_SENTENCES: Final[dict[str, Sentence]] = {
    "no_issue": Sentence("报头没有期号。", "The masthead shows no issue number."),
    "no_date": Sentence("报头没有日期。", "The masthead shows no date."),
    "no_series": Sentence("报头没有刊名。", "The masthead names no series."),
    "no_publisher": Sentence("报头没有编发单位。", "The masthead names no publisher."),
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
    "issue_from_title": Sentence(
        "期号取自文件属性里的标题。", "The issue number is from the title that the file declares."
    ),
    "issue_from_name": Sentence("期号取自文件名。", "The issue number is from the file's name."),
    "date_from_title": Sentence(
        "日期取自文件属性里的标题。", "The date is from the title that the file declares."
    ),
    "date_from_name": Sentence("日期取自文件名。", "The date is from the file's name."),
    "date_from_end": Sentence(
        "日期取自文末的落款或印发行。", "The date is from the signature or imprint at the end."
    ),
    "date_from_issue": Sentence(
        "只有年份，取自期号或文号。", "Only the year is known, from the issue or document number."
    ),
    "publisher_from_end": Sentence(
        "编发单位取自文末的落款或印发行。",
        "The publisher is from the signature or imprint at the end.",
    ),
}


def notice(code: str) -> Notice:
    """Return the notice with that code."""
    return Notice(code, _SENTENCES[code])
