"""The shows of a franchise as a line in watch order, for the page of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anirec.web.cards import card
from anirec.web.context import recommender

if TYPE_CHECKING:
    from anirec.data.show import Show
    from anirec.web.cards import Card

MOST: Final = 60
"""Shows of one franchise that the page has room for."""


@dataclass(frozen=True)
class Station:
    """One show on the line."""

    card: Card
    kind: str | None
    """How it is related to the show that the page is about; None if only through others"""
    is_here: bool
    """Whether it is that show"""


def franchise_line(show: Show) -> list[Station]:
    """Return the franchise of a show; empty where the show stands alone.

    Titles for adults only are left out, unless the show is one.
    """
    kinds = {other: kind.replace("_", " ").capitalize() for other, kind in show.relations}
    shows = [
        one
        for one in recommender().bundle.catalogue.franchise(show.anime_id)
        if show.is_adult or not one.is_adult
    ]
    if len(shows) < 2:
        return []
    place = shows.index(show)
    first = max(0, min(place - MOST // 2, len(shows) - MOST))
    return [
        Station(card(one), kinds.get(one.anime_id), one.anime_id == show.anime_id)
        for one in shows[first : first + MOST]
    ]
