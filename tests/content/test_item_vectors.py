from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from anirec.content.item_vectors import ItemVectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_ITEMS, N_NAMES = 12, 7


def random_vectors(seed: int) -> tuple[ItemVectors, NDArray[np.float32]]:
    """Vectors with empty sparse rows, and the same as one dense matrix."""
    rng = np.random.default_rng(seed)
    dense = rng.normal(size=(N_ITEMS, 3)).astype(np.float32)
    names = rng.normal(size=(N_ITEMS, N_NAMES)).astype(np.float32)
    names[rng.random(names.shape) > 0.2] = 0
    dense[0] = names[0] = 0
    rows, columns = np.nonzero(names)
    indptr = np.concatenate([[0], np.cumsum((names != 0).sum(axis=1))])
    vectors = ItemVectors(dense, indptr, columns.astype(np.int32), names[rows, columns])
    return vectors, np.hstack([dense, names])


@settings(deadline=None)
@given(seed=st.integers(0, 1000), rows=st.lists(st.integers(0, N_ITEMS - 1), max_size=6))
def test_inner_products_are_those_of_the_whole_vectors(seed: int, rows: list[int]) -> None:
    vectors, whole = random_vectors(seed)
    chosen = np.array(rows, dtype=np.int32)
    weights = np.random.default_rng(seed).normal(size=len(rows))
    expected = weights @ whole[chosen].astype(np.float64)
    profile = vectors.profile(chosen, weights)
    assert profile.length == pytest.approx(np.linalg.norm(expected), abs=1e-6)
    assert_allclose(vectors.dot(profile), whole @ expected, atol=1e-4)
    others = np.arange(N_ITEMS)
    assert_allclose(vectors.between(chosen, others), whole[chosen] @ whole.T, atol=1e-4)


@settings(deadline=None)
@given(seed=st.integers(0, 1000))
def test_cosines_are_symmetric_and_one_with_itself(seed: int) -> None:
    vectors, whole = random_vectors(seed)
    cosines = np.stack([vectors.cosines(row) for row in range(N_ITEMS)])
    assert_allclose(cosines, cosines.T, atol=1e-5)
    assert_allclose(np.diag(cosines)[1:], 1, atol=1e-5)
    assert not cosines[0].any()
    lengths = np.linalg.norm(whole[1:], axis=1)
    assert_allclose(
        cosines[1:, 1:], whole[1:] @ whole[1:].T / np.outer(lengths, lengths), atol=1e-5
    )


def test_names_can_count_for_less_between_two_shows() -> None:
    dense = np.array([[1], [0], [1]], dtype=np.float32)
    vectors = ItemVectors(
        dense, np.array([0, 1, 2, 2]), np.zeros(2, dtype=np.int32), np.full(2, 3, dtype=np.float32)
    )
    assert_allclose(vectors.cosines(0, names_share=0), [1, 0, 1])
    assert_allclose(vectors.cosines(0, names_share=1)[:2], [1, 9 / np.sqrt(10 * 9)], atol=1e-6)


def test_many_shows_are_taken_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, whole = random_vectors(7)
    monkeypatch.setattr("anirec.content.item_vectors.AT_ONCE", 3)
    chosen, others = np.array([4, 1]), np.arange(N_ITEMS)
    assert_allclose(vectors.between(chosen, others), whole[chosen] @ whole.T, atol=1e-4)


def test_without_any_name() -> None:
    vectors = ItemVectors(
        np.eye(2, dtype=np.float32),
        np.zeros(3, dtype=np.int64),
        np.zeros(0, dtype=np.int32),
        np.zeros(0, dtype=np.float32),
    )
    assert_allclose(vectors.cosines(0), [1, 0])
    assert_allclose(vectors.between(np.array([0, 1]), np.array([1])), [[0], [1]])
