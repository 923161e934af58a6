"""What a viewer did with a show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anirec.data.schema import Status


class Kind(StrEnum):
    """What happened."""

    RATING = "rating"
    """Rated the show; 0 takes the rating back"""
    DISMISSAL = "dismissal"
    """Said "not interested\""""
    SEEN = "seen"
    """Said "seen it\""""
    ADDED = "added"
    """Put it on the list, to watch unless a status says otherwise"""
    CLICK = "click"
    """Opened it from a list of recommendations"""
    IMPRESSION = "impression"
    """Was shown it in a list of recommendations"""


EVIDENCE = (Kind.RATING, Kind.DISMISSAL, Kind.SEEN, Kind.ADDED)
"""What says something of a viewer's taste; the rest tells how recommendations fare."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a viewer did."""

    kind: Kind
    anime_id: int
    rating: int | None = None
    """0 (taken back) to 10; of ratings, and of other evidence that comes with one"""
    status: Status | None = None
    position: int | None = None
    """In the list of recommendations, from 1"""
