"""Vectors for viewers who were not there in training: a ridge solve on item vectors.

With the list's items j in the rows v_j of V, the viewer's vector x minimises

    sum_j (y_j - x.v_j)^2 + a sum_i (x.v_i)^2 + r |x - m|^2

where the second sum runs over every item (an unwatched item leans to 0, as in Hu, Koren and
Volinsky, *Collaborative Filtering for Implicit Feedback Datasets*, 2008) and m is the mean vector
of the training viewers, where a short list stays near. All but the first sum is the same for
everyone and computed once.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class FoldIn:
    """The part of the solve that is the same for everyone.

    Parameters
    ----------
    item_vectors
        float32 (n_items, size); zero rows for items never seen in training.
    gram
        float32 (size, size), ``item_vectors.T @ item_vectors``.
    mean_viewer
        float32 (size,), the mean of the training viewers' vectors.
    """

    item_vectors: NDArray[np.float32]
    gram: NDArray[np.float32]
    mean_viewer: NDArray[np.float32]
    config: FoldInConfig

    def solve(self, histories: Histories, targets: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return float32 (n_histories, size), x of each list; the mean viewer for an empty one.

        ``targets`` holds y of each entry, float32 (n_entries,).
        """
        size = len(self.mean_viewer)
        shared = self._shared()
        solved = np.empty((len(histories), size), dtype=np.float32)
        for start in range(0, len(histories), LISTS_AT_ONCE):
            stop = min(start + LISTS_AT_ONCE, len(histories))
            systems = np.empty((stop - start, size, size), dtype=np.float32)
            sides = np.empty((stop - start, size, 1), dtype=np.float32)
            for i in range(start, stop):
                entries = slice(histories.indptr[i], histories.indptr[i + 1])
                vectors = self.item_vectors[histories.items[entries]]
                systems[i - start] = vectors.T @ vectors + shared
                sides[i - start, :, 0] = vectors.T @ targets[entries]
            sides[:, :, 0] += np.float32(self.config.ridge) * self.mean_viewer
            solved[start:stop] = np.linalg.solve(systems, sides)[:, :, 0]
        return solved

    def shares(
        self, history: Histories, targets: NDArray[np.float32], rows: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Return float32 (n_entries, n_rows): what each entry of one list adds to x.v of ``rows``.

        x is linear in the targets, so this is exact: a column sums to x.v less the mean viewer's
        part of it.
        """
        vectors = self.item_vectors[history.items]
        system = vectors.T @ vectors + self._shared()
        towards = np.linalg.solve(system, self.item_vectors[rows].T)
        return np.asarray(targets[:, None] * (vectors @ towards), dtype=np.float32)

    def _shared(self) -> NDArray[np.float32]:
        ridge = np.float32(self.config.ridge) * np.eye(len(self.gram), dtype=np.float32)
        return np.asarray(np.float32(self.config.unwatched_weight) * self.gram + ridge)
