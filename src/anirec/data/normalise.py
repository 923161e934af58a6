"""One spelling for the facts of a show, whatever the source calls them."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from anirec.data.genres import ADULT_GENRES

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPES: Final = ("TV", "Movie", "OVA", "ONA", "Special", "Music", "CM", "PV")
SOURCES: Final = (
    *("Original", "Manga", "Web manga", "4-koma manga", "Novel", "Light novel", "Web novel"),
    *("Visual novel", "Game", "Card game", "Book", "Picture book", "Mixed media", "Music"),
    *("Radio", "Other"),
)
AGE_RATINGS: Final = ("G", "PG", "PG-13", "R", "R+", "Rx")
SEASONS: Final = ("winter", "spring", "summer", "fall")

MISSING: Final = frozenset({"", "unknown", "none", "none found", "n/a", "nan", "null", "-", "?"})
"""What sources write where they know nothing, in lower case."""


def _lookup(names: Iterable[str], others: dict[str, str]) -> dict[str, str]:
    return {_key(name): name for name in names} | others


def _key(text: str) -> str:
    return re.sub(r"[\s_]+", " ", text).strip().lower()


_TYPES: Final = _lookup(TYPES, {"tv short": "TV", "tv special": "Special"})
_SOURCES: Final = _lookup(
    SOURCES,
    {"digital manga": "Web manga", "video game": "Game", "multimedia project": "Mixed media"},
)
_RELATIONS: Final = {
    "ALTERNATIVE_SETTING": "ALTERNATIVE",
    "ALTERNATIVE_VERSION": "ALTERNATIVE",
    "FULL_STORY": "PARENT",
    "PARENT_STORY": "PARENT",
}
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NO_SYNOPSIS: Final = re.compile(
    r"(?:no synopsis (?:information )?has been added|there is currently no synopsis"
    r"|no synopsis(?: yet)?\.?$)",
    re.IGNORECASE,
)


def known(text: str | None) -> str | None:
    """Return the text on one line with HTML entities resolved; ``None`` for a placeholder."""
    line = one_line(text or "")
    return None if line.lower() in MISSING else line


def one_line(text: str) -> str:
    """Return the text with HTML entities resolved and every run of white space as one space."""
    return " ".join(unescape(text).split())


def unescape(text: str) -> str:
    """Resolve HTML entities that end in a semicolon; ``html.unescape`` would turn "R&notes" too."""
    return _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)


def synopsis(text: str | None) -> str | None:
    """Return a synopsis with its paragraphs; ``None`` for "No synopsis has been added ..."."""
    lines = (" ".join(line.split()) for line in unescape(text or "").splitlines())
    clean = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return None if clean.lower() in MISSING or _NO_SYNOPSIS.match(clean) else clean


def synonyms(names: Iterable[str | None], titles: Iterable[str | None]) -> tuple[str, ...]:
    """Return other names, each once, without those that are already one of the titles."""
    seen = {title.casefold() for title in titles if title}
    others: dict[str, str] = {}
    for name in names:
        clean = known(name)
        if clean and clean.casefold() not in seen:
            others.setdefault(clean.casefold(), clean)
    return tuple(others.values())


def show_type(text: str | None) -> str | None:
    """Return one of ``TYPES``; a type that is none of them counts as unknown."""
    return _TYPES.get(_key(text or ""))


def source(text: str | None) -> str | None:
    """Return one of ``SOURCES``; a source that is known but not among them is "Other"."""
    key = _key(text or "")
    return None if key in MISSING else _SOURCES.get(key, "Other")


def age_rating(text: str | None) -> str | None:
    """Return one of ``AGE_RATINGS`` from "PG-13 - Teens 13 or older" or just "PG-13"."""
    code = (text or "").split(" - ")[0].strip().lower()
    return next((rating for rating in AGE_RATINGS if rating.lower() == code), None)


def is_adult(rating: str | None, genres: Iterable[str]) -> bool:
    """Say whether a show is for adults only: rated Rx, or of the genres Hentai or Erotica."""
    return rating == "Rx" or not ADULT_GENRES.isdisjoint(genres)


def season(text: str | None) -> str | None:
    """Return one of ``SEASONS``; "autumn" is "fall"."""
    key = _key(text or "").replace("autumn", "fall")
    return key if key in SEASONS else None


def premiered(text: str | None) -> tuple[int | None, str | None]:
    """Return year and season of "Spring 1998"; both ``None`` where it says neither."""
    words = (text or "").split()
    if len(words) == 2 and season(words[0]) and re.fullmatch(r"\d{4}", words[1]):
        return int(words[1]), season(words[0])
    return None, None


def first_aired(text: str | None) -> tuple[int | None, str | None]:
    """Return year and season of the start of "Apr 3, 1998 to Apr 24, 1999" or "2021 to ?".

    The season is that of the month, ``None`` where only the year is given.
    """
    start = re.match(
        r"(?:([A-Z][a-z]{2})[a-z]*,? +)?(?:\d{1,2}, *)?(\d{4})\b", (text or "").strip()
    )
    if not start:
        return None, None
    month = start.group(1)
    return int(start.group(2)), month_season(_MONTHS.index(month) + 1 if month in _MONTHS else None)


def first_aired_iso(text: str | None) -> tuple[int | None, str | None]:
    """Return year and season of "1998-04-03T00:00:00+00:00".

    1 January stands for "some day of the year" there: it gives no season.
    """
    start = re.match(r"(\d{4})-(\d{2})-(\d{2})", text or "")
    if not start:
        return None, None
    year, month, day = (int(part) for part in start.groups())
    return year, month_season(None if (month, day) == (1, 1) else month)


def month_season(month: int | None) -> str | None:
    """Return the season of a start month, 1 to 12.

    A start in the last month of a quarter belongs to the next season, as MyAnimeList counts it;
    only December stays in the fall, for a winter would be that of the year after.
    """
    return SEASONS[min(month // 3, 3)] if month and 1 <= month <= 12 else None


def relation_kind(text: str | None) -> str:
    """Return a relation as AniList writes it: SEQUEL, SIDE_STORY, PARENT, ALTERNATIVE ..."""
    kind = re.sub(r"[\s_-]+", "_", text or "").strip("_").upper()
    return _RELATIONS.get(kind, kind) or "OTHER"
