"""Words of synopses and titles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

if TYPE_CHECKING:
    from anirec.data.show import Show

_CREDIT: Final = re.compile(r"[(\[](?:written by|source)\b[^)\]]*[)\]]", re.IGNORECASE)
_MARKUP: Final = re.compile(r"</?[a-z]+\s*/?>", re.IGNORECASE)
_WORD: Final = re.compile(r"\w\w+")

_TITLE_STOP_WORDS: Final = frozenset(
    [
        "and",
        "de",
        "in",
        "na",
        "ni",
        "no",
        "of",
        "part",
        "the",
        "to",
        "wa",
        "wo",
        "2nd",
        "3rd",
        "4th",
        "final",
        "first",
        "season",
        "second",
        "special",
        "specials",
        "third",
        "cm",
        "movie",
        "ona",
        "ova",
        "pv",
        "tv",
    ]
)
"""Particles, and what numbers a season or names a format: shared by shows that are not alike."""


def clean_synopsis(text: str | None) -> str:
    """Return a synopsis without markup and the credits of its writers; "" where there is none."""
    return " ".join(_CREDIT.sub(" ", _MARKUP.sub(" ", text or "")).split())


def synopsis_words(synopsis: str) -> list[str]:
    """Return the words of a synopsis in lower case, without English stop words."""
    return [word for word in _WORD.findall(synopsis.lower()) if word not in ENGLISH_STOP_WORDS]


def title_words(show: Show) -> list[str]:
    """Return the distinct telling words of a show's romaji and English titles."""
    words = _WORD.findall(f"{show.title} {show.title_english or ''}".lower())
    return sorted(set(words) - _TITLE_STOP_WORDS)
