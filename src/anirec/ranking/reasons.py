"""Why a show is in the list: the entries of the history that speak for it, and against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.data.dislikes import disliked, rated_low
from anirec.data.schema import NOT_RATED, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from anirec.data.histories import Histories

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


def attitudes(history: Histories) -> list[Attitude]:
    """Return what the viewer says of each entry, (n_entries,), for one list."""
    dropped, rated = history.statuses == Status.DROPPED, history.ratings != NOT_RATED
    code = np.select([dropped, rated_low(history), rated], [0, 1, 2], 3)
    order = (Attitude.DROPPED, Attitude.RATED_LOW, Attitude.LIKED, Attitude.WATCHED)
    return [order[one] for one in code.tolist()]


def praised(history: Histories) -> NDArray[np.bool_]:
    """Return (n_entries,): what "because you liked ..." may be said of, for one list.

    Not what was dropped, nor what was rated below both 6 and the viewer's own mean; shows
    without a rating count, since watching is a choice too.
    """
    return ~disliked(history)


def strongest(
    contributions: Mapping[str, NDArray[np.floating[Any]]],
    speaks_for: NDArray[np.bool_],
    speaks_against: NDArray[np.bool_],
    limit: int,
    matters: float = MATTERS,
) -> list[tuple[int, str, float]]:
    """Return the strongest (entry, component, contribution): what adds first, then what takes away.

    Parameters
    ----------
    contributions
        Per component (n_entries,), what each entry added to that component of one show.
    speaks_for, speaks_against
        (n_entries,), entries that may be named for what they add, and for what they take away.
    limit
        At most so many of either per component.
    matters
        What takes away is named if its size is this share of the largest of all, or more.
    """
    pros: list[tuple[int, str, float]] = []
    cons: list[tuple[int, str, float]] = []
    sizes = [float(np.abs(values).max(initial=0)) for values in contributions.values()]
    least = matters * max(sizes, default=0.0)
    for component, values in contributions.items():
        for found, usable, gain in (
            (pros, speaks_for & (values > 0), values),
            (cons, speaks_against & (values < 0) & (values <= -least), -values),
        ):
            entries = np.flatnonzero(usable)
            best = entries[np.argsort(-gain[entries], kind="stable")[:limit]]
            found.extend((int(entry), component, float(values[entry])) for entry in best)
    return sorted(pros, key=lambda reason: -reason[2]) + sorted(cons, key=lambda reason: reason[2])
