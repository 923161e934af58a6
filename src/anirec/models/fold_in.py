"""Vectors for viewers who were not there in training: a ridge solve on item vectors.

With v_j the vectors of the list's items, the viewer's vector x minimises

    sum_j (y_j - x.v_j)^2 + a sum_i w_i (x.v_i)^2 + r |x - m|^2

The second sum runs over every item: what is not in the list leans to 0, as in Hu, Koren and
Volinsky, *Collaborative Filtering for Implicit Feedback Datasets* (2008). Its weights w_i grow with
popularity, for who has not watched what everyone knows has more likely chosen not to (He et al.,
*Fast Matrix Factorization for Online Recommendation with Implicit Feedback*, 2016). m is the mean
vector of the training viewers, where a short list stays near. All but the first sum is the same
for everyone and computed once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from anirec.config import Config

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.histories import Histories

LISTS_AT_ONCE = 256
"""Lists solved together: 16 MB of systems at 128 dimensions."""


class FoldInConfig(Config):
    """How far a new viewer's vector may move from the mean viewer to fit the list."""

    ridge: float = Field(30.0, gt=0)
    """r: the pull to the mean viewer; an entry of the list pulls with 1"""
    unwatched_weight: float = Field(0.1, ge=0)
    """a: the mean pull of an item's score to 0"""
    popularity_exponent: float = Field(0.5, ge=0)
    """w_i is popularity to this power, scaled to a mean of 1 over the items watched by anyone"""
    rating_effect: float = Field(0.1, ge=0, lt=1 / 9)
    """y_j is 1 and this much more per point that the entry is rated above the list's mean"""


def weighted_gram(
    item_vectors: NDArray[np.float32], watched: Histories, config: FoldInConfig
) -> NDArray[np.float32]:
    """Return float32 (size, size), the sum over items of w_i v_i v_i^T; see the module's text.

    ``watched`` holds the lists whose entries make an item popular.
    """
    viewers = np.bincount(watched.items, minlength=len(item_vectors)).astype(np.float32)
    weights = np.where(viewers > 0, viewers**config.popularity_exponent, 0)
    weights *= (viewers > 0).sum() / weights.sum()
    return np.asarray((item_vectors * weights[:, None]).T @ item_vectors, dtype=np.float32)


def targets_of(watched: Histories, rating_effect: float) -> NDArray[np.float32]:
    """Return y of each entry, float32 (n_entries,).

    Always above 0, so that no entry counts as a dislike; exactly 1 for one without a rating.
    """
    rated = watched.ratings > 0
    count = np.bincount(watched.viewers, rated, len(watched))
    total = np.bincount(watched.viewers, watched.ratings, len(watched))
    mean = (total / np.maximum(count, 1))[watched.viewers]
    above = np.where(rated, watched.ratings - mean, 0)
    return np.asarray(1 + rating_effect * above, dtype=np.float32)


class FoldIn:
    """Solves for viewers' vectors; holds what is the same for everyone.

    Parameters
    ----------
    item_vectors
        float32 (n_items, size); zero rows for items never seen in training.
    gram
        float32 (size, size), what ``weighted_gram`` returns.
    mean_viewer
        float32 (size,), the mean of the training viewers' vectors.
    """

    def __init__(
        self,
        item_vectors: NDArray[np.float32],
        gram: NDArray[np.float32],
        mean_viewer: NDArray[np.float32],
        config: FoldInConfig,
    ) -> None:
        self.item_vectors = item_vectors
        self.gram = gram
        self.mean_viewer = mean_viewer
        self.rating_effect = config.rating_effect
        ridge = np.float32(config.ridge)
        self.shared = np.asarray(
            np.float32(config.unwatched_weight) * gram + ridge * np.eye(len(gram)), dtype=np.float32
        )
        """float32 (size, size), the system of an empty list"""
        self.prior = np.asarray(np.linalg.solve(self.shared, ridge * mean_viewer), dtype=np.float32)
        """float32 (size,), the vector of an empty list"""

    def solve(self, watched: Histories) -> NDArray[np.float32]:
        """Return float32 (n_histories, size), x of each list; ``prior`` for an empty one."""
        targets = targets_of(watched, self.rating_effect)
        size = len(self.prior)
        solved = np.empty((len(watched), size), dtype=np.float32)
        for start in range(0, len(watched), LISTS_AT_ONCE):
            stop = min(start + LISTS_AT_ONCE, len(watched))
            systems = np.empty((stop - start, size, size), dtype=np.float32)
            sides = np.empty((stop - start, size, 1), dtype=np.float32)
            for i in range(start, stop):
                entries = slice(watched.indptr[i], watched.indptr[i + 1])
                vectors = self.item_vectors[watched.items[entries]]
                systems[i - start] = vectors.T @ vectors + self.shared
                sides[i - start, :, 0] = vectors.T @ (targets[entries] - vectors @ self.prior)
            solved[start:stop] = self.prior + np.linalg.solve(systems, sides)[:, :, 0]
        return solved

    def shares(self, watched: Histories, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return float32 (n_entries, n_rows): what each entry of one list adds to x.v of ``rows``.

        An entry acts by what the prior had not expected of it, y_j - prior.v_j, and x is linear
        in that. So this is exact: a column sums to x.v less prior.v.
        """
        vectors = self.item_vectors[watched.items]
        system = vectors.T @ vectors + self.shared
        towards = np.linalg.solve(system, self.item_vectors[rows].T)
        surprise = targets_of(watched, self.rating_effect) - vectors @ self.prior
        return np.asarray(surprise[:, None] * (vectors @ towards), dtype=np.float32)
