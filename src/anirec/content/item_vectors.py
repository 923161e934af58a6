"""Vectors of all shows, partly dense and partly sparse, and their inner products (numpy only).

Broad likeness (synopsis, tags, studio, era) lives in a few hundred dense columns. Names (words of
titles, franchises) are many and each belongs to a few shows: squeezed into dense columns they blur
into each other, so they stay sparse and exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Profile:
    """A weighted sum of item vectors: what one viewer is drawn to."""

    dense: NDArray[np.float32]
    """(n_dimensions,)"""
    names: NDArray[np.float64]
    """(n_names,)"""

    @property
    def length(self) -> float:
        """Euclidean length over both parts."""
        return float(np.sqrt(self.dense.astype(np.float64) @ self.dense + self.names @ self.names))


@dataclass(frozen=True)
class ItemVectors:
    """One vector per show; the sparse part is in compressed rows, like ``Histories``."""

    dense: NDArray[np.float32]
    """(n_items, n_dimensions)"""
    indptr: NDArray[np.int64]
    """(n_items + 1,)"""
    names: NDArray[np.int32]
    """(n_entries,) column of each sparse entry"""
    values: NDArray[np.float32]
    """(n_entries,)"""

    @property
    def n_items(self) -> int:
        """Number of shows."""
        return len(self.dense)

    @cached_property
    def n_names(self) -> int:
        """Number of sparse columns."""
        return int(self.names.max()) + 1 if len(self.names) else 0

    @cached_property
    def _entry_rows(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(self.n_items), np.diff(self.indptr))

    @cached_property
    def lengths(self) -> NDArray[np.float32]:
        """(n_items,) Euclidean length; short for a show of which little is known."""
        sparse = np.bincount(
            self._entry_rows, np.square(self.values, dtype=np.float64), minlength=self.n_items
        )
        dense = np.einsum("id,id->i", self.dense, self.dense, dtype=np.float64)
        lengths: NDArray[np.float32] = np.sqrt(dense + sparse).astype(np.float32)
        return lengths

    def profile(self, rows: NDArray[Any], weights: NDArray[np.float64]) -> Profile:
        """Return the sum over ``rows`` of their vectors times ``weights``, both (n_rows,)."""
        entries, owners = self._sparse_entries(rows)
        names = np.zeros(self.n_names)
        np.add.at(names, self.names[entries], self.values[entries] * weights[owners])
        return Profile(weights.astype(np.float32) @ self.dense[rows], names)

    def dot(self, profile: Profile) -> NDArray[np.float32]:
        """Return float32 (n_items,) inner products of every show with a profile."""
        products: NDArray[np.float32] = self.dense @ profile.dense
        if len(self.names):
            products += np.bincount(
                self._entry_rows, self.values * profile.names[self.names], minlength=self.n_items
            )
        return products

    def between(self, rows: NDArray[Any], others: NDArray[Any]) -> NDArray[np.float32]:
        """Return float32 (n_rows, n_others) inner products of shows with shows."""
        products: NDArray[np.float32] = self.dense[rows] @ self.dense[others].T
        entries, owners = self._sparse_entries(rows)
        names, values = self.names[entries], self.values[entries]
        spread = np.zeros(self.n_names, dtype=np.float32)
        for column, other in enumerate(others):
            part = slice(self.indptr[other], self.indptr[other + 1])
            spread[self.names[part]] = self.values[part]
            products[:, column] += np.bincount(owners, values * spread[names], minlength=len(rows))
            spread[self.names[part]] = 0
        return products

    def cosines(self, row: int) -> NDArray[np.float32]:
        """Return float32 (n_items,) cosines with one show; 0 for shows of which nothing is known."""
        products = self.dot(self.profile(np.array([row]), np.ones(1)))
        lengths = self.lengths * self.lengths[row]
        products[lengths > 0] /= lengths[lengths > 0]
        return products

    def _sparse_entries(self, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the sparse entries of ``rows`` and which of ``rows`` each belongs to."""
        counts = self.indptr[rows + 1] - self.indptr[rows]
        owners = np.repeat(np.arange(len(rows)), counts)
        ends = np.cumsum(counts)
        entries = np.arange(len(owners)) + np.repeat(self.indptr[rows] - (ends - counts), counts)
        return entries, owners
