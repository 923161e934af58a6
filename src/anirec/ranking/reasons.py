"""Why a show is in the list: the entries of the history that speak for it, and against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.data.dislikes import disliked, rated_low
from anirec.data.schema import NOT_RATED, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.data.show import Show

REASONS_PER_COMPONENT: Final = 3

MATTERS: Final = 0.1
"""What speaks against a show is named if it has this share of the strongest reason's size."""


class Attitude(StrEnum):
    """What the viewer has said of a show of the history."""

    LIKED = "liked"
    """Rated 6 or more, or not below the viewer's own mean"""
    WATCHED = "watched"
    """Not rated"""
    RATED_LOW = "rated low"
    DROPPED = "dropped"
    """Whatever the rating"""

    @property
    def is_dislike(self) -> bool:
        """Whether the viewer has turned the show down."""
        return self in (Attitude.RATED_LOW, Attitude.DROPPED)


@dataclass(frozen=True, slots=True)
class Reason:
    """A show of the history and how much it added to one component of the score.

    A negative ``contribution`` is a dislike only where the ``attitude`` is one: a show that was
    liked may speak against another, as viewers of the one rarely watch the other.
    """

    anime_id: int
    title: str
    component: str
    contribution: float
    attitude: Attitude = Attitude.WATCHED

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            "anime_id": self.anime_id,
            "title": self.title,
            "component": self.component,
            "contribution": self.contribution,
            "attitude": self.attitude,
        }


def attitudes(history: Histories) -> list[Attitude]:
    """Return what the viewer says of each entry, (n_entries,), for one list."""
    dropped, rated = history.statuses == Status.DROPPED, history.ratings != NOT_RATED
    code = np.where(dropped, 0, np.where(rated_low(history), 1, np.where(rated, 2, 3)))
    order = (Attitude.DROPPED, Attitude.RATED_LOW, Attitude.LIKED, Attitude.WATCHED)
    return [order[one] for one in code.tolist()]


def praised(history: Histories) -> NDArray[np.bool_]:
    """Return (n_entries,): what "because you liked ..." may be said of, for one list.

    Not what was dropped, nor what was rated below both 6 and the viewer's own mean; shows
    without a rating count, since watching is a choice too.
    """
    return ~disliked(history)


def reasons_of(
    contributions: Mapping[str, NDArray[np.floating[Any]]],
    watched: Histories,
    counted: Histories,
    show_of: Callable[[int], Show],
    limit: int,
    matters: float = MATTERS,
) -> list[list[Reason]]:
    """Return the reasons of each show, for one list.

    Parameters
    ----------
    contributions, limit, matters
        As for ``strongest``.
    watched, counted
        The list as the viewer has it, and as it was scored.
    show_of
        Returns the show of a row.
    """
    said = attitudes(watched)
    liked = praised(watched)
    # A dislike that does not count is no reason for anything.
    against = liked | ~(liked if counted is watched else praised(counted))
    return [
        [
            _reason(show_of(int(watched.items[entry])), component, contribution, said[entry])
            for entry, component, contribution in of_show
        ]
        for of_show in strongest(contributions, liked, against, limit, matters)
    ]


def _reason(show: Show, component: str, contribution: float, attitude: Attitude) -> Reason:
    return Reason(show.anime_id, show.title, component, contribution, attitude)


def strongest(
    contributions: Mapping[str, NDArray[np.floating[Any]]],
    speaks_for: NDArray[np.bool_],
    speaks_against: NDArray[np.bool_],
    limit: int,
    matters: float = MATTERS,
) -> list[list[tuple[int, str, float]]]:
    """Return for each show the strongest (entry, component, contribution).

    What adds to the score comes first, then what takes away, both strongest first.

    Parameters
    ----------
    contributions
        Per component (n_entries, n_shows), what each entry added to that component of each show.
    speaks_for, speaks_against
        (n_entries,), entries that may be named for what they add, and for what they take away.
    limit
        At most so many of either per component.
    matters
        What takes away is named if its size is this share of the largest of the show, or more.
    """
    n_shows = next(iter(contributions.values())).shape[1] if contributions else 0
    pros: list[list[tuple[int, str, float]]] = [[] for _ in range(n_shows)]
    cons: list[list[tuple[int, str, float]]] = [[] for _ in range(n_shows)]
    sizes = [np.abs(values).max(axis=0, initial=0) for values in contributions.values()]
    least = matters * np.max(sizes, axis=0) if sizes else np.zeros(n_shows)
    for component, values in contributions.items():
        losses = np.where(speaks_against[:, None] & (values <= -least), values, 0)
        for entry, show, value in _largest(np.where(speaks_for[:, None], values, 0), limit):
            pros[show].append((entry, component, value))
        if losses.any():
            for entry, show, value in _largest(-losses, limit):
                cons[show].append((entry, component, -value))
    return [
        sorted(for_it, key=lambda reason: -reason[2])
        + sorted(against, key=lambda reason: reason[2])
        for for_it, against in zip(pros, cons, strict=True)
    ]


def _largest(values: NDArray[np.floating[Any]], limit: int) -> Iterator[tuple[int, int, float]]:
    """Yield (row, column, value) of the up to ``limit`` largest values above 0 of each column."""
    rows = np.argsort(-values, axis=0, kind="stable")[:limit]
    places, columns = np.nonzero(values[rows, np.arange(values.shape[1])] > 0)
    rows = rows[places, columns]
    yield from zip(rows.tolist(), columns.tolist(), values[rows, columns].tolist(), strict=True)
