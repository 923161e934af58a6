"""One show of a list, and what can be said of it: a rating from 1 to 10, or how it was left."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anirec.data.schema import Status
from anirec.errors import UnknownAnimeError
from anirec.web.cards import card
from anirec.web.context import recommender

if TYPE_CHECKING:
    from anirec.lists.list_code import CodedList
    from anirec.web.cards import Card


@dataclass(frozen=True)
class Rating:
    """What stands of a show now."""

    card: Card
    rating: int = 0
    """0 without"""
    state: str = ""
    """The change that would lead to it: ``seen``, ``drop``, ``plan``; empty where it is not listed."""


def rating_of(coded: CodedList, anime_id: str) -> Rating | None:
    """Return what a list says of a show, None where the id is not that of a show."""
    if re.fullmatch(r"[0-9]{1,10}", anime_id, re.ASCII) is None:
        return None
    try:
        show = recommender().show(int(anime_id))
    except UnknownAnimeError:
        return None
    entry = next((one for one in coded.entries if one.anime_id == show.anime_id), None)
    if entry is None:
        return Rating(card(show))
    states = {Status.DROPPED: "drop", Status.PLAN_TO_WATCH: "plan"}
    return Rating(card(show), entry.rating, states.get(Status(entry.status), "seen"))
