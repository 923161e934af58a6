"""One list of genres; every other label of a show is a tag.

A genre is what MyAnimeList today calls a genre, a theme or a demographic, plus the few of its
former ones that viewers still filter by. Sources spell them differently, and add thousands of
labels of their own ("Shipboard", "Other Planet"): those are tags, useful for likeness.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

GENRES: Final = (
    # Genres.
    *("Action", "Adventure", "Avant Garde", "Award Winning", "Boys Love", "Comedy", "Drama"),
    *("Fantasy", "Girls Love", "Gourmet", "Horror", "Mystery", "Romance", "Sci-Fi"),
    *("Slice of Life", "Sports", "Supernatural", "Suspense", "Ecchi", "Erotica", "Hentai"),
    # Themes.
    *("Adult Cast", "Anthropomorphic", "CGDCT", "Childcare", "Combat Sports", "Crossdressing"),
    *("Delinquents", "Detective", "Educational", "Gag Humor", "Gore", "Harem"),
    *("High Stakes Game", "Historical", "Idols", "Isekai", "Iyashikei", "Love Polygon"),
    *("Love Status Quo", "Magical Sex Shift", "Mahou Shoujo", "Martial Arts", "Mecha", "Medical"),
    *("Military", "Music", "Mythology", "Organized Crime", "Otaku Culture", "Parody"),
    *("Performing Arts", "Pets", "Psychological", "Racing", "Reincarnation", "Reverse Harem"),
    *("Samurai", "School", "Showbiz", "Space", "Strategy Game", "Super Power", "Survival"),
    *("Team Sports", "Time Travel", "Urban Fantasy", "Vampire", "Video Game", "Villainess"),
    *("Visual Arts", "Workplace"),
    # Former genres without a successor of the same meaning.
    *("Demons", "Game", "Magic", "Police"),
    # Demographics.
    *("Josei", "Kids", "Seinen", "Shoujo", "Shounen"),
)
"""In the order in which a show's genres are listed: the broad ones first."""

ADULT_GENRES: Final = frozenset({"Erotica", "Hentai"})

ALIASES: Final = {
    # Renamed by MyAnimeList since 2020.
    "cars": "Racing",
    "dementia": "Avant Garde",
    "shoujo ai": "Girls Love",
    "shounen ai": "Boys Love",
    "thriller": "Suspense",
    "yaoi": "Boys Love",
    "yuri": "Girls Love",
    # The same thing under another name, in the labels of other sites.
    "anthropomorphism": "Anthropomorphic",
    "bl": "Boys Love",
    "cooking": "Gourmet",
    "cops": "Police",
    "cross dressing": "Crossdressing",
    "delinquent": "Delinquents",
    "demon": "Demons",
    "food": "Gourmet",
    "gl": "Girls Love",
    "idol": "Idols",
    "idols (female)": "Idols",
    "idols (male)": "Idols",
    "magical girl": "Mahou Shoujo",
    "magical girls": "Mahou Shoujo",
    "motorsport": "Racing",
    "school life": "School",
    "science fiction": "Sci-Fi",
    "scifi": "Sci-Fi",
    "vampires": "Vampire",
    "working life": "Workplace",
    # Tags in two spellings.
    "political": "Politics",
    "zombies": "Zombie",
}
"""Other spellings, in the form of ``label_key``, and the one name that they are given here."""


def label_key(label: str) -> str:
    """Return what two spellings of one label have in common: case, hyphens and spaces ignored."""
    return re.sub(r"[\s_-]+", " ", label).strip().casefold()


_NAMES: Final = {label_key(name): name for name in (*GENRES, *ALIASES.values())} | ALIASES
_RANK: Final = {name: rank for rank, name in enumerate(GENRES)}
_PLACEHOLDERS: Final = frozenset({"", "unknown", "none", "none found", "add some", "nan"})


def genres_and_tags(labels: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort the labels of a show into genres and tags, each once, in their canonical spelling.

    Genres come in the order of ``GENRES``, tags in the order given.
    """
    genres: set[str] = set()
    tags: dict[str, str] = {}
    for label in labels:
        key = label_key(label)
        if key in _PLACEHOLDERS:
            continue
        name = _NAMES.get(key) or " ".join(label.split())
        if name in _RANK:
            genres.add(name)
        else:
            tags.setdefault(label_key(name), name)
    return tuple(sorted(genres, key=_RANK.__getitem__)), tuple(tags.values())
