"""Vectors for viewers who were not there in training: a ridge solve on item vectors.

With the list's items j in the rows v_j of V, the viewer's vector x minimises

    sum_j (y_j - x.v_j)^2 + a sum_i (x.v_i)^2 + r |x - m|^2

where the second sum runs over every item (an unwatched item leans to 0, as in Hu, Koren and
Volinsky, *Collaborative Filtering for Implicit Feedback Datasets*, 2008) and m is the mean vector
of the training viewers, where a short list stays near. All but the first sum is the same for
everyone and computed once.
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
    """r: the pull to the mean viewer, in entries"""
    unwatched_weight: float = Field(0.02, ge=0)
    """a: the weight of the pull of every item's score to 0, beside 1 for an entry"""


class FoldIn:
    """Solves for viewers' vectors; holds what is the same for everyone.

    Parameters
    ----------
    item_vectors
        float32 (n_items, size); zero rows for items never seen in training.
    gram
        float32 (size, size), ``item_vectors.T @ item_vectors``.
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
        ridge = np.float32(config.ridge)
        self.shared = np.asarray(
            np.float32(config.unwatched_weight) * gram + ridge * np.eye(len(gram)), dtype=np.float32
        )
        """float32 (size, size), the system of an empty list"""
        self.prior = np.asarray(np.linalg.solve(self.shared, ridge * mean_viewer), dtype=np.float32)
        """float32 (size,), the vector of an empty list"""

    def solve(self, histories: Histories, targets: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return float32 (n_histories, size), x of each list; ``prior`` for an empty one.

        ``targets`` holds y of each entry, float32 (n_entries,).
        """
        size = len(self.prior)
        solved = np.empty((len(histories), size), dtype=np.float32)
        for start in range(0, len(histories), LISTS_AT_ONCE):
            stop = min(start + LISTS_AT_ONCE, len(histories))
            systems = np.empty((stop - start, size, size), dtype=np.float32)
            sides = np.empty((stop - start, size, 1), dtype=np.float32)
            for i in range(start, stop):
                entries = slice(histories.indptr[i], histories.indptr[i + 1])
                vectors = self.item_vectors[histories.items[entries]]
                systems[i - start] = vectors.T @ vectors + self.shared
                sides[i - start, :, 0] = vectors.T @ (targets[entries] - vectors @ self.prior)
            solved[start:stop] = self.prior + np.linalg.solve(systems, sides)[:, :, 0]
        return solved

    def shares(
        self, history: Histories, targets: NDArray[np.float32], rows: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Return float32 (n_entries, n_rows): what each entry of one list adds to x.v of ``rows``.

        An entry acts by what the prior had not expected of it, y_j - prior.v_j, and x is linear
        in that. So this is exact: a column sums to x.v less prior.v.
        """
        vectors = self.item_vectors[history.items]
        system = vectors.T @ vectors + self.shared
        towards = np.linalg.solve(system, self.item_vectors[rows].T)
        surprise = targets - vectors @ self.prior
        return np.asarray(surprise[:, None] * (vectors @ towards), dtype=np.float32)
