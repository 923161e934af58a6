"""A sparse matrix of weights from shows to shows, and the sums that scoring takes (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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
        nowhere = len(distinct)
        place = np.full(self.n_items, nowhere, dtype=np.int32)
        place[distinct] = np.arange(nowhere, dtype=np.int32)
        columns, values, lengths = self._entries(rows)
        places = place.take(columns)
        # Most of what a row keeps is about shows that are not asked for.
        asked = np.flatnonzero(places != nowhere)
        owners = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
        block = np.zeros((len(rows), nowhere), dtype=np.float32)
        block[owners[asked], places[asked]] = values[asked]
        return block[:, where]

    def _entries(
        self, rows: NDArray[Any]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
        """Return columns and values of the rows, one after the other, and the length of each."""
        starts = self.indptr[rows]
        lengths = self.indptr[rows + 1] - starts
        if self._even is not None:
            columns, values = self._even
            return columns.take(rows, axis=0).ravel(), values.take(rows, axis=0).ravel(), lengths
        ends = np.cumsum(lengths)
        entries = np.repeat(starts - (ends - lengths), lengths) + np.arange(lengths.sum())
        return self.columns.take(entries), self.values.take(entries), lengths

    @cached_property
    def _even(self) -> tuple[NDArray[np.int32], NDArray[np.float32]] | None:
        """Columns and values as (n_items, k), whose rows are quick to copy, if all keep k."""
        lengths = np.diff(self.indptr)
        if not len(lengths) or (lengths != lengths[0]).any():
            return None
        shape = (self.n_items, int(lengths[0]))
        return self.columns.reshape(shape), self.values.reshape(shape)
