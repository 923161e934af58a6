"""Shows to rate for somebody of whom little is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anirec.web.cards import card
from anirec.web.context import recommender
from anirec.web.schemas import WebFilters

if TYPE_CHECKING:
    from anirec.lists.list_code import CodedList
    from anirec.web.cards import Card

SHOWN: Final = 12


def shows_to_rate(coded: CodedList, n: int = SHOWN) -> list[Card]:
    """Return well-known shows that a list says nothing of, no two of one franchise."""
    named = (*(entry.anime_id for entry in coded.entries), *coded.hidden)
    filters = WebFilters(franchise_repeats=False, sequels=False, without_shows=named)
    found = recommender().recommend([], n, filters=filters)
    return [card(recommender().show(one.anime_id)) for one in found]
