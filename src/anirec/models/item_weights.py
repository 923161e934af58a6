"""A sparse matrix of weights from shows to shows, and the sums that scoring takes (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class WeightsOfRows:
    """What a few shows say of all, one after the other."""

    columns: NDArray[np.int32]
    """(n_kept_of_rows,)"""
    values: NDArray[np.float32]
    """(n_kept_of_rows,)"""
    lengths: NDArray[np.int64]
    """(n_rows,) how many of each"""
    n_items: int
    """Number of all shows"""

    def votes(self, counts: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Return float32 (n_items,), the sum of the rows, each times its count, (n_rows,), if given."""
        values = self.values if counts is None else self.values * np.repeat(counts, self.lengths)
        # bincount adds in float64 and in the order of entries: the same list, the same score.
        return np.bincount(self.columns, values, self.n_items).astype(np.float32)

    def for_each(self, others: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return float32 (n_rows, n_others), the weight of each row for each of ``others``.

        0 where none was kept.
        """
        nowhere = len(others)
        place = np.full(self.n_items, nowhere, dtype=np.int32)
        place[others] = np.arange(nowhere, dtype=np.int32)
        places = place.take(self.columns)
        # Most of what a row keeps is about shows that are not asked for.
        asked = np.flatnonzero(places != nowhere)
        owners = np.repeat(np.arange(len(self.lengths)), self.lengths)
        block = np.zeros((len(self.lengths), nowhere), dtype=np.float32)
        block.ravel()[owners.take(asked) * nowhere + places.take(asked)] = self.values.take(asked)
        # Of a show that is asked for twice the last column is filled.
        filled = place[others]
        return block if (filled == np.arange(nowhere)).all() else block.take(filled, axis=1)


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

    def of(self, rows: NDArray[np.int32]) -> WeightsOfRows:
        """Gather the weights of some rows."""
        starts = self.indptr[rows]
        lengths = self.indptr[rows + 1] - starts
        if self._even is not None:
            columns, values = self._even
            columns, values = columns.take(rows, axis=0).ravel(), values.take(rows, axis=0).ravel()
        else:
            ends = np.cumsum(lengths)
            entries = np.repeat(starts - (ends - lengths), lengths) + np.arange(lengths.sum())
            columns, values = self.columns.take(entries), self.values.take(entries)
        return WeightsOfRows(columns, values, lengths, self.n_items)

    @cached_property
    def _even(self) -> tuple[NDArray[np.int32], NDArray[np.float32]] | None:
        """Columns and values as (n_items, k), whose rows are quick to copy, if all keep k."""
        lengths = np.diff(self.indptr)
        if not len(lengths) or (lengths != lengths[0]).any():
            return None
        shape = (self.n_items, int(lengths[0]))
        return self.columns.reshape(shape), self.values.reshape(shape)
