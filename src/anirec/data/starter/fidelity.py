"""How near simulated lists come to real ones, in a handful of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.stats import ks_2samp, spearmanr

from anirec.data.schema import NOT_RATED
from anirec.data.starter.derive_ratings import rating_moments
from anirec.data.starter.statistics import FLOOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.starter.lists import Lists

HEAD = 100
"""Relative errors of popularity are read off this many of the most watched shows: below them the
chance of a few thousand draws says more than the sampler."""


class Fidelity(NamedTuple):
    """Simulated against real lists, both over the starter's shows and without plan-to-watch."""

    viewers: int
    """Simulated viewers."""
    popularity_rank_correlation: float
    popularity_mean_relative_error: float
    """Over all shows."""
    popularity_head_max_relative_error: float
    """Over the ``HEAD`` most watched shows."""
    list_length_ks: float
    """Largest distance between the two cumulative distributions of list length."""
    lift_rank_correlation: float
    """Spearman's, over pairs of shows with at least ``FLOOR`` real co-viewers."""
    lift_pairs: int
    rating_mean_correlation: float
    """Pearson's, over shows."""
    rating_mean_error: float
    """Mean over shows of the distance between the two mean ratings."""


def compare(simulated: Lists, real: Lists, n_items: int) -> Fidelity:
    """Compare simulated with real lists."""
    simulated, real = simulated.watched(), real.watched()
    drawn, seen = _matrix(simulated, n_items), _matrix(real, n_items)
    drawn_share, share = drawn.mean(axis=0), seen.mean(axis=0)
    error = np.abs(drawn_share / share - 1)
    coviewers = seen.T @ seen
    first, second = np.triu_indices(n_items, 1)
    enough = coviewers[first, second] >= FLOOR
    pairs = first[enough], second[enough]
    lift = (coviewers / len(seen) / np.outer(share, share))[pairs]
    drawn_outer = np.maximum(np.outer(drawn_share, drawn_share), 1e-12)
    drawn_lift = (drawn.T @ drawn / len(drawn) / drawn_outer)[pairs]
    (drawn_raters, drawn_mean, _), (raters, mean, _) = (
        rating_moments(lists.where(lists.ratings != NOT_RATED), n_items)
        for lists in (simulated, real)
    )
    rated = (drawn_raters > 0) & (raters > 0)
    return Fidelity(
        viewers=len(drawn),
        popularity_rank_correlation=float(spearmanr(drawn_share, share).statistic),
        popularity_mean_relative_error=float(error.mean()),
        popularity_head_max_relative_error=float(error[np.argsort(-share)[:HEAD]].max()),
        list_length_ks=float(ks_2samp(drawn.sum(axis=1), seen.sum(axis=1)).statistic),
        lift_rank_correlation=float(spearmanr(drawn_lift, lift).statistic),
        lift_pairs=int(enough.sum()),
        rating_mean_correlation=float(np.corrcoef(drawn_mean[rated], mean[rated])[0, 1]),
        rating_mean_error=float(np.abs(drawn_mean - mean)[rated].mean()),
    )


def _matrix(lists: Lists, n_items: int) -> NDArray[np.float32]:
    users, rows = np.unique(lists.users, return_inverse=True)
    matrix = np.zeros((len(users), n_items), dtype=np.float32)
    matrix[rows, lists.items] = 1
    return matrix
