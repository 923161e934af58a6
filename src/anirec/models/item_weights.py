"""A sparse matrix of weights from shows to shows, and the sums that scoring takes (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class ItemWeights:
    """What each show says of others: row ``i`` is ``indptr[i]:indptr[i + 1]``, by column."""

    indptr: NDArray[np.int64]
    """(n_items + 1,)"""
    columns: NDArray[np.int32]
    """(n_kept,), ascending within a row"""
    values: NDArray[np.float32]
    """(n_kept,)"""

    @property
    def n_items(self) -> int:
        """Number of shows."""
        return len(self.indptr) - 1

    def votes(
        self, rows: NDArray[np.int32], counts: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Return float32 (n_items,), the sum of some ``rows``, each times its count if given."""
        entries, owners = self._entries(rows)
        values = self.values[entries] if counts is None else self.values[entries] * counts[owners]
        # bincount adds in float64 and in the order of entries: the same list, the same score.
        total = np.bincount(self.columns[entries], values, self.n_items)
        return total.astype(np.float32)

    def between(self, rows: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return float32 (n_rows, n_others), the weight of each of ``rows`` for each of ``others``.

        0 where none was kept.
        """
        place = np.full(self.n_items, -1, dtype=np.int64)
        distinct, where = np.unique(others, return_inverse=True)
        place[distinct] = np.arange(len(distinct))
        entries, owners = self._entries(rows)
        at = place[self.columns[entries]]
        found = at >= 0
        block = np.zeros((len(rows), len(distinct)), dtype=np.float32)
        block[owners[found], at[found]] = self.values[entries[found]]
        return block[:, where]

    def _entries(self, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the positions of the rows' entries, and which of ``rows`` each belongs to."""
        counts = self.indptr[rows + 1] - self.indptr[rows]
        owners = np.repeat(np.arange(len(rows)), counts)
        ends = np.cumsum(counts)
        return np.arange(len(owners)) + (self.indptr[rows] - (ends - counts))[owners], owners
