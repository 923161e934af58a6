"""How often each of many ids occurs, counted from batches in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAX_PENDING = 4_000_000


class IdCounts:
    """Adds up counts per id; memory grows with the number of distinct ids only."""

    def __init__(self) -> None:
        self._ids: list[NDArray[np.int64]] = []
        self._counts: list[NDArray[np.int64]] = []
        self._n_pending = 0

    def add(self, ids: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
        """Add ``counts[i]`` (may be 0) to ``ids[i]``; both (n,), ids in any order."""
        self._ids.append(ids)
        self._counts.append(counts)
        self._n_pending += len(ids)
        if self._n_pending > _MAX_PENDING:
            self.totals()

    def totals(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the distinct ids in ascending order and their counts, both (n_ids,)."""
        if not self._ids:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        if self._n_pending:
            ids, where = np.unique(np.concatenate(self._ids), return_inverse=True)
            counts = np.zeros(len(ids), np.int64)
            np.add.at(counts, where, np.concatenate(self._counts))
            self._ids, self._counts, self._n_pending = [ids], [counts], 0
        return self._ids[0], self._counts[0]
