"""What a viewer's events say of each show, as one entry of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anirec.data.histories import Entry
from anirec.data.schema import NOT_RATED, Status
from anirec.store.events import Event, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass
class _Standing:
    rating: int = NOT_RATED
    status: Status | None = None
    """None: not on the list"""
    dismissed: bool = False

    @property
    def watched(self) -> bool:
        return not self.dismissed and self.status not in (None, Status.PLAN_TO_WATCH)


@dataclass(frozen=True)
class Taste:
    """A list made of events."""

    entries: tuple[Entry, ...]
    """By anime id"""
    watched: int
    """How many of them the viewer says to have watched: neither planned nor dismissed."""


def taste_of(events: Iterable[Event]) -> Taste:
    """Fold a viewer's events, oldest first, into a list; clicks and impressions say nothing.

    The last rating and the last status of a show win. A rating without a status means watched. A
    dismissal of a show that was not watched makes it dropped, without a rating: of what models know,
    that alone speaks against a show that was not seen. Of a watched show a dismissal says nothing.
    """
    standings: dict[int, _Standing] = {}
    for event in events:
        _apply(event, standings.setdefault(event.anime_id, _Standing()))
    listed = {
        anime_id: standing
        for anime_id, standing in standings.items()
        if standing.status is not None
    }
    return Taste(
        tuple(
            Entry(anime_id, standing.rating, int(standing.status or 0))
            for anime_id, standing in sorted(listed.items())
        ),
        sum(standing.watched for standing in listed.values()),
    )


def _apply(event: Event, standing: _Standing) -> None:
    match event.kind:
        case Kind.RATING:
            standing.rating = event.rating or NOT_RATED
            says_watched = standing.rating != NOT_RATED and not standing.watched
            status = event.status or (Status.COMPLETED if says_watched else None)
        case Kind.SEEN:
            status = event.status or Status.COMPLETED
        case Kind.ADDED:
            status = event.status or (None if standing.watched else Status.PLAN_TO_WATCH)
        case Kind.DISMISSAL if not standing.watched:
            standing.dismissed, standing.status = True, Status.DROPPED
            return
        case _:
            return
    if event.rating is not None:
        standing.rating = event.rating
    if status is not None:
        standing.dismissed, standing.status = False, status
