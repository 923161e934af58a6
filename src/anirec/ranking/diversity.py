"""Re-ranking for variety: a list of ten sequels is a poor list.

Maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998): picks one show after the other,
each time weighing its score against how much it resembles what has been picked already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Similar = Callable[[int], NDArray[np.float32] | None]

POOL_PER_PICK = 10
"""How many of the best candidates compete for each place in the list."""


def diversify(
    rows: NDArray[np.int64],
    scores: NDArray[np.float32],
    n: int,
    strength: float,
    similar: Similar,
) -> NDArray[np.int64]:
    """Pick ``n`` of the candidate ``rows``, trading score for variety.

    Parameters
    ----------
    rows, scores
        Candidates and their scores, best first, (n_candidates,) each; the first
        ``POOL_PER_PICK * n`` compete.
    strength
        0 keeps the order, 1 looks at variety alone (after the first pick).
    similar
        Gives float32 (n_items,) similarity of every item to one row; None counts as unlike.

    Raises
    ------
    ValueError
        If ``strength`` is not between 0 and 1.
    """
    if not 0 <= strength <= 1:
        raise ValueError(f"diversity must be between 0 and 1, not {strength}")
    if strength == 0 or len(rows) <= 1:
        return rows[:n]
    rows, scores = rows[: POOL_PER_PICK * n], scores[: POOL_PER_PICK * n]
    span = float(scores[0] - scores[-1])
    relevance = (scores - scores[-1]) / span if span > 0 else np.ones(len(rows), dtype=np.float32)
    closest = np.zeros(len(rows), dtype=np.float32)
    left = np.ones(len(rows), dtype=bool)
    picked = [0]
    for _ in range(1, min(n, len(rows))):
        left[picked[-1]] = False
        similarity = similar(int(rows[picked[-1]]))
        if similarity is not None:
            np.maximum(closest, similarity[rows], out=closest)
        gain = (1 - strength) * relevance - strength * closest
        # argmax takes the first of equals: the better scored one.
        picked.append(int(np.argmax(np.where(left, gain, -np.inf))))
    return rows[picked]
