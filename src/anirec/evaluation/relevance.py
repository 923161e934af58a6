"""Which of the held-out entries count as found, protocol by protocol.

Each mask is bool (n_held_out_entries,). What a mask leaves out is neither hit nor miss; the
ranking itself stays the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.schema import NOT_RATED
from anirec.data.split import HeldOut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.show import Show
    from anirec.data.split import Fold

LIKED_RATING: Final = 8


def liked(fold: Fold) -> NDArray[np.bool_]:
    """Say which held-out entries the viewer liked: rated 8 or more, or above their own mean.

    The mean is over all that the viewer rated, history and held out. Who rates 8 on average or
    more has nothing between 8 and their mean to lose by it: for them the first rule decides. Who
    never rates, or never differs below 8, has liked nothing that we know of.
    """
    history, held_out = fold.history, fold.held_out
    viewers = np.concatenate([history.viewers, held_out.viewers])
    ratings = np.concatenate([history.ratings, held_out.ratings])
    rated = ratings != NOT_RATED
    total = np.bincount(viewers[rated], ratings[rated], minlength=len(history))
    count = np.bincount(viewers[rated], minlength=len(history))
    # Compared as whole numbers, rating * count > total: equal to the mean is not above it.
    above = held_out.ratings * count[held_out.viewers] > total[held_out.viewers]
    is_rated = held_out.ratings != NOT_RATED
    return np.asarray(is_rated & ((held_out.ratings >= LIKED_RATING) | above))


def discovery(fold: Fold, shows: Sequence[Show]) -> NDArray[np.bool_]:
    """Say which held-out entries are of a franchise that the history does not hold.

    An entry that the catalogue lacks has no franchise and stays: a miss, as everywhere.
    """
    history, held_out = fold.history, fold.held_out
    franchises = np.array([show.franchise or show.anime_id for show in shows], dtype=np.int64)
    width = int(franchises.max(initial=0)) + 1
    seen = history.viewers * width + franchises[history.items]
    new = np.ones(len(held_out.rows), dtype=np.bool_)
    known = held_out.rows >= 0
    found = held_out.viewers[known] * width + franchises[held_out.rows[known]]
    new[known] = ~np.isin(found, seen)
    return new


def of_items(held_out: HeldOut, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which held-out entries are among the ``wanted`` items, bool (n_items,)."""
    return np.asarray((held_out.rows >= 0) & wanted[held_out.rows])


def narrowed(held_out: HeldOut, entries: NDArray[np.bool_]) -> HeldOut:
    """Return the same viewers with only the entries for which the mask holds."""
    kept = np.concatenate([[0], np.cumsum(entries)])[held_out.indptr]
    return HeldOut(
        kept.astype(np.int64),
        held_out.anime_ids[entries],
        held_out.rows[entries],
        held_out.ratings[entries],
    )
