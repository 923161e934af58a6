"""The best rows of a score vector, with ties settled once and for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def best_rows(
    scores: NDArray[np.float32], eligible: NDArray[np.bool_], n: int
) -> NDArray[np.int64]:
    """Return the up to ``n`` eligible rows with the highest scores, best first.

    Equal scores go by row, that is by anime id: the same request gives the same answer.

    Parameters
    ----------
    scores, eligible
        (n_items,) each.
    """
    rows = np.flatnonzero(eligible)
    values = scores[rows]
    if n < len(rows):
        worst_kept = np.partition(values, len(rows) - n)[len(rows) - n]
        close = values >= worst_kept
        rows, values = rows[close], values[close]
    # A stable sort keeps equal scores in the order of their rows.
    return rows[np.argsort(-values, kind="stable")[:n]]
