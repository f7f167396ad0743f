"""In which language is this page?  `lang`, else what the browser asks for, else Chinese."""

from __future__ import annotations

from typing import Final, cast

from flask import request

from indexer.language import LANGUAGES, Language
from webui.wording import TEXTS

_KNOWN: Final = "jianbao.language"


def chosen() -> Language | None:
    """Return the language that the address itself asks for, if it does."""
    given = request.args.get("lang", "")
    return next((language for language in LANGUAGES if language == given), None)


def current() -> Language:
    """Return the language to answer this request in."""
    known = cast(Language | None, request.environ.get(_KNOWN))
    if known is None:
        accepted = request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0])
        known = request.environ[_KNOWN] = chosen() or cast(Language, accepted)
    return known


def text(name: str, /, **values: object) -> str:
    """Return a visible text of `TEXTS` in the language of this request, `values` filled in."""
    return TEXTS[name].in_(current()).format(**values)


def shown_date(iso: str) -> str:
    """Return `2020-03-18` as 2020年3月18日 in Chinese, and as it is in English."""
    if current() == "en" or not iso:
        return iso
    return "".join(
        f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False)
    )
