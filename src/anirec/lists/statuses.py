"""How each source writes where a viewer stands with a show."""

from __future__ import annotations

from typing import Final

from anirec.data.schema import Status
from anirec.lists.read_list import whole_number

BY_WORD: Final = {
    "watching": Status.WATCHING,
    "completed": Status.COMPLETED,
    "onhold": Status.ON_HOLD,
    "dropped": Status.DROPPED,
    "plantowatch": Status.PLAN_TO_WATCH,
}
"""MyAnimeList's words, without spaces, hyphens and underscores."""

BY_ANILIST_WORD: Final = {
    "CURRENT": Status.WATCHING,
    "PLANNING": Status.PLAN_TO_WATCH,
    "COMPLETED": Status.COMPLETED,
    "DROPPED": Status.DROPPED,
    "PAUSED": Status.ON_HOLD,
    # Who watches a show again has watched all of it.
    "REPEATING": Status.COMPLETED,
}
BY_ANILIST_NUMBER: Final = tuple(BY_ANILIST_WORD.values())
"""In the data that AniList hands out: 0 current, 1 planning, 2 completed, 3 dropped, 4 paused,
5 repeating.
"""


def mal_status(value: object) -> Status | None:
    """Read MyAnimeList's status: a word of any spelling, or its number; nothing is completed."""
    if value is None or value == "":
        return Status.COMPLETED
    number = whole_number(value)
    if number is not None:
        return Status(number) if number in set(Status) else None
    if not isinstance(value, str):
        return None
    word = value.strip().lower()
    return BY_WORD.get(word.replace("-", "").replace(" ", "").replace("_", ""))


def anilist_status(value: object) -> Status | None:
    """Read AniList's status: its word, or the number that stands for it."""
    if isinstance(value, str):
        return BY_ANILIST_WORD.get(value.strip().upper())
    number = whole_number(value)
    if number is None or not 0 <= number < len(BY_ANILIST_NUMBER):
        return None
    return BY_ANILIST_NUMBER[number]
