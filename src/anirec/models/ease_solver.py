"""Fitting ``Ease``: Gram matrix, prior, inverse, and the weights that are kept.

All steps work in place on one float32 (n_items, n_items) matrix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg.lapack import spotrf, spotri
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec.content.blocks import term_block
from anirec.content.text import title_words
from anirec.errors import AnirecError
from anirec.models.item_weights import ItemWeights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories
    from anirec.data.show import Show
    from anirec.models.base import FitContext
    from anirec.models.ease import EaseConfig, PriorWeights

USUAL_LENGTH = 200
"""Entries of a list that weighs 1, whatever the exponent."""

ROWS_AT_ONCE = 512
COLUMNS_AT_ONCE = 2048
LAPACK_ROWS = 8192


def solve(
    dataset: Dataset,
    content: NDArray[np.float32],
    config: EaseConfig,
    context: FitContext,
) -> NDArray[np.float32]:
    """Return the inverse P, float32 (n_items, n_items).

    Parameters
    ----------
    dataset
        Lists and catalogue.
    content
        (n_items, n_dimensions) vectors whose inner products say how alike shows are.
    """
    progress = context.progress
    with threadpool_limits(context.threads):
        matrix = gram(dataset.histories, dataset.n_items, config.length_exponent)
        add_prior(matrix, dataset.shows, content, config.prior)
        mirror(matrix)
        matrix[np.diag_indices_from(matrix)] += config.ridge + config.dropout * matrix.diagonal()
        progress.step(f"ease: inverting a matrix of {dataset.n_items:,} shows")
        invert(matrix)
    return matrix


def gram(histories: Histories, n_items: int, length_exponent: float) -> NDArray[np.float32]:
    """Return float32 (n_items, n_items): how many viewers share two shows, lower triangle only.

    A viewer counts by the square of ``list_weights``. The matrix of two sets of viewers is the
    sum of theirs: ``add_lists`` adds to a matrix what further lists count.
    """
    matrix = np.zeros((n_items, n_items), dtype=np.float32)
    add_lists(matrix, histories, length_exponent)
    return matrix


def add_lists(matrix: NDArray[np.float32], histories: Histories, length_exponent: float) -> None:
    """Add what these lists count to the lower triangle of a Gram matrix, in place.

    Takes time by the sum of the squared lengths of these lists, none by those counted before.
    """
    # Added up in float64: in which order lists come then matters to the last digit at most.
    lists = weighted_lists(histories, len(matrix), length_exponent).astype(np.float64)
    turned = lists.T.tocsr()
    for start in range(0, len(matrix), ROWS_AT_ONCE):
        end = start + ROWS_AT_ONCE
        matrix[start:end, :end] += (turned[start:end] @ lists[:, :end]).toarray()


def weighted_lists(histories: Histories, n_items: int, length_exponent: float) -> Any:
    """Return the watched entries as a sparse matrix, float32 (n_viewers, n_items): L of G = L'L."""
    watched = histories.watched()
    weights = list_weights(watched.lengths, length_exponent)
    return csr_matrix(
        (weights[watched.viewers], watched.items, watched.indptr), shape=(len(watched), n_items)
    )


def list_weights(lengths: NDArray[np.int64], exponent: float) -> NDArray[np.float32]:
    """Return float32 (n,): what an entry of a list of that many counts, 1 at ``USUAL_LENGTH``."""
    shares = np.maximum(lengths, 1) / USUAL_LENGTH
    return (shares**-exponent).astype(np.float32)


def add_prior(
    matrix: NDArray[np.float32],
    shows: Sequence[Show],
    content: NDArray[np.float32],
    prior: PriorWeights,
) -> None:
    """Add what the likeness of shows says to the lower triangle; each term is semi-definite."""
    if prior.content:
        _add_square(matrix, content * np.float32(np.sqrt(prior.content)))
    for weight, vectors in name_vectors(shows, prior):
        likeness = (vectors @ vectors.T).tocoo()
        below = likeness.row >= likeness.col
        rows, columns = likeness.row[below], likeness.col[below]
        matrix[rows, columns] += np.float32(weight) * likeness.data[below]


def name_vectors(shows: Sequence[Show], prior: PriorWeights) -> list[tuple[float, Any]]:
    """Return for titles and franchises their weight in the prior and sparse rows of length 1."""
    titles = [title_words(show) for show in shows]
    franchises = [[show.franchise or show.anime_id] for show in shows]
    return [
        (weight, term_block(terms, min_shows=1))
        for weight, terms in ((prior.title, titles), (prior.franchise, franchises))
        if weight
    ]


def invert(matrix: NDArray[np.float32]) -> None:
    """Replace a symmetric positive definite matrix by its inverse, in place.

    Halves by the Schur complement until LAPACK takes over: nearly all work is products of large
    matrices, and OpenBLAS's own Cholesky crashes from some 20,000 rows on.

    Raises
    ------
    AnirecError
        If the matrix is not positive definite in float32.
    """
    if len(matrix) <= LAPACK_ROWS:
        factor, failed = spotrf(matrix, lower=1)
        if not failed:
            factor, failed = spotri(factor, lower=1, overwrite_c=1)
        if failed:
            raise AnirecError("ease: the matrix cannot be inverted; raise models.ease.ridge")
        matrix[:] = factor
        mirror(matrix)
        return
    half = len(matrix) // 2
    first, across, second = matrix[:half, :half], matrix[half:, :half], matrix[half:, half:]
    invert(first)
    explained = across @ first
    second -= explained @ across.T
    invert(second)
    np.matmul(second, explained, out=across)
    first += explained.T @ across
    across *= -1
    matrix[:half, half:] = across.T


def mirror(matrix: NDArray[np.float32]) -> None:
    """Copy the lower triangle over the upper one, in place."""
    for start in range(0, len(matrix), COLUMNS_AT_ONCE):
        end = start + COLUMNS_AT_ONCE
        corner = np.tril(matrix[start:end, start:end])
        matrix[start:end, start:end] = corner + np.tril(corner, -1).T
        matrix[start:end, end:] = matrix[end:, start:end].T


def strongest(inverse: NDArray[np.float32], neighbours: int) -> ItemWeights:
    """Return the largest weights of each row of ``B = -P / diag(P)``.

    Parameters
    ----------
    inverse
        P.
    neighbours
        How many weights a row keeps, by size; those of size 0 are dropped as well.
    """
    n_items = len(inverse)
    diagonal = inverse.diagonal().copy()
    kept = min(neighbours, n_items - 1)
    columns, values, lengths = [], [], []
    for start in range(0, n_items, ROWS_AT_ONCE):
        end = min(start + ROWS_AT_ONCE, n_items)
        rows = inverse[start:end] / -diagonal
        rows[np.arange(end - start), np.arange(start, end)] = 0
        best = np.sort(np.argpartition(-np.abs(rows), kept - 1, axis=1)[:, :kept], axis=1)
        weights = np.take_along_axis(rows, best, axis=1)
        real = weights != 0
        columns.append(best[real].astype(np.int32))
        values.append(weights[real])
        lengths.append(real.sum(axis=1))
    indptr = np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
    return ItemWeights(indptr, np.concatenate(columns), np.concatenate(values))


def _add_square(matrix: NDArray[np.float32], factor: NDArray[np.float32]) -> None:
    """Add ``factor @ factor.T`` to the lower triangle, in place.

    By panels and with general products: OpenBLAS's ``ssyrk`` crashes at this size.
    """
    for start in range(0, len(matrix), COLUMNS_AT_ONCE):
        end = start + COLUMNS_AT_ONCE
        matrix[start:, start:end] += factor[start:] @ factor[start:end].T
