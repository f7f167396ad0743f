"""What can the operator put right?  The values that may be stated, and what they are called."""

from __future__ import annotations

from typing import Final

from indexer.language import Sentence

KEYS: Final[dict[str, Sentence]] = {
    "title": Sentence("标题", "title"),
    "series": Sentence("系列", "series"),
    "issue": Sentence("期号", "issue"),
    "cumulative": Sentence("总期号", "cumulative number"),
    "document_number": Sentence("文号", "document number"),
    "date": Sentence("日期", "date"),
    "publisher": Sentence("编发单位", "publisher"),
    "author": Sentence("作者", "author"),
    "confidentiality": Sentence("密级", "confidentiality"),
    "organizations": Sentence("单位", "organizations"),
    "encoding": Sentence("编码", "encoding"),
}
"""Each key with what it is called; the operator may write either."""

_BY_NAME: Final = {name: key for key, said in KEYS.items() for name in (key, said.zh)}


def key_of(written: str) -> str:
    """Return the key that is written so (期号, issue, Issue), or nothing."""
    return _BY_NAME.get("_".join(written.lower().split()), "")
