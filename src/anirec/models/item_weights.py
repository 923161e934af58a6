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
        columns, values, lengths = self._entries(rows)
        if counts is not None:
            values = values * np.repeat(counts, lengths)
        # bincount adds in float64 and in the order of entries: the same list, the same score.
        return np.bincount(columns, values, self.n_items).astype(np.float32)

    def between(self, rows: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return float32 (n_rows, n_others), the weight of each of ``rows`` for each of ``others``.

        0 where none was kept.
        """
        distinct, where = np.unique(others, return_inverse=True)
        # What is not asked for falls into a last column of its own.
        width = len(distinct) + 1
        place = np.full(self.n_items, len(distinct), dtype=np.int32)
        place[distinct] = np.arange(len(distinct), dtype=np.int32)
        columns, values, lengths = self._entries(rows)
        at = np.repeat(np.arange(len(rows)) * width, lengths)
        at += place[columns]
        block = np.zeros((len(rows), width), dtype=np.float32)
        block.ravel()[at] = values
        return block[:, where]

    def _entries(
        self, rows: NDArray[Any]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
        """Return columns and values of the rows, one after the other, and the length of each."""
        starts, ends = self.indptr[rows], self.indptr[rows + 1]
        parts = [
            slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        # The empty part keeps the types where there is no row.
        columns = np.concatenate([self.columns[:0], *(self.columns[part] for part in parts)])
        values = np.concatenate([self.values[:0], *(self.values[part] for part in parts)])
        return columns, values, ends - starts
