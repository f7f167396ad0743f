"""In which language is this said?  One sentence in Chinese and in English, kept together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same sentence in both languages; the Chinese one comes first everywhere."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader should know about a bulletin or a query, with a code for programs.

    `position` is the index of the character of the query that the notice is about.
    """

    code: str
    sentence: Sentence
    position: int | None = None
