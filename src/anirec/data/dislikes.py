"""What viewers have turned down, and lists in which that does not count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.schema import NOT_RATED, Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.histories import Histories

LIKED: Final = 6.0
"""A rating from here on is praise, also from a viewer whose mean is higher."""


def rated_low(histories: Histories) -> NDArray[np.bool_]:
    """Return (n_entries,): what was rated below both 6 and the viewer's own mean."""
    viewers, ratings = histories.viewers, histories.ratings
    rated = ratings != NOT_RATED
    total = np.bincount(viewers, ratings, minlength=len(histories))
    count = np.bincount(viewers, rated, minlength=len(histories))
    least = np.minimum(total / np.maximum(count, 1), LIKED)
    return np.asarray(rated & (ratings < least[viewers]))


def disliked(histories: Histories) -> NDArray[np.bool_]:
    """Return (n_entries,): what was rated low, or dropped whatever its rating."""
    return np.asarray(rated_low(histories) | (histories.statuses == Status.DROPPED))


def without_dislikes(histories: Histories) -> Histories:
    """Return lists in which what was rated low or dropped counts like an unrated watched show.

    The entries stay, so they are still left out of what is recommended.
    """
    while (gone := disliked(histories)).any():
        # Without the low ratings the mean is higher, and others may lie below it.
        histories = replace(
            histories,
            ratings=np.where(gone, np.uint8(NOT_RATED), histories.ratings),
            statuses=np.where(gone, np.uint8(Status.COMPLETED), histories.statuses),
        )
    return histories
