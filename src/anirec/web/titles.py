"""Titles in the language a viewer prefers."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anirec.data.show import Show


class Language(StrEnum):
    """The languages that the catalogue has titles in."""

    ROMAJI = "romaji"
    ENGLISH = "english"
    JAPANESE = "japanese"

    @property
    def label(self) -> str:
        """What a viewer reads on the switch."""
        return {"romaji": "Romaji", "english": "English", "japanese": "日本語"}[self.value]


def title_of(show: Show, language: Language) -> str:
    """Return the title in that language, or the usual one where there is none."""
    if language is Language.ENGLISH and show.title_english:
        return show.title_english
    if language is Language.JAPANESE and show.title_japanese:
        return show.title_japanese
    return show.title


def other_titles(show: Show, language: Language) -> list[str]:
    """Return the titles in the other languages, each text once."""
    shown = title_of(show, language)
    titles = dict.fromkeys((show.title, show.title_english, show.title_japanese))
    return [title for title in titles if title and title.casefold() != shown.casefold()]
