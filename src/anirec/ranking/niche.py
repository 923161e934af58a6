"""Leaning towards what few watch, or towards what most do, among the shows that fit a viewer."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.ranking.candidates import best_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

POOL_PER_PLACE: Final = 4
"""How many of the best by score compete for each place."""

FEWEST: Final = 1e-5
"""Share of viewers below which shows count as equally little known."""


def check_niche(niche: float) -> float:
    """Return the strength.

    Raises
    ------
    ValueError
        If it is no number from -1 to 1.
    """
    is_number = isinstance(niche, Real) and not isinstance(niche, bool)
    if not is_number or not -1 <= niche <= 1:
        raise ValueError(f"niche must be a number from -1 to 1, not {niche!r}")
    return niche


def lean(
    scores: NDArray[np.float32],
    eligible: NDArray[np.bool_],
    share: NDArray[np.float32],
    n: int,
    niche: float,
    groups: NDArray[np.int32] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the order in which the best rows stand, and which rows those are, (n_items,) each.

    Score and logarithm of popularity are brought to one scale, mean 0 and deviation 1 over the
    pool, and weighed against each other: ``(1 - |niche|) score - niche popularity``.

    Parameters
    ----------
    scores, eligible
        (n_items,) each; the best ``POOL_PER_PLACE * n`` eligible rows compete.
    share
        (n_items,), the share of viewers who watch each show.
    niche
        From -1 (what most watch) over 0 (by score alone) to 1 (what few watch).
    groups
        (n_items,), codes of which each appears at most once in the pool; None for no limit.
    """
    rows = best_rows(scores, eligible, POOL_PER_PLACE * n, groups)
    order = np.full(len(scores), -np.inf, dtype=np.float32)
    among = np.zeros(len(scores), dtype=np.bool_)
    among[rows] = True
    fame = _standardised(np.log(np.maximum(share[rows], FEWEST)))
    order[rows] = (1 - abs(niche)) * _standardised(scores[rows]) - niche * fame
    return order, among


def _standardised(values: NDArray[np.floating]) -> NDArray[np.float32]:
    deviation = values.std() if len(values) else 0.0
    if deviation == 0:
        return np.zeros(len(values), dtype=np.float32)
    scaled: NDArray[np.float32] = ((values - values.mean()) / deviation).astype(np.float32)
    return scaled
