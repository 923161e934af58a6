"""Weights from shows to shows say the same as the matrix that they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anirec.models.item_weights import ItemWeights

N_ITEMS = 7

matrices = arrays(np.float32, (N_ITEMS, N_ITEMS), elements=st.integers(-3, 3).map(np.float32))
some_rows = st.lists(st.integers(0, N_ITEMS - 1), max_size=10).map(
    lambda rows: np.array(rows, dtype=np.int32)
)


def kept(matrix: np.ndarray, *, per_row: int | None) -> tuple[ItemWeights, np.ndarray]:
    """Return the weights of the first ``per_row`` columns, or of those that are not 0."""
    stays = matrix != 0 if per_row is None else np.arange(N_ITEMS) < np.full((N_ITEMS, 1), per_row)
    rows, columns = np.nonzero(stays)
    indptr = np.searchsorted(rows, np.arange(N_ITEMS + 1)).astype(np.int64)
    weights = ItemWeights(indptr, columns.astype(np.int32), matrix[stays])
    return weights, np.where(stays, matrix, 0)


@pytest.mark.parametrize("per_row", [0, 4, N_ITEMS, None])
@given(matrices, some_rows, some_rows)
def test_weights_are_those_of_the_matrix(
    per_row: int | None, matrix: np.ndarray, rows: np.ndarray, others: np.ndarray
) -> None:
    weights, dense = kept(matrix, per_row=per_row)
    counts = np.arange(len(rows), dtype=np.float32)
    np.testing.assert_array_equal(weights.of(rows).votes(), dense[rows].sum(axis=0))
    np.testing.assert_array_equal(weights.of(rows).votes(counts), counts @ dense[rows])
    between = weights.of(rows).for_each(others)
    assert between.dtype == np.float32
    np.testing.assert_array_equal(between, dense[rows[:, None], others])
