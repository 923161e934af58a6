"""The best rows of a score vector, with ties settled once and for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLED: Final = 32
SPARE: Final = 4
FEW: Final = 512
"""So many are put in order as quickly as the best of them are found."""
WIDER: Final = 4
"""How many times more rows are looked at where several of one group stand in the way."""


def best_rows(
    scores: NDArray[np.float32],
    eligible: NDArray[np.bool_],
    n: int,
    groups: NDArray[np.int32] | None = None,
) -> NDArray[np.int64]:
    """Return the up to ``n`` eligible rows with the highest scores, best first.

    Equal scores go by row, that is by anime id: the same request gives the same answer.

    Parameters
    ----------
    scores, eligible
        (n_items,) each.
    groups
        (n_items,), codes of which each appears at most once, with its best row; None for no limit.
    """
    if groups is not None:
        return _best_of_groups(scores, eligible, n, groups)
    close = eligible
    if n > 0 and max(n, FEW) < np.count_nonzero(eligible):
        values = scores.copy()
        # Half the time of np.where, as most shows are eligible.
        values[~eligible] = -np.inf
        close = eligible & (values >= nth_largest(values, n))
    rows = np.flatnonzero(close)
    # A stable sort keeps equal scores in the order of their rows.
    return rows[np.argsort(-scores[rows], kind="stable")[:n]]


def nth_largest(values: NDArray[np.float32], n: int) -> np.float32:
    """Return the ``n``-th largest of more than ``n`` values.

    A sample says from where on to look, so that few values are put in order: a tenth of the time of
    ordering all.
    """
    sample = values[::SAMPLED]
    # Twice as many as needed should lie above it.
    place = len(sample) - 1 - 2 * n // SAMPLED - SPARE
    if place > 0:
        bound = np.partition(sample, place)[place]
        above = values[values >= bound]
        if len(above) >= n:
            if np.count_nonzero(above > bound) < n:
                # Most shows have a score in common, nothing: putting equals in order takes longest.
                return np.float32(bound)
            values = above
    nth: np.float32 = np.partition(values, len(values) - n)[len(values) - n]
    return nth


def _best_of_groups(
    scores: NDArray[np.float32],
    eligible: NDArray[np.bool_],
    n: int,
    groups: NDArray[np.int32],
) -> NDArray[np.int64]:
    n_eligible = int(np.count_nonzero(eligible))
    looked_at = WIDER * n
    while True:
        rows = best_rows(scores, eligible, looked_at)
        _, first = np.unique(groups[rows], return_index=True)
        if len(first) >= n or looked_at >= n_eligible:
            return rows[np.sort(first)[:n]]
        looked_at *= WIDER
