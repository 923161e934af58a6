"""Re-ranking for variety: a list of ten sequels is a poor list.

Maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998): picks one show after the other,
each time weighing its score against how much it resembles what has been picked already.
"""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from anirec.ranking.candidates import best_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Similarities = Callable[[NDArray[np.int64]], NDArray[np.float32] | None]

POOL_PER_PICK = 10
"""How many of the best candidates compete for each place in the list."""


def check_strength(strength: float) -> float:
    """Return the strength.

    Raises
    ------
    ValueError
        If it is not between 0 and 1.
    """
    if not (isinstance(strength, Real) and 0 <= strength <= 1):
        raise ValueError(f"diversity must be a number between 0 and 1, not {strength!r}")
    return strength


def diversify(
    scores: NDArray[np.float32],
    eligible: NDArray[np.bool_],
    n: int,
    strength: float,
    similarities: Similarities,
    groups: NDArray[np.int32] | None = None,
) -> NDArray[np.int64]:
    """Return up to ``n`` of the eligible rows, trading score for variety.

    Parameters
    ----------
    scores, eligible
        (n_items,) each; the best ``POOL_PER_PICK * n`` eligible rows compete.
    strength
        0 keeps the order, 1 looks at variety alone (after the first pick).
    similarities
        Gives float32 (n_rows, n_rows) similarity of some rows with each other; None counts as
        unlike.
    groups
        (n_items,), codes of which each appears at most once, with its best row; None for no limit.

    Raises
    ------
    ValueError
        If ``strength`` is not between 0 and 1.
    """
    if check_strength(strength) == 0:
        return best_rows(scores, eligible, n, groups)
    rows = best_rows(scores, eligible, POOL_PER_PICK * n, groups)
    if len(rows) <= 1:
        return rows
    values = scores[rows]
    span = float(values[0] - values[-1])
    relevance = (values - values[-1]) / span if span > 0 else np.ones(len(rows), dtype=np.float32)
    alike = similarities(rows)
    if alike is None:
        return rows[:n]
    closest = np.zeros(len(rows), dtype=np.float32)
    left = np.ones(len(rows), dtype=bool)
    picked = [0]
    for _ in range(1, min(n, len(rows))):
        left[picked[-1]] = False
        np.maximum(closest, alike[picked[-1]], out=closest)
        gain = (1 - strength) * relevance - strength * closest
        # argmax takes the first of equals: the better scored one.
        picked.append(int(np.argmax(np.where(left, gain, -np.inf))))
    return rows[picked]
