"""The switch that turns dislikes off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.schema import NOT_RATED, Status
from anirec.ranking.reasons import praised

if TYPE_CHECKING:
    from anirec.data.histories import Histories


def without_dislikes(watched: Histories) -> Histories:
    """Return one list in which what was rated low or dropped counts like an unrated watched show.

    The entries stay, so they are still left out of what is recommended.
    """
    while not (kept := praised(watched)).all():
        # Without the low ratings the mean is higher, and others may lie below it.
        watched = replace(
            watched,
            ratings=np.where(kept, watched.ratings, np.uint8(NOT_RATED)),
            statuses=np.where(kept, watched.statuses, np.uint8(Status.COMPLETED)),
        )
    return watched
