"""Vectors of all shows, partly dense and partly sparse, and their inner products (numpy only).

Broad likeness (synopsis, tags, studio, era) lives in a few hundred dense columns. Names (words of
titles, franchises) are many and each belongs to a few shows: squeezed into dense columns they blur
into each other, so they stay sparse and exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


AT_ONCE: Final = 256
"""Shows whose names are columns at a time"""


@dataclass(frozen=True)
class Profile:
    """A weighted sum of item vectors: what one viewer is drawn to."""

    dense: NDArray[np.float64]
    """(n_dimensions,)"""
    names: NDArray[np.float64]
    """(n_names,)"""

    @property
    def length(self) -> float:
        """Euclidean length over both parts."""
        return float(np.sqrt(self.dense @ self.dense + self.names @ self.names))

    def scaled(self, dense: float, names: float) -> Profile:
        """Return the profile with its two parts multiplied."""
        return Profile(self.dense * dense, self.names * names)


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
    def _squares(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Squared lengths of the dense and of the sparse part, both (n_items,)."""
        dense = np.einsum("id,id->i", self.dense, self.dense, dtype=np.float64)
        sparse = np.bincount(
            self._entry_rows, np.square(self.values, dtype=np.float64), minlength=self.n_items
        )
        return dense, np.asarray(sparse, dtype=np.float64)

    def profile(self, rows: NDArray[Any], weights: NDArray[np.float64]) -> Profile:
        """Return the sum over ``rows`` of their vectors times ``weights``, both (n_rows,)."""
        entries, owners = self._sparse_entries(rows)
        added = self.values[entries] * weights[owners]
        names = np.bincount(self.names[entries], added, self.n_names)
        return Profile(
            weights @ self.dense.take(rows, axis=0), names.astype(np.float64, copy=False)
        )

    def dot(self, profile: Profile) -> NDArray[np.float32]:
        """Return float32 (n_items,) inner products of every show with a profile."""
        products: NDArray[np.float32] = self.dots([profile])[0]
        return products

    def dots(self, profiles: Sequence[Profile]) -> NDArray[np.float32]:
        """Return float32 (n_profiles, n_items) inner products of every show with each profile."""
        if not profiles:
            return np.zeros((0, self.n_items), dtype=np.float32)
        dense = np.stack([profile.dense for profile in profiles]).astype(np.float32)
        products: NDArray[np.float32] = dense @ self.dense.T
        if len(self.names):
            for row, profile in enumerate(profiles):
                products[row] += self._by_names(profile.names).astype(np.float32)
        return products

    @cached_property
    def _postings(
        self,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """The sparse part by column: where each begins, rows, values."""
        order = np.argsort(self.names, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.names))])
        return starts, self._entry_rows[order], self.values[order]

    def _by_names(self, names: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n_items,) inner products with the sparse part of a profile, (n_names,)."""
        starts, rows, values = self._postings
        # A list names few of all words: only their shows are looked at.
        columns = np.flatnonzero(names != 0)
        lengths = starts[columns + 1] - starts[columns]
        ends = np.cumsum(lengths)
        entries = np.arange(lengths.sum()) + np.repeat(starts[columns] - (ends - lengths), lengths)
        added = values.take(entries) * np.repeat(names[columns], lengths)
        return np.asarray(np.bincount(rows.take(entries), added, self.n_items), dtype=np.float64)

    def between(self, rows: NDArray[Any], others: NDArray[Any]) -> NDArray[np.float32]:
        """Return float32 (n_rows, n_others) inner products of shows with shows."""
        if len(others) > AT_ONCE:
            # Their names become columns: those of the whole catalogue would be thousands.
            starts = range(0, len(others), AT_ONCE)
            parts = [self.between(rows, others[start : start + AT_ONCE]) for start in starts]
            return np.concatenate(parts, axis=1)
        dense = self.dense
        products: NDArray[np.float32] = dense.take(rows, axis=0) @ dense.take(others, axis=0).T
        entries, owners = self._sparse_entries(others)
        names, column = np.unique(self.names[entries], return_inverse=True)
        of_others = np.zeros((len(others), len(names)), dtype=np.float32)
        of_others[owners, column] = self.values[entries]
        # Most words of one side are none of the other's.
        place = np.full(self.n_names, -1, dtype=np.int32)
        place[names] = np.arange(len(names), dtype=np.int32)
        entries, owners = self._sparse_entries(rows)
        columns = place[self.names[entries]]
        shared = columns >= 0
        of_rows = np.zeros((len(rows), len(names)), dtype=np.float32)
        of_rows[owners[shared], columns[shared]] = self.values[entries[shared]]
        products += of_rows @ of_others.T
        return products

    def cosines(self, row: int, names_share: float = 1.0) -> NDArray[np.float32]:
        """Return float32 (n_items,) cosines with one show, names counted at ``names_share``.

        0 for shows of which nothing is known.
        """
        one = self.profile(np.array([row]), np.ones(1))
        products = self.dot(one.scaled(1, names_share))
        dense, sparse = self._squares
        squares = dense + names_share * sparse
        lengths = np.sqrt(squares * squares[row])
        known = lengths > 0
        products[known] /= lengths[known].astype(np.float32)
        return products

    def cosines_among(self, rows: NDArray[Any], names_share: float = 1.0) -> NDArray[np.float32]:
        """Return float32 (n_rows, n_rows), ``cosines`` of some shows with each other."""
        entries, owners = self._sparse_entries(rows)
        columns, column = np.unique(self.names[entries], return_inverse=True)
        names = np.zeros((len(rows), len(columns)), dtype=np.float32)
        names[owners, column] = self.values[entries]
        dense = self.dense[rows]
        products: NDArray[np.float32] = dense @ dense.T + np.float32(names_share) * names @ names.T
        dense_squares, sparse_squares = self._squares
        lengths = np.sqrt(dense_squares[rows] + names_share * sparse_squares[rows])
        scale = np.divide(1, lengths, out=np.zeros(len(rows)), where=lengths > 0)
        products *= scale[:, None].astype(np.float32)
        products *= scale.astype(np.float32)
        return products

    def _sparse_entries(self, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the sparse entries of ``rows`` and which of ``rows`` each belongs to."""
        counts = self.indptr[rows + 1] - self.indptr[rows]
        owners = np.repeat(np.arange(len(rows)), counts)
        ends = np.cumsum(counts)
        entries = np.arange(len(owners)) + np.repeat(self.indptr[rows] - (ends - counts), counts)
        return entries, owners
