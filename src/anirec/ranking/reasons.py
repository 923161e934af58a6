"""Why a show is in the list: the entries of the history that speak for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.schema import NOT_RATED, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from anirec.data.histories import Histories

REASONS_PER_COMPONENT = 3

LIKED = 6.0
"""A rating from here on is praise, also from a viewer whose mean is higher."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A show of the history and how much it added to one component of the score."""

    anime_id: int
    title: str
    component: str
    contribution: float


def praised(history: Histories) -> NDArray[np.bool_]:
    """Return (n_entries,): what "because you liked ..." may be said of, for one list.

    Not what was dropped, nor what was rated below both 6 and the viewer's own mean; shows
    without a rating count, since watching is a choice too.
    """
    ratings = np.asarray(history.ratings)
    rated = ratings != NOT_RATED
    mean = float(ratings[rated].mean()) if rated.any() else 0.0
    worthy: NDArray[np.bool_] = ~rated | (ratings >= min(LIKED, mean))
    worthy &= history.statuses != Status.DROPPED
    return worthy


def strongest(
    contributions: Mapping[str, NDArray[np.float32]], eligible: NDArray[np.bool_], limit: int
) -> list[tuple[int, str, float]]:
    """Return the strongest positive (entry, component, contribution), strongest first.

    Parameters
    ----------
    contributions
        Per component (n_entries,), what each entry added to that component of one show.
    eligible
        (n_entries,), entries that may be named.
    limit
        At most so many per component.
    """
    found: list[tuple[int, str, float]] = []
    for component, values in contributions.items():
        usable = np.where(eligible, values, 0)
        best = np.argsort(-usable, kind="stable")[:limit]
        found.extend((int(e), component, float(usable[e])) for e in best if usable[e] > 0)
    return sorted(found, key=lambda reason: -reason[2])
