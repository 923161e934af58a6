"""Shows to rate for somebody of whom little is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anirec.web.cards import card
from anirec.web.context import recommender
from anirec.web.taste_tables import taste_tables

if TYPE_CHECKING:
    from anirec.lists.list_code import CodedList
    from anirec.web.cards import Card

SHOWN: Final = 12


def shows_to_rate(coded: CodedList, n: int = SHOWN) -> list[Card]:
    """Return the shows that would tell most about a taste and that a list says nothing of."""
    ids = taste_tables().wall.next_shows(coded.entries, n, coded.hidden)
    return [card(recommender().show(anime_id)) for anime_id in ids]
