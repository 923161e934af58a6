"""New shows for a fitted ``Ease``, from what they are alone: nothing is fitted again.

With A the matrix that ``Ease`` inverts, o the shows it knows and n the new ones, of which no list
speaks, the inverse of the bordered matrix follows from a solve with A_oo (Schur complement; Boyd
and Vandenberghe, "Convex Optimization", 2004, A.5.5)::

    X = A_oo^-1 A_on      S = A_nn - A_no X      P_nn = S^-1      P_on = -X P_nn

The columns of B for the new shows are those of a fit with them in the catalogue. Their rows take
the diagonal of P from the fit, corrected by ``diag(X P_nn X')``. What the known shows say of each
other is left as it is: a fit would correct it by ``X P_nn X'``.

A_oo is never written down, and its inverse is not needed: conjugate gradients take its products
with vectors, from sparse lists and names and low-rank content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec.models.conjugate_gradients import solve_by_products
from anirec.models.ease import Ease
from anirec.models.ease_solver import name_vectors, weighted_lists
from anirec.models.item_weights import ItemWeights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.catalogue_growth import CatalogueGrowth
    from anirec.data.dataset import Dataset
    from anirec.models.base import FitContext

SHOWS_AT_ONCE: Final = 64
"""New shows solved for side by side; twice as many fall out of the cache and take longer each."""
ROWS_AT_ONCE: Final = 512


def extend(
    ease: Ease,
    dataset: Dataset,
    content: NDArray[np.float32],
    growth: CatalogueGrowth,
    context: FitContext,
) -> Ease:
    """Return ``ease`` with weights for the shows that the catalogue gained.

    Parameters
    ----------
    ease
        Fitted or loaded, on the catalogue before.
    dataset
        The catalogue now, and the lists that ``ease`` was fitted on, which name no new show.
    content
        float32 (n_items, n_dimensions) dense vectors of the content model, of the catalogue now.
    growth
        From the catalogue before to the catalogue now.

    Raises
    ------
    AnirecError
        If the systems cannot be solved; see ``solve_by_products``.
    """
    extended = Ease(ease.config)
    extended.n_items = growth.n_items
    with threadpool_limits(context.threads):
        inverse = _border(ease, dataset, content, growth, context)
    extended.conditional_spread = inverse.spread
    extended.weights = _weights(ease, growth, inverse)
    return extended


class _Border:
    """The parts of P that the new shows add."""

    def __init__(
        self,
        known_spread: NDArray[np.float32],
        growth: CatalogueGrowth,
        solution: NDArray[np.float32],
        complement: NDArray[np.float64],
    ) -> None:
        new = np.linalg.inv(complement)
        self.new = ((new + new.T) / 2).astype(np.float32)
        """(n_new, n_new) P_nn"""
        self.across = -(solution @ self.new)
        """(n_before, n_new) P_on"""
        known = known_spread**2 - np.einsum("on,on->o", self.across, solution)
        self.diagonal = growth.array(known)
        """(n_items,) of P"""
        self.diagonal[growth.new] = self.new.diagonal()
        self.spread: NDArray[np.float32] = np.sqrt(self.diagonal)


def _border(
    ease: Ease,
    dataset: Dataset,
    content: NDArray[np.float32],
    growth: CatalogueGrowth,
    context: FitContext,
) -> _Border:
    """Solve for the new shows."""
    config, known, new = ease.config, growth.rows, growth.new
    factors: list[Any] = [
        weighted_lists(dataset.histories, dataset.n_items, config.length_exponent).T.tocsr(),
        content * np.float32(np.sqrt(config.prior.content)),
        *(
            vectors * np.float32(np.sqrt(weight))
            for weight, vectors in name_vectors(dataset.shows, config.prior)
        ),
    ]
    squares = np.stack([_squares(factor) for factor in factors]).sum(axis=0)
    added = (config.ridge + config.dropout * squares).astype(np.float32)
    diagonal = squares.astype(np.float32) + added
    of_known = _Products([factor[known] for factor in factors], added[known])
    of_new = [factor[new] for factor in factors]

    solution = np.zeros((len(known), len(new)), dtype=np.float32)
    complement = _between(of_new, of_new).astype(np.float64) + np.diag(added[new])
    with context.progress.bar("ease: new shows", len(new)) as advance:
        for start in range(0, len(new), SHOWS_AT_ONCE):
            some = slice(start, start + SHOWS_AT_ONCE)
            likeness = _between(of_known.factors, [factor[some] for factor in of_new])
            solution[:, some] = solve_by_products(of_known, diagonal[known], likeness)
            advance(likeness.shape[1])
    for start in range(0, len(new), SHOWS_AT_ONCE):
        some = slice(start, start + SHOWS_AT_ONCE)
        likeness = _between(of_known.factors, [factor[some] for factor in of_new])
        complement[some] -= likeness.T @ solution
    return _Border(ease.conditional_spread, growth, solution, complement)


class _Products:
    """Multiplies by A = sum of F F' over the factors, plus a diagonal."""

    def __init__(self, factors: Sequence[Any], added: NDArray[np.float32]) -> None:
        self.factors = factors
        self._turned = [
            factor.T if isinstance(factor, np.ndarray) else factor.T.tocsr() for factor in factors
        ]
        self._added = added[:, None]

    def __call__(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return A V, float32 (n, k)."""
        total = self._added * vectors
        for factor, turned in zip(self.factors, self._turned, strict=True):
            total += factor @ (turned @ vectors)
        return total


def _between(rows: Sequence[Any], others: Sequence[Any]) -> NDArray[np.float32]:
    """Return float32 (n_rows, n_others), the sum over the factors of their inner products."""
    return np.asarray(
        sum(
            row @ other.T if isinstance(row, np.ndarray) else (row @ other.T).toarray()
            for row, other in zip(rows, others, strict=True)
        ),
        dtype=np.float32,
    )


def _squares(factor: Any) -> NDArray[np.float64]:
    """Return float64 (n_items,) squared lengths of the rows of a factor."""
    if isinstance(factor, np.ndarray):
        return np.asarray(np.einsum("nk,nk->n", factor, factor, dtype=np.float64))
    return np.asarray(factor.multiply(factor).sum(axis=1), dtype=np.float64).ravel()


def _weights(ease: Ease, growth: CatalogueGrowth, inverse: _Border) -> ItemWeights:
    """Return the strongest weights of every row, as ``ease_solver.strongest`` keeps them."""
    known, new = growth.rows, growth.new
    keep = ease.config.neighbours
    kept = _Kept(keep)
    before = ease.weights
    for start in range(0, len(known), ROWS_AT_ONCE):
        some = np.arange(start, min(start + ROWS_AT_ONCE, len(known)))
        columns, values = _padded(before, some)
        for_new = inverse.across[some] / -inverse.diagonal[new]
        kept.add(
            known[some],
            np.hstack([known[columns], np.broadcast_to(new, for_new.shape)]),
            np.hstack([values, for_new]),
        )
    everything = np.concatenate([known, new])
    for start in range(0, len(new), ROWS_AT_ONCE):
        some = np.arange(start, min(start + ROWS_AT_ONCE, len(new)))
        of_new = np.hstack([inverse.across[:, some].T, inverse.new[some]])
        of_new /= -inverse.diagonal[everything]
        of_new[np.arange(len(some)), len(known) + some] = 0
        kept.add(new[some], np.broadcast_to(everything, of_new.shape), of_new)
    return kept.weights(growth.n_items)


def _padded(weights: ItemWeights, rows: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return columns and values of some rows, both (n_rows, widest), with values of 0 at the end."""
    lengths = weights.indptr[rows + 1] - weights.indptr[rows]
    real = np.arange(lengths.max(initial=0)) < lengths[:, None]
    columns, values = np.zeros(real.shape, dtype=np.int32), np.zeros(real.shape, dtype=np.float32)
    of_rows = slice(weights.indptr[rows[0]], weights.indptr[rows[-1] + 1])
    columns[real], values[real] = weights.columns[of_rows], weights.values[of_rows]
    return columns, values


class _Kept:
    """Gathers the largest weights of rows that come in any order."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._rows: list[NDArray[np.int32]] = []
        self._columns: list[NDArray[np.int32]] = []
        self._values: list[NDArray[np.float32]] = []

    def add(self, rows: NDArray[Any], columns: NDArray[Any], values: NDArray[Any]) -> None:
        """Take over the largest ``values``, (n_rows, n), of ``rows`` at ``columns``."""
        if self._keep < values.shape[1]:
            best = np.argpartition(-np.abs(values), self._keep - 1, axis=1)[:, : self._keep]
            columns = np.take_along_axis(columns, best, axis=1)
            values = np.take_along_axis(values, best, axis=1)
        real = values != 0
        self._rows.append(np.repeat(rows, real.sum(axis=1)))
        self._columns.append(columns[real])
        self._values.append(values[real])

    def weights(self, n_items: int) -> ItemWeights:
        """Return what was kept, by row and column."""
        rows, columns = np.concatenate(self._rows), np.concatenate(self._columns)
        order = np.lexsort((columns, rows))
        counts = np.bincount(rows, minlength=n_items)
        return ItemWeights(
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            columns[order].astype(np.int32),
            np.concatenate(self._values)[order].astype(np.float32),
        )
